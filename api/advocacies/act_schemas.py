"""Acts on the wire, as they are answered."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.advocacies.listeners import HIRING_MANAGER, Listener
from api.advocacies.testimony import Testimony
from api.domain import facts as f
from api.domain.derived import DerivedAct
from api.domain.vocabulary import ActWord, AskKind, AskState, Basis, Confidence
from api.platform.ids import ActId, AdvocacyId, ApplicationId, AskId, PersonId, ReasonId, RequirementId
from api.platform.queries import ListQuery
from api.platform.schemas import Listing, Moment, ResponseModel

KINDS = (
    "Extensible enum: `spoke`, `wrote`, `introduced`, `asked`, `chased`, `added_evidence`, `answered_concern`, "
    "`updated_candidate`. The kind never decides whether an act qualifies."
)
CHANNEL = "By what means, in the caller's own words."
BEFORE_PROCESS = (
    "Whether the work was seen before this application began. Only then does `observed_directly` count from somebody "
    "who is a member of this job."
)


class ActReason(ResponseModel):
    """One use of a reason in an act."""

    reason_id: ReasonId = Field(description="The reason.")
    requirement_id: RequirementId = Field(description="The requirement of the job it speaks to.")
    basis: Basis = Field(description="What the advocate knows it from.", examples=["observed_directly"])
    before_process: bool = Field(description=BEFORE_PROCESS, examples=[False])


class ActAsk(ResponseModel):
    """What an act asks for, and how that stands."""

    id: AskId = Field(description="The ask.")
    kind: AskKind = Field(description="What is asked for.", examples=["interview"])
    to: Listener = Field(description="Whom it is addressed to.", examples=["hiring_manager"])
    state: AskState = Field(description="How it stands; `open` until an answer is recorded.", examples=["open"])
    answered_at: Moment | None = Field(description="Since when the present answer stands; null while open.")


class ActAsRecorded(ResponseModel):
    """An act as it was recorded, without what is derived about it."""

    id: ActId = Field(description="The act.")
    object: Literal["act"] = Field(default="act", description="Always `act`.", examples=["act"])
    advocacy_id: AdvocacyId = Field(description="The advocacy it belongs to; its advocate is the actor.")
    application_id: ApplicationId = Field(description="The application it is for.")
    kind: str = Field(description=KINDS, examples=["spoke"])
    occurred_at: Moment = Field(description="When it happened.")
    channel: str | None = Field(description=CHANNEL, examples=["hallway"])
    audience: list[Listener] = Field(
        description="Who was addressed: people, or `hiring_manager` where the name was not known.",
        examples=[["person_0192f3a4b5c67d8e9f00112233445566"]],
    )
    reasons: list[ActReason] = Field(description="The reasons it carried.")
    ask: ActAsk | None = Field(description="What it asked for; null when it asked for nothing.")
    chases: AskId | None = Field(description="The ask it chased.")
    evidence_url: str | None = Field(
        description="A dated artefact that shows who said what to whom.",
        examples=["https://example.com/thread/42"],
        json_schema_extra={"format": "uri"},
    )
    text: str | None = Field(description="What was said, in free text.", examples=["She should be in the next round."])
    recorded_by: PersonId = Field(description="The person who told us.")
    recorded_at: Moment = Field(description="When it was recorded.")

    @classmethod
    def recorded(cls, row: models.Act, testimony: Testimony) -> dict[str, Any]:
        """What was recorded, by member."""
        act = testimony.act
        same = ActAsRecorded.model_fields.keys() & type(row).model_fields.keys()
        return {
            **{name: getattr(row, name) for name in same},
            "audience": _audience(act.listeners),
            "reasons": _reasons(act.uses),
            "ask": _ask(act, testimony),
            "chases": row.chases_id,
        }


class Act(ActAsRecorded):
    """One dated thing an advocate did for a candidate: the atom of evidence. Never edited, never deleted."""

    counts: bool = Field(
        description="Whether it counts: neither retracted nor disputed, and its actor is not paid for the hire.",
        examples=[True],
    )
    qualifies: bool = Field(
        description="Whether it counts, was heard by somebody who decides or influences, and gave a specific reason.",
        examples=[True],
    )
    hiring_side: bool = Field(
        description="Whether it keeps the advocacy going: it qualifies, or follows a qualifying one on a later day and "
        "was heard by a member of the job. False for what happened while the application was closed.",
        examples=[True],
    )
    rung: Confidence = Field(description="How sure it is that it happened.", examples=["documented"])
    confirmed_by: list[PersonId] = Field(description="Those of the audience who confirmed it, by their latest word.")
    denied_by: list[PersonId] = Field(description="Those of the audience who say that it did not happen.")
    is_disputed: bool = Field(description="Whether the named actor says that it was not them.", examples=[False])
    is_retracted: bool = Field(description="Whether it was retracted, for good.", examples=[False])

    @classmethod
    def members(cls, row: models.Act, facts: f.AdvocacyFacts, derived: DerivedAct) -> dict[str, Any]:
        """Everything an act shows, by member: its row, its facts and what is derived from all facts."""
        testimony = Testimony(facts, row.id)
        return {
            **cls.recorded(row, testimony),
            "counts": derived.counts,
            "qualifies": derived.qualifies,
            "hiring_side": derived.is_hiring_side,
            "rung": derived.rung,
            "confirmed_by": testimony.people_saying(ActWord.CONFIRMED),
            "denied_by": testimony.people_saying(ActWord.DENIED),
            "is_disputed": testimony.is_disputed,
            "is_retracted": testimony.is_retracted,
        }

    @classmethod
    def of(cls, row: models.Act, facts: f.AdvocacyFacts, derived: DerivedAct) -> "Act":
        """The act with what it is worth by all that is known."""
        return Act(**Act.members(row, facts, derived))


class ActList(Listing[Act]):
    """One page of an advocacy's acts."""


class ActsQuery(ListQuery):
    """How to list the acts of an advocacy."""

    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`occurred_at`, with ` desc` after it for the latest first."
    )


def event_data(row: models.Act, facts: f.AdvocacyFacts) -> dict[str, Any]:
    """What an event says about an act: as it was recorded, without free text."""
    shown = ActAsRecorded(**ActAsRecorded.recorded(row, Testimony(facts, row.id)))
    return shown.model_dump(mode="json", exclude={"text"})


def _audience(listeners: Iterable[f.Listener]) -> list[Any]:
    people = sorted(each.person_id for each in listeners if each.person_id is not None)
    role = [HIRING_MANAGER] if any(each.person_id is None for each in listeners) else []
    return [*role, *people]


def _reasons(uses: Iterable[f.ReasonUse]) -> list[ActReason]:
    shown = [
        ActReason(
            reason_id=use.reason_id,
            requirement_id=use.requirement_id,
            basis=use.basis,
            before_process=use.before_process,
        )
        for use in uses
    ]
    return sorted(shown, key=lambda each: (each.reason_id, each.basis))


def _ask(act: f.Act, testimony: Testimony) -> ActAsk | None:
    if act.ask is None:
        return None
    answer = testimony.answer
    return ActAsk(
        id=act.ask.id,
        kind=act.ask.kind,
        to=act.ask.addressee.person_id or HIRING_MANAGER,
        state=answer.answer if answer else AskState.OPEN,
        answered_at=answer.occurred_at if answer else None,
    )
