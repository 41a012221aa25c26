"""Invitations: something a volunteer or a listener could do. Never overdue; passing one has no consequence."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.domain.errors import InvalidStateTransition
from api.domain.follow_up_facts import About, FollowUpKey
from api.domain.follow_up_types import InvitationType, Taking, ThingKind
from api.domain.vocabulary import InvitationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Something proposed to a person. `asker_id` is the recruiter, or whoever made it by hand.

    `taken_by` and `about` say what shows that it was taken; `ended_by` is the id of that and `ended_by_kind` what it
    is, null for one that ended otherwise. A late yes takes an expired one. `expires_at` is when it expires by itself.
    `is_unanswered`: that happened, and nothing else ended it.
    """

    key: FollowUpKey
    rule: InvitationType
    application_id: UUID
    asker_id: UUID | None
    person_id: UUID
    about: About
    absence_id: UUID | None
    invited_at: datetime
    expires_at: datetime
    state: InvitationState = InvitationState.OPEN
    ended_by: UUID | None = None
    ended_by_kind: ThingKind | None = None
    ended_at: datetime | None = None
    is_unanswered: bool = False

    @property
    def type(self) -> str:
        """The name of its type."""
        return self.key.type

    @property
    def taken_by(self) -> Taking:
        """What shows that it was taken."""
        return self.rule.taken_by

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state is InvitationState.OPEN

    @property
    def may_be_taken(self) -> bool:
        """Whether a yes is still heard: a late one is normal."""
        return self.state in (InvitationState.OPEN, InvitationState.EXPIRED)


def check_pass(state: InvitationState) -> None:
    """Refuse to pass an invitation in a state that is not open, with InvalidStateTransition."""
    if state is not InvitationState.OPEN:
        raise InvalidStateTransition("pass", current_state=state, allowed=[])
