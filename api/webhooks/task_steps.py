"""The background step that does the batches of tasks."""

from uuid import UUID

from api.platform.claims import LEASE, Queue, lease, workspaces_with_work
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.support.steps import SERVICE
from api.webhooks.tasks import go_on, lock_task

TASKS = Queue("tasks", "due_at")
WORKSPACES_A_TURN = 20
TASKS_A_TURN = 2
BATCHES_A_TURN = 20


async def work_on_tasks(databases: Databases) -> int:
    """Go on with the tasks that are due; answers how many batches were done.

    1. As the owner: find workspaces with tasks due. 2. In each: lease some of them and commit. 3. One transaction for
    each batch: lock the task, do the batch, note how far it got, commit. A worker that dies leaves a lease that runs
    out, and the next one goes on from there.
    """
    done = 0
    for workspace in await workspaces_with_work(databases, TASKS, limit=WORKSPACES_A_TURN):
        for task_id in await lease(databases, workspace, TASKS, actor=SERVICE, limit=TASKS_A_TURN):
            done += await work_on_task(databases, workspace, task_id)
    return done


async def work_on_task(databases: Databases, workspace: WorkspaceRef, task_id: UUID) -> int:
    """Do some batches of one task, and give its lease back; answers how many were done."""
    for done in range(1, BATCHES_A_TURN + 1):
        if not await _next_batch(databases, workspace, task_id, is_last=done == BATCHES_A_TURN):
            return done
    return BATCHES_A_TURN


async def _next_batch(databases: Databases, workspace: WorkspaceRef, task_id: UUID, *, is_last: bool) -> bool:
    """One batch; answers whether something is left to do."""
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        task = await lock_task(session, task_id)
        if task.due_at is None:
            return False
        now = session.clock()
        await go_on(session, task, now=now)
        is_left = task.due_at is not None
        task.lease_until = now + LEASE if is_left and not is_last else None
        await session.flush()
        await session.commit()
    return is_left
