"""Advocacies on the wire."""

from enum import StrEnum
from typing import Any, Literal, NamedTuple

from pydantic import MISSING, Field, ValidationInfo, field_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api import models
from api.advocacies.verbs import allowed_verbs
from api.domain.errors import Unprocessable
from api.domain.vocabulary import AdvocacyState, Basis, Championing, FollowThrough, Owed, Relationship
from api.owed.schemas import FILTER, MEMBERS, NOTHING, Owing, ShownNext, ShownState
from api.platform.ids import AdvocacyId, AdvocateId, ApplicationId, PersonId, decode, encode
from api.platform.queries import ListQuery
from api.platform.revisions import MetadataPatch
from api.platform.schemas import (
    Day,
    Flag,
    Listing,
    MediumText,
    Metadata,
    Moment,
    PatchModel,
    RequestModel,
    ResponseModel,
    ShortText,
)
from api.support.schemas import NamedAdvocate

RELATIONSHIP = "How the advocate knows the candidate."
WORKED_FROM = "The day from which they worked together."
WORKED_UNTIL = "The last day on which they worked together; null while they do, or where it is not known."
BASIS = "What the advocate mostly knows the candidate's work from; what counts is the basis of each reason in an act."
OUTRANKS_DECIDER = "Whether the advocate stands above those who decide, as a member of the job states it."
OCCURRED_AT = "When it was said; now when left out. Never in the future."
RECORDED_BY = "The person who tells us."


class Beside(NamedTuple):
    """What is shown of an advocacy and is not in its row."""

    advocate: NamedAdvocate
    owing: Owing


class AdvocacyOrigin(ResponseModel):
    """What the advocacy came out of."""

    kind: str = Field(
        description="Extensible enum: `conversation`, `referral`, `reference`, `capture`, `transfer`.",
        examples=["conversation"],
    )
    id: str = Field(description="Its id.", examples=["referral_0192f3a4b5c67d8e9f00112233445566"])


class AdvocacyRow(ResponseModel):
    """An advocacy as a list shows it."""

    id: AdvocacyId = Field(description="The advocacy.")
    object: Literal["advocacy"] = Field(default="advocacy", description="Always `advocacy`.", examples=["advocacy"])
    application_id: ApplicationId = Field(description="The application it is for.")
    advocate: NamedAdvocate = Field(description="Who speaks up.")
    state: AdvocacyState = Field(
        description="Where the advocacy is in its life. Words and acts move it; it is never typed in.",
        examples=["active"],
    )
    championing: Championing = Field(description="Where it stands, as last announced.", examples=["started"])
    follow_through: FollowThrough | None = Field(
        description="How the advocate keeps at it, as last announced; null without a qualifying act.",
        examples=["on_track"],
    )
    is_volunteered: bool = Field(description="Whether they spoke up before anybody asked.", examples=[False])
    relationship: Relationship | None = Field(description=RELATIONSHIP, examples=["same_team"])
    worked_from: Day | None = Field(description=WORKED_FROM)
    worked_until: Day | None = Field(description=WORKED_UNTIL)
    basis: Basis | None = Field(description=BASIS, examples=["observed_directly"])
    outranks_decider: bool = Field(description=OUTRANKS_DECIDER, examples=[False])
    origin: AdvocacyOrigin | None = Field(description="What the advocacy came out of, where that was recorded.")
    follow_up_state: ShownState
    next_follow_up: ShownNext
    created_at: Moment = Field(description="When the advocacy was recorded.")
    updated_at: Moment = Field(description="When something of it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def members(cls, row: models.Advocacy, beside: Beside) -> dict[str, Any]:
        """What a list shows, by member."""
        same = cls.model_fields.keys() & type(row).model_fields.keys()
        origin = None
        if row.origin_kind is not None and row.origin_id is not None:
            origin = AdvocacyOrigin(kind=row.origin_kind, id=row.origin_id)
        members = {name: getattr(row, name) for name in same}
        return {**members, **beside.owing.members, "advocate": beside.advocate, "origin": origin}

    @classmethod
    def row(cls, row: models.Advocacy, beside: Beside) -> "AdvocacyRow":
        """The advocacy as a list shows it."""
        return AdvocacyRow(**AdvocacyRow.members(row, beside))


class Advocacy(AdvocacyRow):
    """One advocate's ongoing effort for one application."""

    allowed_transitions: list[str] = Field(
        description="The verbs that its state allows: `ask`, `agree`, `decline`, `withdraw`. Acts need no permission.",
        examples=[["agree", "decline"]],
    )
    metadata: Metadata

    @classmethod
    def of(cls, row: models.Advocacy, beside: Beside) -> "Advocacy":
        """The advocacy as it was last announced."""
        allowed = allowed_verbs(row.state)
        return cls(**AdvocacyRow.members(row, beside), allowed_transitions=allowed, metadata=row.labels)


class AdvocacyList(Listing[AdvocacyRow]):
    """One page of advocacies."""


class AdvocaciesQuery(ListQuery):
    """Which advocacies to list."""

    application: ApplicationId | SkipJsonSchema[None] = Field(default=None, description="Those for this application.")
    advocate: AdvocateId | SkipJsonSchema[None] = Field(default=None, description="Those of this advocate.")
    state: list[AdvocacyState] = Field(default=[], max_length=20, description="Those in one of these states.")
    follow_through: list[FollowThrough] = Field(
        default=[], max_length=20, description="Those with one of these values."
    )
    follow_up_state: list[Owed] = Field(default=[], max_length=20, description=FILTER)
    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`created_at`, with ` desc` after it for the latest first."
    )


class AdvocacyOriginCreate(RequestModel):
    """What an advocacy came out of."""

    kind: str = Field(
        pattern="^(conversation|referral|reference|capture)$",
        max_length=40,
        description="Extensible enum: `conversation`, `referral`, `reference`, `capture`.",
        examples=["conversation"],
    )
    id: ShortText = Field(
        description="Its id; that of a referral or reference must exist in this workspace.",
        examples=["thread 42"],
    )

    @field_validator("id")
    @classmethod
    def _is_of_its_kind(cls, given: str, known: ValidationInfo) -> str:
        kind = known.data.get("kind")
        if kind in ("referral", "reference"):
            try:
                decode(kind, given)
            except Unprocessable as error:
                raise PydanticCustomError(error.code, "{detail}", {"detail": error.detail}) from error
        return given


class FirstWord(StrEnum):
    """What an advocacy may begin with."""

    PROPOSED = "proposed"
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


class AdvocacyCreate(RequestModel):
    """An advocacy to be recorded."""

    application_id: ApplicationId = Field(description="The application.")
    advocate_id: AdvocateId = Field(description="The advocate; never the candidate.")
    word: FirstWord = Field(
        default=FirstWord.PROPOSED,
        description="How it begins: somebody was named who could advocate, was asked, agreed or declined.",
        examples=["proposed"],
    )
    occurred_at: Moment | None = Field(default=None, description=OCCURRED_AT)
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)
    relationship: Relationship | None = Field(default=None, description=RELATIONSHIP, examples=["same_team"])
    worked_from: Day | None = Field(default=None, description=WORKED_FROM)
    worked_until: Day | None = Field(default=None, description=WORKED_UNTIL)
    basis: Basis | None = Field(default=None, description=BASIS, examples=["observed_directly"])
    outranks_decider: Flag = Field(default=False, description=OUTRANKS_DECIDER, examples=[False])
    origin: AdvocacyOriginCreate | None = Field(default=None, description="What it came out of.")
    metadata: Metadata = Field(default_factory=dict)


class AdvocacyUpdate(PatchModel):
    """A change to what is known about an advocacy. Its state changes by words and acts alone."""

    relationship: Relationship | MISSING | None = Field(
        default=MISSING, description=RELATIONSHIP, examples=["same_team"]
    )
    worked_from: Day | MISSING | None = Field(default=MISSING, description=WORKED_FROM)
    worked_until: Day | MISSING | None = Field(default=MISSING, description=WORKED_UNTIL)
    basis: Basis | MISSING | None = Field(default=MISSING, description=BASIS, examples=["observed_directly"])
    outranks_decider: Flag | MISSING = Field(default=MISSING, description=OUTRANKS_DECIDER, examples=[False])
    metadata: MetadataPatch | MISSING = Field(default=MISSING)


class AdvocacyStep(RequestModel):
    """That somebody was asked, or agreed."""

    occurred_at: Moment | None = Field(default=None, description=OCCURRED_AT)
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class AdvocacyEnd(AdvocacyStep):
    """That somebody declined, or stopped."""

    reason: MediumText | None = Field(
        default=None, description="Why, where they said so.", examples=["Moved to another team."]
    )


def event_data(row: models.Advocacy) -> dict[str, Any]:
    """What an event says about an advocacy: the resource, with the advocate's id instead of their name."""
    beside = Beside(NamedAdvocate(id=row.advocate_id, name=""), NOTHING)
    left_out = {"advocate", "allowed_transitions", *MEMBERS}
    shown = Advocacy.of(row, beside).model_dump(mode="json", exclude=left_out)
    return {**shown, "advocate_id": encode("advocate", row.advocate_id)}
