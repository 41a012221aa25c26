"""What is owed, as it is shown on whatever open follow-ups name."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import Field

from api.domain.vocabulary import Owed
from api.platform.ids import FollowUpId, PersonId
from api.platform.schemas import Moment, ResponseModel

FILTER = "What we owe there: one of these, as last announced."


class NextFollowUp(ResponseModel):
    """The most pressing open follow-up: overdue before due before scheduled, then what is due first."""

    id: FollowUpId = Field(description="The follow-up.")
    type: str = Field(description="Its type. Extensible enum.", examples=["check_in_advocate"])
    owner_id: PersonId | None = Field(description="Whose it is; null where the job has nobody in that role.")
    due_at: Moment = Field(description="When it becomes due, or became due.")


ShownState = Annotated[
    Owed,
    Field(
        description="What the hiring side owes here, as last announced: `overdue` if an open follow-up is overdue, else"
        " `due`, else `scheduled`, and `none` without an open one. Invitations never enter it.",
        examples=["due"],
    ),
]
ShownNext = Annotated[NextFollowUp | None, Field(description="The most pressing open follow-up; null without one.")]

MEMBERS = frozenset({"follow_up_state", "next_follow_up"})
"""The members that show it."""


@dataclass(frozen=True, slots=True)
class Owing:
    """What is owed to one subject, and the follow-up that is done first."""

    state: Owed = Owed.NONE
    next: NextFollowUp | None = None

    @property
    def members(self) -> dict[str, Any]:
        """What is shown, by member."""
        return {"follow_up_state": self.state, "next_follow_up": self.next}


NOTHING = Owing()


class Shows(Protocol):
    """Whatever shows what is owed to it."""

    follow_up_state: Owed
    next_follow_up: NextFollowUp | None


def mark(shown: Shows) -> str:
    """For the ETag beside the version: differs where what is owed differs, and is empty where nothing is."""
    if shown.next_follow_up is None:
        return ""
    text = f"{shown.follow_up_state} {shown.next_follow_up.model_dump_json()}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]
