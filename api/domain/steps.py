"""Values over time: step functions, and the walk through the moments of a history that makes one.

A moment is judged after everything that happened at it. What takes effect by time (a policy version, a planned absence,
the end of a hold by its date, the passing of a limit) comes before what people did at the same moment: their words are
accepted by the state of their moment, and that state includes the time passed.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Generic, NamedTuple, Self, TypeVar
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of, day_start
from api.domain.facts import Fact
from api.domain.stages import StageChange
from api.domain.vocabulary import ApplicationState

V = TypeVar("V")


class Steps(Generic[V]):
    """A value over time; each holds from its moment until the next, the first one since ever."""

    __slots__ = ("moments", "values")

    def __init__(self, first: V) -> None:
        self.moments: list[datetime] = []
        self.values: list[V] = [first]

    def add(self, moment: datetime, value: V) -> None:
        """Continue with `value` from `moment` on, which is later than all before."""
        if value != self.values[-1]:
            self.moments.append(moment)
            self.values.append(value)

    def at(self, moment: datetime) -> V:
        """The value that holds at the moment."""
        return self.values[bisect_right(self.moments, moment)]

    def since(self, moment: datetime, holds: Callable[[V], bool]) -> datetime | None:
        """The moment from which `holds` has been true without a break until `moment`; null where it is not true then.

        Null too where it was true since ever.
        """
        place = bisect_right(self.moments, moment)
        since = None
        while place > 0 and holds(self.values[place]):
            place -= 1
            since = self.moments[place]
        return since

    def first(self, holds: Callable[[V], bool]) -> datetime | None:
        """The first moment at which `holds` became true, or null."""
        return next((at for at, value in zip(self.moments, self.values[1:], strict=True) if holds(value)), None)


class Event(NamedTuple):
    """Something that takes effect at a moment; what people did is ordered by when it was recorded, then by id."""

    moment: datetime
    is_fact: bool
    recorded_at: datetime
    order: int
    what: object


def happened(fact: Fact, what: object | None = None) -> Event:
    """The event of a fact; `what` replaces the fact where more is known about it."""
    return Event(fact.occurred_at, True, fact.recorded_at, fact.id.int, what or fact)


def took_effect(moment: datetime, what: object) -> Event:
    """The event of something that takes effect by time."""
    return Event(moment, False, moment, 0, what)


def stage_event(change: StageChange) -> Event:
    """The event of a change of the application."""
    if change.fact is None:
        return took_effect(change.moment, change)
    return happened(change.fact, change)


def _order(event: Event) -> tuple[datetime, bool, datetime, int]:
    return event[:4]


class Walk(ABC, Generic[V]):
    """A walk through a history that notes the value at each moment.

    While the application has an outcome the value stays what it was at the outcome's moment by the facts before it.
    Beside that, `own` notes what the facts themselves amount to, whether or not an outcome stands.
    """

    def __init__(self, first: V, zone: ZoneInfo) -> None:
        self.steps = Steps(first)
        self.own = Steps(first)
        self.zone = zone
        self.closed = False
        self.now = datetime.min.replace(tzinfo=UTC)
        self.day = date.min

    @abstractmethod
    def apply(self, what: object) -> None:
        """Let something take effect."""

    @abstractmethod
    def pass_limit(self) -> None:
        """A day begins: let the limit that is passed by now, if there is one, take effect."""

    @abstractmethod
    def judge(self) -> V:
        """The value at the present moment, all of whose events are applied."""

    def freeze(self) -> V:
        """The value at the present moment before what people did at it, when an outcome comes at this moment."""
        return self.judge()

    @abstractmethod
    def next_wake(self) -> datetime | None:
        """The next moment at which time alone may change something, or null if it never does."""

    @property
    def at_day_start(self) -> bool:
        """Whether the present moment is the first of its day."""
        return self.now == day_start(self.day, self.zone)

    def run(self, events: Iterable[Event]) -> Self:
        """Walk through the events, and on until time changes nothing any more."""
        for moment, group in groupby(sorted(events, key=_order), key=attrgetter("moment")):
            self._wait_until(moment)
            self._step(moment, tuple(group))
        self._wait_until(None)
        return self

    def _wait_until(self, moment: datetime | None) -> None:
        while (wake := self.next_wake()) is not None and (moment is None or wake < moment):
            self._step(wake, ())

    def _step(self, moment: datetime, events: Sequence[Event]) -> None:
        self.now, self.day = moment, day_of(moment, self.zone)
        for event in events:
            if not event.is_fact:
                self.apply(event.what)
        if self.at_day_start:
            self.pass_limit()
        ends = not self.closed and any(_is_close(event) for event in events)
        frozen = self.freeze() if ends else None
        for event in events:
            if event.is_fact:
                self.apply(event.what)
        value = self.judge()
        self.own.add(moment, value)
        if not self.closed:
            self.steps.add(moment, value)
        elif frozen is not None:
            self.steps.add(moment, frozen)


def _is_close(event: Event) -> bool:
    return isinstance(event.what, StageChange) and event.what.view.state is ApplicationState.CLOSED
