"""Who on the hiring side owns what: the members of a job on a day by power, in the order in which they were added."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from api.domain.facts import MembershipRecord
from api.domain.people import holding
from api.domain.vocabulary import Power

Place = tuple[date, datetime, int]


class HiringSide:
    """The members of a job on one day; whom `passed_over` names owns nothing."""

    def __init__(self, records: Iterable[MembershipRecord], day: date, passed_over: Callable[[UUID], bool]) -> None:
        self._passed_over = passed_over
        self._records: dict[UUID, list[MembershipRecord]] = defaultdict(list)
        for record in records:
            if record.effective_on <= day:
                self._records[record.person_id].append(record)
        self._held = {person: held for person, own in self._records.items() if (held := holding(own, day))}

    def power(self, person_id: UUID | None) -> Power | None:
        """What somebody may do on the job; null for somebody who is no member."""
        held = self._held.get(person_id) if person_id else None
        return held.power if held else None

    def deciders(self) -> dict[UUID, MembershipRecord]:
        """Everybody who decides, with the record by which they do."""
        return {person: held for person, held in self._held.items() if held.power is Power.DECIDES}

    def recruiter(self) -> UUID | None:
        """The member who administers and was added first."""
        return self._first(Power.ADMINISTERS)

    def decider(self) -> UUID | None:
        """The hiring manager, else the member who decides and was added first."""
        marked = [held for held in self.deciders().values() if held.is_hiring_manager and self.may_own(held.person_id)]
        if marked:
            return max(marked, key=_place).person_id
        return self._first(Power.DECIDES)

    def may_own(self, person_id: UUID | None) -> bool:
        """Whether somebody is a member to whom something may be sent."""
        return person_id is not None and self.power(person_id) is not None and not self._passed_over(person_id)

    def _first(self, power: Power) -> UUID | None:
        able = [person for person, held in self._held.items() if held.power is power and self.may_own(person)]
        return min(able, key=lambda person: _added(self._records[person], power), default=None)


def _place(record: MembershipRecord) -> Place:
    return record.effective_on, record.recorded_at, record.id.int


def _added(records: Sequence[MembershipRecord], power: Power) -> Place:
    """Where the present unbroken time with that power began."""
    held = [holding(records, day) for day in sorted({record.effective_on for record in records}, reverse=True)]
    begun = None
    for record in held:
        if record is None or record.power is not power:
            break
        begun = record
    if begun is None:
        raise ValueError("nobody was added who does not hold the power")
    return _place(begun)
