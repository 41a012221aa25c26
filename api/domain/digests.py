"""How often those who decide are reminded of what they owe: in digests, so many a week, weeks beginning on Monday."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of, day_start, days_after


def next_digest_at(sent: Iterable[datetime], moment: datetime, *, per_week: int, zone: ZoneInfo) -> datetime:
    """The first moment from `moment` on at which another digest may reach somebody to whom these were sent."""
    day = day_of(moment, zone)
    monday = day - timedelta(days=day.weekday())
    this_week = [each for each in sent if monday <= day_of(each, zone) < days_after(monday, 7)]
    return moment if len(this_week) < per_week else day_start(days_after(monday, 7), zone)
