"""The migrations make what the models say, from nothing and back."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from alembic import command
from api.models.base import ClosedSet
from api.platform.db import connect
from api.platform.migrations import SCRIPTS, configuration, differences, migrate, newest, pending
from api.platform.postgres import create_database, drop_database
from tests.conftest import ROLE
from tests.tenancy.tables import faults, owned_tables


@pytest.fixture
async def empty(server_url: str) -> AsyncIterator[str]:
    """A database without any table."""
    name = f"test_{uuid4().hex}"
    yield await create_database(server_url, name)
    await drop_database(server_url, name)


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[AsyncConnection]:
    """The owner's connection to a migrated database."""
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: connect(database_url, None), poolclass=NullPool
    )
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def to_base(url: str) -> None:
    """Undo all migrations."""
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: connect(url, None), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: command.downgrade(configuration(sync), "base"))
    await engine.dispose()


async def left(url: str) -> set[str]:
    """What a database holds, apart from the note of its revision."""
    connection = await connect(url, None)
    rows = await connection.fetch(
        "select relname as name from pg_class where relnamespace = 'public'::regnamespace union all "
        "select proname from pg_proc where pronamespace = 'public'::regnamespace"
    )
    await connection.close()
    return {row["name"] for row in rows} - {"alembic_version", "alembic_version_pkc"}


def test_there_is_one_head_and_one_line_of_revisions() -> None:
    scripts = ScriptDirectory(str(SCRIPTS))
    assert scripts.get_heads() == [newest()]
    for revision in scripts.walk_revisions():
        assert revision.doc, f"{revision.revision} does not say what it does"
        assert len(revision.nextrev) <= 1
        assert not revision.is_merge_point


async def test_from_nothing_to_the_newest_and_back_and_again(empty: str) -> None:
    assert await migrate(empty, ROLE) == (None, newest())
    first = await left(empty)
    await to_base(empty)
    assert await left(empty) == set()
    await migrate(empty, ROLE)
    assert await left(empty) == first
    assert await faults(empty, ROLE) == []


async def test_migrating_again_does_nothing(database_url: str) -> None:
    assert await migrate(database_url, ROLE) == (newest(), newest())
    assert await pending(database_url) == (newest(), newest())


async def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    assert await differences(database_url) == []


async def test_every_closed_set_has_its_check_with_all_members(owner: AsyncConnection) -> None:
    """Comparing the metadata does not look at the conditions of CHECKs."""
    rows = await owner.execute(
        text(
            "select conname, pg_get_constraintdef(oid) as condition "
            "from pg_constraint where contype = 'c' and conrelid <> 0"
        )
    )
    stored = {row.conname: row.condition for row in rows}
    declared = set()
    for table in owned_tables():
        for column in table.columns:
            if isinstance(column.type, ClosedSet):
                name = f"ck_{table.name}_{column.name}"
                declared.add(name)
                listed = set(stored[name].split("'")[1::2])
                assert listed == {member.value for member in column.type.members}, name
    assert declared
    written = {str(each.name) for table in owned_tables() for each in table.constraints if _is_check(each)}
    assert stored.keys() == declared | written


def _is_check(constraint: object) -> bool:
    return isinstance(constraint, CheckConstraint)
