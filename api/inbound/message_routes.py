"""Inbound messages over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import select

from api import models
from api.applications.listing_filters import FiltersNotCombinable
from api.inbound import message_schemas as schemas
from api.inbound import messages
from api.inbound.messages import ORDERS, Filters, MessageErased
from api.platform import rows
from api.platform.deps import Admin, Administering, Reading
from api.platform.ids import InboundMessageId
from api.platform.listing import Following, fetch_page
from api.platform.problems import responses
from api.platform.references import UnknownReference, require
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/inbound_messages", tags=["inbound_messages"], route_class=ServiceRoute)


@router.get("", responses=responses(FiltersNotCombinable))
async def inbound_messages_list(
    query: Annotated[schemas.InboundMessagesQuery, Query()], session: Reading, following: Following
) -> schemas.InboundMessageList:
    """List what connected systems have sent, the latest first. Bodies are shown one by one."""
    if query.connection is None and (query.state is not None or query.event is not None):
        raise FiltersNotCombinable(
            "Name the `connection` together with `state` or `event`.",
            combinations=[["connection", "state"], ["connection", "event"], ["connection", "state", "event"]],
        )
    chosen = Filters(
        connection_id=query.connection,
        state=query.state,
        event=query.event,
        since=query.received_from,
        until=query.received_before,
    )
    statement = select(models.InboundMessage).where(*chosen.conditions())
    page = await fetch_page(session, models.InboundMessage, statement, query, order=ORDERS.parse(None))
    following(page)
    data = [schemas.InboundMessageRow.of(row) for row in page.rows]
    return schemas.InboundMessageList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("/replay", responses=responses(UnknownReference, 400))
async def inbound_messages_replay_many(session: Administering, data: schemas.InboundReplay) -> schemas.InboundReplayed:
    """Have messages of a connection read and worked on anew, the oldest first, at most 500 in one request.

    Repeating a message changes nothing that is right already. Send `next_cursor` as `cursor` until `has_more` is false.
    """
    await require(session, models.Connection, data.connection_id, "#/connection_id")
    connection = await rows.lock(session, models.Connection, data.connection_id)
    return await messages.replay_many(session, connection, data, now=await session.now())


@router.get("/{inbound_message_id}", responses=responses(404))
async def inbound_messages_retrieve(
    inbound_message_id: InboundMessageId, _caller: Admin, session: Reading
) -> schemas.InboundMessage:
    """Retrieve a message as it came, with what it changed, or why nothing; scope `admin`, as its body names people."""
    return schemas.InboundMessage.of(await rows.find(session, models.InboundMessage, inbound_message_id))


@router.post("/{inbound_message_id}/replay", responses=responses(404, MessageErased))
async def inbound_messages_replay(
    inbound_message_id: InboundMessageId, session: Administering
) -> schemas.InboundMessageRow:
    """Have a message read and worked on anew, as if it had just come."""
    found = await rows.find(session, models.InboundMessage, inbound_message_id)
    connection = await rows.lock(session, models.Connection, found.connection_id)
    message = await rows.lock(session, models.InboundMessage, inbound_message_id)
    messages.replay(message, connection, now=await session.now())
    return schemas.InboundMessageRow.of(message)
