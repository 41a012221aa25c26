"""Going through every place of the workspace in batches, and redacting what names a person there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, func, select, text, update

from api.platform.sessions import WriteSession
from api.privacy.places import Place
from api.privacy.redaction import Changes, Redaction, Row

MOST_BYTES = 8_000_000
"""How much of stored bodies is read at once, unless one alone is larger."""

_ALSO_READ = ("id", "version", "application_id", "advocate_id", "connection_id")


@dataclass(frozen=True, slots=True)
class Swept:
    """How a batch went: how many rows were changed, how many read, the last of them, and whether it was the end."""

    changed: int
    read: int
    last_id: UUID | None
    is_end: bool


async def sweep(
    session: WriteSession, place: Place, redaction: Redaction, *, after: UUID | None, limit: int, now: datetime
) -> Swept:
    """Redact the next rows of a place, in the order of their ids.

    Only rows that are to change are locked, after the applications they hang on; they are read again under the lock.
    """
    ids, is_end = await _next_ids(session, place, after=after, limit=limit)
    rows = await _read(session, place, ids)
    touched = [row for row in rows if redaction.changes(place, row, now=now)]
    if touched:
        await _lock_applications(session, place, touched)
        rows = await _read(session, place, [row["id"] for row in touched], is_locking=True)
        for row in rows:
            await _write(session, place, row["id"], redaction.changes(place, row, now=now))
    return Swept(len(touched), len(ids), ids[-1] if ids else after, is_end)


async def _next_ids(
    session: WriteSession, place: Place, *, after: UUID | None, limit: int
) -> tuple[Sequence[UUID], bool]:
    """The next ids, fewer where the rows are large; whether these are the last."""
    table = place.table
    bodies = [func.coalesce(func.octet_length(each), 0) for each in place.columns if isinstance(each.type, LargeBinary)]
    size = sum(bodies[1:], bodies[0]) if bodies else text("0")
    statement = select(table.c.id, size.label("size") if bodies else text("0 as size"))
    statement = statement.where(table.c.workspace_id == session.workspace.id)
    if after is not None:
        statement = statement.where(table.c.id > after)
    rows = (await session.execute(statement.order_by(table.c.id).limit(limit))).all()
    taken: list[UUID] = []
    total = 0
    for row in rows:
        total += row.size
        if taken and total > MOST_BYTES:
            return taken, False
        taken.append(row.id)
    return taken, len(rows) < limit


async def _read(session: WriteSession, place: Place, ids: Sequence[UUID], *, is_locking: bool = False) -> Sequence[Row]:
    if not ids:
        return []
    table = place.table
    also = [table.c[name] for name in _ALSO_READ if name in table.c]
    statement = select(*also, *place.columns).where(table.c.workspace_id == session.workspace.id, table.c.id.in_(ids))
    statement = statement.order_by(table.c.id)
    if is_locking:
        statement = statement.with_for_update(key_share=True)
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def _lock_applications(session: WriteSession, place: Place, rows: Sequence[Row]) -> None:
    """What hangs on an application is guarded by the application's lock, where it has a version."""
    if "application_id" in place.table.c and "version" in place.table.c:
        ids = {row["application_id"] for row in rows} - {None}
        await session.execute(
            text(
                "select id from applications where workspace_id = :w and id = any(:ids) order by id for no key update"
            ),
            {"w": session.workspace.id, "ids": list(ids)},
        )


async def _write(session: WriteSession, place: Place, row_id: UUID, changes: Changes) -> None:
    if changes:
        table: Any = place.table
        mine = (table.c.workspace_id == session.workspace.id, table.c.id == row_id)
        await session.execute(update(table).where(*mine).values({table.c[name]: changes[name] for name in changes}))
