"""Claiming deliveries: some of each endpoint of a workspace that has any due, within its limits, marked with a lease.

Per endpoint, so that the backlog of one that is dead or limited is in nobody's way. The lock on an endpoint's row makes
its limits hold for all workers together; who finds it locked leaves that endpoint to the other. All times are real.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson

from api.domain.webhooks import Ordering, Payload, PayloadFormat, Trigger
from api.platform.claims import LEASE
from api.platform.db import Databases, HotConnection
from api.platform.ids import new_id
from api.platform.sessions import WorkspaceRef
from api.webhooks.claimed import Claim, Claimed, Receiver
from api.webhooks.due import due, first_due
from api.webhooks.limits import RATE_WINDOW, Again, Allowance, Row, allowance, shared
from api.webhooks.secrets import Entry

_NO_TURNS: Mapping[UUID, int] = {}
MOST_CLAIMED = 50
"""How many are claimed at once: fewer than a worker has places, so that some are claimed while others are sent."""
LATER_TRIES_TURN = 7
"""One second in so many later tries come first: who never catches up must not keep them waiting for ever."""
BUSY_FOR = timedelta(milliseconds=20)
"""When to look again at an endpoint that another worker has locked."""

_LOCK = f"""
with due as materialized (
    select e.id from webhook_endpoints e
    where e.workspace_id = $1 and e.state = 'active' and {first_due("$2")} is not null
), locked as materialized (
    select e.id, e.url, e.payload, e.ordering, e.ordering_hold_seconds, e.headers, e.secrets, e.rate_limit,
        e.max_in_flight, e.blocked_until, e.breaker_seconds, e.taken_at, e.taken, e.payload_format
    from webhook_endpoints e join due on due.id = e.id
    where e.workspace_id = $1 and e.state = 'active' for no key update of e skip locked)
select w.public_id, w.is_sandbox, locked.*
from due left join locked on locked.id = due.id join workspaces w on w.id = $1"""

_RECENT = "unnest(e.taken_at, e.taken) r (at, taken) where r.at > $11 and r.at <= $12 order by r.at"

# A statement of its own: only after the lock was granted does everything show that its former holder has leased.
_CLAIM = f"""
with room as materialized (
    select $1::int as workspace_id, u.endpoint_id as id, u.hold,
        greatest(0, least(u.share, u.at_once - l.leased)) as room,
        greatest(0, case when u.is_probe then least(u.paced, 1 - l.leased) else u.paced end) as paced
    from unnest($3::uuid[], $4::int[], $5::int[], $6::int[], $7::bool[], $8::interval[])
        u (endpoint_id, share, at_once, paced, is_probe, hold)
    cross join lateral (
        select count(*)::int as leased from deliveries l where l.workspace_id = $1 and l.endpoint_id = u.endpoint_id
        and l.state = 'pending' and l.lease_until >= $2) l
), candidates as materialized (
    select e.id as endpoint_id, e.room, e.hold, c.* from room e cross join lateral (
        select * from (
            select * from ({due(0, "$2")} limit e.room for no key update skip locked) by_hand
            union all
            select * from (
                select * from (
                    {due(2, "$2")} limit case when $13 then e.paced else 0 end for no key update skip locked) in_turn
                union all
                select * from ({due(1, "$2")} limit e.paced for no key update skip locked) first_tries
                union all
                select * from (
                    {due(2, "$2")} limit case when $13 then 0 else e.paced end for no key update skip locked) late
                limit e.paced) paced
        ) in_order limit e.room) c
), judged as materialized (
    select c.*, case when c.hold is not null and c.subject_id is not null then (
        select coalesce(o.first_failure_at + c.hold, $2 + least(c.hold, interval '1 minute')) from deliveries o
        where o.workspace_id = $1 and o.endpoint_id = c.endpoint_id and o.subject_id = c.subject_id
          and o.event_number < c.event_number and o.state in ('pending', 'held')
          and (o.first_failure_at is null or o.first_failure_at + c.hold > $2)
        order by o.event_number desc limit 1) end as blocked_until
    from candidates c
), leased as (
    update deliveries d set lease_until = $9, lease_token = $10
    where d.workspace_id = $1 and d.id = any(array(select j.id from judged j where j.blocked_until is null))
), counted as (
    update webhook_endpoints e set
        taken_at = array_append(array(select r.at from {_RECENT}), $2),
        taken = array_append(array(select r.taken from {_RECENT}), t.taken)
    from (select j.endpoint_id, count(*)::int as taken from judged j
        where j.blocked_until is null and j.priority > 0 group by j.endpoint_id) t
    where e.workspace_id = $1 and e.id = t.endpoint_id and e.rate_limit is not null
)
select j.*, coalesce(j.body,
    (select v.body from events v where v.workspace_id = $1 and v.id = j.event_id)) as sent_body
from judged j
order by j.endpoint_id, j.priority, j.event_number"""

# A claim that a crash of the server forgot is only made again; but where order counts, a call that is still under way
# must not be overtaken.
_LASTING = "set local synchronous_commit = on"

# What is behind a delivery that has to wait has to wait as well.
_PARK = """
with parked as materialized (
    select f.id, b.blocked_until from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[])
        b (endpoint_id, subject_id, event_number, blocked_until)
    cross join lateral (
        select w.id from deliveries w
        where w.workspace_id = $1 and w.endpoint_id = b.endpoint_id and w.subject_id = b.subject_id
          and w.event_number >= b.event_number and w.state in ('pending', 'held') and w.state = 'pending'
          and (w.lease_until is null or w.lease_until < $6) and w.next_attempt_at < b.blocked_until
        order by w.event_number limit 500 for no key update skip locked) f)
update deliveries d set next_attempt_at = (select p.blocked_until from parked p where p.id = d.id)
where d.workspace_id = $1 and d.id = any(array(select p.id from parked p))"""


async def claim(
    databases: Databases,
    workspace_id: int,
    *,
    free: int,
    most: int = MOST_CLAIMED,
    in_flight: Mapping[UUID, int],
    turns: Mapping[UUID, int] = _NO_TURNS,
) -> Claim:
    """Lease what is due in a workspace, at most `most` deliveries; what order or limits hold back stays.

    `in_flight` counts what this worker sends to endpoints now, and `free` is how many more it can: no endpoint is given
    more than leaves as many places for others. `turns` are greater the later it began to send to an endpoint last.
    """
    async with databases.open_hot_writing(workspace_id, may_be_lost=True) as connection:
        now = databases.clock()
        found = await connection.fetch(_LOCK, workspace_id, now)
        locked = sorted((row for row in found if row["id"] is not None), key=lambda row: turns.get(row["id"], 0))
        allowed = shared([allowance(row, now) for row in locked], in_flight, free=free, most=most)
        if any(each.hold for each in allowed):
            await connection.execute(_LASTING)
        rows = await _lease(connection, workspace_id, allowed, now) if allowed else []
    return _claim(rows, allowed, workspace_id, busy_until=now + BUSY_FOR if len(locked) < len(found) else None)


async def _lease(
    connection: HotConnection, workspace_id: int, allowed: Sequence[Allowance], now: datetime
) -> Sequence[Row]:
    """The rows that may be sent, marked with a lease, and those found that must wait."""
    token, lease_until = new_id(), now + LEASE
    rows = await connection.fetch(
        _CLAIM,
        workspace_id,
        now,
        [each.endpoint["id"] for each in allowed],
        [each.share for each in allowed],
        [each.endpoint["max_in_flight"] for each in allowed],
        [each.paced for each in allowed],
        [each.is_probe for each in allowed],
        [each.hold for each in allowed],
        lease_until,
        token,
        now - RATE_WINDOW,
        now + RATE_WINDOW,
        int(now.timestamp()) % LATER_TRIES_TURN == 0,
    )
    if waiting := [row for row in rows if row["blocked_until"] is not None]:
        await _park(connection, workspace_id, waiting, now)
    return [{**row, "token": token, "lease_until": lease_until} for row in rows]


async def _park(connection: HotConnection, workspace_id: int, waiting: Iterable[Row], now: datetime) -> None:
    """Leave those that must wait alone until that can have changed."""
    first: dict[tuple[UUID, UUID], Row] = {}
    for row in sorted(waiting, key=itemgetter("event_number")):
        first.setdefault((row["endpoint_id"], row["subject_id"]), row)
    names = ("endpoint_id", "subject_id", "event_number", "blocked_until")
    await connection.execute(_PARK, workspace_id, *([row[name] for row in first.values()] for name in names), now)


def _claim(
    rows: Sequence[Row], allowed: Sequence[Allowance], workspace_id: int, *, busy_until: datetime | None
) -> Claim:
    found = {endpoint_id: list(some) for endpoint_id, some in groupby(rows, key=itemgetter("endpoint_id"))}
    outlooks = [(each, each.again(found.get(each.endpoint["id"], ()))) for each in allowed]
    windows = [each.window_ends_at for each, again in outlooks if again is Again.NEXT_WINDOW]
    moments = [*windows, *([busy_until] if busy_until else [])]
    return Claim(
        [each for allowance in allowed for each in _claimed(allowance.endpoint, found, workspace_id)],
        is_more=any(again is Again.NOW for _, again in outlooks),
        is_full=any(again is Again.WHEN_SETTLED for _, again in outlooks),
        again_at=min(moments, default=None),
    )


def _claimed(endpoint: Row, found: Mapping[UUID, Sequence[Row]], workspace_id: int) -> Iterable[Claimed]:
    receiver = Receiver(
        workspace=WorkspaceRef(workspace_id, endpoint["public_id"], endpoint["is_sandbox"]),
        id=endpoint["id"],
        url=endpoint["url"],
        payload=Payload(endpoint["payload"]),
        payload_format=PayloadFormat(endpoint["payload_format"]),
        is_ordered=endpoint["ordering"] == Ordering.PER_SUBJECT,
        headers=endpoint["headers"],
        secrets=_entries(endpoint["secrets"]),
    )
    for row in found.get(receiver.id, ()):
        if row["blocked_until"] is None:
            yield _delivery(receiver, row)


def _delivery(receiver: Receiver, row: Row) -> Claimed:
    copied: dict[str, Any] = {name: row[name] for name in _COPIED}
    return Claimed(receiver=receiver, trigger=Trigger(row["trigger"]), body=row["sent_body"], **copied)


_COPIED = (
    "id",
    "token",
    "lease_until",
    "event_id",
    "event_number",
    "event_type",
    "subject_id",
    "attempts",
    "tries",
    "first_failure_at",
    "told_failing_at",
)


@lru_cache(maxsize=4_096)
def _entries(secrets: str) -> Sequence[Entry]:
    entries: Sequence[Entry] = orjson.loads(secrets)
    return entries
