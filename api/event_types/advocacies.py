"""What is told of advocacies, of acts and of what acts ask for."""

from typing import Literal

from pydantic import Field

from api.advocacies.act_schemas import ActAsRecorded
from api.advocacies.schemas import Advocacy
from api.domain.vocabulary import ActWord, AskState
from api.event_types.declaring import Declared
from api.event_types.told import Told, former, partly, told
from api.platform.ids import ActId, AdvocacyId, AdvocateId, ApplicationId, AskId, PersonId
from api.platform.schemas import ResponseModel

_DERIVED = ("state", "championing", "follow_through", "is_volunteered")
_ADVOCATE = (AdvocateId, Field(description="Who speaks up."))

AdvocacyTold = told(
    "AdvocacyTold",
    Advocacy,
    "An advocacy, with the advocate by id.",
    without=("advocate", "allowed_transitions", "follow_up_state", "next_follow_up"),
    advocate_id=_ADVOCATE,
)
AdvocacyStateTold = told(
    "AdvocacyStateTold",
    Advocacy,
    "What is derived of an advocacy: where it is in its life, and how the advocate keeps at it.",
    without=Advocacy.model_fields.keys() - {"id", "object", "application_id", *_DERIVED},
    advocate_id=_ADVOCATE,
)
AdvocacyWordTold = partly(
    "AdvocacyWordTold",
    AdvocacyTold,
    "An advocacy after a word about taking part: what is derived of it, or all of it where a word of the past moves "
    "nothing by now.",
    always=AdvocacyStateTold.model_fields.keys(),
)
AdvocacyBefore = former(
    "AdvocacyBefore",
    AdvocacyTold,
    "relationship",
    "worked_from",
    "worked_until",
    "basis",
    "outranks_decider",
    "metadata",
)
AdvocacyStateBefore = former("AdvocacyStateBefore", AdvocacyTold, *_DERIVED)
ActTold = told("ActTold", ActAsRecorded, "An act as it was recorded, without what was said.", without=("text",))


class ActSaid(Told):
    """What somebody said about an act."""

    id: ActId = Field(description="The act.")
    object: Literal["act"] = Field(default="act", description="Always `act`.", examples=["act"])
    advocacy_id: AdvocacyId = Field(description="The advocacy it belongs to.")
    application_id: ApplicationId = Field(description="The application it is for.")
    word: ActWord = Field(description="What was said.", examples=["confirmed"])
    person_id: PersonId = Field(description="Who said it.")


class AskAnswered(Told):
    """How an ask was answered."""

    id: ActId = Field(description="The act that asked.")
    object: Literal["act"] = Field(default="act", description="Always `act`.", examples=["act"])
    advocacy_id: AdvocacyId = Field(description="The advocacy it belongs to.")
    application_id: ApplicationId = Field(description="The application it is for.")
    ask_id: AskId = Field(description="The ask.")
    answer: AskState = Field(description="The answer that stands now.", examples=["granted"])
    recorded_by: PersonId = Field(description="The person who told us.")


_WEAKER = {"state": "proposed", "championing": "none", "follow_through": None, "is_volunteered": False}


def _state(model: type[ResponseModel], state: str, was: str) -> Declared:
    shown = {"state": state} if state in ("active", "concluded") else {**_WEAKER, "state": state}
    return Declared(model, AdvocacyStateBefore, shown=shown, was={"state": was}, usual=AdvocacyStateTold)


def _said(word: ActWord) -> Declared:
    return Declared(ActSaid, shown={"word": word.value}, is_fact=True)


ADVOCACIES = {
    "advocacy.created": Declared(AdvocacyTold, shown=_WEAKER),
    "advocacy.updated": Declared(AdvocacyTold, AdvocacyBefore, was={"relationship": None}),
    "advocacy.proposed": _state(AdvocacyStateTold, "proposed", "asked"),
    "advocacy.asked": _state(AdvocacyWordTold, "asked", "proposed"),
    "advocacy.agreed": _state(AdvocacyWordTold, "agreed", "asked"),
    "advocacy.declined": _state(AdvocacyWordTold, "declined", "asked"),
    "advocacy.no_answer": _state(AdvocacyStateTold, "no_answer", "asked"),
    "advocacy.active": _state(AdvocacyStateTold, "active", "agreed"),
    "advocacy.withdrawn": _state(AdvocacyWordTold, "withdrawn", "active"),
    "advocacy.concluded": _state(AdvocacyStateTold, "concluded", "active"),
    "advocacy.follow_through.changed": Declared(
        AdvocacyStateTold,
        AdvocacyStateBefore,
        shown={"championing": "at_risk", "follow_through": "at_risk"},
        was={"championing": "on_track", "follow_through": "on_track"},
    ),
    "act.recorded": Declared(ActTold, is_fact=True),
    "act.recorded_by_other": Declared(ActTold, is_fact=True),
    "act.confirmed": _said(ActWord.CONFIRMED),
    "act.denied": _said(ActWord.DENIED),
    "act.disputed": _said(ActWord.DISPUTED),
    "act.dispute_withdrawn": _said(ActWord.DISPUTE_WITHDRAWN),
    "act.retracted": _said(ActWord.RETRACTED),
    "ask.answered": Declared(AskAnswered, is_fact=True),
}
"""The types about advocacies, acts and asks."""
