"""The clock of an advocacy: how its follow-through stands at each moment, and when it lapsed or was lost.

Elapsed days are counted from the last hiring-side act, the entry into the present stage, the end of a hold or the
advocate's return, whichever came last. A day on which the clock stands still is not counted; that is decided once, at
the day's first moment. Within the window an advocacy is on track, past it at risk, and past a multiple of it lapsed.
Only a hiring-side act ends a lapse or a loss.
"""

from copy import copy
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.advocacies import after_act, after_word
from api.domain.asks import Asks
from api.domain.calendar import day_of, day_start, days_after, limit_passed_at
from api.domain.evidence import Evidence
from api.domain.facts import AdvocacyStatement, AskAnswer, NextStepFact
from api.domain.people import AvailabilitySpan, is_gone
from api.domain.policy import Policy
from api.domain.stages import StageChange, StageView
from api.domain.steps import Walk
from api.domain.vocabulary import (
    AdvocacyState,
    AdvocacyWord,
    ApplicationState,
    Availability,
    Championing,
    FollowThrough,
)


class Standing(NamedTuple):
    """How an advocacy stands; `follow_through` is null without a qualifying act."""

    state: AdvocacyState | None
    championing: Championing
    follow_through: FollowThrough | None
    lapsed_since: datetime | None
    lost_since: datetime | None
    is_gone: bool


NOTHING_YET = Standing(None, Championing.NONE, None, None, None, False)


class Reading(NamedTuple):
    """The clock at a moment: counted days since its start, and the window, null before the application exists."""

    day: date
    elapsed: int
    window: int | None

    @property
    def is_within(self) -> bool:
        """Whether the window is not passed."""
        return not self.is_past(1)

    def is_past(self, windows: int) -> bool:
        """Whether that many windows are passed."""
        return self.window is not None and self.elapsed > windows * self.window


def window_in_force(policy: Policy, view: StageView) -> int:
    """The window of an application where it stands; a hold without a date has one of its own."""
    if view.state is ApplicationState.ON_HOLD and view.hold_until is None:
        return policy.window_on_hold
    return policy.window(view.stage)


class AdvocacyWalk(Walk[Standing]):
    """The history of one advocacy, walked moment by moment until it lapses; after that only a new act counts."""

    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        super().__init__(NOTHING_YET, zone)
        self.readings: list[tuple[datetime, Reading]] = []
        self.starts: list[datetime] = []
        self.hiring_side: list[Evidence] = []
        self.asks = Asks()
        self.is_volunteered = False
        self._policy = policy
        self._view: StageView | None = None
        self._window: int | None = None
        self._availability = AvailabilitySpan(Availability.AVAILABLE, None)
        self._next_step_on: date | None = None
        self._state: AdvocacyState | None = None
        self._asked_on: date | None = None
        self._has_acted = False
        self._first_qualified_on: date | None = None
        self._hiring_side_days: list[date] = []
        self._requirements: set[UUID] = set()
        self._has_direct_reason = False
        self._elapsed = 0
        self._starts = False
        self._heard = False
        self._lapsed_since: datetime | None = None
        self._lost_since: datetime | None = None

    def fresh(self) -> "AdvocacyWalk":
        """Another walk over the same ground that has not begun."""
        return AdvocacyWalk(self._policy, self.zone)

    @property
    def last_heard_at(self) -> datetime | None:
        """The moment of the last hiring-side act."""
        return self.hiring_side[-1].act.occurred_at if self.hiring_side else None

    def apply(self, what: object) -> None:
        """Let a fact, a change of the application, an availability or a policy take effect."""
        match what:
            case Evidence():
                self._act(what)
            case AskAnswer():
                self.asks.answer(what)
            case AdvocacyStatement():
                self._say(what.word)
            case StageChange():
                self._enter(what)
            case NextStepFact():
                at = what.next_step_at
                self._next_step_on = day_of(at, self.zone) if at else None
            case AvailabilitySpan():
                was_away = self._is_away
                self._availability = what
                self._starts |= was_away and not self._is_away
            case Policy():
                self._policy = what
                self._set_window()

    def _act(self, evidence: Evidence) -> None:
        first = self._first_qualified_on
        follows = first is not None and evidence.day > first and evidence.is_heard_by_member
        is_hiring_side = evidence.qualifies or follows
        if is_hiring_side and not self.hiring_side:
            self.is_volunteered = self._asked_on is None
        self._state = after_act(self._state, is_first=not self._has_acted, is_hiring_side=is_hiring_side)
        self._has_acted = True
        if evidence.qualifies:
            self._first_qualified_on = first or evidence.day
            self._requirements.update(use.requirement_id for use in evidence.reasons)
            self._has_direct_reason |= any(use.is_direct for use in evidence.reasons)
        if evidence.act.ask is not None:
            self.asks.make(evidence.act.ask.id, evidence.day, is_to_power=evidence.asks_power)
        if is_hiring_side:
            self._be_heard(evidence)

    def _be_heard(self, evidence: Evidence) -> None:
        self._heard = self._starts = True
        self.hiring_side.append(evidence)
        if self._hiring_side_days[-1:] != [evidence.day]:
            self._hiring_side_days.append(evidence.day)
        self.asks.chase(evidence.act, evidence.day)

    def _say(self, word: AdvocacyWord) -> None:
        if self.closed:
            return
        before = self._state
        self._state = after_word(before, word)
        if word is AdvocacyWord.ASKED and self._state is not before:
            self._asked_on = self.day

    def _enter(self, change: StageChange) -> None:
        was_closed = self.closed
        self._view = change.view
        self._starts |= change.starts_clock
        self.closed = change.view.state is ApplicationState.CLOSED
        if was_closed and not self.closed and self._asked_on is not None:
            self._asked_on = self.day
        self._set_window()

    def _set_window(self) -> None:
        self._window = window_in_force(self._policy, self._view) if self._view else None

    def next_wake(self) -> datetime | None:
        """The next first moment of a day at which the passing of time may change something."""
        if self.closed:
            return None
        if (passed_at := self._no_answer_at()) is not None:
            return max(passed_at, self._start_after(self.day))
        if self._first_qualified_on is None or self._view is None or self._lapsed_since is not None:
            return None
        if self._awaits_answer():
            return self._start_after(self.day)
        if self._is_away or self._is_held:
            return None
        return self._start_after(max(self.day, self._last_day_before_next_step() or self.day))

    def _start_after(self, day: date) -> datetime:
        return day_start(days_after(day, 1), self.zone)

    def judge(self) -> Standing:
        """How the advocacy stands at the present moment; a hiring-side act at it ends a lapse and a loss first."""
        if self.at_day_start and self._first_qualified_on is not None and not self._stands_still():
            self._elapsed += 1
        if self._starts:
            self._elapsed, self._starts = 0, False
            self.starts.append(self.now)
        if self._heard:
            self._lapsed_since = self._lost_since = None
            self._heard = False
        if self.closed:
            return NOTHING_YET
        gone = is_gone(self._availability, self._hiring_side_days[-1] if self._hiring_side_days else None)
        reading = Reading(self.day, self._elapsed, self._window)
        if self._first_qualified_on is not None:
            self.readings.append((self.now, reading))
            self._look_for_end(reading, gone)
        return self._standing(reading, gone)

    def freeze(self) -> Standing:
        """How the advocacy stands when an outcome comes; a lapse or a loss that would begin just then does not."""
        return copy(self).judge()

    def pass_limit(self) -> None:
        """A question that waited too long stays without an answer."""
        passed_at = self._no_answer_at()
        if passed_at is not None and self.now >= passed_at:
            self._state = AdvocacyState.NO_ANSWER

    def _no_answer_at(self) -> datetime | None:
        """When the limit for an answer is passed, or null where none is awaited."""
        if self.closed or self._state is not AdvocacyState.ASKED or self._asked_on is None:
            return None
        return limit_passed_at(self._asked_on, self._policy.advocacy_no_answer_days, self.zone)

    def _look_for_end(self, reading: Reading, gone: bool) -> None:
        """Note a loss or a lapse that begins now."""
        if self._lost_since is None and (gone or self._state is AdvocacyState.WITHDRAWN):
            self._lost_since = self.now
        if self._lapsed_since is None and reading.is_past(self._policy.lapse_factor):
            self._lapsed_since = self.now

    def _stands_still(self) -> bool:
        """Whether the day that begins now is not counted."""
        if self.day in self._policy.holidays or self._is_away or self._is_held:
            return True
        last_day = self._last_day_before_next_step()
        return (last_day is not None and self.day <= last_day) or self._awaits_answer(after=1)

    @property
    def _is_away(self) -> bool:
        return self._availability.state is Availability.AWAY

    @property
    def _is_held(self) -> bool:
        return self._view is not None and self._view.held_until_a_date

    def _last_day_before_next_step(self) -> date | None:
        """The last day on which a granted ask and a next step keep the clock still."""
        if not self.asks.is_any_granted or self._next_step_on is None:
            return None
        return days_after(self._next_step_on, self._policy.next_step_grace_days)

    def _awaits_answer(self, *, after: int = 0) -> bool:
        """Whether an open ask was chased on enough days, and long enough but not too long ago."""
        policy = self._policy
        needed, longest = policy.chase_days, policy.awaiting_answer_max_days
        return self.asks.awaits_answer(self.day, needed=needed, longest=longest, after=after)

    def _standing(self, reading: Reading, gone: bool) -> Standing:
        if self._first_qualified_on is None:
            return Standing(self._state, Championing.NONE, None, None, None, gone)
        follow_through = self._follow_through(reading)
        championing = self._championing(follow_through)
        return Standing(self._state, championing, follow_through, self._lapsed_since, self._lost_since, gone)

    def _follow_through(self, reading: Reading) -> FollowThrough:
        if self._lapsed_since is not None:
            return FollowThrough.LAPSED
        if self._awaits_answer():
            return FollowThrough.AWAITING_ANSWER
        return FollowThrough.ON_TRACK if reading.is_within else FollowThrough.AT_RISK

    def _championing(self, follow_through: FollowThrough) -> Championing:
        if not (self.has_reasons and self.asks.is_power_asked):
            return Championing.NONE
        if self._lost_since is not None:
            return Championing.LOST
        if self._lapsed_since is not None:
            return Championing.LAPSED
        if self._state is not AdvocacyState.ACTIVE:  # withdrawn and agreed at one moment: neither lost nor active
            return Championing.NONE
        return _AS_CHAMPIONING[follow_through] if self.has_returned else Championing.STARTED

    @property
    def has_reasons(self) -> bool:
        """Whether qualifying acts carry enough reasons, one of them seen directly."""
        return self._has_direct_reason and len(self._requirements) >= self._policy.min_reasons

    @property
    def has_returned(self) -> bool:
        """Whether the advocate was heard on enough days, or was granted what they asked for."""
        return self.asks.is_granted_by_power or len(self._hiring_side_days) >= self._policy.min_act_days


_AS_CHAMPIONING = {each: Championing(each.value) for each in FollowThrough}
