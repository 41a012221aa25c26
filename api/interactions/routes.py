"""Interactions over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api import models
from api.domain.errors import InvalidStateTransition, NotFound
from api.interactions import queries, service
from api.interactions.paths import InteractionForUpdate, LockedInteraction, lock_place
from api.interactions.schemas import (
    Interaction,
    InteractionCreate,
    InteractionList,
    InteractionRecorded,
    InteractionSaid,
    InteractionsQuery,
)
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import InteractionId, encode
from api.platform.listing import Following, fetch_page
from api.platform.moments import InTheFuture
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute

ORDERS = Orders("interactions", {"occurred_at": datetime}, default="occurred_at desc")
router = APIRouter(prefix="/v1/interactions", tags=["interactions"], route_class=ServiceRoute)


@router.post("", status_code=201, responses=responses(InTheFuture, InvalidStateTransition, UnknownReference))
async def interactions_create(session: Writing, data: InteractionCreate, tag: Tag) -> InteractionRecorded:
    """Record a contact between people: a call, a mail, a meeting, or what candidates do for themselves.

    It is never evidence. About an application and on its way from the hiring side to the person, it closes what was
    owed to them there, and a candidate waits no longer. What comes from the person, what a program sent by itself and
    what others said to each other is shown on the timeline and closes nothing. It may be about a closed application:
    that is when people are thanked.

    With `capture_id` it is what a capture turned out to be, which then waits no longer.
    """
    shown = await service.record_interaction(session, await lock_place(session, data), data)
    tag.created(f"/v1/interactions/{encode('interaction', shown.id)}")
    return shown


@router.get("")
async def interactions_list(
    session: Reading, query: Annotated[InteractionsQuery, Query()], following: Following
) -> InteractionList:
    """List interactions, the latest first unless `order_by` says otherwise; those taken back, too."""
    order = ORDERS.parse(query.order_by)
    page = await fetch_page(session, models.Interaction, queries.wanted(query), query, order=order)
    following(page)
    data = await queries.answers(session, page.rows)
    return InteractionList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.get("/{interaction_id}", responses=responses(NotFound))
async def interactions_retrieve(session: Reading, interaction_id: InteractionId) -> Interaction:
    """Retrieve an interaction."""
    row = await rows.find(session, models.Interaction, interaction_id)
    (shown,) = await queries.answers(session, [row])
    return shown


@router.post("/{interaction_id}/bounce", responses=responses(NotFound, InvalidStateTransition, UnknownReference))
async def interactions_bounce(session: Writing, locked: InteractionForUpdate, data: InteractionSaid) -> Interaction:
    """Record that it did not arrive: from now on it is no contact. Once more changes nothing."""
    await service.bounce(session, locked, data)
    return await _answer(session, locked)


@router.post("/{interaction_id}/retract", responses=responses(NotFound, UnknownReference))
async def interactions_retract(session: Writing, locked: InteractionForUpdate, data: InteractionSaid) -> Interaction:
    """Take it back: it did not happen. Final; it stays readable, and once more changes nothing."""
    await service.retract(session, locked, data)
    return await _answer(session, locked)


async def _answer(session: Writing, locked: LockedInteraction) -> Interaction:
    (shown,) = await queries.answers(session, [locked.row])
    return shown
