"""What the briefing reads beside the lists. Every statement reads an index, whatever the workspace holds."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from api.applications.listing_queries import Statement
from api.briefing.schemas import COUNTED_AT_MOST, MOST_CHANGES, MOST_ROWS, BriefingQuery
from api.briefing.sections import Asked, Found
from api.domain.calendar import day_of
from api.domain.errors import NotFound
from api.jobs.membership import jobs_of_member
from api.platform.db import HotConnection

_WHO = """
    with recursive meant as (
        select o.id, o.merged_into_id, o.time_zone from people o where o.workspace_id = $1 and o.id = $2
        union all
        select p.id, p.merged_into_id, p.time_zone from people p join meant m on p.id = m.merged_into_id
        where p.workspace_id = $1
    )
    select w.clock_offset, m.id as person_id, m.time_zone, (
        select values ->> 'time_zone' from policies where workspace_id = $1 order by version desc limit 1
    ) as workspace_time_zone
    from workspaces w left join meant m on m.merged_into_id is null where w.id = $1"""

_CHANGES = f"""
    select wanted.id as application_id, c.* from unnest($2::uuid[]) as wanted (id) cross join lateral (
        (
            select 'support' as type, occurred_at, recorded_at, level, previous_level, championing,
                null as stage, null as outcome, id
            from support_changes where workspace_id = $1 and application_id = wanted.id and recorded_at >= $3
            order by recorded_at desc, id desc limit {MOST_CHANGES}
        )
        union all
        (
            select verb, occurred_at, recorded_at, null, null, null, stage, outcome, id
            from stage_changes where workspace_id = $1 and application_id = wanted.id and recorded_at >= $3
            order by recorded_at desc, id desc limit {MOST_CHANGES}
        )
        order by recorded_at desc, id desc limit {MOST_CHANGES}
    ) c"""

_NAMES = """
    select id, candidate_id, candidate_name, job_id, job_title from applications
    where workspace_id = $1 and id = any($2)"""


async def who(connection: HotConnection, query: BriefingQuery, *, workspace_id: int, clock: datetime) -> Asked:
    """Whose briefing is made, in the present of the workspace.

    Whoever was merged is the person they were merged into. Raises NotFound for nobody, AskedInTheFuture, SinceTooEarly.
    """
    row = await connection.fetchrow(_WHO, workspace_id, query.person)
    if row is None or (query.person is not None and row["person_id"] is None):
        raise NotFound("There is no such person.")
    now = clock + row["clock_offset"]
    zone = ZoneInfo(row["workspace_time_zone"])
    return Asked(
        workspace_id=workspace_id,
        person_id=row["person_id"],
        now=now,
        since=query.begin(now),
        today=day_of(now, zone),
        day_ends=_end_of_day(now, ZoneInfo(row["time_zone"]) if row["time_zone"] else zone),
    )


def _end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow: date = day_of(now, zone) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=zone).astimezone(now.tzinfo)


async def changes_of(
    connection: HotConnection, asked: Asked, application_ids: Collection[UUID]
) -> dict[UUID, list[asyncpg.Record]]:
    """What became known about these applications since, the latest first, by application."""
    changes: dict[UUID, list[asyncpg.Record]] = defaultdict(list)
    for row in await connection.fetch(_CHANGES, asked.workspace_id, list(application_ids), asked.since):
        changes[row["application_id"]].append(row)
    return changes


async def count_changed(connection: HotConnection, asked: Asked) -> int:
    """How many applications changed since: up to one page and `COUNTED_AT_MOST` more."""
    statement = Statement(asked.workspace_id)
    known = f"a.workspace_id = $1 and a.changed_at >= {statement.mark(asked.since)}"
    if asked.person_id is None:
        counted = f"from applications a where {known} order by a.changed_at desc"
    else:
        jobs = jobs_of_member(workspace="$1", person=statement.mark(asked.person_id), day=statement.mark(asked.today))
        counted = f"from {jobs} m join applications a on a.job_id = m.job_id where {known}"
    few = f"select 1 {counted} limit {MOST_ROWS + COUNTED_AT_MOST}"
    found: int = await connection.fetchval(f"select count(*) from ({few}) c", *statement.parameters)
    return found


async def names_of(
    connection: HotConnection, asked: Asked, application_ids: Collection[UUID]
) -> dict[UUID, asyncpg.Record]:
    """The candidates and jobs of these applications, by application."""
    rows = await connection.fetch(_NAMES, asked.workspace_id, list(application_ids))
    return {row["id"]: row for row in rows}


async def find_captures(connection: HotConnection, asked: Asked) -> Found:
    """The captures that need details; with a person, of their jobs or of an application that is not known yet."""
    statement = Statement(asked.workspace_id)
    conditions = "c.workspace_id = $1 and c.state = 'needs_details'"
    if asked.person_id is not None:
        jobs = jobs_of_member(workspace="$1", person=statement.mark(asked.person_id), day=statement.mark(asked.today))
        conditions += f" and (c.application_id is null or a.job_id = any(array{jobs}))"
    rows = await connection.fetch(
        "select c.id, c.source, c.application_id, c.needs, c.created_at, c.version from captures c"
        " left join applications a on a.workspace_id = $1 and a.id = c.application_id"
        f" where {conditions} order by c.created_at desc, c.id desc limit {MOST_ROWS + 1}",
        *statement.parameters,
    )
    rest = ["/v1/captures?state=needs_details"] if len(rows) > MOST_ROWS else []
    return Found(rows[:MOST_ROWS], rest)
