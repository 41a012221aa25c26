"""The background step that lets a new policy reach the open applications."""

from datetime import datetime

from sqlalchemy import or_, text
from sqlmodel import col, select

from api.domain.vocabulary import ApplicationState, Owed
from api.models import Application, PolicyVersion
from api.platform.db import Databases
from api.platform.sessions import ClockAdvancing, WorkspaceRef, WriteSession
from api.support.service import MARK_BATCH, mark_for_recheck
from api.support.steps import SERVICE

WORKSPACES_A_TURN = 20


async def spread_policies(databases: Databases) -> int:
    """Mark applications that are open or owe somebody something for recheck, where a policy is new; answers how many.

    1. As the owner: find versions that are not spread. 2. In one transaction each: lock the version, mark the next
    batch of such applications by id, remember how far it got. A worker that dies leaves the rest to the next one.
    """
    async with databases.open_system() as connection:
        rows = await connection.execute(
            text(
                "select distinct w.id, w.public_id, w.is_sandbox from policies p"
                " join workspaces w on w.id = p.workspace_id where not p.is_spread limit :limit"
            ),
            {"limit": WORKSPACES_A_TURN},
        )
        workspaces = [WorkspaceRef(row.id, row.public_id, row.is_sandbox) for row in rows]
    return sum([await spread_next_batch(databases, workspace) for workspace in workspaces])


async def spread_next_batch(databases: Databases, workspace: WorkspaceRef) -> int:
    """One batch of one workspace; answers how many applications were marked, and 1 when it finished the version."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        unspread = (
            select(PolicyVersion).where(col(PolicyVersion.is_spread).is_(False)).order_by(col(PolicyVersion.version))
        )
        version = (await session.execute(unspread.limit(1).with_for_update(key_share=True))).scalar_one_or_none()
        if version is None:
            return 0
        try:
            now = await session.now()
        except ClockAdvancing:
            return 0
        is_open = col(Application.state) != ApplicationState.CLOSED
        batch = select(Application.id).where(or_(is_open, col(Application.follow_up_state) != Owed.NONE))
        if version.spread_after is not None:
            batch = batch.where(col(Application.id) > version.spread_after)
        application_ids = (await session.execute(batch.order_by(col(Application.id)).limit(MARK_BATCH))).scalars().all()
        await mark_for_recheck(session, application_ids, now=now)
        if version.spread_after is None:
            await _mark_what_is_linked_to_none(session, now)
        version.spread_after = application_ids[-1] if application_ids else version.spread_after
        version.is_spread = len(application_ids) < MARK_BATCH
        await session.flush()
        await session.commit()
    return max(1, len(application_ids))


async def _mark_what_is_linked_to_none(session: WriteSession, now: datetime) -> None:
    """Referrals and captures that wait for nothing but time: no application's lock guards them, each is its own."""
    for table in ("referrals", "captures"):
        await session.execute(
            text(
                f"update {table} set recheck_at = least(recheck_at, :now)"
                " where workspace_id = :w and application_id is null and recheck_at is not null"
            ),
            {"w": session.workspace.id, "now": now},
        )
