"""What a step made different: follow-ups and invitations to be written, and what is to be told of each."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.domain.follow_up_facts import FollowUpKey
from api.domain.follow_ups import FollowUp
from api.domain.following import Course
from api.domain.invitations import Invitation
from api.domain.vocabulary import Owed
from api.platform import ids
from api.support.owed_documents import Kept, Stored


@dataclass(frozen=True, slots=True)
class ChangedFollowUp:
    """A follow-up as it is now, how it stands, and what it was before; null for a new one."""

    id: UUID
    version: int
    now: FollowUp
    standing: Owed
    before: FollowUp | None
    stood: Owed

    @property
    def events(self) -> Iterator[str]:
        """The types of the events that tell of it, in order: one for each crossing."""
        before, now = self.before, self.now
        if before is None:
            yield "follow_up.created"
        elif now.escalated and not before.escalated:
            yield "follow_up.escalated"
        elif now.owner_id != before.owner_id:
            yield "follow_up.reassigned"
        if now.snoozed_until is not None and (before is None or now.snoozed_until != before.snoozed_until):
            yield "follow_up.snoozed"
        if not now.is_open:
            yield f"follow_up.{now.state}"
        elif self.standing is not self.stood and self.standing in (Owed.DUE, Owed.OVERDUE):
            yield f"follow_up.{self.standing}"


@dataclass(frozen=True, slots=True)
class ChangedInvitation:
    """An invitation as it is now, and what it was before; null for a new one."""

    id: UUID
    version: int
    now: Invitation
    is_by_hand: bool
    before: Invitation | None

    @property
    def events(self) -> Iterator[str]:
        """The types of the events that tell of it."""
        if self.before is None:
            yield "invitation.created"
        if not self.now.is_open and (self.before is None or self.before.state is not self.now.state):
            yield f"invitation.{self.now.state}"


def changed_follow_ups(kept: Kept, after: Course, moment: datetime) -> list[ChangedFollowUp]:
    """Those that differ from what is stored, or stand otherwise at the moment; what was closed stays as it was."""
    changed = []
    for key, now in after.follow_ups.items():
        before, standing = kept.course.follow_ups.get(key), now.owed(moment)
        stored = _of(kept.follow_ups, key)
        if before is None or (before.is_open and (now != before or standing is not stored.standing)):
            changed.append(ChangedFollowUp(stored.id, stored.version + 1, now, standing, before, stored.standing))
    return changed


def changed_invitations(kept: Kept, after: Course, by_hand: Collection[FollowUpKey]) -> list[ChangedInvitation]:
    """Those that differ from what is stored; `by_hand` are the keys of those that somebody makes now."""
    changed = []
    for key, now in after.invitations.items():
        before = kept.course.invitations.get(key)
        stored = _of(kept.invitations, key)
        if before is None or (now != before and (before.is_open or now.state is not before.state)):
            changed.append(ChangedInvitation(stored.id, stored.version + 1, now, key in by_hand, before))
    return changed


def _of(rows: Mapping[FollowUpKey, Stored], key: FollowUpKey) -> Stored:
    return rows.get(key) or Stored(ids.new_id(), 0)
