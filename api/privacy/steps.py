"""The background step that takes what names an anonymised person out of everything that is stored."""

from uuid import UUID

from api.models import Erasure
from api.platform import outbox, rows
from api.platform.claims import LEASE, Queue, lease, workspaces_with_work
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.privacy.erasing import advance, prepare
from api.privacy.redaction import Redaction
from api.support.steps import SERVICE

ERASURES = Queue("erasures", "due_at")
WORKSPACES_A_TURN = 20
ERASURES_A_TURN = 2
BATCHES_A_TURN = 50


async def continue_erasures(databases: Databases) -> int:
    """Go on with the erasures that are due; answers how many batches were done.

    1. As the owner: find workspaces with erasures due. 2. In each: lease some of them and commit. 3. One transaction
    for each batch: lock the erasure, redact the next rows, note how far it got, commit. A worker that dies leaves a
    lease that runs out, and the next one goes on from there; doing a batch twice changes nothing.
    """
    done = 0
    for workspace in await workspaces_with_work(databases, ERASURES, limit=WORKSPACES_A_TURN):
        for erasure_id in await lease(databases, workspace, ERASURES, actor=SERVICE, limit=ERASURES_A_TURN):
            done += await continue_erasure(databases, workspace, erasure_id)
    return done


async def continue_erasure(databases: Databases, workspace: WorkspaceRef, erasure_id: UUID) -> int:
    """Do some batches of one erasure, and give its lease back; answers how many were done."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        redaction = await prepare(session, await rows.find(session, Erasure, erasure_id))
    for done in range(1, BATCHES_A_TURN + 1):
        if not await _next_batch(databases, workspace, erasure_id, redaction, is_last=done == BATCHES_A_TURN):
            return done
    return BATCHES_A_TURN


async def _next_batch(
    databases: Databases, workspace: WorkspaceRef, erasure_id: UUID, redaction: Redaction, *, is_last: bool
) -> bool:
    """One batch; answers whether something is left to do."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        erasure = await rows.lock(session, Erasure, erasure_id)
        if erasure.due_at is None:
            return False
        await advance(session, erasure, redaction, now=await session.now())
        is_left = erasure.due_at is not None
        erasure.lease_until = session.clock() + LEASE if is_left and not is_last else None
        await session.flush()
        await outbox.finish(session)
        await session.commit()
    return is_left
