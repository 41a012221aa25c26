"""Letting time act on what is linked to no application: one row after another, each under its own lock."""

from datetime import datetime
from uuid import UUID

from api.platform import outbox, rows
from api.platform.claims import Queue, lease, workspaces_with_work
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.support.alone import Lone, catch_up_alone
from api.support.steps import SERVICE

WORKSPACES_A_TURN = 20
ROWS_A_TURN = 20


async def recheck_due(databases: Databases, model: type[Lone]) -> int:
    """Judge rows whose `recheck_at` has passed again, and announce what changed; answers how many.

    1. As the owner: find workspaces with rows due. 2. In each: lease some of them and commit. 3. One transaction for
    each: lock, read the time, announce each crossing at its own moment, commit. A worker that dies leaves a lease that
    runs out; doing it twice changes nothing, since the second finds nothing due.
    """
    queue = Queue(str(model.__tablename__), "recheck_at")
    rechecked = 0
    for workspace in await workspaces_with_work(databases, queue, limit=WORKSPACES_A_TURN):
        for row_id in await lease(databases, workspace, queue, actor=SERVICE, limit=ROWS_A_TURN):
            await _recheck(databases, workspace, model, row_id)
            rechecked += 1
    return rechecked


async def _recheck(databases: Databases, workspace: WorkspaceRef, model: type[Lone], row_id: UUID) -> None:
    """Announce what is due of one row, and give its lease back. One linked meanwhile has nothing due."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        row = await rows.lock(session, model, row_id)
        await catch_up_alone(session, row, now=await session.now())
        row.lease_until = None
        await session.flush()
        await outbox.finish(session)
        await session.commit()


async def advance(
    databases: Databases, workspace: WorkspaceRef, model: type[Lone], row_id: UUID, until: datetime
) -> None:
    """Let time pass for one row of a sandbox up to `until`, each crossing as at the moment at which it is due."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        row = await rows.lock(session, model, row_id)
        while row.recheck_at is not None and row.recheck_at <= until:
            await catch_up_alone(session, row, now=row.recheck_at)
        await session.flush()
        await outbox.finish(session)
        await session.commit()
