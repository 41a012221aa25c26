"""A whole history led through the steps of follow-ups and invitations, as it would have been told."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from api.domain.facts import ApplicationFacts
from api.domain.follow_up_facts import FollowUpFacts
from api.domain.follow_up_identity import recognise_followed
from api.domain.follow_up_memory import Memory
from api.domain.follow_ups import FollowUp
from api.domain.following import Course, follow
from api.domain.history import History
from api.domain.invitations import Invitation
from api.domain.waiting import CandidateWait
from tests.domain.epochs import epochs, happenings, learned_at


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingUp:
    """Every follow-up and every invitation by the moment of the last step, in the order in which they were made."""

    moment: datetime
    course: Course
    wait: CandidateWait | None
    recheck_at: datetime | None

    @property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        """Every follow-up."""
        return tuple(self.course.follow_ups.values())

    @property
    def invitations(self) -> tuple[Invitation, ...]:
        """Every invitation."""
        return tuple(self.course.invitations.values())


def derive_follow_ups(
    facts: ApplicationFacts, beside: FollowUpFacts, *, as_of: datetime, looks: Iterable[datetime] = ()
) -> FollowingUp:
    """What had been owed and proposed by `as_of`."""
    return steps(facts, beside, as_of=as_of, looks=looks)[-1]


def steps(
    facts: ApplicationFacts, beside: FollowUpFacts, *, as_of: datetime, looks: Iterable[datetime] = ()
) -> list[FollowingUp]:
    """What was owed and proposed after each step: whenever something was told, and whenever one was asked for.

    `looks` are moments at which it is stepped on beside these.
    """
    journal = Journal(facts, beside)
    told = {*looks, *beside.moments, *learned_at(facts), *(fact.occurred_at for fact in happenings(facts)), as_of}
    for epoch in epochs(facts, beside.moments, as_of=as_of):
        for moment in sorted(each for each in told if each in epoch):
            journal.wait_until(moment, epoch.history)
            journal.step(epoch.history, moment)
        journal.wait_until(epoch.until, epoch.history)
    return journal.answers


class Journal:
    """A course, written down after each step and read again before the next."""

    def __init__(self, facts: ApplicationFacts, beside: FollowUpFacts) -> None:
        self._merges = facts.merges
        self._beside = beside
        self._heard: set[UUID] = set()
        self._course = Course()
        self.answers: list[FollowingUp] = []

    def wait_until(self, moment: datetime, history: History) -> None:
        """Step on as often as is asked for before a moment."""
        while self.answers and (wake := self.answers[-1].recheck_at) is not None and wake < moment:
            self.step(history, wake)

    def step(self, history: History, moment: datetime) -> None:
        """One moment, which hears what was not heard before."""
        beside, course = recognise_followed(self._merges, self._told_by(moment), self._course, known_at=moment)
        followed = follow(history, beside, course, moment)
        after = followed.course
        written = json.dumps(after.memory.to_document())
        self._course = replace(after, memory=Memory.from_document(json.loads(written)))
        assert self._course == after
        assert follow(history, _nothing_said(beside), after, moment) == followed, "to look again changes nothing"
        answer = FollowingUp(
            moment=moment,
            course=after,
            wait=followed.wait,
            recheck_at=followed.recheck_at,
        )
        self.answers.append(answer)

    def _told_by(self, moment: datetime) -> FollowUpFacts:
        beside = self._beside
        told = (*beside.by_hand, *beside.words, *beside.invited, *beside.passed)
        now = {each.id for each in told if max(each.occurred_at, each.recorded_at) <= moment} - self._heard
        self._heard |= now
        return replace(
            beside,
            by_hand=tuple(each for each in beside.by_hand if each.id in now),
            words=tuple(each for each in beside.words if each.id in now),
            invited=tuple(each for each in beside.invited if each.id in now),
            passed=tuple(each for each in beside.passed if each.id in now),
        )


def _nothing_said(beside: FollowUpFacts) -> FollowUpFacts:
    return replace(beside, by_hand=(), words=(), invited=(), passed=())
