"""References on the wire."""

from typing import Any, Literal

from pydantic import MISSING, Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api import models
from api.domain.vocabulary import ReferenceState, Relationship
from api.platform.ids import ApplicationId, PersonId, ReferenceId, encode
from api.platform.queries import ListQuery
from api.platform.revisions import MetadataPatch
from api.platform.schemas import (
    Day,
    Flag,
    Listing,
    LongText,
    MediumText,
    Metadata,
    Moment,
    PatchModel,
    RequestModel,
    ResponseModel,
)

RECORDED_BY = "The person who told us; null when nobody in particular did."
RELATIONSHIP = "How the person knows the candidate; null where not known."
CONTENT = "What was said; null where it is not recorded."
PRAISE = "Whether it was given with praise, as the recruiter judges; null where not judged."
EXAMPLE = "Confirms dates and duties; would work with her again."


class ReferencesQuery(ListQuery):
    """Which references a list shows."""

    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`created_at`, with `desc` after it or not; the latest come first."
    )
    state: list[ReferenceState] = Field(default=[], max_length=20, description="In any of these states.")
    application: ApplicationId | SkipJsonSchema[None] = Field(default=None, description="For this application.")
    person: PersonId | SkipJsonSchema[None] = Field(default=None, description="Of this person.")


class ReferenceCreate(RequestModel):
    """A request for a reference, or with `given` one that was given without a recorded request."""

    application_id: ApplicationId = Field(description="For which application.")
    person_id: PersonId = Field(description="Who is asked; never the candidate.")
    relationship: Relationship | None = Field(default=None, description=RELATIONSHIP, examples=["managed"])
    worked_from: Day | None = Field(default=None, description="The day they began to work together.")
    worked_until: Day | None = Field(default=None, description="The day they ceased to.")
    given: Flag = Field(default=False, description="It was given already.", examples=[False])
    content: LongText | None = Field(default=None, description="With `given`: what was said.", examples=[EXAMPLE])
    praise: Flag | None = Field(default=None, description="With `given`: whether with praise.", examples=[True])
    occurred_at: Moment | None = Field(
        default=None, description="When it was requested or given; now when left out, never in the future."
    )
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)
    metadata: Metadata = Field(default={})

    @model_validator(mode="after")
    def _make_sense(self) -> "ReferenceCreate":
        if self.worked_from and self.worked_until and self.worked_until < self.worked_from:
            raise PydanticCustomError("worked_backwards", "worked_until should not be before worked_from")
        if not self.given and (self.content is not None or self.praise is not None):
            raise PydanticCustomError("not_given", "content and praise go with given true")
        return self


class ReferenceUpdate(PatchModel):
    """A change to what was recorded about a reference."""

    content: LongText | MISSING | None = Field(default=MISSING, description=CONTENT, examples=[EXAMPLE])
    praise: Flag | MISSING | None = Field(default=MISSING, description=PRAISE, examples=[True])
    metadata: MetadataPatch | MISSING = Field(default=MISSING)


class ReferenceSaid(RequestModel):
    """When something was said about a reference, and who told us."""

    occurred_at: Moment | None = Field(default=None, description="When; now when left out, never in the future.")
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class ReferenceGive(ReferenceSaid):
    """That a reference was given, and what was said if it is recorded."""

    content: LongText | None = Field(default=None, description=CONTENT, examples=[EXAMPLE])
    praise: Flag | None = Field(default=None, description=PRAISE, examples=[True])


class ReferenceDecline(ReferenceSaid):
    """That the person gives no reference."""

    reason: MediumText | None = Field(default=None, description="Why, if it was said.", examples=["Company policy."])


class ReferenceGiver(ResponseModel):
    """The person who is asked for a reference."""

    id: PersonId = Field(description="The person.")
    name: str = Field(description="Their name.", examples=["Ines Duarte"])


class ReferenceShown(ResponseModel):
    """What an event says about a reference: ids, dates and states, no names and no free text."""

    id: ReferenceId = Field(description="The reference.")
    object: Literal["reference"] = Field(default="reference", description="Always `reference`.", examples=["reference"])
    application_id: ApplicationId = Field(description="For which application.")
    state: ReferenceState = Field(description="Where it is in its life.", examples=["requested"])
    relationship: Relationship | None = Field(description=RELATIONSHIP, examples=["managed"])
    worked_from: Day | None = Field(description="The day they began to work together.")
    worked_until: Day | None = Field(description="The day they ceased to.")
    praise: bool | None = Field(description=PRAISE, examples=[True])
    created_at: Moment = Field(description="When the record was made.")
    updated_at: Moment = Field(description="When it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @staticmethod
    def members_of(row: models.Reference) -> dict[str, Any]:
        """The members that its row holds, by name."""
        return {name: getattr(row, name) for name in ReferenceShown.model_fields.keys() - {"object"}}


class Reference(ReferenceShown):
    """A person confirms facts about the candidate when asked. Shown beside the level, never in it."""

    person: ReferenceGiver = Field(description="Who is asked.")
    content: str | None = Field(description=CONTENT, examples=[EXAMPLE])
    allowed_transitions: list[str] = Field(
        description="The verbs that are possible now. Extensible enum: `agree`, `decline`, `give`.",
        examples=[["agree", "decline", "give"]],
    )
    metadata: dict[str, str] = Field(description="The caller's own notes, by name.", examples=[{"ats_id": "42"}])


class ReferenceCreated(Reference):
    """A reference that was just recorded, with what a reader may stumble over."""

    warnings: list[str] = Field(
        description="Never a block. Extensible enum: `reference_requests_exceeded` where the person was asked more "
        "often than the policy's `reference_requests_max` within `reference_requests_days`.",
        examples=[["reference_requests_exceeded"]],
    )


class ReferenceList(Listing[Reference]):
    """One page of references."""


def event_data(row: models.Reference) -> dict[str, Any]:
    """What an event says about a reference."""
    shown = ReferenceShown(**ReferenceShown.members_of(row)).model_dump(mode="json")
    return {**shown, "person_id": encode("person", row.person_id)}
