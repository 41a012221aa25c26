"""The background step that lets time act on referrals that are linked to no application."""

from datetime import datetime
from uuid import UUID

from api.models import Referral
from api.platform import outbox, rows
from api.platform.claims import Queue, lease, workspaces_with_work
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.referrals.announcing import catch_up_alone
from api.support.steps import SERVICE

EXPIRIES = Queue("referrals", "recheck_at")
WORKSPACES_A_TURN = 20
REFERRALS_A_TURN = 20


async def recheck_due_referrals(databases: Databases) -> int:
    """Derive unlinked referrals whose `recheck_at` has passed again, and announce what expired; answers how many.

    1. As the owner: find workspaces with referrals due. 2. In each: lease some of them and commit. 3. One transaction
    for each: lock, read the time, announce the crossing at its own moment, commit. A worker that dies leaves a lease
    that runs out; doing it twice changes nothing, since the second finds nothing due.
    """
    rechecked = 0
    for workspace in await workspaces_with_work(databases, EXPIRIES, limit=WORKSPACES_A_TURN):
        for referral_id in await lease(databases, workspace, EXPIRIES, actor=SERVICE, limit=REFERRALS_A_TURN):
            await recheck(databases, workspace, referral_id)
            rechecked += 1
    return rechecked


async def recheck(databases: Databases, workspace: WorkspaceRef, referral_id: UUID) -> None:
    """Announce what is due of one referral, and give its lease back. One linked meanwhile has nothing due."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        row = await rows.lock(session, Referral, referral_id)
        await catch_up_alone(session, row, now=await session.now())
        row.lease_until = None
        await session.flush()
        await outbox.finish(session)
        await session.commit()


async def advance_referral(databases: Databases, workspace: WorkspaceRef, referral_id: UUID, until: datetime) -> None:
    """Let time pass for one unlinked referral of a sandbox up to `until`, as at the moment at which it is due."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        row = await rows.lock(session, Referral, referral_id)
        while row.recheck_at is not None and row.recheck_at <= until:
            await catch_up_alone(session, row, now=row.recheck_at)
        await session.flush()
        await outbox.finish(session)
        await session.commit()
