"""Work on many deliveries of an endpoint: begun in one transaction, done in small batches by the worker."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col

from api.domain.webhooks import DeliveryState, EndpointState, HeldMode, TaskKind, TaskState
from api.models import Task, WebhookEndpoint
from api.platform import rows
from api.platform.sessions import WriteSession
from api.webhooks.batch_statements import HOLD
from api.webhooks.batches import EVENT_KINDS, work_on_batch

_REPLACES = {TaskKind.RESUME: (TaskKind.RESUME,), TaskKind.DELETE: tuple(TaskKind)}
"""The kinds of unfinished tasks of the same endpoint that have nothing left to do once one of this kind begins."""
_DROPPING = (HeldMode.SEND_LATEST_PER_SUBJECT, HeldMode.DISCARD)
_MOST_HELD_AT_ONCE = 20_000


async def begin(
    session: WriteSession,
    endpoint: WebhookEndpoint,
    kind: TaskKind,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    event_types: Sequence[str] = (),
    states: Sequence[DeliveryState] = (),
    held_mode: HeldMode | None = None,
) -> Task:
    """A task that works on what is there now: of what is recorded from here on it touches nothing.

    The window is of the deliveries' `created_at` for `recover` and of the events' `recorded_at` for the two replays;
    `resume` (with `held_mode`) and `delete` have none. Whoever resumes or deletes holds the endpoint's lock, has
    changed its state and calls this before the transaction ends: so nothing can be held, or made for it, in between.
    The task is due at `now`, the workspace's time.
    """
    real_now = session.clock()
    await _end_replaced(session, endpoint, kind, real_now)
    if held_mode in _DROPPING:
        await _hold_the_rest(session, endpoint, real_now)
    task = Task(
        endpoint_id=endpoint.id,
        kind=kind,
        since=since,
        until=until,
        event_types=list(event_types),
        states=[state.value for state in states],
        held_mode=held_mode,
        after_at=since if kind in EVENT_KINDS else None,
        last_number=await _last_number(session),
        created_at=real_now,
        due_at=now,
    )
    session.add(task)
    await session.flush()
    return task


async def lock_task(session: WriteSession, task_id: UUID) -> Task:
    """The task, locked against other workers; raises NotFound.

    One that cancels deliveries locks its endpoint as well, so that nobody finds meanwhile that something has to wait
    for one of them; first, as whoever resumes the endpoint does.
    """
    task = await rows.find(session, Task, task_id)
    if task.held_mode in _DROPPING:
        await rows.lock(session, WebhookEndpoint, task.endpoint_id)
    return await rows.lock(session, Task, task_id)


async def go_on(session: WriteSession, task: Task, *, now: datetime) -> None:
    """Do the next batch of the locked task, which is due; `now` is real time.

    Pausing the endpoint ends no task: what it puts back is held then, and sent when the endpoint is resumed.
    """
    endpoint = await rows.find(session, WebhookEndpoint, task.endpoint_id)
    if endpoint.state is EndpointState.DELETED and task.kind is not TaskKind.DELETE:
        _end(task, TaskState.CANCELED, now)
        return
    task.state, task.started_at = TaskState.RUNNING, task.started_at or now
    batch = await work_on_batch(session, task, now=now)
    task.examined += batch.examined
    task.changed += batch.changed
    task.after_at, task.after_number = batch.after_at, batch.after_number
    if batch.is_last:
        _end(task, TaskState.SUCCEEDED, now)


def _end(task: Task, state: TaskState, now: datetime) -> None:
    task.state, task.finished_at = state, now
    task.due_at = task.lease_until = None


async def _end_replaced(session: WriteSession, endpoint: WebhookEndpoint, kind: TaskKind, now: datetime) -> None:
    """Cancel what another task takes the place of; a batch that is being done is waited for."""
    unfinished = (
        col(Task.endpoint_id) == endpoint.id,
        col(Task.kind).in_(_REPLACES.get(kind, ())),
        col(Task.due_at).is_not(None),
    )
    if kind in _REPLACES:
        await session.execute(
            update(Task)
            .where(*unfinished)
            .values(state=TaskState.CANCELED, finished_at=now, due_at=None, lease_until=None),
            execution_options={"synchronize_session": False},
        )


async def _hold_the_rest(session: WriteSession, endpoint: WebhookEndpoint, now: datetime) -> None:
    """Hold what was recorded a moment ago: else it would be sent, although nothing of its kind is to be.

    Whoever sends puts such deliveries aside all the time, so they are few, and a limit keeps this short in any case.
    """
    values = {"endpoint_id": endpoint.id, "now": now, "limit": _MOST_HELD_AT_ONCE}
    await session.execute(HOLD, {"workspace_id": session.workspace.id, **values})


async def _last_number(session: WriteSession) -> int:
    """The number of the latest event that anybody can see.

    No lock is needed to miss none: whoever widens a filter, resumes or deletes an endpoint records an event of it, and
    so has waited for all that were recorded under the filters before.
    """
    statement = "select last from event_counters where workspace_id = :workspace_id"
    found = await session.execute(text(statement), {"workspace_id": session.workspace.id})
    last: int = found.scalar_one()
    return last
