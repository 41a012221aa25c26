"""A follow-up: something the hiring side owes somebody by a day; how it stands at a moment, and what people may do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from api.domain.errors import InvalidStateTransition, Unprocessable
from api.domain.follow_up_facts import About, FollowUpKey, FollowUpWord
from api.domain.follow_up_types import FollowUpType, ThingKind, Trigger
from api.domain.vocabulary import FollowUpState, FollowUpVerb, Owed

AFTER = {
    FollowUpVerb.COMPLETE: FollowUpState.COMPLETED,
    FollowUpVerb.SKIP: FollowUpState.SKIPPED,
    FollowUpVerb.CANCEL: FollowUpState.CANCELLED,
}
"""The state after a verb that ends a follow-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Something owed. `owner_id` is null where the job has nobody in that role; `application_id` is that of the facts.

    `triggered_at` is when the trigger happened, `noticed_at` when it was first known. It becomes due at `due_at` and
    overdue at `overdue_at`, by the owner's working hours of `due_on`. At `escalates_at` it goes to somebody else; after
    that it is `escalated`. `closed_by` is the id of what closed it, `closed_by_kind` what that is; both null where its
    trigger was undone. `rule` is the row of the table by which it was made and `place` the place of that row;
    `is_assigned`: a person said whose it is. `is_next` marks the most pressing one of its owner.
    """

    key: FollowUpKey
    rule: FollowUpType
    place: int
    trigger: Trigger
    application_id: UUID
    about: About
    owner_id: UUID | None
    is_assigned: bool
    audience: tuple[UUID, ...]
    triggered_at: datetime
    noticed_at: datetime
    due_on: date
    due_at: datetime
    overdue_at: datetime
    present_until: date | None = None
    escalates_on: date | None = None
    escalates_at: datetime | None = None
    escalated: bool = False
    state: FollowUpState = FollowUpState.OPEN
    closed_by: UUID | None = None
    closed_by_kind: ThingKind | None = None
    closed_at: datetime | None = None
    ended_by_outcome: bool = False
    snoozed_until: datetime | None = None
    is_next: bool = False

    @property
    def type(self) -> str:
        """The name of its type."""
        return self.key.type

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.state is FollowUpState.OPEN

    def owed(self, moment: datetime) -> Owed:
        """How it stands at a moment, nothing else having happened; a snoozed one counts as scheduled."""
        if not self.is_open:
            return Owed.NONE
        if self.snoozed_until is not None and moment < self.snoozed_until:
            return Owed.SCHEDULED
        if moment >= self.overdue_at:
            return Owed.OVERDUE
        return Owed.DUE if moment >= self.due_at else Owed.SCHEDULED

    def concerns(self, subject_id: UUID) -> bool:
        """Whether it names an application, a referral, a referrer, an advocacy or an advocate."""
        return subject_id == self.application_id or subject_id in self.about.named

    def next_change_at(self, moment: datetime) -> datetime | None:
        """When it next stands otherwise by time alone, or passes to somebody else; null: never."""
        if not self.is_open:
            return None
        now = self.owed(moment)
        marks = {each for each in (self.snoozed_until, self.due_at, self.overdue_at) if each and each > moment}
        changes = [each for each in marks if self.owed(each) is not now]
        if self.escalates_at is not None and self.escalates_at > moment:
            changes.append(self.escalates_at)
        return min(changes, default=None)


def follow_up_state(follow_ups: Iterable[FollowUp], moment: datetime, *, subject_id: UUID | None = None) -> Owed:
    """What the hiring side owes at a moment: the most pressing of the open follow-ups, or of those of one subject."""
    concerned = (each for each in follow_ups if subject_id is None or each.concerns(subject_id))
    return max((each.owed(moment) for each in concerned), key=lambda owed: owed.rank, default=Owed.NONE)


def mark_next(follow_ups: Mapping[FollowUpKey, FollowUp], moment: datetime) -> dict[FollowUpKey, FollowUp]:
    """The follow-ups of one application with the most pressing one of each owner marked.

    Overdue comes before due and due before scheduled, then the earlier due day, then the order of the types.
    """
    still_open = [(key, each) for key, each in follow_ups.items() if each.is_open]
    first: dict[UUID | None, FollowUpKey] = {}
    for key, each in sorted(still_open, key=lambda pair: _urgency(pair[1], moment)):
        first.setdefault(each.owner_id, key)
    chosen = set(first.values())
    return {
        key: each if each.is_next is (key in chosen) else replace(each, is_next=key in chosen)
        for key, each in follow_ups.items()
    }


def _urgency(follow_up: FollowUp, moment: datetime) -> tuple[int, date, int, datetime, int, int]:
    person = follow_up.key.person_id
    tie = follow_up.noticed_at, follow_up.key.trigger_id.int, person.int if person else 0
    return -follow_up.owed(moment).rank, follow_up.due_on, follow_up.place, *tie


def check_word(state: FollowUpState, word: FollowUpWord, *, may_own: bool = True) -> None:
    """Refuse what makes no sense of a follow-up in this state at the word's moment.

    `may_own`: whether the new owner of a reassignment is a member of the job who may be contacted. Raises
    InvalidStateTransition for one that is closed, and Unprocessable for a snooze that ends in the past and for an owner
    who cannot be one.
    """
    if state is not FollowUpState.OPEN:
        raise InvalidStateTransition(word.verb, current_state=state, allowed=[])
    if word.verb is FollowUpVerb.SNOOZE and (word.until is None or word.until <= word.occurred_at):
        raise Unprocessable("A follow-up is snoozed until a moment that is still to come.", pointer="/until")
    if word.verb is FollowUpVerb.REASSIGN and (word.owner_id is None or not may_own):
        raise Unprocessable("A follow-up goes to a member of the job who may be contacted.", pointer="/owner_id")
