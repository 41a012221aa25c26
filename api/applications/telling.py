"""What events say about an application, and in which order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.applications import schemas
from api.models import Application
from api.platform import outbox
from api.platform.sessions import WriteSession
from api.support.service import announce

_ALWAYS_DIFFERENT = {"version", "updated_at"}


def say(
    session: WriteSession,
    event_type: str,
    application: Application,
    *,
    occurred_at: datetime,
    now: datetime,
    before: dict[str, Any] | None = None,
) -> None:
    """Record an event about the application; `before` is what an event would have said of it earlier."""
    data = schemas.event_data(application)
    differing = {name: value for name, value in (before or {}).items() if data[name] != value}
    outbox.record(
        session,
        event_type,
        subject=("application", application.id),
        version=application.version,
        application_id=application.id,
        occurred_at=occurred_at,
        recorded_at=now,
        data=data,
        previous=None if before is None else {k: v for k, v in differing.items() if k not in _ALWAYS_DIFFERENT},
    )


async def announce_cause(
    session: WriteSession,
    event_type: str,
    application: Application,
    *,
    occurred_at: datetime,
    now: datetime,
    before: dict[str, Any],
) -> None:
    """Announce what the flushed facts move, and record the event of what happened before those of its consequences."""
    await announce_causes(session, [(event_type, occurred_at)], application, now=now, before=before)


async def announce_causes(
    session: WriteSession,
    causes: Sequence[tuple[str, datetime]],
    application: Application,
    *,
    now: datetime,
    before: dict[str, Any],
) -> None:
    """The same where several things happened, each at its moment."""
    earlier, session.events = session.events, []
    await announce(session, application, now=now)
    consequences, session.events = session.events, earlier
    for event_type, occurred_at in causes:
        say(session, event_type, application, occurred_at=occurred_at, now=now, before=before)
    session.events.extend(consequences)
