"""A pass of the worker over what falls due, with few and with a million open follow-ups in the workspace."""

import asyncio
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import asyncpg
import orjson

from api.domain.follow_up_documents import follow_up_type_document
from api.domain.follow_up_tables import FOLLOW_UPS
from api.platform.db import Databases, connect
from api.support.steps import recheck_due_applications
from tests.bench.baselines import ROLE
from tests.bench.figures import of_rounds, ratio
from tests.cast import Cast

DUE = 1_000
EACH = 10
MANY = 1_000_000
_RULE = orjson.dumps(follow_up_type_document(FOLLOW_UPS[0])).decode()

_OWED = """
insert into follow_ups (workspace_id, id, version, created_at, updated_at, application_id, is_assigned, audience, type,
    rule, place, trigger, trigger_id, triggered_at, noticed_at, due_on, due_at, overdue_at, escalated, is_next,
    standing, state, ended_by_outcome)
select $1, gen_random_uuid(), 1, now(), now(), a.id, true, '[]', 'widen_coverage', $2, 99, 'by_hand',
    gen_random_uuid(), now(), now(), current_date + 200 + n, now() + (200 + n) * interval '1 day',
    now() + (201 + n) * interval '1 day', false, false, 'scheduled', 'open', false
from unnest($3::uuid[]) as a (id), generate_series(1, $4::int) n
"""
# One of the follow-ups of each falls due now, as if time had brought it there.
_FALL_DUE = """
with chosen as (select distinct on (application_id) id from follow_ups
    where workspace_id = $1 and application_id = any($2) and type = 'widen_coverage' order by application_id, id)
update follow_ups f set due_at = now(), due_on = current_date, overdue_at = now() + interval '8 hours',
    standing = 'scheduled'
from chosen where f.workspace_id = $1 and f.id = chosen.id
"""
_CLOSE = "update follow_ups set state = 'completed', standing = 'none', rule = $2 where workspace_id = $1"
_OPEN = "select count(*) from follow_ups where workspace_id = $1 and state = 'open'"
_RECHECK = "update applications set recheck_at = now(), lease_until = null where workspace_id = $1 and id = any($2)"
_DUE_NOW = """
select count(*) from follow_ups where workspace_id = $1 and application_id = any($2) and standing <> 'scheduled'
    and type = 'widen_coverage'
"""


def measure(url: str, cast: Cast, *, rounds: int) -> dict[str, Any]:
    """Seconds of a pass over a thousand that fall due, among ten thousand open ones and then among a million."""
    return asyncio.run(_measure(url, cast.acme.workspace.id, rounds))


async def _measure(url: str, workspace: int, rounds: int) -> dict[str, Any]:
    owner = await connect(url, None)
    databases = Databases(url, ROLE, clock=lambda: datetime.now(UTC))
    rows = await owner.fetch("select id from applications where workspace_id = $1 order by id desc", workspace)
    falling, others = [row["id"] for row in rows[:DUE]], [row["id"] for row in rows[DUE:]]
    await owner.execute("set session_replication_role = replica")
    await owner.execute("update applications set recheck_at = null where workspace_id = $1", workspace)
    await owner.execute(_CLOSE, workspace, _RULE, timeout=600)
    await _owe(owner, workspace, falling, EACH)
    await _pass(owner, databases, workspace, falling)
    least = await owner.fetchval(_OPEN, workspace)
    few = [await _pass(owner, databases, workspace, falling) for _ in range(rounds)]
    each = -(-(MANY - DUE * EACH) // len(others))
    for start in range(0, len(others), 10_000):
        await _owe(owner, workspace, others[start : start + 10_000], each)
    await owner.execute("vacuum analyze follow_ups")
    await owner.execute("checkpoint")
    many = [await _pass(owner, databases, workspace, falling) for _ in range(rounds)]
    most = await owner.fetchval(_OPEN, workspace)
    await databases.close()
    await owner.close()
    taken = [{"few_s": before, "many_s": after} for before, after in zip(few, many, strict=True)]
    return {**of_rounds(taken), "times": ratio(many, few), "least": least, "most": most, "due": DUE, "rounds": taken}


async def _owe(owner: asyncpg.Connection, workspace: int, applications: list[Any], each: int) -> None:
    await owner.execute(_OWED, workspace, _RULE, applications, each, timeout=600)


async def _pass(owner: asyncpg.Connection, databases: Databases, workspace: int, falling: list[Any]) -> float:
    await owner.execute(_FALL_DUE, workspace, falling)
    await owner.execute(_RECHECK, workspace, falling)
    begun = perf_counter()
    while await recheck_due_applications(databases):
        pass
    took = perf_counter() - begun
    assert await owner.fetchval(_DUE_NOW, workspace, falling) == DUE
    return took
