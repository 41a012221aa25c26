"""Asking for deliveries to be made, or sent, once more."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter

from api.domain.webhooks import DeliveryState, TaskKind
from api.events.routes import UnknownEventType
from api.platform.deps import Administering, Connections, Tag, Tagger
from api.platform.ids import WebhookEndpointId, encode
from api.platform.problems import responses
from api.platform.sessions import WriteSession
from api.platform.transactions import ServiceRoute
from api.webhooks import task_schemas as schemas
from api.webhooks.batches import EVENT_KINDS
from api.webhooks.endpoints import find_endpoint, require_active
from api.webhooks.errors import WebhookEndpointNotActive
from api.webhooks.filters import check_types
from api.webhooks.tasks import begin
from api.webhooks.windows import WindowEmpty, WindowTooOld, check_age, check_window

router = APIRouter(
    prefix="/v1/webhook_endpoints/{webhook_endpoint_id}", tags=["webhook_endpoints"], route_class=ServiceRoute
)
_REFUSALS = (404, WebhookEndpointNotActive, WindowEmpty, WindowTooOld)


@router.post("/recover", status_code=202, responses=responses(*_REFUSALS))
async def webhook_endpoints_recover(
    webhook_endpoint_id: WebhookEndpointId,
    data: schemas.WebhookRecover,
    session: Administering,
    databases: Connections,
    tag: Tag,
) -> schemas.Task:
    """Send all deliveries again that failed, and those still held, made between `since` and `until`.

    The endpoint must be active: resuming a paused one sends what it held. When it is paused while the task runs, the
    task goes on; what it makes due is held, and sent when the endpoint is resumed.
    """
    return await _begin(session, webhook_endpoint_id, TaskKind.RECOVER, data, databases.retention, tag)


@router.post("/replay", status_code=202, responses=responses(*_REFUSALS, UnknownEventType))
async def webhook_endpoints_replay(
    webhook_endpoint_id: WebhookEndpointId,
    data: schemas.WebhookReplay,
    session: Administering,
    databases: Connections,
    tag: Tag,
) -> schemas.Task:
    """Send everything again, also what succeeded, of the events recorded between `since` and `until`: those that were
    to be sent to the endpoint before, by type and present state of their deliveries.

    The ids of the events stay, so a receiver that remembers them sees repetitions. The endpoint must be active.
    """
    states = [data.state] if data.state else []
    return await _begin(
        session,
        webhook_endpoint_id,
        TaskKind.REPLAY,
        data,
        databases.retention,
        tag,
        event_types=data.event_types,
        states=states,
    )


@router.post("/replay_missing", status_code=202, responses=responses(*_REFUSALS, UnknownEventType))
async def webhook_endpoints_replay_missing(
    webhook_endpoint_id: WebhookEndpointId,
    data: schemas.WebhookReplayMissing,
    session: Administering,
    databases: Connections,
    tag: Tag,
) -> schemas.Task:
    """Send the events recorded between `since` and `until` that the endpoint would get by its present filters and never
    was to get: as when it was registered later, or its filters were widened.

    Asking twice sends nothing twice. The endpoint must be active.
    """
    return await _begin(
        session,
        webhook_endpoint_id,
        TaskKind.REPLAY_MISSING,
        data,
        databases.retention,
        tag,
        event_types=data.event_types,
    )


async def _begin(
    session: WriteSession,
    endpoint_id: UUID,
    kind: TaskKind,
    data: schemas.WebhookRecover,
    retention: timedelta,
    tag: Tagger,
    *,
    event_types: Sequence[str] | None = None,
    states: Sequence[DeliveryState] = (),
) -> schemas.Task:
    """The task that does it, where what is asked for can be done."""
    endpoint = await find_endpoint(session, endpoint_id)
    check_window(data.since, data.until, pointer="#/since")
    now = await session.now()
    # Events have the workspace's time, deliveries the real one.
    check_age(data.since, earliest=(now if kind in EVENT_KINDS else session.clock()) - retention, pointer="#/since")
    require_active(endpoint)
    check_types(event_types or ())
    types = list(dict.fromkeys(event_types or ()))
    task = await begin(
        session, endpoint, kind, now=now, since=data.since, until=data.until, event_types=types, states=states
    )
    tag.created(f"/v1/tasks/{encode('task', task.id)}")
    return schemas.Task.of(task)
