"""The rows that calls leave behind: a record of each attempt, and how its delivery stands after it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import orjson

from api.platform.db import HotConnection
from api.webhooks.outcomes import Outcome
from api.webhooks.sent_headers import concealed

Connection: TypeAlias = "asyncpg.Connection | HotConnection"

_COLUMNS: Mapping[str, str] = {
    "delivery_id": "uuid",
    "token": "uuid",
    "state": "text",
    "tries": "int",
    "priority": "smallint",
    "next_attempt_at": "timestamptz",
    "ended_at": "timestamptz",
    "is_told": "bool",
    "id": "uuid",
    "number": "int",
    "trigger": "text",
    "url": "text",
    "request_headers": "text",
    "body_sha256": "bytea",
    "started_at": "timestamptz",
    "duration_ms": "int",
    "resolved_ip": "text",
    "http_status": "int",
    "response_headers": "text",
    "response_body": "text",
    "is_truncated": "bool",
    "error_code": "text",
    "error_detail": "text",
}

# That ids are also looked up as an array gives every plan the whole key of the index to go by. The last part does for
# a healthy endpoint what is done for the others row by row: a success forgets all failures.
_WRITE = f"""
with ended as materialized (
    select * from unnest({", ".join(f"${place}::{kind}[]" for place, kind in enumerate(_COLUMNS.values(), start=3))})
        u ({", ".join(_COLUMNS)})
), settled as (
    update deliveries d set state = u.state, attempts = u.number, tries = u.tries,
        trigger = case when d.trigger = 'manual' and u.state = 'pending' then 'schedule' else d.trigger end,
        priority = coalesce(u.priority, d.priority), next_attempt_at = u.next_attempt_at, lease_until = null,
        lease_token = null, last_attempt_at = u.started_at, last_http_status = u.http_status,
        last_error_code = u.error_code, status_class = u.http_status / 100,
        first_failure_at = coalesce(d.first_failure_at, case when u.error_code is not null then u.ended_at end),
        told_failing_at = case when u.error_code is null then null when u.is_told then u.ended_at
            else d.told_failing_at end,
        finished_at = case when u.state not in ('pending', 'held') then u.ended_at end
    from ended u
    where d.workspace_id = $1 and d.id = any($3) and d.id = u.delivery_id and d.lease_token = u.token
    returning d.id, d.endpoint_id, u.ended_at
), logged as (
    insert into attempts (workspace_id, id, delivery_id, number, trigger, url, request_headers, body_sha256,
        started_at, duration_ms, resolved_ip, http_status, response_headers, response_body, is_truncated, error_code,
        error_detail, next_attempt_at)
    select $1, u.id, u.delivery_id, u.number, u.trigger, u.url, u.request_headers::jsonb, u.body_sha256,
        u.started_at, u.duration_ms, u.resolved_ip, u.http_status, u.response_headers::jsonb, u.response_body,
        u.is_truncated, u.error_code, u.error_detail, u.next_attempt_at
    from ended u
    on conflict (workspace_id, id) do nothing
), healed as (
    update webhook_endpoints e set consecutive_failures = 0, first_failure_at = null, warned_at = null,
        blocked_until = null, breaker_seconds = null, last_success_at = s.ended_at
    from (select endpoint_id, max(ended_at) as ended_at from settled where endpoint_id = any($2) group by 1) s
    where e.workspace_id = $1 and e.id = any($2) and e.id = s.endpoint_id
      and (e.consecutive_failures > 0 or e.breaker_seconds is not null or e.last_success_at is null
        or e.last_success_at < s.ended_at - interval '1 minute')
)
select id from settled"""

# One that was tried before goes by its own schedule.
_LET_NEXT_GO = """
update deliveries d set next_attempt_at = $2
where d.workspace_id = $1 and d.tries = 0 and d.next_attempt_at > $2 and d.id = any(array(
    select following.id from unnest($3::uuid[], $4::uuid[], $5::bigint[]) u (endpoint_id, subject_id, event_number)
    cross join lateral (
        select w.id from deliveries w
        where w.workspace_id = $1 and w.endpoint_id = u.endpoint_id and w.subject_id = u.subject_id
          and w.event_number > u.event_number and w.state in ('pending', 'held') and w.state = 'pending'
        order by w.event_number limit 1) following))"""


async def write(
    connection: Connection, workspace_id: int, outcomes: Sequence[Outcome], *, heal: Collection[UUID]
) -> Collection[UUID]:
    """Record the attempts and change their deliveries; answers the ids of those still held by this worker.

    A success of one of the endpoints in `heal` makes that endpoint healthy.
    """
    rows = [_row(each) for each in outcomes]
    columns = ([row[name] for row in rows] for name in _COLUMNS)
    settled = await connection.fetch(_WRITE, workspace_id, list(heal), *columns)
    return {row["id"] for row in settled}


async def let_next_go(connection: Connection, workspace_id: int, outcomes: Sequence[Outcome]) -> bool:
    """Let what waited for deliveries that are finished now be sent at once; answers whether there was anything.

    The endpoints must be locked, so that nobody finds that it has to wait while it is let go.
    """
    over = [each for each in outcomes if each.delivery.receiver.is_ordered and each.is_over]
    if not over:
        return False
    names = ("endpoint_id", "subject_id", "event_number")
    places = {
        "endpoint_id": [each.delivery.receiver.id for each in over],
        "subject_id": [each.delivery.subject_id for each in over],
        "event_number": [each.delivery.event_number for each in over],
    }
    now = max(each.ended_at for each in over)
    told = await connection.execute(_LET_NEXT_GO, workspace_id, now, *(places[name] for name in names))
    return told != "UPDATE 0"


def _row(outcome: Outcome) -> Mapping[str, Any]:
    delivery, answer, secrets = outcome.delivery, outcome.answer, outcome.prepared.secrets
    said = answer.response_headers
    return {
        "delivery_id": delivery.id,
        "token": delivery.token,
        "state": outcome.state,
        "tries": outcome.tries,
        "priority": outcome.priority,
        "next_attempt_at": outcome.next_attempt_at,
        "ended_at": outcome.ended_at,
        "is_told": outcome.told is not None,
        "id": outcome.attempt_id,
        "number": delivery.attempts + 1,
        "trigger": delivery.trigger,
        "url": outcome.prepared.call.url,
        "request_headers": _json(outcome.prepared.logged_headers),
        "body_sha256": outcome.prepared.body_sha256,
        "started_at": outcome.started_at,
        "duration_ms": answer.duration_ms,
        "resolved_ip": answer.resolved_ip,
        "http_status": answer.http_status,
        "response_headers": None if said is None else _json({name: concealed(said[name], secrets) for name in said}),
        "response_body": answer.response_body and concealed(answer.response_body, secrets),
        "is_truncated": answer.is_truncated,
        "error_code": answer.error_code,
        "error_detail": answer.error_detail,
    }


def _json(headers: Mapping[str, str]) -> str:
    return orjson.dumps(dict(headers)).decode()
