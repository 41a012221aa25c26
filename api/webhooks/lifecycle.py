"""Pausing and resuming endpoints, and giving them new secrets."""

from datetime import datetime, timedelta
from uuid import UUID

from api.domain.errors import InvalidStateTransition
from api.domain.webhooks import EndpointState, HeldMode, TaskKind
from api.models import WebhookEndpoint
from api.platform.revisions import touch
from api.platform.sealing import Sealer
from api.platform.sessions import WriteSession
from api.webhooks import tasks
from api.webhooks.bodies import WebhookSecretRotate
from api.webhooks.secrets import minted, rotated
from api.webhooks.service import start_afresh
from api.webhooks.telling import as_json, tell


def pause(session: WriteSession, row: WebhookEndpoint, sealer: Sealer, *, now: datetime) -> None:
    """Let what happens from now on be held for the locked endpoint. Raises InvalidStateTransition."""
    if row.state is EndpointState.DISABLED:
        raise InvalidStateTransition("pause", current_state=row.state, allowed=["resume"])
    if row.state is not EndpointState.PAUSED:
        before = as_json(session, row, sealer)
        row.state = EndpointState.PAUSED
        touch(row, now=now)
        tell(session, "webhook_endpoint.paused", row, sealer, now=now, before=before)


async def resume(
    session: WriteSession, row: WebhookEndpoint, held: HeldMode, sealer: Sealer, *, now: datetime
) -> UUID | None:
    """Let the locked endpoint be sent to again; answers the task that works on what was held, None where none was."""
    if row.state is EndpointState.ACTIVE:
        return None
    before = as_json(session, row, sealer)
    row.state, row.disabled_reason, row.disabled_at = EndpointState.ACTIVE, None, None
    start_afresh(row, session.clock())
    touch(row, now=now)
    task = await tasks.begin(session, row, TaskKind.RESUME, now=now, held_mode=held)
    tell(session, "webhook_endpoint.resumed", row, sealer, now=now, before=before)
    return task.id


def rotate_secret(
    session: WriteSession, row: WebhookEndpoint, data: WebhookSecretRotate, sealer: Sealer, *, now: datetime
) -> str:
    """Give the locked endpoint another secret and return it; the one before signs beside it for a while.

    Raises InvalidSecret, TooManySecrets, SecretKeyMissing.
    """
    before = as_json(session, row, sealer)
    real_now = session.clock()
    entry, secret = minted(sealer, data.secret, real_now)
    row.secrets = rotated(row.secrets, entry, timedelta(seconds=data.grace_period_seconds), real_now)
    touch(row, now=now)
    tell(session, "webhook_endpoint.updated", row, sealer, now=now, before=before)
    return secret
