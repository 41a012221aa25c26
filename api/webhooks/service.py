"""Making, changing and deleting endpoints."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, text
from sqlmodel import col, select

from api.domain.webhooks import EndpointState, TaskKind
from api.models import Job, WebhookEndpoint
from api.platform.ids import new_id
from api.platform.references import require_all
from api.platform.revisions import revise, touch
from api.platform.sealing import Sealer
from api.platform.sessions import WriteSession
from api.webhooks import headers, tasks
from api.webhooks.bodies import WebhookEndpointCreate, WebhookEndpointUpdate
from api.webhooks.errors import WebhookEndpointLimitReached
from api.webhooks.filters import check_types
from api.webhooks.judged import Judged
from api.webhooks.resending import look_again
from api.webhooks.secrets import minted
from api.webhooks.telling import as_json, tell
from api.webhooks.trying import send_test

_ORDER = frozenset({"ordering", "ordering_hold_seconds"})
_LISTS = ("event_types", "job_ids", "levels", "subject_ids")


async def create_endpoint(
    session: WriteSession, new: Judged[WebhookEndpointCreate], sealer: Sealer, *, most: int, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """An endpoint and its secret, in a workspace that has at most `most` of them; `now` is the workspace's time.

    If it asks for a ping, a test is due from COMMIT on. Raises UnknownEventType, UnknownReference, WebhookUrlRefused,
    WebhookHeaderRefused, InvalidSecret, WebhookEndpointLimitReached and SecretKeyMissing.
    """
    data = new.data
    given = data.model_dump(exclude={"headers", "secret", "ping", "metadata"})
    await _check(session, given)
    if new.refusal:
        raise new.refusal
    entry, secret = minted(sealer, data.secret, session.clock())
    await _take_place(session, most)
    row = WebhookEndpoint(
        **_plain(given),
        id=new_id(),
        headers=headers.sealed(headers.merged({}, data.headers), sealer),
        secrets=[entry],
        labels=data.metadata,
        enabled_at=session.clock(),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    tell(session, "webhook_endpoint.created", row, sealer, now=now)
    if data.ping:
        await send_test(session, row, None)
    return row, secret


async def update_endpoint(
    session: WriteSession,
    row: WebhookEndpoint,
    change: Judged[WebhookEndpointUpdate],
    sealer: Sealer,
    *,
    now: datetime,
) -> None:
    """Change the locked endpoint. A URL that stays may be one that nothing is sent to by now.

    Raises UnknownEventType, UnknownReference, WebhookUrlRefused, WebhookHeaderRefused, Unprocessable and
    SecretKeyMissing.
    """
    changes = change.data.changes()
    if change.refusal and changes["url"] != row.url:
        raise change.refusal
    await _check(session, changes)
    before = as_json(session, row, sealer)
    given_headers = changes.pop("headers", {})
    changed = revise(row, _plain(changes), now=now)
    has_other_headers = _change_headers(row, given_headers, sealer)
    if has_other_headers and not changed:
        touch(row, now=now)
    if "url" in changed:
        start_afresh(row, session.clock())
    if not _ORDER.isdisjoint(changed):
        await look_again(session, row, now=session.clock())
    if changed or has_other_headers:
        tell(session, "webhook_endpoint.updated", row, sealer, now=now, before=before)


async def delete_endpoint(session: WriteSession, row: WebhookEndpoint, sealer: Sealer, *, now: datetime) -> None:
    """Let the locked endpoint be sent to never again, and forget its secrets; its events stay in the feed.

    A task cancels the deliveries that were to be sent still.
    """
    before = as_json(session, row, sealer)
    row.state = EndpointState.DELETED
    touch(row, now=now)
    await tasks.begin(session, row, TaskKind.DELETE, now=now)
    tell(session, "webhook_endpoint.deleted", row, sealer, now=now, before=before)
    row.secrets, row.headers = [], None


def start_afresh(row: WebhookEndpoint, real_now: datetime) -> None:
    """Forget the failures of the locked endpoint, so that it is tried at once and judged from this moment on."""
    row.enabled_at = real_now
    row.consecutive_failures = 0
    row.first_failure_at = row.warned_at = row.blocked_until = row.breaker_seconds = None


async def _check(session: WriteSession, given: Mapping[str, Any]) -> None:
    check_types(given.get("event_types", ()))
    jobs = {f"#/job_ids/{place}": job_id for place, job_id in enumerate(given.get("job_ids", ()))}
    await require_all(session, Job, jobs)


async def _take_place(session: WriteSession, most: int) -> None:
    """Let endpoints of the workspace be made one at a time, so that two cannot both take the last place."""
    held = f"{session.workspace.id}/webhook_endpoints"
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:held, 0))"), {"held": held})
    living = select(func.count(col(WebhookEndpoint.id))).where(col(WebhookEndpoint.state) != EndpointState.DELETED)
    found = await session.execute(living)
    if found.scalar_one() >= most:
        raise WebhookEndpointLimitReached(
            f"The workspace has {most} endpoints, as many as it may: delete one that is not needed.", limit=most
        )


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """The members as they are kept: each of a list once, in its order."""
    lists = {name: list(dict.fromkeys(given[name])) for name in _LISTS if name in given}
    if "levels" in lists:
        lists["levels"] = [level.value for level in lists["levels"]]
    return {**given, **lists}


def _change_headers(row: WebhookEndpoint, patch: Mapping[str, str | None] | None, sealer: Sealer) -> bool:
    before = headers.opened(row.headers, sealer)
    after = {} if patch is None else headers.merged(before, patch)
    if after == before:
        return False
    row.headers = headers.sealed(after, sealer)
    return True
