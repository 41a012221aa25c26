"""Which endpoints have something to send: an SQL condition, and as the owner, in which workspaces there are such."""

from collections.abc import Sequence

from sqlalchemy import text

from api.platform.db import Databases

WORKSPACES_A_LOOK = 10_000
"""Far more than wait at a time: those behind their limits stay due, and must not hide all others from the look."""


def due(priority: int, now: str) -> str:
    """SQL for what of an endpoint `e` is due at a priority, the longest waiting first; to be limited.

    The first entries of one index answer it, however many follow. `now` is how the moment is bound.
    """
    return f"""select d.id, d.event_id, d.event_number, d.event_type, d.subject_id, d.trigger, d.priority, d.attempts,
        d.tries, d.next_attempt_at, d.first_failure_at, d.told_failing_at, d.body
    from deliveries d
    where d.workspace_id = e.workspace_id and d.endpoint_id = e.id and d.state = 'pending' and d.priority = {priority}
      and d.next_attempt_at <= {now} and (d.lease_until is null or d.lease_until < {now})
    order by d.next_attempt_at"""


def first_due(now: str) -> str:
    """SQL for since when something of an active endpoint `e` is due, null if nothing is.

    Of one that is being left alone only what somebody asked for by hand is.
    """
    by_hand, *others = [f"(select next_attempt_at from ({due(priority, now)} limit 1) d)" for priority in (0, 1, 2)]
    return f"""case when e.blocked_until > {now} then {by_hand} else least({by_hand}, {", ".join(others)}) end"""


_WORKSPACES = text(f"""
select e.workspace_id from webhook_endpoints e cross join lateral (
    select {first_due("cast(:now as timestamptz)")} as since offset 0) first
where e.state = 'active' and first.since is not null
group by e.workspace_id order by min(first.since) limit :limit""")


async def workspaces_with_deliveries_due(databases: Databases) -> Sequence[int]:
    """The internal ids of workspaces in which an endpoint has something to be sent, the longest waiting first."""
    async with databases.open_system() as connection:
        found = await connection.execute(_WORKSPACES, {"now": databases.clock(), "limit": WORKSPACES_A_LOOK})
        return list(found.scalars())
