"""Where and when a random history plays, and the drawing of what its facts are made of."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from api.domain.facts import ReasonUse
from api.domain.vocabulary import Basis

DAYS = 90
STARTS = {
    "Europe/Berlin": (date(2026, 2, 20), date(2026, 9, 25)),
    "America/New_York": (date(2026, 2, 1), date(2026, 10, 1)),
}
CLOCKS = ("00:00", "00:00", "00:00", "09:00", "12:00", "12:00", "23:59:59")
CANDIDATE, HANNA, DAN, PAM, RITA, OLGA, XEN, ADA, BO = (UUID(int=number) for number in range(1, 10))

T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """Where and when a history plays: few moments and days, so that facts meet."""

    zone_name: str
    first_day: date
    moments: tuple[datetime, ...]
    days: tuple[date, ...]

    def moment_of(self, day: date, clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZoneInfo(self.zone_name)).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone_name)).date()


class Teller:
    """Draws facts of one scene; each gets an id of its own, in random order."""

    def __init__(self, draw: st.DrawFn, scene: Scene) -> None:
        self.draw = draw
        self.scene = scene
        self._numbers = count(1000)

    def id(self) -> UUID:
        return UUID(int=(self.draw(st.integers(0, 3)) << 32) + next(self._numbers))

    def one_of(self, values: tuple[T, ...]) -> T:
        return self.draw(st.sampled_from(values))

    def steady_id(self, prefix: int) -> UUID:
        """An id that orders facts of the same moment as they are told."""
        return UUID(int=(prefix << 40) + next(self._numbers))

    def some(self, most: int, *, least: int = 0) -> range:
        return range(self.draw(st.integers(least, most)))

    def moment(self, *, since: datetime | None = None) -> datetime:
        return self.one_of(tuple(m for m in self.scene.moments if since is None or m >= since))

    def recorded(self, occurred_at: datetime) -> datetime:
        """Mostly at once, sometimes days later."""
        lag = self.one_of((0, 0, 0, 0, 1, 5, 20))
        return occurred_at + timedelta(days=lag)

    def day(self) -> date:
        return self.one_of(self.scene.days)

    def uses(self) -> tuple[ReasonUse, ...]:
        return tuple(self._use() for _ in range(self.one_of((0, 1, 2, 2, 2))))

    def _use(self) -> ReasonUse:
        requirement = self.one_of((1, 2))
        return ReasonUse(
            reason_id=UUID(int=100 + requirement),
            requirement_id=UUID(int=200 + requirement),
            basis=self.one_of((Basis.OBSERVED_DIRECTLY, Basis.OBSERVED_DIRECTLY, Basis.HEARD_FROM, Basis.CV_ONLY)),
            before_process=self.draw(st.booleans()),
        )


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A zone, and some moments of the ninety days around a change of its clocks."""
    zone_name = draw(st.sampled_from(tuple(STARTS)))
    first_day = draw(st.sampled_from(STARTS[zone_name]))
    offsets = draw(st.lists(st.integers(0, DAYS), min_size=6, max_size=14, unique=True))
    bare = Scene(zone_name=zone_name, first_day=first_day, moments=(), days=())
    begin = bare.moment_of(first_day, "12:00")
    moments = {bare.moment_of(first_day + timedelta(days=n), draw(st.sampled_from(CLOCKS))) for n in offsets}
    late = {moment for moment in moments if moment >= begin}
    return Scene(
        zone_name=zone_name,
        first_day=first_day,
        moments=(begin, *sorted(late - {begin})),
        days=tuple(first_day + timedelta(days=n) for n in sorted(offsets)),
    )
