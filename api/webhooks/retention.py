"""The background step that lets go of what has been kept long enough: attempts, payloads of events, old deliveries.

All by real time and as the owner, since requests may delete nothing. Ids begin with the time at which they were made,
so the oldest row of a workspace is the first of its primary key: a look that finds nothing reads one entry of an index
for each workspace.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.platform.db import Databases
from api.platform.ids import first_id
from api.platform.thin import thin

DELIVERIES_KEPT_FOR = timedelta(days=365)
"""How long a delivery is kept after it was finished."""

ROWS_A_TURN = 1_000
EVENTS_A_TURN = 200
WORKSPACES_A_TURN = 20

# Its own moment is asked for beside the id: a machine whose clock was wrong must not cost anything before its time.
_ATTEMPTS = text("""
with expired as (
    select a.workspace_id, a.id from workspaces w cross join lateral (
        select workspace_id, id from attempts
        where workspace_id = w.id and id < :first_kept and started_at < :expired
        order by id limit :limit for update skip locked) a
    limit :limit)
delete from attempts t using expired where t.workspace_id = expired.workspace_id and t.id = expired.id""")

_FINISHED = text("""
select d.workspace_id, d.id from workspaces w cross join lateral (
    select workspace_id, id from deliveries where workspace_id = w.id and finished_at < :expired
    order by finished_at limit :limit for update skip locked) d
limit :limit""")

_ATTEMPTS_OF = text("""
delete from attempts t using unnest(cast(:workspaces as int[]), cast(:ids as uuid[])) gone (workspace_id, id)
where t.workspace_id = gone.workspace_id and t.delivery_id = gone.id""")

_DELIVERIES = text("""
delete from deliveries d using unnest(cast(:workspaces as int[]), cast(:ids as uuid[])) gone (workspace_id, id)
where d.workspace_id = gone.workspace_id and d.id = gone.id""")

_FULL = text("""
select c.workspace_id, c.thinned, cast(:expired as timestamptz) + w.clock_offset as expired
from event_counters c join workspaces w on w.id = c.workspace_id cross join lateral (
    select e.id, e.recorded_at from events e
    where e.workspace_id = c.workspace_id and e.number = c.thinned + 1) oldest
where oldest.id < :first_kept and oldest.recorded_at < cast(:expired as timestamptz) + w.clock_offset
limit :limit""")

# What an erasure holds at this moment is passed by, and with it all that follows, until the next turn.
_OLDEST = text("""
select e.id, e.number, e.recorded_at, e.body from events e
where e.workspace_id = :workspace_id and e.number > :thinned
order by e.number limit :limit for no key update skip locked""")

_REWRITE = text("""
update events e set body = thin.body from unnest(cast(:ids as uuid[]), cast(:bodies as bytea[])) thin (id, body)
where e.workspace_id = :workspace_id and e.id = thin.id""")

_REMEMBER = text("update event_counters set thinned = greatest(thinned, :thinned) where workspace_id = :workspace_id")


async def let_go_of_what_is_old(databases: Databases) -> int:
    """Delete old attempts and deliveries and thin old events, some of each; answers how many rows.

    Attempts, and payloads of events, are kept for as long as the service is told to; a delivery for a year after it was
    finished. Each batch is a transaction of its own. What another worker, or an erasure, works on is passed by.
    """
    now = databases.clock()
    expired = now - databases.retention
    deleted = await _delete_attempts(databases, expired) + await _delete_deliveries(databases, now)
    return deleted + await _thin_events(databases, expired)


async def _delete_attempts(databases: Databases, expired: datetime) -> int:
    values = {"first_kept": first_id(expired), "expired": expired, "limit": ROWS_A_TURN}
    async with databases.open_system() as connection:
        return (await connection.execute(_ATTEMPTS, values)).rowcount


async def _delete_deliveries(databases: Databases, now: datetime) -> int:
    values = {"expired": now - DELIVERIES_KEPT_FOR, "limit": ROWS_A_TURN}
    async with databases.open_system() as connection:
        found = (await connection.execute(_FINISHED, values)).all()
        if found:
            gone = {"workspaces": [row.workspace_id for row in found], "ids": [row.id for row in found]}
            await connection.execute(_ATTEMPTS_OF, gone)
            await connection.execute(_DELIVERIES, gone)
    return len(found)


async def _thin_events(databases: Databases, expired: datetime) -> int:
    first_kept = first_id(expired)
    values = {"first_kept": first_kept, "expired": expired, "limit": WORKSPACES_A_TURN}
    async with databases.open_system() as connection:
        workspaces = (await connection.execute(_FULL, values)).all()
    return sum([await _thin_oldest(databases, each, first_kept) for each in workspaces])


async def _thin_oldest(databases: Databases, workspace: Row[Any], first_kept: UUID) -> int:
    """Thin the next events of a workspace, up to the first that is to keep its payload; answers how many."""
    values = {"workspace_id": workspace.workspace_id, "thinned": workspace.thinned, "limit": EVENTS_A_TURN}
    async with databases.open_system() as connection:
        following = (await connection.execute(_OLDEST, values)).all()
        old = following[: _number_of_old(following, workspace, first_kept)]
        if old:
            await _rewrite(connection, workspace.workspace_id, old)
    return len(old)


def _number_of_old(events: Sequence[Row[Any]], workspace: Row[Any], first_kept: UUID) -> int:
    """How many events there are before the first that is not old, or whose number does not follow."""
    for place, event in enumerate(events):
        follows = event.number == workspace.thinned + 1 + place
        if not (follows and event.id < first_kept and event.recorded_at < workspace.expired):
            return place
    return len(events)


async def _rewrite(connection: AsyncConnection, workspace_id: int, rows: Sequence[Row[Any]]) -> None:
    """The counter comes last, so that whoever writes waits for it no longer than one statement takes."""
    changed = [(row.id, body) for row in rows if (body := thin(row.body)) != row.body]
    if changed:
        ids, bodies = zip(*changed, strict=True)
        await connection.execute(_REWRITE, {"workspace_id": workspace_id, "ids": ids, "bodies": bodies})
    await connection.execute(_REMEMBER, {"workspace_id": workspace_id, "thinned": rows[-1].number})
