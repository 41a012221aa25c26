"""Making and changing connections."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import select

from api.connections import schemas
from api.connections.mapping_patch import MappingPatch, merged
from api.domain.errors import Conflict
from api.domain.inbound import ConnectionState
from api.inbound.providers.provider import Provider
from api.models import Connection
from api.platform import hook_tokens, outbox
from api.platform.hook_tokens import Purpose
from api.platform.ids import encode, new_id
from api.platform.revisions import touch
from api.platform.sealing import Sealer
from api.platform.sessions import WriteSession
from api.platform.uniqueness import Taken, unique

FORMER_SECRET_WORKS = timedelta(hours=24)
_BATCH = 5_000

_AGAIN = """
update inbound_subjects set due_at = :now where workspace_id = :workspace_id and id in (
    select id from inbound_subjects where workspace_id = :workspace_id and connection_id = :connection_id
    and (due_at is null or due_at > :now) order by id limit :limit)
"""
_RELEASE = """
update inbound_messages set state = 'received', due_at = :now where workspace_id = :workspace_id and id in (
    select id from inbound_messages where workspace_id = :workspace_id and connection_id = :connection_id
    and state = 'held' order by received_at, id limit :limit)
"""


class ConnectionExists(Conflict):
    """Another connection knows its ids under this system; `existing_id` names it."""

    code = "connection_exists"
    title = "The system has a connection already"


async def create_connection(
    session: WriteSession, data: schemas.ConnectionCreate, provider: Provider, sealer: Sealer, *, now: datetime
) -> tuple[Connection, str, str]:
    """A connection, the token of its address and its secret; raises ConnectionExists, SecretKeyMissing."""
    token, secret = hook_tokens.mint(), data.secret or hook_tokens.mint()
    row = Connection(
        id=new_id(),
        provider=provider.name,
        system=data.system or provider.name,
        name=data.name or provider.title,
        state=ConnectionState.ACTIVE,
        token=sealer.seal(token),
        secret=sealer.seal(secret),
        mapping=merged({}, data.mapping or MappingPatch()),
        created_at=now,
        updated_at=now,
    )
    try:
        async with unique(session, "uq_connections_system"):
            session.add(row)
    except Taken:
        raise await _exists(session, row.system) from None
    hook_tokens.keep(session, token, purpose=Purpose.CONNECTION, target_id=row.id, now=now)
    _say(session, "connection.created", row, now=now)
    return row, token, secret


async def update_connection(
    session: WriteSession, row: Connection, data: schemas.ConnectionUpdate, *, now: datetime
) -> None:
    """Change the locked connection. What a new mapping says of earlier messages is worked out again."""
    name = data.name if isinstance(data.name, str) else row.name
    mapping = merged(row.mapping, data.mapping) if isinstance(data.mapping, MappingPatch) else row.mapping
    before = {"name": row.name, "mapping": row.mapping}
    previous = {key: value for key, value in before.items() if value != {"name": name, "mapping": mapping}[key]}
    if not previous:
        return
    row.name, row.mapping = name, mapping
    touch(row, now=now)
    if "mapping" in previous:
        await _in_batches(session, _AGAIN, row, now=now)
    _say(session, "connection.updated", row, now=now, previous=previous)


async def pause(session: WriteSession, row: Connection, *, now: datetime) -> None:
    """Let what comes in from now on wait."""
    if row.state is not ConnectionState.PAUSED:
        row.state = ConnectionState.PAUSED
        touch(row, now=now)
        _say(session, "connection.paused", row, now=now)


async def resume(session: WriteSession, row: Connection, *, now: datetime) -> None:
    """Let what has waited be worked on."""
    if row.state is not ConnectionState.ACTIVE:
        row.state = ConnectionState.ACTIVE
        touch(row, now=now)
        await _in_batches(session, _RELEASE, row, now=now)
        _say(session, "connection.resumed", row, now=now)


def rotate_secret(
    session: WriteSession, row: Connection, own: str | None, sealer: Sealer, *, now: datetime, real_now: datetime
) -> str:
    """Give the locked connection another secret and return it; the one before goes on working for a day."""
    secret = own or hook_tokens.mint()
    row.former_secret, row.former_secret_until = row.secret, real_now + FORMER_SECRET_WORKS
    row.secret = sealer.seal(secret)
    touch(row, now=now)
    _say(session, "connection.updated", row, now=now)
    return secret


async def rotate_url(session: WriteSession, row: Connection, sealer: Sealer, *, now: datetime) -> str:
    """Give the locked connection another address and return its token; the one before stops working."""
    token = hook_tokens.mint()
    await hook_tokens.revoke(session, row.id, now=now)
    hook_tokens.keep(session, token, purpose=Purpose.CONNECTION, target_id=row.id, now=now)
    row.token = sealer.seal(token)
    touch(row, now=now)
    _say(session, "connection.updated", row, now=now)
    return token


async def _in_batches(session: WriteSession, statement: str, row: Connection, *, now: datetime) -> None:
    """Repeat a statement until it finds nothing: a single one for all rows might run out of its time."""
    where = {"workspace_id": session.workspace.id, "connection_id": row.id, "now": now, "limit": _BATCH}
    while (await session.execute(text(statement), where)).rowcount == _BATCH:  # type: ignore[attr-defined]
        continue


async def _exists(session: WriteSession, system: str) -> ConnectionExists:
    found = await session.execute(select(Connection.id).where(Connection.system == system))
    return ConnectionExists(
        f"A connection knows its ids under '{system}' already; choose another `system`.",
        existing_id=encode("connection", found.scalar_one()),
    )


def _say(
    session: WriteSession,
    event_type: str,
    row: Connection,
    *,
    now: datetime,
    previous: dict[str, Any] | None = None,
) -> None:
    outbox.record(
        session,
        event_type,
        subject=("connection", row.id),
        version=row.version,
        occurred_at=now,
        recorded_at=now,
        data=schemas.Connection.of(row).model_dump(mode="json"),
        previous=previous,
    )
