"""What a delivery says, in words that belong to no vendor: the result of parsing one, kept with the message.

Ids are opaque text. Names and addresses are members of their own, so that erasure can empty them; everything else in a
change survives it.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from api.domain.vocabulary import Outcome


class ChangeKind(StrEnum):
    """What a delivery is about."""

    APPLICATION = "application"
    APPLICATION_DELETED = "application_deleted"
    CANDIDATE = "candidate"
    CANDIDATE_MERGED = "candidate_merged"
    CANDIDATE_DELETED = "candidate_deleted"
    CANDIDATE_ANONYMIZED = "candidate_anonymized"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceCandidate(_Part):
    """A candidate as the vendor knows them. `emails` come with the best one first."""

    external_id: str
    name: str | None = None
    emails: tuple[str, ...] = ()


class SourcePerson(_Part):
    """Somebody the vendor credits. A person who is no user there has a name alone."""

    external_id: str | None = None
    name: str | None = None
    email: str | None = None


class SourceJob(_Part):
    """A job as the vendor knows it."""

    external_id: str
    title: str


class SourceName(_Part):
    """Something the vendor has an id and a name for: a stage, or a source."""

    external_id: str | None = None
    name: str


class ApplicationSnapshot(_Part):
    """How an application stood at the vendor at one moment. A member that is null was not said."""

    external_id: str
    is_prospect: bool = False
    applied_at: datetime | None = None
    is_open: bool | None = None
    outcome: Outcome | None = None
    stage: SourceName | None = None
    jobs: tuple[SourceJob, ...] = ()
    source: SourceName | None = None
    credited_to: SourcePerson | None = None
    says_credit: bool = False
    fields: dict[str, str] = {}


class Change(_Part):
    """One delivery, parsed. `happened_at` is the vendor's time for it, null where it gives none.

    `rank` decides between changes of one moment: the higher one comes later. `application` is set for an application's
    changes, `merged_into` (the winner's id) for a merge, `deleted_applications` for deletions. Of an anonymisation
    `anonymized_fields` are what went; `is_still_named` says that neither name nor address was among them.
    """

    kind: ChangeKind
    event: str
    happened_at: datetime | None = None
    rank: int = 0
    candidate: SourceCandidate
    application: ApplicationSnapshot | None = None
    merged_into: str | None = None
    deleted_applications: tuple[str, ...] = ()
    anonymized_fields: tuple[str, ...] = ()
    is_still_named: bool = False
