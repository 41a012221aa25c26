"""The verbs of webhook endpoints: pause and resume, a new secret, and a test."""

from fastapi import APIRouter, Request

from api.domain.errors import InvalidStateTransition
from api.events.routes import UnknownEventType
from api.platform import idempotency
from api.platform.deps import Administering, Sealing, Tag
from api.platform.idempotency import SecretAlreadyShown
from api.platform.ids import WebhookEndpointId, encode
from api.platform.problems import responses
from api.platform.sealing import SecretKeyMissing
from api.platform.signing import InvalidSecret
from api.platform.transactions import ServiceRoute
from api.webhooks import lifecycle, schemas
from api.webhooks.bodies import WebhookEndpointResume, WebhookEndpointTest, WebhookSecretRotate
from api.webhooks.delivery_schemas import Delivery
from api.webhooks.endpoints import lock_endpoint, require_active
from api.webhooks.errors import TooManySecrets, WebhookEndpointNotActive
from api.webhooks.trying import send_test

router = APIRouter(prefix="/v1/webhook_endpoints", tags=["webhook_endpoints"], route_class=ServiceRoute)


@router.post("/{webhook_endpoint_id}/pause", responses=responses(404, InvalidStateTransition, 412, SecretKeyMissing))
async def webhook_endpoints_pause(
    webhook_endpoint_id: WebhookEndpointId, session: Administering, sealer: Sealing, tag: Tag
) -> schemas.WebhookEndpoint:
    """Send nothing until it is resumed: what happens meanwhile is held, and so is what waits to be tried again."""
    row = await lock_endpoint(session, webhook_endpoint_id)
    tag.check(row.version)
    lifecycle.pause(session, row, sealer, now=await session.now())
    tag(row.version)
    return schemas.WebhookEndpoint.full(row, sealer, session.clock())


@router.post("/{webhook_endpoint_id}/resume", responses=responses(404, 412, SecretKeyMissing))
async def webhook_endpoints_resume(
    webhook_endpoint_id: WebhookEndpointId,
    session: Administering,
    sealer: Sealing,
    tag: Tag,
    data: WebhookEndpointResume | None = None,
) -> schemas.WebhookEndpointResumed:
    """Send again to an endpoint that was paused or disabled; `held` says what becomes of what was held meanwhile.

    The task `task_id` works on that. Former failures are forgotten. Of an active endpoint nothing is changed.
    """
    row = await lock_endpoint(session, webhook_endpoint_id)
    tag.check(row.version)
    held = (data or WebhookEndpointResume()).held
    task_id = await lifecycle.resume(session, row, held, sealer, now=await session.now())
    tag(row.version)
    return schemas.WebhookEndpointResumed.full(row, sealer, session.clock(), task_id=task_id)


@router.post(
    "/{webhook_endpoint_id}/rotate_secret",
    responses=responses(404, TooManySecrets, SecretAlreadyShown, 412, InvalidSecret, SecretKeyMissing),
)
async def webhook_endpoints_rotate_secret(
    webhook_endpoint_id: WebhookEndpointId,
    session: Administering,
    sealer: Sealing,
    request: Request,
    tag: Tag,
    data: WebhookSecretRotate | None = None,
) -> schemas.WebhookEndpointWithSecret:
    """Give the endpoint a new secret, shown by this answer alone; the former one signs beside it for a while.

    With a grace of 0 none of the former ones signs from now on: that is for secrets that have leaked.

    While several are in use each delivery carries a signature by each, so that no delivery fails whenever the receiver
    changes over.
    """
    row = await lock_endpoint(session, webhook_endpoint_id)
    tag.check(row.version)
    data = data or WebhookSecretRotate()
    secret = lifecycle.rotate_secret(session, row, data, sealer, now=await session.now())
    idempotency.keep_secret(request, encode("webhook_endpoint", row.id))
    tag(row.version)
    shown = None if data.secret else secret
    return schemas.WebhookEndpointWithSecret.full(row, sealer, session.clock(), secret=shown)


@router.post(
    "/{webhook_endpoint_id}/test",
    status_code=202,
    responses=responses(404, WebhookEndpointNotActive, 412, UnknownEventType),
)
async def webhook_endpoints_test(
    webhook_endpoint_id: WebhookEndpointId, session: Administering, tag: Tag, data: WebhookEndpointTest | None = None
) -> Delivery:
    """Send the documented example of an event type now, marked `"test": true`; the answer is its delivery.

    It is tried once, whatever the endpoint's filters, limits and health, and counts for its health only if it arrives.
    """
    row = await lock_endpoint(session, webhook_endpoint_id)
    tag.check(row.version)
    require_active(row)
    delivery = await send_test(session, row, data.type if data else None)
    tag.created(
        f"/v1/webhook_endpoints/{encode('webhook_endpoint', row.id)}/deliveries/{encode('delivery', delivery.id)}"
    )
    return Delivery.of(delivery, now=session.clock())
