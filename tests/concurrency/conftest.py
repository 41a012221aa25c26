"""Two processes of the service on one database, and for each test a workspace of its own with a client to each."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from api.platform.auth import Scope
from api.platform.db import Databases
from api.platform.postgres import create_database, drop_database
from api.workspaces.service import create_key, create_workspace
from tests.cast import Cast
from tests.concurrency.house import House
from tests.concurrency.servers import Server
from tests.conftest import ROLE
from tests.contract.checking import Contract


@pytest.fixture(scope="session")
async def shared_url(server_url: str, template: tuple[str, Cast]) -> AsyncIterator[str]:
    """A database for all tests of two processes: starting them anew for each would take most of the time."""
    name = f"test_{uuid4().hex}"
    yield await create_database(server_url, name, template=template[0])
    await drop_database(server_url, name)


@pytest.fixture(scope="session")
def two_servers(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two `serve --no-worker` processes on it."""
    folder: Path = tmp_path_factory.mktemp("servers")
    with ExitStack() as ends:
        servers = [Server({"DATABASE_URL": shared_url}, folder, ("--no-worker",)).start() for _ in range(2)]
        for server in servers:
            ends.callback(server.kill)
        yield [server.await_ready() for server in servers]


@pytest.fixture
async def shared_databases(shared_url: str) -> AsyncIterator[Databases]:
    """Connections of a worker beside them, on real time as they are."""
    made = Databases(shared_url, ROLE, clock=lambda: datetime.now(UTC))
    yield made
    await made.close()


@pytest.fixture
async def house(two_servers: list[Server], shared_databases: Databases, contract: Contract) -> AsyncIterator[House]:
    """A new workspace, reached through both processes."""
    async with shared_databases.open_system() as connection:
        now = shared_databases.clock()
        workspace = await create_workspace(connection, "House", is_sandbox=False, time_zone="UTC", now=now)
        _, key = await create_key(connection, workspace, list(Scope), expires_at=None, now=now)
    clients = [client_of(server.url, key, contract) for server in two_servers]
    yield House(workspace, shared_databases, clients)
    for client in clients:
        await client.aclose()


@pytest.fixture
async def unprotected_house(databases: Databases, client: httpx.AsyncClient, cast: Cast) -> House:
    """Acme in this process, where a protection can be taken away; concurrent requests are concurrent transactions."""
    databases.clock = lambda: datetime.now(UTC)
    return House(cast.acme.workspace, databases, [client, client])


def client_of(url: str, key: str, contract: Contract) -> httpx.AsyncClient:
    """A client with so many connections that requests wait for the service, not for each other."""
    return httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
        limits=httpx.Limits(max_connections=None),
        event_hooks={"response": [contract.check]},
    )
