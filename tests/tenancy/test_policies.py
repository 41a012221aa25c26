"""Row-level security: the net below every statement, and how the suite notices a hole in it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.platform.db import Databases, connect
from api.platform.migrations import migrate
from tests.api.world import make_world
from tests.cast import Company
from tests.conftest import ROLE, ClientFor, Work
from tests.tenancy.tables import GLOBAL, faults, owned_tables
from tests.webhooks.stored import store

ALL = [table.name for table in owned_tables()]


@pytest.fixture
async def filled(client_for: ClientFor, databases: Databases, acme: Company, work: Work) -> None:
    """Acme has at least one row in most tables."""
    await make_world(client_for(acme))
    await work()
    await store(databases, acme.workspace)


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that no policy binds."""
    connection = await connect(database_url, None)
    yield connection
    await connection.close()


async def seen(databases: Databases, company: Company, table: str) -> int:
    """How many rows a careless statement, which names no workspace, shows to a company."""
    async with databases.open_reading(company.workspace) as session:
        return int((await session.execute(text(f'select count(*) from "{table}"'))).scalar_one())


async def test_every_table_but_the_global_ones_is_protected(database_url: str) -> None:
    assert await faults(database_url, ROLE) == []


async def test_every_table_of_the_database_is_one_of_the_models(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch("select tablename from pg_tables where schemaname = 'public'")
    assert {row["tablename"] for row in rows} == {*ALL, *GLOBAL, "alembic_version"}


async def test_careless_statements_see_the_own_workspace_only(
    filled: None, databases: Databases, owner: asyncpg.Connection, acme: Company, globex: Company
) -> None:
    empty = []
    for table in ALL:
        query = f'select count(*) from "{table}" where workspace_id = $1'
        of_acme, of_globex = [await owner.fetchval(query, each.workspace.id) for each in (acme, globex)]
        assert await seen(databases, acme, table) == of_acme, table
        assert await seen(databases, globex, table) == of_globex, table
        if of_acme == 0:
            empty.append(table)
    assert set(empty) <= {"idempotency_keys", "next_step_changes", "ask_answers"}, "the world leaves tables empty"


async def test_without_entering_a_workspace_nothing_is_seen(filled: None, databases: Databases) -> None:
    async with databases.open_global() as connection:
        for table in [*ALL, "workspaces"]:
            assert await connection.fetchval(f'select count(*) from "{table}"') == 0, table


async def test_nothing_is_seen_after_a_transaction_has_ended(filled: None, database_url: str, acme: Company) -> None:
    service = await connect(database_url, ROLE)
    async with service.transaction():
        await service.execute("select enter_workspace($1)", acme.workspace.id)
        assert await service.fetchval("select count(*) from people") > 0
    assert await service.fetchval("select count(*) from people") == 0
    await service.close()


async def test_careless_statements_change_nothing_of_another_workspace(
    filled: None, databases: Databases, globex: Company
) -> None:
    async with databases.open_writing(globex.workspace, actor={}) as session:
        assert (await session.execute(text("update people set name = 'x'"))).rowcount == 0
        assert (await session.execute(text("update requirements set text = 'x'"))).rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "delete from people",
        "delete from idempotency_keys",
        "delete from events",
        "update events set number = 0",
        "update acts set occurred_at = now()",
        "update stage_changes set outcome = null",
        "update events set level = null",
        "update attempts set http_status = 200",
        "delete from attempts",
        "delete from deliveries",
        "delete from tasks",
        "delete from webhook_endpoints",
        "insert into api_keys select * from api_keys",
        "update api_keys set scopes = '{admin}'",
        "update workspaces set is_sandbox = true",
        "insert into alembic_version values ('x')",
        "truncate events",
    ],
)
async def test_the_service_may_do_no_more_than_it_needs(database_url: str, statement: str) -> None:
    service = await connect(database_url, ROLE)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.execute(statement)
    await service.close()


async def test_what_an_earlier_release_granted_is_taken_back_by_many_starts_at_once(
    database_url: str, owner: asyncpg.Connection
) -> None:
    await owner.execute(f"grant all on all tables in schema public to {ROLE}")
    await owner.execute(f"grant update (scopes) on api_keys to {ROLE}")
    await asyncio.gather(*(migrate(database_url, ROLE) for _ in range(4)))
    assert not await owner.fetchval("select has_table_privilege($1, 'events', 'delete')", ROLE)
    assert not await owner.fetchval("select has_column_privilege($1, 'api_keys', 'scopes', 'update')", ROLE)
    assert await faults(database_url, ROLE) == []


async def test_a_row_cannot_be_written_into_another_workspace(
    filled: None, databases: Databases, acme: Company, globex: Company
) -> None:
    statement = text("insert into event_counters (workspace_id, last) values (:other, 0)").bindparams(
        other=acme.workspace.id
    )
    with pytest.raises(DBAPIError, match="row-level security"):
        async with databases.open_writing(globex.workspace, actor={}) as session:
            await session.execute(statement)


async def test_with_row_level_security_off_a_careless_statement_leaks_and_the_check_fails(
    filled: None, databases: Databases, owner: asyncpg.Connection, database_url: str, globex: Company
) -> None:
    await owner.execute("alter table people disable row level security")
    assert await seen(databases, globex, "people") > 0
    assert await faults(database_url, ROLE) == ["people: row-level security does not bind"]


async def test_with_a_policy_of_another_kind_a_careless_statement_leaks_and_the_check_fails(
    filled: None, databases: Databases, owner: asyncpg.Connection, database_url: str, globex: Company
) -> None:
    await owner.execute("alter policy own_workspace on people using (true)")
    assert await seen(databases, globex, "people") > 0
    assert "people: not the policy of a workspace's table" in await faults(database_url, ROLE)


async def test_with_a_policy_dropped_nothing_is_seen_and_the_check_fails(
    filled: None, databases: Databases, owner: asyncpg.Connection, database_url: str, acme: Company
) -> None:
    await owner.execute("drop policy own_workspace on people")
    assert await seen(databases, acme, "people") == 0
    assert await faults(database_url, ROLE) == ["people: not the policy of a workspace's table"]


async def test_a_service_that_works_as_the_owner_is_noticed(database_url: str, owner: asyncpg.Connection) -> None:
    user = await owner.fetchval("select current_user")
    assert "people: row-level security does not bind" in await faults(database_url, user)
