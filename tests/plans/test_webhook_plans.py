"""What lists, sends and clears deliveries touches few buffers, however much lies there: the bounds of all lists."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from api.platform.db import Databases, connect
from api.platform.ids import decode, new_id
from api.privacy.blanking import BLANKS, MOST_ROWS
from api.privacy.subject import Subject
from api.webhooks import claiming, due, putting_aside, retention
from api.webhooks.limits import NO_LIMIT
from tests.cast import START, Company
from tests.conftest import ROLE
from tests.plans.conftest import Sent
from tests.plans.plans import MODES, carry_out
from tests.plans.test_plans import MOST_BUFFERS, SMALL_TABLES, check_plans, check_two_pages

TAKES_ALL, DEAD, REFUSES, NEW, SILENT, BEHIND, PAUSED = (
    f"webhook_endpoint_0192f3a4002070008000{n:012x}" for n in range(1, 8)
)
SINCE, UNTIL = "since=2025-07-01T00:00:00Z", "until=2025-06-15T00:00:00Z"
"""The first leaves out the older half or so, the second the newer."""

DELIVERIES = [
    f"{endpoint}/deliveries?limit=50&{query}"
    for endpoint in (TAKES_ALL, DEAD, REFUSES, NEW, SILENT, BEHIND, PAUSED)
    for query in (
        *("", "order_by=created_at", SINCE, UNTIL),
        *(f"state={state}" for state in ("pending", "in_flight", "succeeded", "failed", "held", "canceled")),
        *(f"type={name}" for name in ("application.created", "act.recorded", "job.created")),
        *(f"http_status={status}" for status in ("2xx", "4xx", "5xx")),
    )
]
COMBINED = [
    f"{endpoint}/deliveries?limit=50&{query}&{window}{order}"
    for endpoint, queries in (
        (TAKES_ALL, ("state=succeeded", "state=pending", "type=act.recorded", "http_status=2xx")),
        (DEAD, ("state=pending", "state=in_flight", "state=failed", "type=application.created")),
        (REFUSES, ("state=failed", "http_status=5xx", "http_status=2xx")),
    )
    for query in queries
    for window in (SINCE, UNTIL, f"{SINCE}&until=2025-07-01T01:00:00Z")
    for order in ("", "&order_by=created_at")
]
TASKS = ["", *(f"&webhook_endpoint={endpoint}" for endpoint in (TAKES_ALL, DEAD, REFUSES, SILENT))]

NOTHING_TO_DO_BUFFERS = 100
"""What a look may touch that finds nothing."""


@pytest.fixture
async def changing(bulk_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the owner whose transaction is undone, for statements that change something."""
    connection = await connect(bulk_url, None)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


@pytest.fixture
async def claiming_role(bulk_url: str, acme: Company) -> AsyncIterator[asyncpg.Connection]:
    """The same as the service's role inside Acme's workspace, as a courier works."""
    connection = await connect(bulk_url, ROLE)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("select enter_workspace($1)", acme.workspace.id)
    yield connection
    await transaction.rollback()
    await connection.close()


@pytest.mark.parametrize("path", [*DELIVERIES, *COMBINED])
async def test_a_page_of_deliveries_touches_few_buffers(
    path: str, get: Callable[..., Any], sent: Sent, service: asyncpg.Connection
) -> None:
    await check_two_pages(f"/v1/webhook_endpoints/{path}", get, sent, service)


@pytest.mark.parametrize("query", TASKS)
async def test_a_page_of_tasks_touches_few_buffers(
    query: str, get: Callable[..., Any], sent: Sent, service: asyncpg.Connection
) -> None:
    await check_two_pages(f"/v1/tasks?limit=50{query}", get, sent, service)


async def test_a_page_of_endpoints_passes_by_those_that_are_deleted(
    get: Callable[..., Any], sent: Sent, service: asyncpg.Connection
) -> None:
    await get("/v1/webhook_endpoints?limit=50")  # which cannot be answered: the endpoints have no secrets to be opened
    await check_plans(sent, service)


@pytest.mark.parametrize("endpoint", [TAKES_ALL, REFUSES])
async def test_a_page_of_attempts_touches_few_buffers(
    endpoint: str, get: Callable[..., Any], sent: Sent, service: asyncpg.Connection
) -> None:
    first = "select id from deliveries where endpoint_id = $1 order by created_at limit 1"
    delivery: UUID = await service.fetchval(first, decode("webhook_endpoint", endpoint))
    path = f"/v1/webhook_endpoints/{endpoint}/deliveries/delivery_{delivery.hex}/attempts?limit=50"
    await check_two_pages(path, get, sent, service)


@pytest.mark.parametrize("later_tries_come_first", [False, True])
@pytest.mark.parametrize("endpoints", [[TAKES_ALL, NEW, SILENT], [DEAD], [BEHIND], [DEAD, BEHIND, NEW]])
async def test_a_claim_reads_what_it_takes_and_not_the_backlog(
    endpoints: Sequence[str], later_tries_come_first: bool, claiming_role: asyncpg.Connection, acme: Company
) -> None:
    ids = [decode("webhook_endpoint", each) for each in endpoints]
    limits = ([50] * len(ids), [50] * len(ids), [NO_LIMIT] * len(ids), [False] * len(ids))
    holds = [timedelta(seconds=60) if each == BEHIND else None for each in endpoints]
    values = [acme.workspace.id, START, ids, *limits, holds, START + timedelta(minutes=1), new_id()]
    values += [START - timedelta(seconds=1), START + timedelta(seconds=1), later_tries_come_first]
    await check(claiming_role, claiming._LOCK, [acme.workspace.id, START])
    # A row that is claimed is read, judged and written, with an entry in each index of what changes.
    await check(claiming_role, claiming._CLAIM, values, most=MOST_BUFFERS + 50 * 60 * len(ids))


async def test_looking_for_work_reads_one_entry_of_each_endpoint(
    bulk: tuple[Databases, Sent], sent: Sent, changing: asyncpg.Connection, acme: Company
) -> None:
    assert await due.workspaces_with_deliveries_due(bulk[0]) == [acme.workspace.id]
    assert len(await putting_aside._endpoints(bulk[0])) == 0
    looks = [(sql, values) for sql, values in sent if "webhook_endpoints" in sql]
    assert len(looks) == 2
    await check(changing, *looks[0], most=NOTHING_TO_DO_BUFFERS)
    # Of endpoints that are not sent to, the rows are read, but of those deleted long ago no delivery.
    await check(changing, *looks[1], most=2 * NOTHING_TO_DO_BUFFERS, small=SMALL_TABLES | {"webhook_endpoints"})


async def test_retention_that_finds_nothing_reads_one_entry_of_each_workspace(
    bulk: tuple[Databases, Sent], sent: Sent, changing: asyncpg.Connection
) -> None:
    expired = START - bulk[0].retention
    assert await retention._delete_attempts(bulk[0], expired) == 0
    assert await retention._delete_deliveries(bulk[0], START) == 0
    looks = [(sql, values) for sql, values in sent if "lateral" in sql]
    assert len(looks) == 2
    for sql, values in looks:
        await check(changing, sql, values, most=NOTHING_TO_DO_BUFFERS)


async def test_a_batch_of_retention_reads_what_it_takes(
    bulk: tuple[Databases, Sent], sent: Sent, changing: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_A_TURN", 20)
    values = {"limit": 20, "expired": START}
    async with bulk[0].owner.connect() as connection:
        for statement in (retention._FINISHED, retention._FULL, retention._OLDEST):
            more = {"first_kept": new_id(), "workspace_id": 1, "thinned": 50_000}
            wanted = {**values, **more}
            await connection.execute(statement, {name: wanted[name] for name in statement.compile().params})
        await connection.rollback()
    for sql, given in [each for each in sent if "limit" in each[0] and "pg_type" not in each[0]]:
        await check(changing, sql, given)


@pytest.mark.parametrize("application", [9, 60_000])
async def test_emptying_answers_to_events_about_somebody_reads_these(
    application: int, bulk: tuple[Databases, Sent], sent: Sent, claiming_role: asyncpg.Connection, acme: Company
) -> None:
    (answers,) = [each for each in BLANKS if each.table == "attempts"]
    nobody: dict[str, list[UUID]] = {each.name: [] for each in fields(Subject)}
    subject = nobody | {"applications": [UUID(f"0192f3a4000670008000{application:012x}")]}
    async with bulk[0].open_writing(acme.workspace, actor={}) as session:
        wanted = {"w": acme.workspace.id, "most": MOST_ROWS, **subject}
        statement = text(answers.statement())
        await session.execute(statement, {name: wanted[name] for name in statement.compile().params})
    for sql, values in [each for each in sent if "update attempts" in each[0]]:
        # Nobody has acted here, and an empty table is read as it is.
        await check(claiming_role, sql, values, small=SMALL_TABLES | {"acts"})


async def check(
    connection: asyncpg.Connection,
    sql: str,
    values: Sequence[Any],
    *,
    most: int = MOST_BUFFERS,
    small: frozenset[str] = SMALL_TABLES,
) -> None:
    """Carry out a statement under both kinds of plan."""
    for mode in MODES:
        carried = await carry_out(connection, mode, sql, values)
        assert not carried.scanned - small, f"{mode}: {sql}\n{carried.text}"
        assert carried.buffers <= most, f"{mode}: {sql}\n{carried.text}"
