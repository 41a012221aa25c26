"""The events about endpoints themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.models import WebhookEndpoint
from api.platform import outbox
from api.platform.sealing import Sealer
from api.platform.sessions import WriteSession
from api.webhooks import schemas

_UNSAID = ("health", "updated_at", "version")
"""What `previous` leaves out: it changes with every change, or without any."""


def tell(
    session: WriteSession,
    event_type: str,
    row: WebhookEndpoint,
    sealer: Sealer,
    *,
    now: datetime,
    before: Mapping[str, Any] | None = None,
) -> None:
    """Record that something happened to the endpoint, with the endpoint as it is now; `now` is the workspace's time.

    `before` is what `as_json` said of it before a change: what differs is told as `previous`. Raises SecretKeyMissing
    where it has custom headers, which are sealed.
    """
    after = as_json(session, row, sealer)
    changed = {name: value for name, value in (before or {}).items() if name not in _UNSAID and value != after[name]}
    outbox.record(
        session,
        event_type,
        subject=("webhook_endpoint", row.id),
        version=row.version,
        occurred_at=now,
        recorded_at=now,
        data=after,
        previous=None if before is None else changed,
    )


def as_json(session: WriteSession, row: WebhookEndpoint, sealer: Sealer) -> dict[str, Any]:
    """The endpoint as an event carries it."""
    return schemas.WebhookEndpoint.full(row, sealer, session.clock()).model_dump(mode="json")
