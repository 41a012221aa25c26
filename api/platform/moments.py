"""When something happened or takes effect, as a caller may state it."""

from datetime import date, datetime, timedelta

from api.domain.errors import Unprocessable

PLANNED_AT_MOST = timedelta(days=5 * 366)


class InTheFuture(Unprocessable):
    """The moment given for something that happened is later than the workspace's present time."""

    code = "in_the_future"
    title = "The moment lies in the future"


def occurred(given: datetime | None, now: datetime, pointer: str) -> datetime:
    """The moment at which something happened: as given, or `now`. Raises InTheFuture at `pointer`."""
    if given is None:
        return now
    if given > now:
        raise InTheFuture("What is recorded has happened; send a moment that is not in the future.", pointer=pointer)
    return given


class TooFarAhead(Unprocessable):
    """The day given for something planned is more than five years ahead."""

    code = "too_far_ahead"
    title = "The day lies too far ahead"


def planned_day(given: date | None, today: date, pointer: str) -> date:
    """The day from which something holds, past or future: as given, or `today`. Raises TooFarAhead at `pointer`.

    For what is answered with its consequences: they are judged day by day up to then.
    """
    if given is None:
        return today
    if given - today > PLANNED_AT_MOST:
        raise TooFarAhead("What is planned is at most five years ahead; send an earlier day.", pointer=pointer)
    return given
