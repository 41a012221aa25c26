"""Deliveries and attempts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import select

from api import models
from api.applications.listing_filters import FiltersNotCombinable
from api.events.routes import UnknownEventType
from api.platform.deps import Administering, Reading
from api.platform.ids import DeliveryId, WebhookEndpointId
from api.platform.listing import Following, fetch_page
from api.platform.problems import responses
from api.platform.transactions import ServiceRoute
from api.webhooks import delivery_queries as queries
from api.webhooks import delivery_schemas as schemas
from api.webhooks.endpoints import find_endpoint, require_active
from api.webhooks.errors import WebhookEndpointNotActive
from api.webhooks.resending import DeliveryInFlight, resend
from api.webhooks.windows import WindowEmpty

router = APIRouter(
    prefix="/v1/webhook_endpoints/{webhook_endpoint_id}/deliveries", tags=["deliveries"], route_class=ServiceRoute
)


@router.get("", responses=responses(404, FiltersNotCombinable, UnknownEventType, WindowEmpty))
async def deliveries_list(
    webhook_endpoint_id: WebhookEndpointId,
    query: Annotated[schemas.DeliveriesQuery, Query()],
    session: Reading,
    following: Following,
) -> schemas.DeliveryList:
    """List what an endpoint is to get or has got, the latest first.

    One of `state`, `type` and `http_status` at a time, each together with `since` and `until` or not.
    """
    queries.check(query)
    endpoint = await find_endpoint(session, webhook_endpoint_id)
    order, now = queries.DELIVERIES.parse(query.order_by), session.clock()
    statement = select(models.Delivery).where(*queries.conditions(endpoint.id, query, now=now))
    within = {"endpoint": str(endpoint.id)}
    page = await fetch_page(session, models.Delivery, statement, query, order=order, within=within)
    following(page)
    data = [schemas.Delivery.of(row, now=now) for row in page.rows]
    return schemas.DeliveryList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.get("/{delivery_id}", responses=responses(404))
async def deliveries_retrieve(
    webhook_endpoint_id: WebhookEndpointId, delivery_id: DeliveryId, session: Reading
) -> schemas.Delivery:
    """Retrieve a delivery. What is sent with it is the event, byte for byte, unless the endpoint wants it thin."""
    row = await queries.find_delivery(session, webhook_endpoint_id, delivery_id)
    return schemas.Delivery.of(row, now=session.clock())


@router.get("/{delivery_id}/attempts", responses=responses(404))
async def deliveries_list_attempts(
    webhook_endpoint_id: WebhookEndpointId,
    delivery_id: DeliveryId,
    query: Annotated[schemas.AttemptsQuery, Query()],
    session: Reading,
    following: Following,
) -> schemas.AttemptList:
    """List every call that was made for a delivery, the latest first: what was sent, and what was answered.

    Attempts are kept for 30 days unless the operator says otherwise; the delivery goes on counting them.
    """
    delivery = await queries.find_delivery(session, webhook_endpoint_id, delivery_id)
    statement = select(models.Attempt).where(models.Attempt.delivery_id == delivery.id)
    within = {"delivery": str(delivery.id)}
    page = await fetch_page(
        session, models.Attempt, statement, query, order=queries.ATTEMPTS.parse(None), within=within
    )
    following(page)
    data = [schemas.Attempt.of(row) for row in page.rows]
    return schemas.AttemptList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("/{delivery_id}/resend", responses=responses(404, WebhookEndpointNotActive, DeliveryInFlight))
async def deliveries_resend(
    webhook_endpoint_id: WebhookEndpointId, delivery_id: DeliveryId, session: Administering
) -> schemas.Delivery:
    """Send a delivery once more, now and before all others, whatever became of it: the same `webhook-id`, a new
    timestamp, the present address and secrets.

    It is one attempt: when it fails the delivery is `failed`, nothing is repeated by itself, and the endpoint's health
    does not hear of it. One that still waited for a retry goes on with its schedule then. When it succeeds, that
    counts.
    """
    endpoint = await find_endpoint(session, webhook_endpoint_id)
    # Before the delivery is locked: work on what is held passes by what is, and what was refused would be left held.
    require_active(endpoint)
    row = await queries.lock_delivery(session, endpoint.id, delivery_id)
    now = session.clock()
    await resend(session, row, now=now)
    return schemas.Delivery.of(row, now=now)
