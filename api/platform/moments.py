"""When something happened, as a caller may state it."""

from datetime import datetime

from api.domain.errors import Unprocessable


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
