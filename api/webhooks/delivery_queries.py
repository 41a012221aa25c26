"""Finding deliveries and attempts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func
from sqlmodel import col, or_, select

from api.applications.listing_filters import FiltersNotCombinable
from api.domain.errors import NotFound
from api.domain.events import EVENT_TYPES
from api.domain.webhooks import DeliveryState
from api.events.routes import UnknownEventType
from api.models import Delivery
from api.platform import rows
from api.platform.pages import Orders
from api.platform.sessions import WorkspaceSession, WriteSession
from api.webhooks.delivery_schemas import DeliveriesQuery, DeliveryProgress
from api.webhooks.endpoints import find_endpoint
from api.webhooks.windows import check_window

DELIVERIES = Orders("deliveries", {"created_at": datetime}, default="created_at desc")
ATTEMPTS = Orders("attempts", {"started_at": datetime}, default="started_at desc")
ALONE = ("state", "type", "http_status")
"""Filters each of which has an index of its own, and which therefore do not combine."""


async def find_delivery(session: WorkspaceSession, endpoint_id: UUID, delivery_id: UUID) -> Delivery:
    """The delivery of an endpoint that is not deleted; raises NotFound."""
    await find_endpoint(session, endpoint_id)
    return _of_endpoint(await rows.find(session, Delivery, delivery_id), endpoint_id)


async def lock_delivery(session: WriteSession, endpoint_id: UUID, delivery_id: UUID) -> Delivery:
    """The delivery of this endpoint, locked against whoever sends it; raises NotFound."""
    return _of_endpoint(await rows.lock(session, Delivery, delivery_id), endpoint_id)


def check(query: DeliveriesQuery) -> None:
    """Raise FiltersNotCombinable, UnknownEventType or WindowEmpty for a question that cannot be answered."""
    used = [name for name in ALONE if getattr(query, name) is not None]
    if len(used) > 1:
        raise FiltersNotCombinable(
            f"{', '.join(used)} cannot be used together. Each goes together with `since` and `until`.",
            combinations=[[name, "since", "until"] for name in ALONE],
        )
    if query.type is not None and query.type not in EVENT_TYPES:
        raise UnknownEventType(f"'{query.type}' is no event type.", parameter="type")
    check_window(query.since, query.until, parameter="since")


def conditions(endpoint_id: UUID, query: DeliveriesQuery, *, now: datetime) -> Iterator[Any]:
    """What a delivery must fulfil, for the `where` of a select; `now` is real time."""
    yield Delivery.endpoint_id == endpoint_id
    if query.state is not None:
        yield from _in_state(query.state, endpoint_id, now)
    if query.type is not None:
        yield Delivery.event_type == query.type
    if query.http_status is not None:
        yield Delivery.status_class == int(query.http_status[0])
    if query.since is not None:
        yield col(Delivery.created_at) >= query.since
    if query.until is not None:
        yield col(Delivery.created_at) < query.until


def _in_state(state: DeliveryProgress, endpoint_id: UUID, now: datetime) -> Iterator[Any]:
    lease_until = col(Delivery.lease_until)
    if state is DeliveryProgress.IN_FLIGHT:
        # Few are leased, and an index knows which; asked for in one, the whole order would be gone through for them.
        leased = select(Delivery.id).where(Delivery.endpoint_id == endpoint_id, lease_until >= now)
        leased = leased.where(Delivery.state == DeliveryState.PENDING).correlate(None)
        yield col(Delivery.id) == any_(func.array(leased.scalar_subquery(), type_=ARRAY(Uuid)))
        return
    yield Delivery.state == DeliveryState(state)
    if state is DeliveryProgress.PENDING:
        yield or_(lease_until.is_(None), lease_until < now)


def _of_endpoint(delivery: Delivery, endpoint_id: UUID) -> Delivery:
    if delivery.endpoint_id != endpoint_id:
        raise NotFound(f"There is no such {rows.word_of(Delivery)}.")
    return delivery
