"""Claiming due work in two steps, so that any number of workers share it and none holds it for ever.

First, as the owner: which workspaces have rows due. Then, inside one of them: some of its rows by SKIP LOCKED, marked
with a lease that runs out. Taking turns between workspaces is what keeps them fair to each other. Leases are real time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef, WriteSession

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Queue:
    """A table whose rows fall due at `due_column` on the workspace's clock; it also has a column `lease_until`."""

    table: str
    due_column: str


async def workspaces_with_work(databases: Databases, queue: Queue, *, limit: int) -> Sequence[WorkspaceRef]:
    """Workspaces with rows due and not leased, the longest waiting first; those whose clock is being moved wait."""
    statement = f"""
        select w.id, w.public_id, w.is_sandbox from workspaces w cross join lateral (
            select q.{queue.due_column} from {queue.table} q
            where q.workspace_id = w.id and q.{queue.due_column} <= cast(:now as timestamptz) + w.clock_offset
              and (q.lease_until is null or q.lease_until < :now)
            order by q.{queue.due_column} limit 1) due
        where w.advancing_to is null order by due.{queue.due_column} limit :limit"""
    async with databases.open_system() as connection:
        rows = await connection.execute(text(statement), {"now": databases.clock(), "limit": limit})
        return [WorkspaceRef(row.id, row.public_id, row.is_sandbox) for row in rows]


async def claim(session: WriteSession, queue: Queue, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Lease up to `limit` due rows of the session's workspace and return their ids; `now` is the workspace's time."""
    real_now = session.clock()
    statement = f"""
        with due as (
            select workspace_id, id from {queue.table}
            where workspace_id = :workspace_id and {queue.due_column} <= :now
              and (lease_until is null or lease_until < :real_now)
            order by {queue.due_column} limit :limit for no key update skip locked)
        update {queue.table} q set lease_until = :lease_until from due
        where q.workspace_id = :workspace_id and q.workspace_id = due.workspace_id and q.id = due.id
        returning q.id"""
    rows = await session.execute(
        text(statement),
        {
            "workspace_id": session.workspace.id,
            "now": now,
            "real_now": real_now,
            "lease_until": real_now + LEASE,
            "limit": limit,
        },
    )
    return list(rows.scalars())


async def lease(
    databases: Databases, workspace: WorkspaceRef, queue: Queue, *, actor: dict[str, Any], limit: int
) -> Sequence[UUID]:
    """Lease due rows of a workspace in a transaction of its own, as a worker does; answers their ids, in order."""
    async with databases.open_writing(workspace, actor=actor) as session:
        claimed = await claim(session, queue, now=await session.now(), limit=limit)
        await session.commit()
    return sorted(claimed)
