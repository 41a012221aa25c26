"""One advocacy: its parts, its clock, and the walk through its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from api.domain.facts import Act, AdvocacyFacts, AvailabilityRecord, Fact
from api.domain.vocabulary import (
    AdvocacyState,
    ApplicationState,
    AskKind,
    AskState,
    Availability,
    Basis,
    Championing,
    FollowThrough,
    StageVerb,
)
from tests.replay.book import ONE_DAY, Book, in_order
from tests.replay.hearing import Hearing
from tests.replay.lifecycle import Lifecycle
from tests.replay.standing import next_step_at, standing, window


@dataclass(frozen=True)
class Entry:
    """What the walk found at one moment."""

    state: AdvocacyState
    lapsed_since: datetime | None
    lost_since: datetime | None


class Effort:
    """One advocacy read under a book."""

    def __init__(self, book: Book, advocacy: AdvocacyFacts) -> None:
        self.book = book
        self.advocacy = advocacy
        self.hearings = {act.id: Hearing(book, advocacy, act) for act in in_order(advocacy.acts)}
        self.counting = [act for act in in_order(advocacy.acts) if self.hearings[act.id].counts]
        self.qualifying = [act for act in self.counting if self.hearings[act.id].qualifies]
        self.hiring_side = [act for act in self.counting if self._is_hiring_side(act)]
        self.entries: dict[datetime, Entry] = {}
        self._walk = self._walked()
        self._counted: dict[date, bool] = {}
        self._away: dict[date, bool] = {}

    @property
    def is_known(self) -> bool:
        """Whether anything was said or done yet."""
        return bool(self.advocacy.statements or self.advocacy.acts)

    def _is_hiring_side(self, act: Act) -> bool:
        if not self.qualifying:
            return False
        later = self.book.day(act.occurred_at) > self.book.day(self.qualifying[0].occurred_at)
        return act in self.qualifying or (later and self.hearings[act.id].reaches_member)

    def has_qualifying(self, moment: datetime) -> bool:
        """Whether a qualifying act had happened."""
        return any(act.occurred_at <= moment for act in self.qualifying)

    def last_hiring_side(self, moment: datetime) -> datetime | None:
        """The moment of the last hiring-side act so far."""
        return max((act.occurred_at for act in self.hiring_side if act.occurred_at <= moment), default=None)

    # The parts of `championed`

    def has_reasons(self, moment: datetime) -> bool:
        """Enough specific reasons on different requirements, one of them seen with their own eyes."""
        uses = [
            use for act in self.qualifying if act.occurred_at <= moment for use in self.hearings[act.id].specific_uses
        ]
        different = len({use.requirement_id for use in uses}) >= self.book.policy(moment).min_reasons
        return different and any(use.basis is Basis.OBSERVED_DIRECTLY for use in uses)

    def strong_asks(self, moment: datetime) -> list[UUID]:
        """Asks for more than consideration, addressed to somebody who decides or influences."""
        return [
            act.ask.id
            for act in self.counting
            if act.occurred_at <= moment
            and act.ask is not None
            and act.ask.kind is not AskKind.CONSIDER
            and self.hearings[act.id].asks_somebody_heavy()
        ]

    def has_returned(self, moment: datetime) -> bool:
        """Came back on another day, or was granted what they asked for."""
        days = {self.book.day(act.occurred_at) for act in self.hiring_side if act.occurred_at <= moment}
        granted = any(self.ask_state(ask, moment) is AskState.GRANTED for ask in self.strong_asks(moment))
        return len(days) >= self.book.policy(moment).min_act_days or granted

    # Asks

    def ask_state(self, ask: UUID, moment: datetime) -> AskState:
        """How an ask stood at a moment."""
        answers = [a for a in in_order(self.advocacy.answers) if a.ask_id == ask and a.occurred_at <= moment]
        return answers[-1].answer if answers else AskState.OPEN

    def _chased_out_on(self, asking: Act, moment: datetime) -> date | None:
        """The day on which the ask had been chased on enough different days."""
        assert asking.ask is not None
        days = {
            self.book.day(act.occurred_at)
            for act in self.hiring_side
            if act.occurred_at <= moment and act.chases == asking.ask.id
        }
        later = sorted(day for day in days if day > self.book.day(asking.occurred_at))
        number = self.book.policy(moment).chase_days
        return later[number - 1] if len(later) >= number else None

    def _asking(self, moment: datetime, state: AskState) -> list[Act]:
        asking = [act for act in self.counting if act.ask is not None and act.occurred_at <= moment]
        return [act for act in asking if act.ask is not None and self.ask_state(act.ask.id, moment) is state]

    def awaits_answer(self, moment: datetime) -> bool:
        """An open ask was chased often enough, and not too long ago."""
        limit = timedelta(days=self.book.policy(moment).awaiting_answer_max_days)
        chased = [self._chased_out_on(act, moment) for act in self._asking(moment, AskState.OPEN)]
        return any(day is not None and self.book.day(moment) <= day + limit for day in chased)

    # The clock

    def availability(self, day: date) -> AvailabilityRecord | None:
        """The record of the advocate's availability that holds on a day."""
        return self.book.holding(self.advocacy.availability, day)

    def is_away(self, day: date) -> bool:
        """Whether the advocate is away on a day."""
        if day not in self._away:
            record = self.availability(day)
            is_away = record is not None and record.state is Availability.AWAY
            self._away[day] = is_away and record is not None and (record.until is None or day < record.until)
        return self._away[day]

    def _last_return(self, moment: datetime) -> datetime | None:
        first = min((record.effective_on for record in self.advocacy.availability), default=None)
        day = self.book.day(moment)
        while first is not None and day > first:
            if self.is_away(day - ONE_DAY) and not self.is_away(day):
                return self.book.midnight(day)
            day -= ONE_DAY
        return None

    def _stands_still(self, day: date) -> bool:
        first = self.book.midnight(day)
        return self.is_away(day) or self._is_held(first) or self._has_next_step(first) or self._is_chased(first)

    def _is_held(self, first: datetime) -> bool:
        stand = standing(self.book, first)
        return stand is not None and stand.state is ApplicationState.ON_HOLD and stand.hold_until is not None

    def _has_next_step(self, first: datetime) -> bool:
        step = next_step_at(self.book, first)
        if step is None or not self._asking(first, AskState.GRANTED):
            return False
        grace = timedelta(days=self.book.policy(first).next_step_grace_days)
        return self.book.day(first) <= self.book.day(step) + grace

    def _is_chased(self, first: datetime) -> bool:
        limit = timedelta(days=self.book.policy(first).awaiting_answer_max_days)
        chased = [self._chased_out_on(act, first) for act in self._asking(first, AskState.OPEN)]
        return any(day is not None and day < self.book.day(first) <= day + limit for day in chased)

    def _is_counted(self, day: date) -> bool:
        if day not in self._counted:
            is_holiday = day in self.book.policy(self.book.midnight(day)).holidays
            self._counted[day] = not is_holiday and not self._stands_still(day)
        return self._counted[day]

    def elapsed(self, moment: datetime) -> int:
        """Counted days since the clock last started; a qualifying act must have happened."""
        stand = standing(self.book, moment)
        starts = [self.last_hiring_side(moment), self._last_return(moment)]
        if stand is not None:
            starts += [stand.entered_at, stand.hold_ended_at]
        day = self.book.day(max(start for start in starts if start is not None))
        counted = 0
        while day < self.book.day(moment):
            day += ONE_DAY
            counted += self._is_counted(day)
        return counted

    # The walk

    def entry(self, moment: datetime) -> Entry:
        """What the walk found at a moment, which must be one of those of the book."""
        while moment not in self.entries:
            at, entry = next(self._walk)
            self.entries[at] = entry
        return self.entries[moment]

    def _walked(self) -> Iterator[tuple[datetime, Entry]]:
        lifecycle = Lifecycle(
            self.book, set(self.qualifying), set(self.hiring_side), self.counting[0] if self.counting else None
        )
        lapsed = lost = None
        for moment in self.book.moments():
            if self.book.is_midnight(moment):
                lifecycle.pass_time(moment)
            for fact in self._facts_of(moment):
                lifecycle.apply(fact)
            if self.has_qualifying(moment):
                if any(act.occurred_at == moment for act in self.hiring_side):
                    lapsed = lost = None
                if not lifecycle.is_closed:
                    if self._is_loss(moment, lifecycle.state):
                        lost = lost or moment
                    if self._is_lapse(moment):
                        lapsed = lapsed or moment
            yield moment, Entry(lifecycle.state, lapsed, lost)

    @cached_property
    def _facts(self) -> list[Fact]:
        verbs = [fact for fact in self.book.stages if fact.verb in (StageVerb.CLOSE, StageVerb.REOPEN)]
        facts: list[Fact] = [*verbs, *self.advocacy.statements, *self.counting]
        return in_order(facts)

    def _facts_of(self, moment: datetime) -> list[Fact]:
        return [fact for fact in self._facts if fact.occurred_at == moment]

    def _is_loss(self, moment: datetime, state: AdvocacyState) -> bool:
        return state is AdvocacyState.WITHDRAWN or self.is_gone(moment)

    def is_gone(self, moment: datetime) -> bool:
        """The advocate is not to be contacted, or left or is unreachable and did nothing on a day after that."""
        record = self.availability(self.book.day(moment))
        if record is None:
            return False
        if record.state is Availability.DO_NOT_CONTACT:
            return True
        last = self.last_hiring_side(moment)
        acted_since = last is not None and self.book.day(last) > record.effective_on
        return record.state in (Availability.LEFT, Availability.UNREACHABLE) and not acted_since

    def _is_lapse(self, moment: datetime) -> bool:
        days = window(self.book, moment)
        return days is not None and self.elapsed(moment) > self.book.policy(moment).lapse_factor * days

    # What it comes to

    def follow_through(self, moment: datetime) -> FollowThrough | None:
        """How the advocate keeps at it; null without a qualifying act."""
        days = window(self.book, moment)
        if not self.has_qualifying(moment):
            return None
        if self.entry(moment).lapsed_since is not None:
            return FollowThrough.LAPSED
        if self.awaits_answer(moment):
            return FollowThrough.AWAITING_ANSWER
        within = days is None or self.elapsed(moment) <= days
        return FollowThrough.ON_TRACK if within else FollowThrough.AT_RISK

    def championing(self, moment: datetime) -> Championing:
        """Where this advocacy stands."""
        if not (self.has_reasons(moment) and self.strong_asks(moment)):
            return Championing.NONE
        entry = self.entry(moment)
        if entry.lost_since is not None:
            return Championing.LOST
        if entry.lapsed_since is not None:
            return Championing.LAPSED
        if entry.state is not AdvocacyState.ACTIVE:
            return Championing.NONE
        if not self.has_returned(moment):
            return Championing.STARTED
        follow_through = self.follow_through(moment)
        assert follow_through is not None
        return Championing(follow_through.value)
