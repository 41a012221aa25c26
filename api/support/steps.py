"""The background step that lets time act on applications."""

from datetime import datetime
from uuid import UUID

from api.domain.errors import NotFound
from api.models import Application
from api.platform import outbox, rows
from api.platform.claims import Queue, lease, workspaces_with_work
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.support.locks import lock_application
from api.support.service import catch_up

RECHECKS = Queue("applications", "recheck_at")
SERVICE = {"type": "service", "id": None}
WORKSPACES_A_TURN = 20
APPLICATIONS_A_TURN = 20


async def recheck_due_applications(databases: Databases) -> int:
    """Derive applications whose `recheck_at` has passed again, and announce what changed; answers how many.

    1. As the owner: find workspaces with applications due. 2. In each: lease some of them and commit. 3. One
    transaction for each: lock, read the time, announce every crossing at its own moment, commit. A worker that dies
    leaves a lease that runs out; doing it twice changes nothing, since the second finds nothing due.
    """
    rechecked = 0
    for workspace in await workspaces_with_work(databases, RECHECKS, limit=WORKSPACES_A_TURN):
        for application_id in await lease(databases, workspace, RECHECKS, actor=SERVICE, limit=APPLICATIONS_A_TURN):
            await recheck(databases, workspace, application_id)
            rechecked += 1
    return rechecked


async def recheck(databases: Databases, workspace: WorkspaceRef, application_id: UUID) -> None:
    """Announce whatever of one application is due, and give its lease back."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        try:
            locked = await lock_application(session, application_id)
        except NotFound:
            return
        locked.application.lease_until = None
        await session.flush()
        await outbox.finish(session)
        await session.commit()


async def advance_application(
    databases: Databases, workspace: WorkspaceRef, application_id: UUID, until: datetime
) -> None:
    """Let time pass for one application of a sandbox up to `until`: each crossing is announced as at its own moment.

    One transaction for each, so that whatever ends the journey early leaves it further on than it was.
    """
    while await _cross_next(databases, workspace, application_id, until):
        pass


async def _cross_next(databases: Databases, workspace: WorkspaceRef, application_id: UUID, until: datetime) -> bool:
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        application = await rows.lock(session, Application, application_id)
        if application.recheck_at is None or application.recheck_at > until:
            return False
        await catch_up(session, application, now=max(application.recheck_at, application.derived_at))
        await outbox.finish(session)
        await session.commit()
    return True
