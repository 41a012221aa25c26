"""When something happened or takes effect, as a caller may state it."""

from datetime import date, datetime, timedelta

from api.domain.errors import Unprocessable

PLANNED_AT_MOST = timedelta(days=5 * 366)
LONG_AGO = timedelta(days=20 * 366)
"""Histories are judged day by day, so that a day far away would cost every reader."""


class InTheFuture(Unprocessable):
    """The moment given for something that happened is later than the workspace's present time."""

    code = "in_the_future"
    title = "The moment lies in the future"


class TooLongAgo(Unprocessable):
    """The moment or day given lies more than twenty years back."""

    code = "too_long_ago"
    title = "The moment lies too long ago"


class TooFarAhead(Unprocessable):
    """The day or moment given for something planned is more than five years ahead."""

    code = "too_far_ahead"
    title = "The day lies too far ahead"


def occurred(given: datetime | None, now: datetime, pointer: str) -> datetime:
    """The moment at which something happened: as given, or `now`. Raises InTheFuture or TooLongAgo at `pointer`."""
    if given is None:
        return now
    if given > now:
        raise InTheFuture("What is recorded has happened; send a moment that is not in the future.", pointer=pointer)
    _check_distance(given - now, pointer)
    return given


def planned_day(given: date | None, today: date, pointer: str) -> date:
    """The day from which something holds, past or future: as given, or `today`.

    Raises TooFarAhead or TooLongAgo at `pointer`.
    """
    if given is None:
        return today
    _check_distance(given - today, pointer)
    return given


def planned(given: datetime | None, now: datetime, pointer: str) -> datetime | None:
    """The moment of something planned, or None as given. Raises TooFarAhead or TooLongAgo at `pointer`."""
    if given is not None:
        _check_distance(given - now, pointer)
    return given


def _check_distance(distance: timedelta, pointer: str) -> None:
    if distance > PLANNED_AT_MOST:
        raise TooFarAhead("What is planned is at most five years ahead; send an earlier day.", pointer=pointer)
    if -distance > LONG_AGO:
        raise TooLongAgo("What is recorded is at most twenty years old; send a later day.", pointer=pointer)
