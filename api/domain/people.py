"""What people are on a day: power on the job, tie to the company, availability.

Of a person's records of one sort the one with the latest `effective_on` by a day holds on that day; of two with the
same day the later recorded.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from api.domain.facts import Act, AffiliationRecord, AvailabilityRecord, DatedRecord, MembershipRecord
from api.domain.vocabulary import Affiliation, Availability, Power

R = TypeVar("R", bound=DatedRecord)

GONE = (Availability.LEFT, Availability.UNREACHABLE)


def holding(records: Iterable[R], day: date) -> R | None:
    """The record that holds on a day, or null."""
    return max((record for record in records if record.effective_on <= day), key=_precedence, default=None)


def _precedence(record: DatedRecord) -> tuple[date, datetime, int]:
    return record.effective_on, record.recorded_at, record.id.int


def affiliation_on(records: Iterable[AffiliationRecord], day: date) -> Affiliation | None:
    """A person's tie to the company on a day; null is unknown."""
    record = holding(records, day)
    return record.affiliation if record else None


class AvailabilitySpan(NamedTuple):
    """A person's availability and the day from which it holds; that day is null where nothing was recorded."""

    state: Availability
    since: date | None
    until: date | None = None


def availability_on(records: Iterable[AvailabilityRecord], day: date) -> AvailabilitySpan:
    """A person's availability on a day. An absence ends by itself on its `until`."""
    record = holding(records, day)
    if record is None:
        return AvailabilitySpan(Availability.AVAILABLE, None)
    if record.state is Availability.AWAY and record.until is not None and record.until <= day:
        return AvailabilitySpan(Availability.AVAILABLE, record.until)
    return AvailabilitySpan(record.state, record.effective_on, record.until)


def availability_days(records: Iterable[AvailabilityRecord]) -> list[date]:
    """The days on which a person's availability may change, in order."""
    days: set[date] = set()
    for record in records:
        days.add(record.effective_on)
        if record.until is not None:
            days.add(record.until)
    return sorted(days)


def is_gone(span: AvailabilitySpan, last_heard: date | None) -> bool:
    """Whether a person can be relied on no longer.

    They do not want to be contacted, or they left or are unreachable without having been heard on a later day.
    """
    if span.state is Availability.DO_NOT_CONTACT:
        return True
    if span.state not in GONE or span.since is None:
        return False
    return last_heard is None or span.since >= last_heard


class Team:
    """The members of a job, day by day."""

    def __init__(self, records: Iterable[MembershipRecord]) -> None:
        self._records: dict[UUID, list[MembershipRecord]] = defaultdict(list)
        for record in records:
            self._records[record.person_id].append(record)

    @property
    def days(self) -> set[date]:
        """The days on which a membership begins, changes or ends."""
        return {record.effective_on for records in self._records.values() for record in records}

    def power_on(self, person_id: UUID, day: date) -> Power | None:
        """What somebody may do on the job on a day; null for somebody who is no member."""
        return _power(self._records.get(person_id, ()), day)

    def power_for(self, person_id: UUID, day: date, act: Act) -> Power | None:
        """The power somebody brings to an act of that day as a listener.

        A membership counts only if it was recorded before the act was, or by somebody known who is not the act's
        recorder: nobody makes a listener a member to make an act count. The end of a membership always counts.
        """
        records = self._records.get(person_id, ())
        return _power([record for record in records if not _made_for(record, act)], day)

    def hiring_manager_for(self, day: date, act: Act) -> UUID | None:
        """For whom the role stands in an act of that day: its hiring manager, or else the first one marked later.

        Nobody makes themself the hiring manager by what they record after the act, as with any membership.
        """
        counting = {
            person: [record for record in records if not _made_for(record, act)]
            for person, records in self._records.items()
        }
        held = [record for records in counting.values() if (record := holding(records, day))]
        marked = [record for record in held if record.is_hiring_manager]
        if marked:
            return max(marked, key=_precedence).person_id
        every = [record for records in counting.values() for record in records]
        later = [record for record in every if record.is_hiring_manager and record.effective_on > day]
        return min(later, key=_precedence).person_id if later else None


def _power(records: Sequence[MembershipRecord], day: date) -> Power | None:
    record = holding(records, day)
    return record.power if record else None


def _made_for(record: MembershipRecord, act: Act) -> bool:
    if record.power is None:
        return False
    if record.recorded_by is None:
        return record.recorded_at > act.recorded_at
    return record.recorded_at >= act.recorded_at and record.recorded_by == act.recorded_by
