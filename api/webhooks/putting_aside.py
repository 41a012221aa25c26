"""Putting aside what was recorded for endpoints that are not sent to: held for those that may be resumed.

Tests are dropped, as nobody waits for one any more. Whoever records an event does not ask how an endpoint stands, which
would make it wait for whoever sends.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from api.domain.webhooks import EndpointState
from api.platform.db import Databases

ENDPOINTS_A_LOOK = 100
DELIVERIES_A_TIME = 1_000

DELETED_FOR = timedelta(days=7)
"""How long deleted endpoints are looked at: after that nothing can be left of what was being sent to them."""

_ENDPOINTS = text("""
select e.workspace_id, e.id from webhook_endpoints e
where (e.state in ('paused', 'disabled') or (e.state = 'deleted' and e.updated_at > :deleted_after)) and (
    select true from deliveries d
    where d.workspace_id = e.workspace_id and d.endpoint_id = e.id and d.state = 'pending'
      and (d.lease_until is null or d.lease_until < :now)
    order by d.priority, d.next_attempt_at limit 1)
limit :limit""")

# Shared, so that whoever resumes the endpoint waits until all that was pending before is held.
_LOCK = "select state from webhook_endpoints where workspace_id = $1 and id = $2 for share"

_PUT_ASIDE = """
with stranded as (
    select d.id from deliveries d
    where d.workspace_id = $1 and d.endpoint_id = $2 and d.state = 'pending'
      and (d.lease_until is null or d.lease_until < $3)
    order by d.priority, d.next_attempt_at limit $6 for no key update skip locked)
update deliveries d
set state = case when d.event_id is null then 'canceled' else $4 end,
    finished_at = case when d.event_id is null then $3 else $5 end,
    next_attempt_at = null, lease_until = null, lease_token = null
where d.workspace_id = $1 and d.id = any(array(select s.id from stranded s))"""


async def put_aside(databases: Databases) -> int:
    """Hold what is pending for endpoints that are paused or disabled, and drop it for deleted ones; answers how many.

    1. As the owner: find such endpoints. 2. One transaction for some deliveries of each. What is being sent at this
    moment is left to its end.
    """
    return sum([await _put_aside(databases, *each) for each in await _endpoints(databases)])


async def _endpoints(databases: Databases) -> Sequence[tuple[int, UUID]]:
    async with databases.open_system() as connection:
        now = databases.clock()
        values = {"now": now, "deleted_after": now - DELETED_FOR, "limit": ENDPOINTS_A_LOOK}
        found = await connection.execute(_ENDPOINTS, values)
        return [(row.workspace_id, row.id) for row in found]


async def _put_aside(databases: Databases, workspace_id: int, endpoint_id: UUID) -> int:
    async with databases.open_hot_writing(workspace_id) as connection:
        state, now = await connection.fetchval(_LOCK, workspace_id, endpoint_id), databases.clock()
        if state == EndpointState.ACTIVE:
            return 0
        is_over = state == EndpointState.DELETED
        done = await connection.execute(
            _PUT_ASIDE,
            workspace_id,
            endpoint_id,
            now,
            "canceled" if is_over else "held",
            now if is_over else None,
            DELIVERIES_A_TIME,
        )
    return int(done.rpartition(" ")[2])
