"""People: identity only, and what holds from a day on."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from api.domain.vocabulary import Affiliation, Availability
from api.models.base import Moment, Recorded, Versioned, closed_set, json_map, refers


class Person(Versioned, table=True):
    """A human known to the workspace. The e-mail is kept as given, and normalised to compare, as is the name.

    A person `merged_into_id` another is that other from `merged_at` on; both rows stay. One that was anonymised keeps
    neither name nor address. `notice_due_at` says by when they are to be told that we know them.
    """

    __tablename__ = "people"
    __table_args__ = (
        refers("people", "merged_into_id", "fk_people_merged_into"),
        # An index over all rows would count as a key: changing an e-mail would then lock out every fact that names the
        # person, and a fact waited for under an application's lock is a deadlock.
        Index(
            "uq_people_email_normalised",
            "workspace_id",
            "email_normalised",
            unique=True,
            postgresql_where=text("email_normalised is not null"),
        ),
        Index("ix_people_name_key", "workspace_id", "name_key"),
        Index(
            "ix_people_merged_into_id",
            "workspace_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id is not null"),
        ),
        Index(
            "ix_people_notice_due_at",
            "workspace_id",
            "notice_due_at",
            "id",
            postgresql_where=text("notice_due_at is not null and notice_given_at is null and anonymized_at is null"),
        ),
        Index("ix_people_created_at", "workspace_id", "created_at", "id"),
        Index("ix_people_updated_at", "workspace_id", "updated_at", "id"),
    )

    name: str = Field(sa_type=Text)
    email: str | None = Field(default=None, sa_type=Text)
    email_normalised: str | None = Field(default=None, sa_type=Text)
    name_key: str | None = Field(default=None, sa_type=Text)
    time_zone: str | None = Field(default=None, sa_type=Text)
    merged_into_id: UUID | None = None
    merged_at: datetime | None = Field(default=None, sa_type=Moment)
    anonymized_at: datetime | None = Field(default=None, sa_type=Moment)
    notice_due_at: datetime | None = Field(default=None, sa_type=Moment)
    notice_given_at: datetime | None = Field(default=None, sa_type=Moment)
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())


class AvailabilityRecord(Recorded, table=True):
    """A person's availability from `effective_on` on; `until` is the first day back."""

    __tablename__ = "availability_records"
    __table_args__ = (
        refers("people", "person_id", "fk_availability_records_person"),
        Index("ix_availability_records_person_id", "workspace_id", "person_id", "effective_on"),
    )

    person_id: UUID
    state: Availability = Field(sa_column=closed_set("state", Availability))
    effective_on: date
    until: date | None = None
    is_own_word: bool = False


class AffiliationRecord(Recorded, table=True):
    """A person's tie to the company from `effective_on` on."""

    __tablename__ = "affiliation_records"
    __table_args__ = (
        refers("people", "person_id", "fk_affiliation_records_person"),
        Index("ix_affiliation_records_person_id", "workspace_id", "person_id", "effective_on"),
    )

    person_id: UUID
    affiliation: Affiliation = Field(sa_column=closed_set("affiliation", Affiliation))
    effective_on: date
