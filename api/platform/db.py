"""Engines, and the few ways to open a transaction. Everything else receives what these yield."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from api.domain.facts import PolicyVersion
from api.platform.sessions import Clock, ReadSession, WorkspaceRef, WorkspaceSession, WriteSession

TRANSACTION_SECONDS = 10
POOL_WAIT_SECONDS = 5
CONNECT_SECONDS = 5

S = TypeVar("S", bound=WorkspaceSession)
HotConnection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


async def connect(url: str, role: str | None, **options: Any) -> asyncpg.Connection:
    """A connection that works as `role` from its start: a later SET ROLE survives neither DISCARD ALL nor a pooler."""
    settings = {"application_name": "championed", "jit": "off"}
    if role is not None:
        settings["role"] = role
    return await asyncpg.connect(url, server_settings=settings, timeout=CONNECT_SECONDS, **options)


async def _keep(connection: asyncpg.Connection) -> None:
    """Nothing to reset: whatever a transaction sets ends with it."""


@dataclass(slots=True)
class Databases:
    """The service's connections: as its own role for requests, as the owner for the one door out.

    With `service_url` requests come by a login of their own, which row-level security binds; then no role is taken.
    """

    owner_url: str
    service_role: str | None
    clock: Clock
    pool_size: int = 10
    replica_url: str | None = None
    service_url: str | None = None
    engine: AsyncEngine = field(init=False)
    replica: AsyncEngine = field(init=False)
    owner: AsyncEngine = field(init=False)
    _policies: dict[int, tuple[PolicyVersion, ...]] = field(init=False, default_factory=dict)
    _merging: set[int] = field(init=False, default_factory=set)
    _pools: dict[str, asyncpg.Pool] = field(init=False, default_factory=dict)
    _opening: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        if self.service_url is not None:
            self.service_role = None
        self.engine = _engine(self.service_url or self.owner_url, self.service_role, self.pool_size)
        self.replica = _engine(self.replica_url, self.service_role, self.pool_size) if self.replica_url else self.engine
        self.owner = _engine(self.owner_url, None, 2)

    async def close(self) -> None:
        """Give all connections back."""
        for engine in (self.engine, self.replica, self.owner):
            await engine.dispose()
        for pool in self._pools.values():
            await pool.close()

    @asynccontextmanager
    async def open_reading(self, workspace: WorkspaceRef, *, snapshot: bool = False) -> AsyncIterator[ReadSession]:
        """A read-only transaction inside the workspace; with `snapshot`, all its statements see one moment."""
        level = "REPEATABLE READ" if snapshot else "READ COMMITTED"
        engine = self.replica.execution_options(isolation_level=level, postgresql_readonly=True)
        async with asyncio.timeout(TRANSACTION_SECONDS), self._session(ReadSession, engine, workspace) as session:
            await _enter(session)
            yield session

    @asynccontextmanager
    async def open_writing(self, workspace: WorkspaceRef, *, actor: dict[str, Any]) -> AsyncIterator[WriteSession]:
        """A transaction inside the workspace. Its edge must commit it; left without, everything is rolled back."""
        async with asyncio.timeout(TRANSACTION_SECONDS), self._session(WriteSession, self.engine, workspace) as session:
            session.actor = actor
            await _enter(session)
            yield session

    @asynccontextmanager
    async def open_hot(self, workspace: WorkspaceRef, *, snapshot: bool = False) -> AsyncIterator[HotConnection]:
        """A read-only transaction inside the workspace on the driver's own connection, for lists that must be fast."""
        async with (
            asyncio.timeout(TRANSACTION_SECONDS),
            (await self._pool(self.replica_url or self.service_url or self.owner_url)).acquire() as connection,
        ):
            begin = "begin isolation level repeatable read read only" if snapshot else "begin read only"
            await connection.execute(f"{begin}; select enter_workspace({workspace.id:d})")
            try:
                yield connection
            finally:
                await connection.execute("rollback")

    @asynccontextmanager
    async def open_system(self) -> AsyncIterator[AsyncConnection]:
        """The one door out: a transaction of the owner, whom no policy binds; a test lists the files that use it."""
        async with asyncio.timeout(TRANSACTION_SECONDS), self.owner.begin() as connection:
            yield connection

    @asynccontextmanager
    async def open_global(self) -> AsyncIterator[HotConnection]:
        """A transaction as the service's role outside any workspace: only the global tables show rows."""
        async with (
            asyncio.timeout(TRANSACTION_SECONDS),
            (await self._pool(self.service_url or self.owner_url)).acquire() as connection,
            connection.transaction(),
        ):
            yield connection

    @asynccontextmanager
    async def open_appending(self) -> AsyncIterator[HotConnection]:
        """The driver's own connection without a transaction, for a statement that enters a workspace and adds to it.

        Such a statement commits by itself, in one round trip: `with entered as materialized (select
        enter_workspace($1)) insert ... select ... from entered`. What it leaves out row-level security refuses.
        """
        async with (
            asyncio.timeout(TRANSACTION_SECONDS),
            (await self._pool(self.service_url or self.owner_url)).acquire() as connection,
        ):
            yield connection

    async def _pool(self, url: str) -> asyncpg.Pool:
        if (pool := self._pools.get(url)) is not None:
            return pool
        async with self._opening:
            if url not in self._pools:
                self._pools[url] = await asyncpg.create_pool(
                    min_size=0,
                    max_size=self.pool_size,
                    reset=_keep,
                    connect=lambda *_, **options: connect(url, self.service_role, **options),
                )
        return self._pools[url]

    def _session(self, kind: type[S], engine: AsyncEngine, workspace: WorkspaceRef) -> S:
        session = kind(engine, expire_on_commit=False, autoflush=False)
        session.sync_session.info["workspace_id"] = workspace.id
        session.workspace, session.clock, session.events, session.actor = workspace, self.clock, [], {}
        session.policies = self._policies
        session.merging = self._merging
        return session


def _engine(url: str, role: str | None, size: int) -> AsyncEngine:
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: connect(url, role),
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
    )


async def _enter(session: WorkspaceSession) -> None:
    await session.execute(text("select enter_workspace(:workspace_id)"), {"workspace_id": session.workspace.id})
