"""What the service is compared with: `python -m tests.bench.baselines limit|idiomatic|insert PORT URL WORKSPACE`.

The first two answer the same page from the same rows in a transaction of the same workspace; the third stores the bytes
of a request. None authenticates, limits, logs or checks anything.
"""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from api.applications.listing_filters import NEWEST_FIRST, ORDERS
from api.applications.listing_schemas import ApplicationList, ListedApplication
from api.applications.schemas import NamedCandidate, NamedJob
from api.models import Advocate, Application, Candidate, Job, Person
from api.owed.schemas import NextFollowUp
from api.platform.db import connect
from api.support.schemas import AnnouncedSupport, NamedAdvocate

ROLE = "championed_service"
ORDER = ORDERS.parse(NEWEST_FIRST)

_COLUMNS = (
    "id, candidate_id, candidate_name, job_id, job_title, stage, stage_label, stage_entered_at, state, on_hold_until,"
    " outcome, origin, next_step_at, next_step_kind, last_act_at, level, confidence, documented_level, championing,"
    " since, advocate_id, advocate_name, advocacy_id, next_change_at, derived_at, policy_version, waiting,"
    " waiting_since, waiting_changes_at, follow_up_state, next_follow_up_id, next_follow_up_type,"
    " next_follow_up_owner_id, next_follow_up_due_at, exposed, merged_into_id, created_at, updated_at, version"
)
_FIRST = f"select {_COLUMNS} from applications where workspace_id = $1 order by created_at desc, id desc limit"
_NEXT = _FIRST.replace(" order by", " and (created_at, id) < ($2, $3) order by")


def limit(url: str, workspace: int) -> FastAPI:
    """One bare route on the bare driver: the least that answers with these bytes."""
    pool: asyncpg.Pool | None = None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nonlocal pool
        kept: Callable[..., Awaitable[None]] = _keep
        async with asyncpg.create_pool(
            min_size=0, max_size=10, reset=kept, connect=lambda *_, **options: connect(url, ROLE, **options)
        ) as pool:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/v1/applications")
    async def page(limit: int = 50, cursor: str | None = None) -> Response:
        assert pool is not None
        position = ORDER.position(cursor, {})
        sql = _FIRST if position is None else _NEXT
        async with pool.acquire() as connection:
            await connection.execute(f"begin read only; select enter_workspace({workspace})")
            rows = await connection.fetch(f"{sql} {limit + 1}", workspace, *(position or ()))
            await connection.execute("commit")
        return Response(orjson.dumps(_listing(rows, limit), option=orjson.OPT_UTC_Z), media_type="application/json")

    return app


async def _keep(_: asyncpg.Connection) -> None:
    """Nothing to reset."""


def _listing(rows: list[asyncpg.Record], limit: int) -> dict[str, Any]:
    shown, has_more = rows[:limit], len(rows) > limit
    cursor = ORDER.cursor((shown[-1]["created_at"], shown[-1]["id"]), {}) if has_more else None
    return {"object": "list", "data": [_row(*row) for row in shown], "has_more": has_more, "next_cursor": cursor}


def _row(  # one parameter for each column: a look-up by name would cost more
    row_id: Any, candidate: Any, candidate_name: Any, job: Any, job_title: Any, stage: Any, label: Any, entered: Any,
    state: Any, until: Any, outcome: Any, origin: Any, step_at: Any, step_kind: Any, act_at: Any, level: Any, sure: Any,
    documented: Any, championing: Any, since: Any, advocate: Any, advocate_name: Any, advocacy: Any, change_at: Any,
    derived_at: Any, policy: Any, waiting: Any, waiting_since: Any, waits_on: Any, owed: Any, owed_id: Any,
    owed_type: Any, owed_by: Any, owed_at: Any, exposed: Any, merged: Any, created_at: Any, updated_at: Any,
    version: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": f"application_{row_id.hex}",
        "object": "application",
        "candidate": {"id": f"candidate_{candidate.hex}", "name": candidate_name},
        "job": {"id": f"job_{job.hex}", "title": job_title},
        "stage": stage,
        "stage_label": label,
        "stage_entered_at": entered,
        "state": state,
        "on_hold_until": until,
        "outcome": outcome,
        "origin": origin,
        "next_step_at": step_at,
        "next_step_kind": step_kind,
        "last_act_at": act_at,
        "support": {
            "level": level,
            "confidence": sure,
            "documented_level": documented,
            "championing": championing,
            "since": since,
            "advocate": advocate and {"id": f"advocate_{advocate.hex}", "name": advocate_name},
            "advocacy_id": advocacy and f"advocacy_{advocacy.hex}",
            "next_change_at": change_at,
            "derived_at": derived_at,
            "policy_version": policy,
        },
        "waiting": waiting,
        "waiting_since": waiting_since,
        "waiting_changes_at": waits_on,
        "follow_up_state": owed,
        "next_follow_up": owed_id
        and {
            "id": f"follow_up_{owed_id.hex}",
            "type": owed_type,
            "owner_id": owed_by and f"person_{owed_by.hex}",
            "due_at": owed_at,
        },
        "exposed": exposed,
        "merged_into": merged and f"application_{merged.hex}",
        "created_at": created_at,
        "updated_at": updated_at,
        "version": version,
    }


def idiomatic(url: str, workspace: int) -> FastAPI:
    """The same as FastAPI and SQLModel are usually written: one query with joins, objects, a response model."""
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: connect(url, ROLE), pool_size=10)
    app = FastAPI()

    @app.get("/v1/applications", response_model=ApplicationList)
    async def page(limit: int = 50, cursor: str | None = None) -> ApplicationList:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            await session.execute(text("select enter_workspace(:workspace)"), {"workspace": workspace})
            rows = list((await session.exec(_statement(workspace, limit, ORDER.position(cursor, {})))).all())
        shown, has_more = rows[:limit], len(rows) > limit
        last = shown[-1][0]
        return ApplicationList(
            data=[_model(*row) for row in shown],
            has_more=has_more,
            next_cursor=ORDER.cursor((last.created_at, last.id), {}) if has_more else None,
        )

    return app


def _statement(workspace: int, limit: int, position: Any) -> Any:
    advocate = aliased(Person)
    statement = (
        select(Application, Person, Job, advocate)
        .where(Application.workspace_id == workspace)
        .join(Candidate, _same(Candidate, workspace, Application.candidate_id))
        .join(Person, _same(Person, workspace, Candidate.person_id))
        .join(Job, _same(Job, workspace, Application.job_id))
        .join(Advocate, _same(Advocate, workspace, Application.advocate_id), isouter=True)
        .join(advocate, _same(advocate, workspace, Advocate.person_id), isouter=True)
        .order_by(col(Application.created_at).desc(), col(Application.id).desc())
        .limit(limit + 1)
    )
    columns = {"created_at": col(Application.created_at), "id": col(Application.id)}
    return statement if position is None else statement.where(ORDER.after(position, columns))


def _same(table: Any, workspace: int, key: Any) -> Any:
    return (table.workspace_id == workspace) & (table.id == key)


def _model(row: Application, person: Person, job: Job, advocate: Person | None) -> ListedApplication:
    support = AnnouncedSupport(
        level=row.level,
        confidence=row.confidence,
        documented_level=row.documented_level,
        championing=row.championing,
        since=row.since,
        advocate=advocate and NamedAdvocate(id=row.advocate_id, name=advocate.name),
        advocacy_id=row.advocacy_id,
        next_change_at=row.next_change_at,
        derived_at=row.derived_at,
        policy_version=row.policy_version,
    )
    following = None
    if row.next_follow_up_id is not None:
        owed = ("id", "type", "owner_id", "due_at")
        following = NextFollowUp(**{name: getattr(row, f"next_follow_up_{name}") for name in owed})
    derived = {"merged_into", "object", "candidate", "job", "support", "next_follow_up"}
    plain = ListedApplication.model_fields.keys() - derived
    return ListedApplication(
        candidate=NamedCandidate(id=row.candidate_id, name=person.name),
        job=NamedJob(id=job.id, title=job.title),
        support=support,
        next_follow_up=following,
        merged_into=row.merged_into_id,
        **{name: getattr(row, name) for name in plain},
    )


def insert(url: str, _: int) -> FastAPI:
    """One bare route that stores what it is sent, by one statement on the bare driver."""
    pool: asyncpg.Pool | None = None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        nonlocal pool
        async with asyncpg.create_pool(url, min_size=0, max_size=10) as pool:
            await pool.execute("create table if not exists bench_bytes (id uuid primary key, body bytea not null)")
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/v1/applications")
    async def ready() -> Response:
        return Response()

    @app.post("/in")
    async def take(request: Request) -> Response:
        assert pool is not None
        await pool.execute("insert into bench_bytes values ($1, $2)", uuid7(), await request.body())
        return Response(b'{"object":"inbound_receipt"}', media_type="application/json")

    return app


if __name__ == "__main__":
    kind, port, database, of = sys.argv[1:]
    app = {"limit": limit, "idiomatic": idiomatic, "insert": insert}[kind](database, int(of))
    uvicorn.run(app, port=int(port), log_level="warning", access_log=False, server_header=False)
