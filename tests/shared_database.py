"""One database for many tests, brought back to what it began with instead of being made anew.

What takes time about a fresh database is less its files than its connections, whose first statements are slow.
"""

from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from api.platform.database_errors import DATABASE_ERRORS
from api.platform.db import Databases
from api.platform.postgres import create_database, drop_database
from api.platform.sessions import Clock

ROLE = "championed_service"

_KEEP = """
do $$
declare t text;
begin
    create schema beginning;
    for t in select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version' loop
        execute format('create table beginning.%I as table public.%I', t, t);
    end loop;
    create table beginning.sequences as
        select schemaname, sequencename, last_value from pg_sequences where schemaname = 'public';
end $$
"""
_TABLES = "select tablename from pg_tables where schemaname = 'beginning' and tablename <> 'sequences' order by 1"
_SEQUENCES = """
select setval(format('%I.%I', schemaname, sequencename), coalesce(last_value, 1), last_value is not null)
from beginning.sequences"""


class SharedDatabase:
    """A database with what `template` holds, and the service's connections to it."""

    def __init__(self, server_url: str, template: str) -> None:
        self._server_url, self._template = server_url, template
        self._databases: Databases | None = None
        self._owner: asyncpg.Connection | None = None
        self._restore = ""

    async def another(self) -> str:
        """The URL of a fresh database, for a test that needs one of its own."""
        return await create_database(self._server_url, f"test_{uuid4().hex}", template=self._template)

    async def drop(self, url: str) -> None:
        """Drop a database that `another` made."""
        await drop_database(self._server_url, urlsplit(url).path.removeprefix("/"))

    async def restored(self, clock: Clock) -> Databases:
        """Connections to the database, in which everything is as it was at the beginning."""
        if self._owner is not None:
            try:
                await self._owner.execute(self._restore)
            except DATABASE_ERRORS:
                await self.close()
        databases = self._databases or await self._open(clock)
        databases.clock = clock
        databases._policies.clear()
        databases._merging.clear()
        return databases

    async def _open(self, clock: Clock) -> Databases:
        url = await self.another()
        self._owner = await asyncpg.connect(url)
        await self._owner.execute(_KEEP)
        tables = [row["tablename"] for row in await self._owner.fetch(_TABLES)]
        filled = [t for t in tables if await self._owner.fetchval(f'select exists (select from beginning."{t}")')]
        statements = [
            "begin",
            # Without the checks of foreign keys the order does not matter.
            "set local session_replication_role = replica",
            "set local lock_timeout = '5s'",
            *(f'delete from public."{t}"' for t in tables),
            *(f'insert into public."{t}" overriding system value table beginning."{t}"' for t in filled),
            _SEQUENCES,
            "commit",
        ]
        self._restore = "; ".join(statements)
        self._databases = Databases(url, ROLE, clock=clock, pool_size=10)
        return self._databases

    async def close(self) -> None:
        """Put the database away."""
        if self._owner is None or self._databases is None:
            return
        self._owner.terminate()
        await self._databases.close()
        await self.drop(self._databases.owner_url)
        self._owner = self._databases = None
