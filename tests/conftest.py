"""One server and one migrated template per run; a database as it began, an app and a settable clock per test."""

import json
import os
import pickle
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import fasteners
import httpx
import orjson
import pytest
from fastapi import FastAPI

from api import worker
from api.main import attach, create_app
from api.platform import outbox
from api.platform.db import Databases
from api.platform.migrations import migrate
from api.platform.postgres import THROWAWAY_SETTINGS, create_database, start
from api.platform.sealing import new_key
from api.platform.settings import Settings
from tests.cast import START, Cast, Company, make_cast
from tests.contract.checking import Contract
from tests.event_schemas import faults_of
from tests.shared_database import ROLE, SharedDatabase
from tests.tenancy.tables import faults

ClientFor = Callable[..., httpx.AsyncClient]
Work = Callable[[], Awaitable[int]]

RUN_DIR = "CHAMPIONED_TEST_RUN_DIR"
TEMPLATE = "championed_template"


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Move on by a span, given as for a timedelta, and answer the new time."""
        self.now += timedelta(**by)
        return self.now


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all workers of this run share, before they start and inherit its name.

    pytest's own folder will not do: any other run of the same user closes it to the system user of the database.
    """
    if RUN_DIR not in os.environ:
        os.environ[RUN_DIR] = tempfile.mkdtemp(prefix="championed-tests-")
        Path(os.environ[RUN_DIR]).chmod(0o711)
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(RUN_DIR), ignore_errors=True))


@pytest.fixture(scope="session", autouse=True)
def wrong_events() -> Iterator[list[str]]:
    """What is wrong with the events that are recorded in this process, by the schemas of their types."""
    found: list[str] = []
    rendered = outbox.body_of

    def checked(*event: Any) -> dict[str, Any]:
        body = rendered(*event)
        found.extend(faults_of(orjson.loads(orjson.dumps(body))))
        return body

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(outbox, "body_of", checked)
        yield found


@pytest.fixture(autouse=True)
def events_are_as_declared(wrong_events: list[str]) -> Iterator[None]:
    """Fail a test in which an event was recorded that is not what the catalogue says of its type."""
    yield
    found = list(dict.fromkeys(wrong_events))
    wrong_events.clear()
    assert found == []


@pytest.fixture(scope="session")
def run_dir() -> Path:
    """A folder that all workers of this run share."""
    return Path(os.environ[RUN_DIR])


@pytest.fixture(scope="session")
def server_url(run_dir: Path) -> Iterator[str]:
    """The server of this run, as its owner: the given one, or an embedded one."""
    database = start(
        run_dir / "postgres",
        os.environ.get("CHAMPIONED_TEST_DATABASE_URL"),
        server_settings={**THROWAWAY_SETTINGS, "max_connections": "300"},
    )
    yield database.owner_url
    database.stop()


@pytest.fixture(scope="session")
async def template(server_url: str, run_dir: Path) -> tuple[str, Cast]:
    """The name of the migrated database with the cast in it; built by whichever worker comes first."""
    made = run_dir / "cast.pickle"
    name = f"{TEMPLATE}_{run_dir.name.replace('-', '_')}"
    with fasteners.InterProcessLock(run_dir / "template.lock"):
        if not made.exists():
            url = await create_database(server_url, name)
            await migrate(url, ROLE)
            assert await faults(url, ROLE) == [], "a policy is missing, and every test would prove less than it says"
            databases = Databases(url, ROLE, clock=lambda: START)
            made.write_bytes(pickle.dumps(await make_cast(databases)))
            await databases.close()
    return name, pickle.loads(made.read_bytes())


@pytest.fixture(scope="session")
def cast(template: tuple[str, Cast]) -> Cast:
    """The workspaces that every test database starts with."""
    return template[1]


@pytest.fixture
def acme(cast: Cast) -> Company:
    """The company whose developer calls."""
    return cast.acme


@pytest.fixture
def globex(cast: Cast) -> Company:
    """The company that must see nothing of Acme."""
    return cast.globex


@pytest.fixture
def clock() -> SetClock:
    """Real time, as the service sees it."""
    return SetClock(START)


@pytest.fixture(scope="session")
async def shared_database(server_url: str, template: tuple[str, Cast]) -> AsyncIterator[SharedDatabase]:
    """The database that tests of this process use one after the other."""
    made = SharedDatabase(server_url, template[0])
    yield made
    await made.close()


@pytest.fixture
async def fresh_url(request: pytest.FixtureRequest, shared_database: SharedDatabase) -> AsyncIterator[str | None]:
    """The URL of a fresh database with the cast in it, if the test asks for `database_url`."""
    if "database_url" not in request.fixturenames:
        yield None
        return
    url = await shared_database.another()
    yield url
    await shared_database.drop(url)


@pytest.fixture
def database_url(fresh_url: str | None) -> str:
    """A fresh database with the cast in it, for a test that changes more than rows or starts processes."""
    assert fresh_url is not None
    return fresh_url


@pytest.fixture
async def databases(
    fresh_url: str | None, shared_database: SharedDatabase, clock: SetClock
) -> AsyncIterator[Databases]:
    """The service's connections to a database with the cast in it; to one of its own if the test asks for its url."""
    if fresh_url is None:
        yield await shared_database.restored(clock)
        return
    made = Databases(fresh_url, ROLE, clock=clock, pool_size=10)
    yield made
    await made.close()


@pytest.fixture
async def second_worker(databases: Databases, clock: SetClock) -> AsyncIterator[Databases]:
    """The connections of another worker process, under the same time."""
    made = Databases(databases.owner_url, ROLE, clock=clock)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings as a test has them: no rate limits, keys looked up each time."""
    return Settings(key_cache_seconds=0, rate_limit_per_minute=0, rate_limit_burst_per_second=0, secret_keys=new_key())


@pytest.fixture(scope="session")
def bare_app(settings: Settings) -> FastAPI:
    """The service, built once."""
    return create_app(settings)


@pytest.fixture(scope="session")
def contract(bare_app: FastAPI) -> Contract:
    """Checks every answer in the suite against the OpenAPI document."""
    return Contract(json.loads(json.dumps(bare_app.openapi())))


@pytest.fixture
def app(bare_app: FastAPI, databases: Databases, settings: Settings) -> FastAPI:
    """The service on this test's database."""
    attach(bare_app, databases, settings)
    return bare_app


@pytest.fixture
async def client_for(app: FastAPI, contract: Contract) -> AsyncIterator[ClientFor]:
    """Clients of a company: `client_for(globex)`, `client_for(acme, "read")`."""
    clients: list[httpx.AsyncClient] = []

    def make(company: Company, scope: str = "admin") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        made = httpx.AsyncClient(
            transport=transport,
            base_url="http://test",
            headers=company.headers(scope),
            event_hooks={"response": [contract.check]},
        )
        clients.append(made)
        return made

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def client(client_for: ClientFor, acme: Company) -> httpx.AsyncClient:
    """Acme's client with all scopes."""
    return client_for(acme)


@pytest.fixture
def work(databases: Databases) -> Work:
    """Let the worker do everything that is due: `await work()`."""

    async def run() -> int:
        return await worker.run_once(databases)

    return run
