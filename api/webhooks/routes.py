"""Webhook endpoints over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import col, select

from api import models
from api.domain.webhooks import EndpointState
from api.events.routes import UnknownEventType
from api.platform import idempotency
from api.platform.deps import Administering, Configured, Reading, Sealing, Tag
from api.platform.idempotency import SecretAlreadyShown
from api.platform.ids import WebhookEndpointId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import ListQuery
from api.platform.references import UnknownReference
from api.platform.sealing import SecretKeyMissing
from api.platform.signing import InvalidSecret
from api.platform.transactions import ServiceRoute
from api.webhooks import schemas, service
from api.webhooks.endpoints import find_endpoint, lock_endpoint
from api.webhooks.errors import WebhookEndpointLimitReached
from api.webhooks.headers import WebhookHeaderRefused
from api.webhooks.judged import ChangedEndpoint, NewEndpoint
from api.webhooks.targets import WebhookUrlRefused

router = APIRouter(prefix="/v1/webhook_endpoints", tags=["webhook_endpoints"], route_class=ServiceRoute)

ORDERS = Orders("webhook_endpoints", {"created_at": datetime}, default="created_at desc")


@router.get("", responses=responses(SecretKeyMissing))
async def webhook_endpoints_list(
    query: Annotated[ListQuery, Query()], session: Reading, sealer: Sealing, following: Following
) -> schemas.WebhookEndpointList:
    """List webhook endpoints, the latest first."""
    statement = select(models.WebhookEndpoint).where(col(models.WebhookEndpoint.state) != EndpointState.DELETED)
    page = await fetch_page(session, models.WebhookEndpoint, statement, query, order=ORDERS.parse(None))
    following(page)
    data = [schemas.WebhookEndpointRow.of(row, sealer, session.clock()) for row in page.rows]
    return schemas.WebhookEndpointList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=201,
    responses=responses(
        WebhookEndpointLimitReached,
        SecretAlreadyShown,
        UnknownEventType,
        UnknownReference,
        WebhookUrlRefused,
        WebhookHeaderRefused,
        InvalidSecret,
        SecretKeyMissing,
    ),
)
async def webhook_endpoints_create(
    new: NewEndpoint,
    session: Administering,
    sealer: Sealing,
    settings: Configured,
    request: Request,
    tag: Tag,
) -> schemas.WebhookEndpointWithSecret:
    """Register a receiver of events; what happens from now on and fits its filters is sent to it, signed.

    The answer alone shows the `secret` to verify signatures with, unless it is your own. It is not kept for a repeated
    `Idempotency-Key`: the same request again is `secret_already_shown`.
    """
    most = settings.webhook_endpoints_per_workspace
    now = await session.now()
    row, secret = await service.create_endpoint(session, new, sealer, most=most, now=now)
    endpoint_id = encode("webhook_endpoint", row.id)
    idempotency.keep_secret(request, endpoint_id)
    tag.created(f"/v1/webhook_endpoints/{endpoint_id}", row.version)
    shown = None if new.data.secret else secret
    return schemas.WebhookEndpointWithSecret.full(row, sealer, session.clock(), secret=shown)


@router.get("/{webhook_endpoint_id}", responses=responses(404, SecretKeyMissing))
async def webhook_endpoints_retrieve(
    webhook_endpoint_id: WebhookEndpointId, session: Reading, sealer: Sealing, response: Response
) -> schemas.WebhookEndpoint:
    """Retrieve a webhook endpoint with its health."""
    row = await find_endpoint(session, webhook_endpoint_id)
    # No 304: the health changes without the endpoint.
    response.headers["ETag"] = f'"{row.version}"'
    return schemas.WebhookEndpoint.full(row, sealer, session.clock())


@router.patch(
    "/{webhook_endpoint_id}",
    responses=responses(
        404, 412, UnknownEventType, UnknownReference, WebhookUrlRefused, WebhookHeaderRefused, SecretKeyMissing
    ),
)
async def webhook_endpoints_update(
    webhook_endpoint_id: WebhookEndpointId,
    changed: ChangedEndpoint,
    session: Administering,
    sealer: Sealing,
    tag: Tag,
) -> schemas.WebhookEndpoint:
    """Change a webhook endpoint. Filters decide about events that happen from now on.

    For those of the past that a wider filter lets through, use `replay_missing`.
    """
    row = await lock_endpoint(session, webhook_endpoint_id)
    tag.check(row.version)
    await service.update_endpoint(session, row, changed, sealer, now=await session.now())
    tag(row.version)
    return schemas.WebhookEndpoint.full(row, sealer, session.clock())


@router.delete("/{webhook_endpoint_id}", status_code=204, responses=responses(404, 412, SecretKeyMissing))
async def webhook_endpoints_delete(
    webhook_endpoint_id: WebhookEndpointId, session: Administering, sealer: Sealing, tag: Tag
) -> None:
    """Delete a webhook endpoint: nothing more is sent to it, and its deliveries are not found any longer."""
    row = await lock_endpoint(session, webhook_endpoint_id)
    tag.check(row.version)
    await service.delete_endpoint(session, row, sealer, now=await session.now())
