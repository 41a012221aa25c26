"""Bringing a database to the schema of this release, from the command line and at start."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import api
from alembic import command
from api.platform.db import connect
from api.platform.tenancy import prepare_role

Result = TypeVar("Result")

LOCK_TIMEOUT = "5s"
_INSIDE = Path(api.__file__).parent / "alembic"
SCRIPTS = _INSIDE if _INSIDE.is_dir() else _INSIDE.parent.parent / "alembic"
# Any number will do as long as all releases use the same one.
_ONE_AT_A_TIME = 8_420_001


async def migrate(url: str, service_role: str, *, is_login: bool = False) -> tuple[str | None, str]:
    """Migrate to the newest revision and let the service's role use the tables; answers the revisions before and after.

    `is_login` says that the role is a login of its own. Many may start at once: they take turns. Raises
    RoleUnavailable where the role can neither be made nor taken.
    """
    before = await _on_a_connection(url, _upgrade)
    owner = await connect(url, None)
    try:
        await prepare_role(owner, service_role, is_login=is_login)
    finally:
        await owner.close()
    return before, newest()


async def pending(url: str) -> tuple[str | None, str]:
    """The revision of the database and the newest one; alike when there is nothing to do."""
    return await _on_a_connection(
        url, lambda connection: MigrationContext.configure(connection).get_current_revision()
    ), newest()


async def differences(url: str) -> list[str]:
    """How the models differ from a fully migrated database; empty when the migrations are complete."""

    def compare(connection: Connection) -> list[str]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, SQLModel.metadata)]

    return await _on_a_connection(url, compare)


def newest() -> str:
    """The revision of this release."""
    return str(ScriptDirectory(str(SCRIPTS)).get_current_head())


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for migrating on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> str | None:
    connection.exec_driver_sql(f"select pg_advisory_lock({_ONE_AT_A_TIME})")
    connection.exec_driver_sql(f"set lock_timeout = '{LOCK_TIMEOUT}'")
    before = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    if before != newest():
        command.upgrade(configuration(connection), "head")
    return before


async def _on_a_connection(url: str, work: Callable[[Connection], Result]) -> Result:
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: connect(url, None), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
