"""The window of time that a question about deliveries, or work on them, is about."""

from datetime import datetime

from api.domain.errors import Unprocessable
from api.platform.outbox import moment


class WindowEmpty(Unprocessable):
    """Nothing lies in the window: `since` is not before `until`."""

    code = "window_empty"
    title = "Nothing lies in the window"


class WindowTooOld(Unprocessable):
    """The window begins before `earliest`: payloads of events are not kept for that long. Read the feed instead."""

    code = "window_too_old"
    title = "The window begins too long ago"


def check_window(since: datetime | None, until: datetime | None, **place: str) -> None:
    """Raise WindowEmpty, at the `pointer` or `parameter` given, unless `since` is before `until` where both are."""
    if since is not None and until is not None and since >= until:
        raise WindowEmpty(
            "`since` is in the window and `until` is not: `since` must be the earlier of the two.", **place
        )


def check_age(since: datetime, *, earliest: datetime, pointer: str) -> None:
    """Raise WindowTooOld at the pointer where the window begins before `earliest`."""
    if since < earliest:
        raise WindowTooOld(
            f"Payloads of events before {moment(earliest)} are gone: begin later, or read the feed.",
            pointer=pointer,
            earliest=moment(earliest),
        )
