"""Days in the workspace's time zone, limits counted in days, and working days.

A day begins at its first moment in the zone: 00:00, or where the clocks skip that, the moment they jump to. It lasts
until the next one begins: clocks set back past midnight do not bring the day before back. A limit of N days that starts
on day D holds through day D + N and is passed at the first moment of day D + N + 1. An "until" date names the first day
on which something no longer holds.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from api.domain.policy import Policy

LAST_DAY = date(9999, 12, 30)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day to which a moment belongs: the calendar date in the zone."""
    local = moment.astimezone(zone)
    if local.fold and moment >= day_start(tomorrow := days_after(local.date(), 1), zone):
        return tomorrow
    return local.date()


@lru_cache(maxsize=65_536)
def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in the zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def days_after(day: date, days: int) -> date:
    """The date that many days later, but not later than the last day that every zone can name."""
    return date.fromordinal(min(day.toordinal() + days, LAST_DAY.toordinal()))


def limit_passed_at(start: date, days: int, zone: ZoneInfo) -> datetime:
    """The moment at which a limit of so many days, started on `start`, is passed."""
    return day_start(days_after(start, days + 1), zone)


def is_working_day(day: date, policy: Policy) -> bool:
    """Whether people are at work on that day."""
    return day.weekday() in policy.working_days and day not in policy.holidays


def working_days_after(day: date, count: int, policy: Policy) -> date:
    """The working day that is the `count`-th after `day`; `day` itself is not counted. `count` is at least 1."""
    while count > 0 and day < LAST_DAY:
        day = days_after(day, 1)
        count -= is_working_day(day, policy)
    return day


def working_days_before(day: date, count: int, policy: Policy) -> date:
    """The working day that is the `count`-th before `day`; `day` itself is not counted."""
    while count > 0:
        day = date.fromordinal(day.toordinal() - 1)
        count -= is_working_day(day, policy)
    return day


@dataclass(frozen=True, slots=True)
class Due:
    """A due day with its moments: due from the start of working hours, overdue from their end."""

    day: date
    due_at: datetime
    overdue_at: datetime


def due_on(day: date, policy: Policy, zone: ZoneInfo) -> Due:
    """The moments of a due day, by the working hours in the owner's zone."""
    starts, ends = (datetime.combine(day, hour, tzinfo=zone).astimezone(UTC) for hour in policy.working_hours)
    # Where the clocks skip the start, it counts as much later, which may be past the end.
    return Due(day, min(starts, ends), ends)


def working_today(moment: datetime, policy: Policy, zone: ZoneInfo) -> date:
    """The day on which something noticed at `moment` can still be done by somebody in the owner's zone.

    That is the day of the moment if it is a working day whose working hours have not ended, else the next such day: far
    to the east of the workspace they may have ended on its next working day, too.
    """
    day = day_of(moment, policy.zone)
    if not is_working_day(day, policy):
        day = working_days_after(day, 1, policy)
    while day < LAST_DAY and moment >= due_on(day, policy, zone).overdue_at:
        day = working_days_after(day, 1, policy)
    return day


def due_after(
    trigger_at: datetime, working_days: int, policy: Policy, *, now: datetime, zone: ZoneInfo | None = None
) -> Due:
    """When something triggered at `trigger_at` is due, so many working days later; 0 means today.

    `zone` is the owner's, or null for the workspace's. A due day that is already past at `now` becomes today.
    """
    owner_zone = zone or policy.zone
    if working_days > 0:
        day = working_days_after(day_of(trigger_at, policy.zone), working_days, policy)
    else:
        day = working_today(trigger_at, policy, owner_zone)
    if day < day_of(now, policy.zone):
        day = working_today(now, policy, owner_zone)
    return due_on(day, policy, owner_zone)
