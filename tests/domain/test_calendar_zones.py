"""Days, limits and working hours where clocks change, against a look at the clock on the wall minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from api.domain.calendar import (
    day_of,
    day_start,
    due_after,
    due_on,
    is_working_day,
    limit_passed_at,
    working_days_after,
    working_days_before,
    working_today,
)
from api.domain.policy import Policy

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

CHANGES = [
    ("America/Sao_Paulo", date(2018, 11, 4)),  # no midnight
    ("America/Sao_Paulo", date(2018, 2, 18)),  # the hour before midnight twice
    ("Asia/Beirut", date(2026, 3, 29)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("Africa/Cairo", date(2025, 4, 25)),
    ("Africa/Cairo", date(2025, 10, 31)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),  # midnight twice
    ("America/Santiago", date(2025, 9, 7)),
    ("America/Nuuk", date(2025, 3, 30)),  # the evening before has no last hour
    ("Atlantic/Azores", date(2026, 10, 25)),
    ("America/St_Johns", date(2005, 10, 30)),  # a minute past midnight back to the day before
    ("Pacific/Apia", date(2011, 12, 30)),  # no such day
    ("Pacific/Kwajalein", date(1993, 8, 21)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Chatham", date(2026, 4, 5)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Asia/Kathmandu", date(2026, 3, 29)),
]
at_each_change = pytest.mark.parametrize(("zone_name", "change"), CHANGES)

SKIPPED = {date(2011, 12, 30), date(1993, 8, 21)}


def minutes_around(day: date, *, before: timedelta = 40 * HOUR, after: timedelta = 60 * HOUR) -> Iterator[datetime]:
    """Every minute about a day, whatever the zone."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    moment = midnight - before
    while moment < midnight + after:
        yield moment
        moment += MINUTE


def on_the_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock shows, from UTC alone: the direction in which nothing is ambiguous."""
    return moment.astimezone(zone).replace(tzinfo=None)


@lru_cache
def slow_start(day: date, zone: ZoneInfo) -> datetime:
    """The first minute at which the calendar on the wall shows that day or a later one."""
    return next(each for each in minutes_around(day) if on_the_wall(each, zone).date() >= day)


@lru_cache
def slow_hour(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The first minute at which the clock on the wall shows that hour of that day."""
    wanted = datetime.combine(day, hour)
    return next(each for each in minutes_around(day) if on_the_wall(each, zone) == wanted)


@at_each_change
def test_a_day_starts_when_the_calendar_on_the_wall_first_shows_it(zone_name: str, change: date) -> None:
    zone = ZoneInfo(zone_name)
    for day in (change - DAY, change, change + DAY, change + 2 * DAY):
        assert day_start(day, zone) == slow_start(day, zone), day


@at_each_change
def test_a_moment_belongs_to_the_latest_day_that_has_begun(zone_name: str, change: date) -> None:
    zone, latest = ZoneInfo(zone_name), date.min
    for moment in minutes_around(change):
        latest = max(latest, on_the_wall(moment, zone).date())
        assert day_of(moment, zone) == latest, moment


@at_each_change
def test_a_limit_over_a_change_is_passed_when_the_day_after_its_last_begins(zone_name: str, change: date) -> None:
    zone = ZoneInfo(zone_name)
    for days in range(5):
        start = change - 3 * DAY
        passed_at = limit_passed_at(start, days, zone)
        assert passed_at == slow_start(start + (days + 1) * DAY, zone)
        assert day_of(passed_at - timedelta(microseconds=1), zone) <= start + days * DAY


@pytest.mark.parametrize("zone_name", sorted({name for name, _ in CHANGES}))
def test_days_follow_one_another_all_year(zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    days = [date(2026, 1, 1) + count * DAY for count in range(365)]
    for day, following in pairwise(days):
        assert day_start(day, zone) < day_start(following, zone)
        assert day_of(day_start(day, zone), zone) == day
        assert day_of(day_start(following, zone) - timedelta(microseconds=1), zone) == day


@at_each_change
def test_working_hours_are_those_on_the_owners_wall(zone_name: str, change: date) -> None:
    zone, policy = ZoneInfo(zone_name), Policy(time_zone="UTC")
    for day in {change - DAY, change, change + DAY} - SKIPPED:
        due = due_on(day, policy, zone)
        assert due.due_at == slow_hour(day, time(9), zone), day
        assert due.overdue_at == slow_hour(day, time(17), zone), day


@at_each_change
@pytest.mark.parametrize("hours", [("00:00", "00:30"), ("02:10", "02:20"), ("01:45", "03:00"), ("02:30", "03:00")])
def test_nothing_is_overdue_before_it_is_due(zone_name: str, change: date, hours: tuple[str, str]) -> None:
    starts, ends = map(time.fromisoformat, hours)
    policy = Policy(time_zone="UTC", working_hours=(starts, ends))
    for day in (change - DAY, change, change + DAY):
        due = due_on(day, policy, ZoneInfo(zone_name))
        assert due.due_at <= due.overdue_at, day


# Working days

HALF_WEEK = Policy(
    time_zone="Asia/Beirut",
    working_days=frozenset({0, 1, 6}),
    holidays=frozenset({date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 26)}),
)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("start", [date(2026, 3, 20) + days * DAY for days in range(14)])
def test_working_days_are_counted_on_the_calendar(start: date, count: int) -> None:
    for policy in (Policy(), HALF_WEEK):
        later = [start + days * DAY for days in range(1, 120)]
        working = [day for day in later if day.weekday() in policy.working_days and day not in policy.holidays]
        end = working[count - 1]
        assert working_days_after(start, count, policy) == end
        assert working_days_before(end + DAY, count, policy) == working[0]


def test_working_days_end_with_the_calendar() -> None:
    sundays = Policy(working_days=frozenset({6}))
    assert working_days_after(date(9999, 12, 1), 60, sundays) == date(9999, 12, 30)


ZONES = ["Pacific/Kiritimati", "Asia/Beirut", "Europe/Berlin", "America/Los_Angeles", "Pacific/Pago_Pago"]


@pytest.mark.parametrize("owner", ZONES)
@pytest.mark.parametrize("workspace", ZONES)
def test_what_is_due_today_can_still_be_done(workspace: str, owner: str) -> None:
    policy, zone = Policy(time_zone=workspace, holidays=frozenset({date(2026, 3, 27)})), ZoneInfo(owner)
    first = datetime(2026, 3, 25, 0, 30, tzinfo=UTC)
    for moment in (first + hours * HOUR for hours in range(24 * 8)):
        days = (day_of(moment, policy.zone) + ahead * DAY for ahead in range(10))
        able = (day for day in days if is_working_day(day, policy) and moment < slow_hour(day, time(17), zone))
        expected = next(able)
        assert working_today(moment, policy, zone) == expected
        assert due_after(moment, 0, policy, now=moment, zone=zone).overdue_at > moment


def test_a_working_day_later_is_that_day_on_both_walls() -> None:
    berlin, policy = ZoneInfo("Europe/Berlin"), Policy(time_zone="America/Sao_Paulo")
    friday_night = datetime(2026, 3, 28, 2, tzinfo=UTC)  # still Friday in São Paulo; Berlin's clocks change on Sunday
    due = due_after(friday_night, 2, policy, now=friday_night, zone=berlin)
    assert (due.day, due.due_at) == (date(2026, 3, 31), datetime(2026, 3, 31, 7, tzinfo=UTC))
