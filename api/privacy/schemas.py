"""Erasure, notice and the audit on the wire."""

from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.domain.inbound import ErasureState
from api.events.schemas import Actor
from api.people.schemas import RECORDED_BY, Person
from api.platform.ids import ErasureId, PersonId, PrivacyRecordId
from api.platform.queries import ListQuery
from api.platform.schemas import Listing, MediumText, Moment, RequestModel, ResponseModel


class PersonAnonymize(RequestModel):
    """Who asked for it, and why."""

    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)
    reason: MediumText | None = Field(
        default=None,
        description="Why, for the audit. The person's own name and address are taken out of it.",
        examples=["Asked for by e-mail on 2 March."],
    )


class Erasure(ResponseModel):
    """How far the erasure of a person is."""

    id: ErasureId = Field(description="The erasure.")
    state: ErasureState = Field(
        description="`running` until every place that may name the person was gone through, which begins half a "
        "minute after the request; then `completed`.",
        examples=["running"],
    )
    redacted: int = Field(description="How many stored rows were changed so far.", examples=[42])
    requested_at: Moment = Field(description="When the person was anonymised.")
    completed_at: Moment | None = Field(description="When everything had been gone through; null while it runs.")

    @classmethod
    def of(cls, row: models.Erasure) -> "Erasure":
        """The erasure as stored."""
        return cls.model_validate(row, from_attributes=True)


class AnonymizedPerson(Person):
    """A person of whom only ids, dates and numbers are left."""

    erasure: Erasure = Field(description="How far it is. Call again to see it go on.")


class PersonRecordNotice(RequestModel):
    """That the person was told that data about them is kept here."""

    given_at: Moment | None = Field(default=None, description="When; now when left out, never in the future.")
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class PrivacyRecord(ResponseModel):
    """What was done for a person's privacy, or with their data. Never edited."""

    id: PrivacyRecordId = Field(description="The record.")
    object: Literal["privacy_record"] = Field(
        default="privacy_record", description="Always `privacy_record`.", examples=["privacy_record"]
    )
    person_id: PersonId = Field(description="Whose data.")
    action: str = Field(
        description="What was done. Extensible enum: `anonymized`, `exported`, `notice_given`.", examples=["exported"]
    )
    actor: Actor = Field(description="Who or what did it.")
    recorded_by: PersonId | None = Field(description=RECORDED_BY)
    reason: str | None = Field(description="Why, where it was said.", examples=["Asked for by e-mail on 2 March."])
    recorded_at: Moment = Field(description="When.")

    @classmethod
    def of(cls, row: models.PrivacyRecord) -> "PrivacyRecord":
        """The record as stored."""
        return cls.model_validate(row, from_attributes=True)


class PrivacyRecordList(Listing[PrivacyRecord]):
    """One page of the audit, the latest first."""


class PrivacyRecordsQuery(ListQuery):
    """Which part of the audit."""

    person: PersonId | SkipJsonSchema[None] = Field(default=None, description="Only what concerns this person.")
