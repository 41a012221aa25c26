"""The book: what had happened by a moment and was known by another, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.facts import (
    AdvocacyFacts,
    ApplicationFacts,
    DatedRecord,
    Fact,
    MembershipRecord,
    ReferenceFacts,
    ReferralFacts,
)
from api.domain.policy import Policy

ONE_DAY = timedelta(days=1)

Happening = TypeVar("Happening", bound=Fact)
Record = TypeVar("Record", bound=DatedRecord)


def in_order(facts: Iterable[Happening]) -> list[Happening]:
    """Facts in the order in which they apply."""
    return sorted(facts, key=lambda fact: (fact.occurred_at, fact.recorded_at, fact.id))


@lru_cache(maxsize=2000)
def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


class Book:
    """Facts known by `known_at` that happened by `up_to` (or strictly before it), with the calendar to read them by."""

    def __init__(self, facts: ApplicationFacts, *, known_at: datetime, up_to: datetime, strictly: bool = False) -> None:
        self.known_at = known_at
        self.up_to = up_to
        self.strictly = strictly
        self.zone = facts.policies[0].policy.zone
        first, *others = facts.policies
        self.policies = [first, *(v for v in others if v.recorded_at <= known_at and v.recorded_at <= up_to)]
        self.stages = in_order(self._happened(facts.stages))
        self.next_steps = in_order(self._happened(facts.next_steps))
        self.members = self._recorded(facts.members)
        self.candidate_person_id = facts.candidate_person_id
        self.advocacies = [self._advocacy(advocacy) for advocacy in facts.advocacies]
        self.referrals = [self._referral(referral) for referral in self._happened(facts.referrals)]
        self.references = [self._reference(reference) for reference in facts.references]
        self._listed: list[datetime] = []
        self._unlisted = self._list_moments()

    def _happened(self, facts: Iterable[Happening]) -> tuple[Happening, ...]:
        return tuple(fact for fact in facts if fact.recorded_at <= self.known_at and self._is_past(fact))

    def _is_past(self, fact: Fact) -> bool:
        return fact.occurred_at < self.up_to if self.strictly else fact.occurred_at <= self.up_to

    def _recorded(self, records: Iterable[Record]) -> tuple[Record, ...]:
        return tuple(record for record in records if record.recorded_at <= self.known_at)

    def _advocacy(self, advocacy: AdvocacyFacts) -> AdvocacyFacts:
        return replace(
            advocacy,
            statements=self._happened(advocacy.statements),
            acts=self._happened(advocacy.acts),
            act_statements=tuple(s for s in advocacy.act_statements if s.recorded_at <= self.known_at),
            answers=self._happened(advocacy.answers),
            availability=self._recorded(advocacy.availability),
            affiliations=self._recorded(advocacy.affiliations),
        )

    def _referral(self, referral: ReferralFacts) -> ReferralFacts:
        return replace(referral, statements=self._happened(referral.statements))

    def _reference(self, reference: ReferenceFacts) -> ReferenceFacts:
        return replace(reference, statements=self._happened(reference.statements))

    def day(self, moment: datetime) -> date:
        """The calendar date of a moment where the workspace is."""
        return moment.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The first moment of a day."""
        return _midnight(self.zone, day)

    def is_midnight(self, moment: datetime) -> bool:
        """Whether a day begins at this moment."""
        return self.midnight(self.day(moment)) == moment

    def policy(self, moment: datetime) -> Policy:
        """The numbers in force at a moment."""
        begun = [version for version in self.policies if version.recorded_at <= moment]
        if not begun:
            return self.policies[0].policy
        return max(begun, key=lambda version: (version.recorded_at, version.version)).policy

    def holding(self, records: Sequence[Record], day: date) -> Record | None:
        """The dated record that holds on a day."""
        begun = [record for record in records if record.effective_on <= day]
        return max(begun, key=lambda r: (r.effective_on, r.recorded_at, r.id), default=None)

    def is_plan(self, record: DatedRecord) -> bool:
        """Whether a record for a later day is a plan; one that was not made before an outcome is none."""
        return not self.strictly or record.recorded_at < self.up_to

    def membership(self, person: UUID, day: date) -> MembershipRecord | None:
        """The record by which a person is a member of the job on a day, if they are one."""
        record = self.holding([r for r in self.members if r.person_id == person], day)
        return record if record is not None and record.power is not None else None

    def happenings(self) -> Iterator[datetime]:
        """The moments of all facts, policy versions and of the end of the book; unordered."""
        yield self.up_to
        yield from (version.recorded_at for version in self.policies if version.recorded_at <= self.up_to)
        yield from (fact.occurred_at for fact in (*self.stages, *self.next_steps, *self.referrals))
        for advocacy in self.advocacies:
            yield from (f.occurred_at for f in (*advocacy.statements, *advocacy.acts, *advocacy.answers))
        for referral in self.referrals:
            yield from (statement.occurred_at for statement in referral.statements)
        for reference in self.references:
            yield from (statement.occurred_at for statement in reference.statements)

    def moments(self) -> Iterator[datetime]:
        """Every moment at which something can change, in order and without end: happenings and beginnings of days."""
        for number in count():
            if number == len(self._listed):
                self._listed.append(next(self._unlisted))
            yield self._listed[number]

    def _list_moments(self) -> Iterator[datetime]:
        happenings = sorted(set(self.happenings()))
        day = self.day(happenings[0])
        while True:
            begin, end = self.midnight(day), self.midnight(day + ONE_DAY)
            yield begin
            yield from (moment for moment in happenings if begin < moment < end)
            day += ONE_DAY
