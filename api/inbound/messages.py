"""Finding messages, and having them worked on anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import class_mapper
from sqlmodel import col, select

from api.domain.errors import Conflict
from api.domain.inbound import ConnectionState, MessageState
from api.inbound import message_schemas as schemas
from api.models import Connection, InboundMessage
from api.platform.pages import Orders, Page, cut
from api.platform.sessions import WriteSession

ORDERS = Orders("inbound_messages", {"received_at": datetime}, default="received_at desc")
AT_ONCE = 500


class MessageErased(Conflict):
    """The body was erased before it could be read, because a person it names was: there is nothing to work on."""

    code = "message_erased"
    title = "The message was erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which messages; what is null chooses nothing."""

    connection_id: UUID | None
    state: MessageState | None
    event: str | None
    since: datetime | None
    until: datetime | None

    def conditions(self) -> Iterator[Any]:
        """What a row must fulfil, for the `where` of a select."""
        if self.connection_id is not None:
            yield InboundMessage.connection_id == self.connection_id
        if self.state is not None:
            yield InboundMessage.state == self.state
        if self.event is not None:
            yield InboundMessage.event == self.event
        if self.since is not None:
            yield col(InboundMessage.received_at) >= self.since
        if self.until is not None:
            yield col(InboundMessage.received_at) < self.until


def replay(message: InboundMessage, connection: Connection, *, now: datetime) -> None:
    """Make the locked message due again; raises MessageErased. While its connection is paused it is held."""
    if message.redacted_at is not None and message.parsed is None:
        raise MessageErased("The body of this message was erased; it cannot be worked on anew.")
    for name, value in _anew(connection, now).items():
        setattr(message, name, value)


async def replay_many(
    session: WriteSession, connection: Connection, data: schemas.InboundReplay, *, now: datetime
) -> schemas.InboundReplayed:
    """Make the messages that are asked for due again, the oldest first, up to a number at once."""
    page = await _page(session, data)
    kept = [row.id for row in page.rows if not row.is_empty]
    await session.execute(
        update(InboundMessage).where(col(InboundMessage.id).in_(kept)).values(**_anew(connection, now)),
        execution_options={"synchronize_session": False},
    )
    return schemas.InboundReplayed(
        replayed=len(kept), skipped=len(page.rows) - len(kept), has_more=page.has_more, next_cursor=page.next_cursor
    )


async def _page(session: WriteSession, data: schemas.InboundReplay) -> Page[Any]:
    order = ORDERS.parse("received_at")
    filters = data.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)
    columns = class_mapper(InboundMessage).columns
    ordered = {term.name: columns[term.name] for term in order.terms}
    chosen = Filters(**data.model_dump(exclude={"cursor"}))
    is_empty = col(InboundMessage.redacted_at).is_not(None) & col(InboundMessage.parsed).is_(None)
    statement = select(InboundMessage.id, InboundMessage.received_at, is_empty.label("is_empty"))
    statement = statement.where(*chosen.conditions())
    position = order.position(data.cursor, filters)
    if position is not None:
        statement = statement.where(order.after(position, ordered))
    found = await session.execute(statement.order_by(*order.clauses(ordered)).limit(AT_ONCE + 1))
    return cut(found.all(), AT_ONCE, order=order, filters=filters, position=lambda row: (row.received_at, row.id))


def _anew(connection: Connection, now: datetime) -> dict[str, Any]:
    """How a message stands that is to be read and worked on as if it had just come."""
    is_held = connection.state is ConnectionState.PAUSED
    return {
        "state": MessageState.HELD if is_held else MessageState.RECEIVED,
        "due_at": None if is_held else now,
        "lease_until": None,
        "attempts": 0,
        "reason": None,
    }
