"""What is told of captures, of links by which somebody does something, and of contact between people."""

from pydantic import Field

from api.action_links.schemas import ActionLink
from api.captures.schemas import Capture, Need
from api.event_types.declaring import Declared
from api.event_types.told import ToldPerson, told
from api.interactions.schemas import InteractionShown
from api.platform.ids import PersonId

_EXAMPLE = "0192f3a4b5c67d8e9f00112233445566"
_SHOWN = ("id", "object", "state", "source", "application_id", "advocate_id", "advocacy_id", "act_id", "interaction_id")

NeedTold = told("NeedTold", Need, "What a capture still needs, by codes.", without=("detail", "suggestions"))
CaptureTold = told(
    "CaptureTold",
    Capture,
    "A capture by ids and codes, without anything that was written.",
    without=Capture.model_fields.keys() - {*_SHOWN, "made"},
    needs=(list[NeedTold], Field(description="What is missing; empty unless it needs details.")),  # type: ignore[valid-type]  # a model made at run time
)
ActionLinkTold = told(
    "ActionLinkTold",
    ActionLink,
    "An action link, without a name and without its address.",
    person=(ToldPerson, Field(description="Whom it is for.")),
)
InteractionTold = told(
    "InteractionTold",
    InteractionShown,
    "A contact between people, without names and words.",
    person_id=(PersonId, Field(description="With whom.")),
    counterpart_id=(PersonId | None, Field(description="Whom they had it with; null for the hiring side.")),
)

_WAITING = {"state": "needs_details", "made": []}
_ACT = {
    name: f"{name.removesuffix('_id')}_{_EXAMPLE}"
    for name in ("application_id", "advocate_id", "advocacy_id", "act_id")
}
_UNUSED = {"answer": None}
_NOW = "2026-01-15T09:30:00Z"
_USED = {"uses": 1, "used_at": _NOW, "result": {"type": "act", "id": f"act_{_EXAMPLE}"}}
_ABOUT = {"application_id": f"application_{_EXAMPLE}"}

CAPTURES = {
    "action_link.created": Declared(ActionLinkTold, shown=_UNUSED),
    "action_link.used": Declared(ActionLinkTold, shown=_USED),
    "action_link.revoked": Declared(ActionLinkTold, shown={"state": "revoked", "revoked_at": _NOW, **_UNUSED}),
    "capture.created": Declared(CaptureTold, shown=_WAITING),
    "capture.completed": Declared(CaptureTold, shown={**_ACT, "needs": []}),
    "capture.discarded": Declared(CaptureTold, shown={"state": "discarded", "made": [], "needs": []}),
    "interaction.recorded": Declared(InteractionTold, shown=_ABOUT, is_fact=True),
    "interaction.bounced": Declared(
        InteractionTold, shown={"bounced_at": _NOW, "bounced_by": f"person_{_EXAMPLE}", **_ABOUT}, is_fact=True
    ),
    "interaction.retracted": Declared(
        InteractionTold, shown={"retracted_at": _NOW, "retracted_by": f"person_{_EXAMPLE}", **_ABOUT}, is_fact=True
    ),
}
"""The types about captures, action links and interactions."""
