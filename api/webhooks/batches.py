"""One batch of a task: so many deliveries, or events, in the order of the feed, and how far that got.

A batch looks at a bounded number of entries of one index, whatever its filters leave of them. It waits for no delivery
that somebody else is at: what is being sent, resent or deleted at this moment needs nothing done to it. So it never
stands in the way of those who write events or send them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause

from api.domain.events import EVENT_TYPES
from api.domain.webhooks import PRIORITIES, HeldMode, TaskKind, Trigger, names_of
from api.models import Task
from api.platform.sessions import WriteSession
from api.webhooks import batch_statements as statements
from api.webhooks.resending import tell_courier

ROWS_A_BATCH = 500
EVENT_KINDS = (TaskKind.REPLAY, TaskKind.REPLAY_MISSING)
"""The kinds that go through a window of events; the others go through deliveries."""

_STATEMENTS: Mapping[TaskKind, TextClause] = {
    TaskKind.RECOVER: statements.RECOVER,
    TaskKind.REPLAY: statements.REPLAY,
    TaskKind.REPLAY_MISSING: statements.REPLAY_MISSING,
    TaskKind.DELETE: statements.DELETE,
}
_RESUME: Mapping[HeldMode, TextClause] = {
    HeldMode.SEND_ALL: statements.SEND_ALL,
    HeldMode.SEND_LATEST_PER_SUBJECT: statements.SEND_LATEST_PER_SUBJECT,
    HeldMode.DISCARD: statements.DISCARD,
}
_TRIGGERS: Mapping[TaskKind, Trigger] = {
    TaskKind.RECOVER: Trigger.RECOVER,
    TaskKind.REPLAY: Trigger.REPLAY,
    TaskKind.REPLAY_MISSING: Trigger.REPLAY,
}
_PRIORITY = PRIORITIES[Trigger.RECOVER]
"""After first attempts also what was only held: events of today do not wait for those of last week."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was looked at and changed, the place to go on after, and whether nothing is left."""

    examined: int
    changed: int
    after_at: datetime | None
    after_number: int
    is_last: bool


async def work_on_batch(session: WriteSession, task: Task, *, now: datetime) -> Batch:
    """Do the next batch of the locked task; what it makes due is due at `now`, in real time.

    The place to go on after is that of the last row seen, so doing a batch twice changes nothing the second time.
    """
    trigger = _TRIGGERS.get(task.kind, Trigger.SCHEDULE)
    values = {
        "workspace_id": session.workspace.id,
        "endpoint_id": task.endpoint_id,
        "after_number": task.after_number,
        "last_number": task.last_number,
        "now": now,
        "trigger": trigger.value,
        "priority": _PRIORITY,
        "limit": ROWS_A_BATCH,
        **_chosen(task),
    }
    done = (await session.execute(_statement(task), values)).one()
    if done.changed:
        await tell_courier(session)
    return Batch(
        examined=done.examined,
        changed=done.changed,
        after_at=done.after_at or task.after_at,
        after_number=done.after_number or task.after_number,
        is_last=done.seen < ROWS_A_BATCH,
    )


def _statement(task: Task) -> TextClause:
    if task.kind is TaskKind.RESUME:
        return _RESUME[task.held_mode or HeldMode.SEND_ALL]
    return _STATEMENTS[task.kind]


def _chosen(task: Task) -> Mapping[str, Any]:
    """What the caller chose, and each event type it asked for with the names by which endpoints ask for that."""
    types = _types(task.event_types)
    return {
        "since": task.since,
        "until": task.until,
        "after_at": task.after_at,
        "states": task.states,
        "types": types,
        "names": [" ".join(names_of(each)) for each in types],
    }


def _types(names: Sequence[str]) -> list[str]:
    """The event types that these stand for; all of them without any."""
    return [each for each in EVENT_TYPES if not names or not set(names).isdisjoint(names_of(each))]
