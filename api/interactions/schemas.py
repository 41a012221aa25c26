"""Interactions on the wire."""

from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api import models
from api.domain.vocabulary import Direction
from api.platform.ids import ApplicationId, CaptureId, InteractionId, PersonId, encode
from api.platform.queries import ListQuery
from api.platform.schemas import Flag, Link, Listing, LongText, Metadata, Moment, RequestModel, ResponseModel, ShortText

CANDIDATE_EFFORT = "candidate_effort"
KIND = f"^(call|mail|message|meeting|coaching|promise|assurance|{CANDIDATE_EFFORT})$"
KINDS = (
    "What it was. Extensible enum: `call`, `mail`, `message`, `meeting`, `coaching` (advice to the candidate, a look "
    "at a CV), `promise` (of a word to somebody), `assurance` (that it will work out), `candidate_effort` (whatever "
    "candidates do for themselves). The kind never decides what it counts for."
)
PERSON = "With whom: the candidate, a supporter, a giver of a reference, or anybody else."
DIRECTION = "Which way it went, seen from the person: `from_person` is what they did or said."
AUTOMATIC = "Whether a program sent it by itself, such as a receipt: it closes nothing that is owed."
CHANNEL = "By what means, in the caller's own words."
SOURCE = "Where it can be seen."
NOTE = "What it was about, in free text. Never needed; whoever it is about may read it."
EXAMPLE = "Told her that the panel meets on Thursday."


class InteractionCreate(RequestModel):
    """A contact to be recorded."""

    person_id: PersonId = Field(description=PERSON)
    counterpart_id: PersonId | None = Field(
        default=None,
        description="Whom they had it with. Leave it out for the hiring side, where it matters not who; name whoever "
        "else it was, such as the advocate who coached.",
    )
    application_id: ApplicationId | None = Field(
        default=None,
        description="The application it is about. Without one it is kept, and closes nothing that is owed.",
    )
    kind: str = Field(pattern=KIND, max_length=40, description=KINDS, examples=["call"])
    direction: Direction = Field(description=DIRECTION, examples=["to_person"])
    automatic: Flag = Field(default=False, description=AUTOMATIC, examples=[False])
    channel: ShortText | None = Field(default=None, description=CHANNEL, examples=["phone"])
    occurred_at: Moment | None = Field(
        default=None, description="When it happened; now when left out. Never in the future."
    )
    source_url: Link | None = Field(default=None, description=SOURCE)
    note: LongText | None = Field(default=None, description=NOTE, examples=[EXAMPLE])
    metadata: Metadata = Field(default={})
    capture_id: CaptureId | None = Field(
        default=None, description="A capture that waits for details and turns out to be this; it is completed by it."
    )
    recorded_by: PersonId = Field(description="The person who tells us; a key is a program, not a person.")

    @model_validator(mode="after")
    def _come_from_the_candidate(self) -> "InteractionCreate":
        if self.kind == CANDIDATE_EFFORT and self.direction is not Direction.FROM_PERSON:
            raise PydanticCustomError("effort_of_the_person", "A candidate_effort has the direction from_person")
        return self


class InteractionSaid(RequestModel):
    """Who says that an interaction did not arrive, or did not happen."""

    recorded_by: PersonId = Field(description="The person who tells us.")


class InteractionPerson(ResponseModel):
    """Somebody who took part."""

    id: PersonId = Field(description="The person.")
    name: str = Field(description="Their name.", examples=["Cleo Marsh"])

    @classmethod
    def of(cls, row: models.Person) -> "InteractionPerson":
        """The person by name."""
        return cls(id=row.id, name=row.name)


class InteractionShown(ResponseModel):
    """What an event says about an interaction: ids, moments and codes, no names and nothing that was written."""

    id: InteractionId = Field(description="The interaction.")
    object: Literal["interaction"] = Field(
        default="interaction", description="Always `interaction`.", examples=["interaction"]
    )
    application_id: ApplicationId | None = Field(description="The application it is about; null for none.")
    capture_id: CaptureId | None = Field(description="The capture that it was; null for none.")
    kind: str = Field(description=KINDS, examples=["call"])
    direction: Direction = Field(description=DIRECTION, examples=["to_person"])
    automatic: bool = Field(description=AUTOMATIC, examples=[False])
    is_hiring_side: bool = Field(
        description="Whether it was with the hiring side of the application's job, as of its day: with nobody named, "
        "or with a member. Decided when it was recorded. Only such a contact, on its way to the person, closes what is "
        "owed to them and ends a candidate's waiting.",
        examples=[True],
    )
    occurred_at: Moment = Field(description="When it happened.")
    recorded_at: Moment = Field(description="When it was recorded.")
    recorded_by: PersonId = Field(description="The person who told us.")
    bounced_at: Moment | None = Field(description="When it became known that it did not arrive; null while it did.")
    bounced_by: PersonId | None = Field(description="Who told us that it did not arrive.")
    retracted_at: Moment | None = Field(description="When it was taken back, for good: it did not happen.")
    retracted_by: PersonId | None = Field(description="Who took it back.")

    @staticmethod
    def members_of(row: models.Interaction) -> dict[str, Any]:
        """The members that its row holds, by name."""
        stored = InteractionShown.model_fields.keys() - {"object", "automatic"}
        return {**{name: getattr(row, name) for name in stored}, "automatic": row.is_automatic}


class Interaction(InteractionShown):
    """A contact between people: an attempt, or two-way. Never evidence; it changes no level and no stage."""

    person: InteractionPerson = Field(description=PERSON)
    counterpart: InteractionPerson | None = Field(
        description="Whom they had it with; null for somebody of the hiring side who is not named."
    )
    channel: str | None = Field(description=CHANNEL, examples=["phone"])
    source_url: str | None = Field(
        description=SOURCE, examples=["https://example.com/thread/42"], json_schema_extra={"format": "uri"}
    )
    note: str | None = Field(description=NOTE, examples=[EXAMPLE])
    metadata: dict[str, str] = Field(description="The caller's own notes, by name.", examples=[{"ats_id": "42"}])

    @classmethod
    def members(
        cls, row: models.Interaction, person: models.Person, counterpart: models.Person | None
    ) -> dict[str, Any]:
        """Everything an interaction shows, by member."""
        return {
            **cls.members_of(row),
            "person": InteractionPerson.of(person),
            "counterpart": InteractionPerson.of(counterpart) if counterpart else None,
            "channel": row.channel,
            "source_url": row.source_url,
            "note": row.note,
            "metadata": row.labels,
        }


class InteractionRecorded(Interaction):
    """An interaction that was just recorded, with what a person may want to look at."""

    warnings: list[str] = Field(
        description="Never a block. Extensible enum: `counterpart_no_member` (whom it was with was no member of the "
        "job that day, so that it closes nothing), `sensitive_text:` with a topic (`health`, `age`, `family`, "
        "`religion`, `politics`, `union`, `culture_fit`) that has no place in judging somebody's work.",
        examples=[["sensitive_text:family"]],
    )


class InteractionList(Listing[Interaction]):
    """One page of interactions."""


class InteractionsQuery(ListQuery):
    """Which interactions to list."""

    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`occurred_at`, with ` desc` after it or not; the latest come first."
    )
    person: PersonId | SkipJsonSchema[None] = Field(default=None, description="With this person.")
    counterpart: PersonId | SkipJsonSchema[None] = Field(
        default=None, description="Those that a person had with this one."
    )
    application: ApplicationId | SkipJsonSchema[None] = Field(default=None, description="About this application.")
    kind: str | SkipJsonSchema[None] = Field(
        default=None, max_length=40, description="Of this kind.", examples=["call"]
    )
    direction: Direction | SkipJsonSchema[None] = Field(default=None, description="That went this way.")
    occurred_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="occurred_at[gte]", description="That happened at this moment or later."
    )
    occurred_at_lt: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="occurred_at[lt]", description="That happened before this moment."
    )


def event_data(row: models.Interaction) -> dict[str, Any]:
    """What an event says about an interaction."""
    shown = InteractionShown(**InteractionShown.members_of(row)).model_dump(mode="json")
    counterpart = row.counterpart_id and encode("person", row.counterpart_id)
    return {**shown, "person_id": encode("person", row.person_id), "counterpart_id": counterpart}
