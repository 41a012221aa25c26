"""Engines, and the few ways to open a transaction. Everything else receives what these yield."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
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

PLANNED_ONCE = "; ".join(
    f"set local {setting}"
    for setting in (
        "plan_cache_mode = force_generic_plan",
        "enable_seqscan = off",
        "enable_bitmapscan = off",
    )
)
"""Planning takes longer than the hot statements themselves, so one plan serves for a while, and goes by indexes."""
PLAN_SECONDS = 10
"""For how long: a table that was empty when the plan was made may have many rows by now."""

S = TypeVar("S", bound=WorkspaceSession)
HotConnection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


class _Pooled(asyncpg.Connection):
    """A connection through a pooler, behind which each transaction may have another server: nothing outlives one."""

    async def set_type_codec(self, *args: Any, **options: Any) -> None:
        """Asks the server about the type in two steps, which must reach the same one."""
        async with self.transaction():
            await super().set_type_codec(*args, **options)


async def connect(url: str, role: str | None, *, is_pooled: bool = False, **options: Any) -> asyncpg.Connection:
    """A connection that works as `role` from its start: a later SET ROLE survives neither DISCARD ALL nor a pooler.

    One that `is_pooled` comes by a pooler in transaction mode: it prepares no statement by name, and says nothing at
    its start that poolers do not know.
    """
    settings = {"application_name": "championed"}
    if is_pooled:
        options = {**options, "connection_class": _Pooled, "statement_cache_size": 0}
    else:
        settings["jit"] = "off"
    if role is not None:
        settings["role"] = role
    return await asyncpg.connect(url, server_settings=settings, timeout=CONNECT_SECONDS, **options)


async def _keep(connection: asyncpg.Connection) -> None:
    """Nothing to reset: whatever a transaction sets ends with it."""


@dataclass(slots=True)
class Databases:
    """The service's connections: as its own role for requests, as the owner for the one door out.

    With `service_url` requests come by a login of their own, which row-level security binds; then no role is taken.
    `is_pooled` says that this login comes by a pooler in transaction mode. `retention` is how long attempts of
    deliveries and the payloads of events are kept.
    """

    owner_url: str
    service_role: str | None
    clock: Clock
    pool_size: int = 10
    replica_url: str | None = None
    service_url: str | None = None
    is_pooled: bool = False
    retention: timedelta = timedelta(days=30)
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
        url = self.service_url or self.owner_url
        self.engine = _engine(url, self.service_role, self.pool_size, is_pooled=self.is_pooled)
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
    async def open_hot_writing(self, workspace_id: int, *, may_be_lost: bool = False) -> AsyncIterator[HotConnection]:
        """A transaction inside the workspace on the driver's own connection, committed when the block ends well.

        For statements that are sent hundreds of times a second. Whoever records events needs `open_writing`. What
        `may_be_lost` is not waited for until it is on disk: a server that crashes may forget it.
        """
        async with (
            asyncio.timeout(TRANSACTION_SECONDS),
            (await self._pool(self.service_url or self.owner_url)).acquire() as connection,
        ):
            lasting = "; set local synchronous_commit = off" if may_be_lost else ""
            await connection.execute(f"begin; select enter_workspace({workspace_id:d}); {PLANNED_ONCE}{lasting}")
            try:
                yield connection
            except BaseException:
                await connection.execute("rollback")
                raise
            await connection.execute("commit")

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
            connection.transaction() if self.is_pooled else nullcontext(),
        ):
            yield connection

    async def _pool(self, url: str) -> asyncpg.Pool:
        if (pool := self._pools.get(url)) is not None:
            return pool
        pooled = {"is_pooled": self.is_pooled and url == self.service_url}
        async with self._opening:
            if url not in self._pools:
                self._pools[url] = await asyncpg.create_pool(
                    min_size=0,
                    max_size=self.pool_size,
                    reset=_keep,
                    max_cached_statement_lifetime=PLAN_SECONDS,
                    connect=lambda *_, **options: connect(url, self.service_role, **{**options, **pooled}),
                )
        return self._pools[url]

    def _session(self, kind: type[S], engine: AsyncEngine, workspace: WorkspaceRef) -> S:
        session = kind(engine, expire_on_commit=False, autoflush=False)
        session.sync_session.info["workspace_id"] = workspace.id
        session.workspace, session.clock, session.events, session.actor = workspace, self.clock, [], {}
        session.policies = self._policies
        session.merging = self._merging
        return session


def _engine(url: str, role: str | None, size: int, *, is_pooled: bool = False) -> AsyncEngine:
    # A statement without a name is prepared afresh each time, within its transaction.
    unnamed = {"prepared_statement_cache_size": 0, "prepared_statement_name_func": str} if is_pooled else {}
    return create_async_engine(
        "postgresql+asyncpg://",
        # As `async_creator`, beside which what the dialect is told would be left out.
        connect_args={"async_creator_fn": lambda: connect(url, role, is_pooled=is_pooled), **unnamed},
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
    )


async def _enter(session: WorkspaceSession) -> None:
    await session.execute(text("select enter_workspace(:workspace_id)"), {"workspace_id": session.workspace.id})
