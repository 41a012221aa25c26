"""What is told of follow-ups and invitations: ids, moments and codes."""

from collections.abc import Mapping

from pydantic import Field

from api.event_types.declaring import Declared
from api.event_types.told import Told, former, told
from api.follow_ups.schemas import FollowUpRow
from api.invitations.schemas import Invitation
from api.platform.ids import PersonId

_EXAMPLE = "0192f3a4b5c67d8e9f00112233445566"


class EndedBy(Told):
    """What ended a follow-up or an invitation."""

    type: str = Field(description="What kind of thing. Extensible enum.", examples=["interaction"])
    id: str | None = Field(description="Which; null where it has no id.", examples=[f"interaction_{_EXAMPLE}"])


FollowUpTold = told(
    "FollowUpTold",
    FollowUpRow,
    "Something that the hiring side owes somebody, without names and words.",
    without=("owner", "person", "title", "result", "created_at", "updated_at", "version"),
    owner_id=(PersonId | None, Field(description="Who owes it; null where the job has nobody in that role.")),
    person_id=(PersonId | None, Field(description="Whom it is about.")),
    trigger=(str, Field(description="What made it. Extensible enum.", examples=["at_risk"])),
    closed_by=(EndedBy | None, Field(description="What closed it; null while it is open, or was undone.")),
)
FollowUpBefore = former("FollowUpBefore", FollowUpTold, "state", "standing", "owner_id", "snoozed_until")
InvitationTold = told(
    "InvitationTold",
    Invitation,
    "Something that somebody could do, without names and words.",
    without=("person", "asker", "by_hand", "note", "allowed_transitions", "created_at", "updated_at", "version"),
    asker_id=(PersonId | None, Field(description="Who asks; null where there is nobody.")),
    person_id=(PersonId, Field(description="Who is invited.")),
    ended_by=(EndedBy | None, Field(description="What took it; null where time ended it.")),
)
InvitationBefore = former("InvitationBefore", InvitationTold, "state")

_WHERE = {
    "application_id": f"application_{_EXAMPLE}",
    "advocacy_id": f"advocacy_{_EXAMPLE}",
    "owner_id": f"person_{_EXAMPLE}",
    "person_id": "person_0192f3a4b5c67d8e9f00112233445577",
}
_ENDED_AT = "2026-01-15T09:30:00Z"
_BY = {"type": "interaction", "id": f"interaction_{_EXAMPLE}"}


def _open(was: Mapping[str, object] | None = None, **shown: object) -> Declared:
    return Declared(FollowUpTold, FollowUpBefore, shown={**_WHERE, **shown}, was=was)


def _closed(state: str, closed_by: dict[str, str] | None = None) -> Declared:
    closed = {"state": state, "standing": "none", "is_next": False, "closed_at": _ENDED_AT, "closed_by": closed_by}
    return _open({"state": "open", "standing": "due"}, **closed)


def _ended(state: str, ended_by: dict[str, str] | None = None) -> Declared:
    shown = {"state": state, "ended_at": _ENDED_AT, "ended_by": ended_by}
    return Declared(InvitationTold, InvitationBefore, shown=shown, was={"state": "open"})


_BY_HAND = {"type": "follow_up_change", "id": f"follow_up_change_{_EXAMPLE}"}

FOLLOW_UPS = {
    "follow_up.created": _open(standing="scheduled"),
    "follow_up.due": _open({"standing": "scheduled"}),
    "follow_up.overdue": _open({"standing": "due"}, standing="overdue"),
    "follow_up.escalated": _open({"owner_id": "person_0192f3a4b5c67d8e9f00112233445588"}, escalated=True),
    "follow_up.snoozed": _open(
        {"standing": "due", "snoozed_until": None}, standing="scheduled", snoozed_until="2026-01-19T09:00:00Z"
    ),
    "follow_up.reassigned": _open({"owner_id": "person_0192f3a4b5c67d8e9f00112233445588"}),
    "follow_up.completed": _closed("completed", _BY),
    "follow_up.skipped": _closed("skipped", _BY_HAND),
    "follow_up.cancelled": _closed("cancelled"),
    "invitation.created": Declared(InvitationTold, InvitationBefore),
    "invitation.taken": _ended("taken", {"type": "act", "id": f"act_{_EXAMPLE}"}),
    "invitation.passed": _ended("passed"),
    "invitation.expired": _ended("expired"),
}
"""The types about follow-ups and invitations."""
