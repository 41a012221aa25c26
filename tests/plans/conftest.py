"""A database with 100,000 applications, made once per run and only read; and what requests send to it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import fasteners
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from api.main import attach
from api.platform import db
from api.platform.db import Databases, connect
from api.platform.postgres import create_database, url_of
from api.platform.settings import Settings
from tests.cast import START, Cast, Company
from tests.conftest import ROLE

BULK = Path(__file__).parent / "bulk.sql"
Sent = list[tuple[str, tuple[Any, ...]]]


@pytest.fixture(scope="session")
async def bulk_url(server_url: str, template: tuple[str, Cast], run_dir: Path) -> str:
    """The database; built by whichever worker comes first."""
    name = f"{template[0]}_bulk"
    made = run_dir / "bulk.made"
    with fasteners.InterProcessLock(run_dir / "bulk.lock"):
        if not made.exists():
            await _fill(await create_database(server_url, name, template=template[0]), template[1].acme.workspace.id)
            made.touch()
    return url_of(server_url, name)


async def _fill(url: str, workspace_id: int) -> None:
    owner = await connect(url, None)
    # Foreign keys need no proof here, and proving them takes longer than the rows.
    await owner.execute("set session_replication_role = replica")
    await owner.execute(BULK.read_text().replace("$W", str(workspace_id)))
    await owner.execute("vacuum analyze")
    await owner.close()


@pytest.fixture(scope="module")
async def bulk(bulk_url: str) -> AsyncIterator[tuple[Databases, Sent]]:
    """The service's connections to that database, and every statement they sent with its parameters."""
    sent: Sent = []

    async def overheard(*args: Any, **options: Any) -> asyncpg.Connection:
        connection = await connect(*args, **options)
        connection.add_query_logger(lambda logged: sent.append((logged.query, tuple(logged.args or ()))))
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "connect", overheard)
        databases = Databases(bulk_url, ROLE, clock=lambda: START, pool_size=2)

        # The driver's logger does not hear what SQLAlchemy sends.
        @event.listens_for(databases.owner.sync_engine, "before_cursor_execute")
        @event.listens_for(databases.engine.sync_engine, "before_cursor_execute")
        def overhear(connection: object, cursor: object, statement: str, values: tuple[Any, ...], *_: object) -> None:
            sent.append((statement, values))

        yield databases, sent
        await databases.close()


@pytest.fixture
def sent(bulk: tuple[Databases, Sent]) -> Sent:
    """What this test's requests send."""
    bulk[1].clear()
    return bulk[1]


@pytest.fixture
async def get(
    bulk: tuple[Databases, Sent], bare_app: FastAPI, settings: Settings, acme: Company
) -> AsyncIterator[Callable[..., Any]]:
    """GET as Acme: `await get("/v1/jobs?limit=50")`."""
    attach(bare_app, bulk[0], settings)
    transport = httpx.ASGITransport(app=bare_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=acme.headers("read")) as client:
        yield client.get


@pytest.fixture
async def service(bulk_url: str, acme: Company) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the service's role inside Acme's workspace."""
    connection = await connect(bulk_url, ROLE)
    async with connection.transaction(readonly=True):
        await connection.execute("select enter_workspace($1)", acme.workspace.id)
        yield connection
    await connection.close()
