"""What has come in by a connection, counted."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from api.connections import schemas
from api.domain.inbound import MessageState
from api.inbound.providers.provider import Provider
from api.models import Connection
from api.platform.sessions import WorkspaceSession

_COUNTS = """
select state, count(*) as messages from inbound_messages
where workspace_id = :workspace_id and connection_id = :connection_id group by state
"""
_LATEST = """
select
    (select received_at from inbound_messages where workspace_id = :workspace_id and connection_id = :connection_id
     order by received_at desc, id desc limit 1) as received_at,
    (select max(latest.processed_at) from (
        select processed_at from inbound_messages
        where workspace_id = :workspace_id and connection_id = :connection_id and state = 'processed'
        order by received_at desc, id desc limit 100) latest) as processed_at
"""
_IGNORED = """
select event, count(*) as messages from inbound_messages
where workspace_id = :workspace_id and connection_id = :connection_id and state = 'ignored' and event is not null
group by event order by count(*) desc, event limit 500
"""


async def health_of(session: WorkspaceSession, connection: Connection, provider: Provider) -> schemas.ConnectionHealth:
    """What became of the connection's deliveries."""
    where = _within(session, connection.id)
    counts = {row.state: row.messages for row in await session.execute(text(_COUNTS), where)}
    latest = (await session.execute(text(_LATEST), where)).one()
    ignored = [row for row in await session.execute(text(_IGNORED), where) if row.event not in provider.passed_over]
    return schemas.ConnectionHealth(
        last_delivery_at=latest.received_at,
        last_processed_at=latest.processed_at,
        pending=counts.get(MessageState.RECEIVED, 0) + counts.get(MessageState.HELD, 0),
        processed=counts.get(MessageState.PROCESSED, 0),
        ignored=counts.get(MessageState.IGNORED, 0),
        failed=counts.get(MessageState.FAILED, 0),
        refused=connection.refused,
        refused_at=connection.refused_at,
        unknown_events=[
            schemas.UnknownEvent(event=row.event, count=row.messages) for row in ignored[: schemas.MOST_UNKNOWN_EVENTS]
        ],
    )


def _within(session: WorkspaceSession, connection_id: UUID) -> dict[str, Any]:
    return {"workspace_id": session.workspace.id, "connection_id": connection_id}
