"""Requests and workers whose connections come by PgBouncer in transaction mode, each transaction by another one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api import worker
from api.main import attach
from api.platform.db import Databases, connect
from api.platform.settings import Settings
from tests.api.advocacies.scene import got, make_person
from tests.api.route_list import operations
from tests.api.world import make_world
from tests.cast import Company
from tests.conftest import ROLE, ClientFor, SetClock
from tests.platform_db.bouncer import PROGRAM, SERVERS, bounced
from tests.webhooks.couriers import Office, Receivers, until

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed")


@pytest.fixture
def folder() -> Iterator[Path]:
    """For PgBouncer's files. Not in pytest's own folder, which another system user may not enter."""
    with TemporaryDirectory(prefix="championed-bouncer-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
async def pooled_url(database_url: str, folder: Path) -> AsyncIterator[str]:
    """This test's database by PgBouncer."""
    async with bounced(database_url, folder) as url:
        yield url


@pytest.fixture
async def databases(database_url: str, pooled_url: str, clock: SetClock) -> AsyncIterator[Databases]:
    """As of a process whose requests come by PgBouncer, with more connections than that has."""
    made = Databases(database_url, ROLE, clock=clock, pool_size=12, service_url=pooled_url, is_pooled=True)
    yield made
    await made.close()


@pytest.fixture
def app(bare_app: FastAPI, databases: Databases, settings: Settings) -> FastAPI:
    """The service on these connections."""
    attach(bare_app, databases, settings)
    return bare_app


async def test_every_operation_works_and_so_does_the_worker(
    app: FastAPI, databases: Databases, client_for: ClientFor, acme: Company, clock: SetClock
) -> None:
    app.state.wakeups.close()  # a stream then ends with what is there
    world = await make_world(client_for(acme))
    for operation in operations(app):
        answer = await operation.call(world.client, world)
        assert answer.status_code < 500, f"{operation.id}: {answer.text}"
    clock.advance(days=60)
    assert await worker.run_once(databases) > 0


async def test_many_at_once_share_few_connections_and_stay_apart(
    client_for: ClientFor, acme: Company, globex: Company, databases: Databases, pooled_url: str
) -> None:
    ours, theirs = client_for(acme), client_for(globex)
    people = [make_person(ours if number % 2 else theirs, f"Person {number}") for number in range(60)]
    await asyncio.gather(*people, *(got(ours, "/v1/people?limit=5") for _ in range(30)))
    for client, parity in ((ours, 1), (theirs, 0)):
        feed = await got(client, "/v1/events?limit=100")
        assert [event["number"] for event in feed["data"]] == list(range(1, 31))
        assert {int(event["data"]["name"].split()[1]) % 2 for event in feed["data"]} == {parity}
    async with databases.open_system() as connection:
        login = pooled_url.split("//")[1].split(":")[0]
        seen = text("select count(*) from pg_stat_activity where usename = :login")
        assert 0 < (await connection.execute(seen, {"login": login})).scalar_one() <= SERVERS


async def test_couriers_send_everything_in_order(
    app: FastAPI, client: httpx.AsyncClient, databases: Databases, database_url: str
) -> None:
    office, stop = Office(client, databases, app.state.sealer, Receivers()), asyncio.Event()
    await office.endpoint("/a")
    await office.endpoint("/in_order", ordering="per_subject")
    person = await office.person()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            courier = office.courier(listen_url=database_url)
            tasks.create_task(courier.run(poll_seconds=0.2, stop=stop))
        await asyncio.gather(*(office.person(f"Person {number}") for number in range(20)))
        await office.rename(person, *(f"Ada {number}" for number in range(5)))
        for path in ("/a", "/in_order"):
            await until(lambda path=path: len(office.receivers.told(path)) == 26, f"{path} is told everything", 60)
        stop.set()
    told = [event for event in office.receivers.told("/in_order") if event["subject"]["id"] == person]
    assert [event["subject_version"] for event in told] == [1, 2, 3, 4, 5, 6]
    assert {(each["state"], each["attempts"]) for each in await office.deliveries()} == {("succeeded", 1)}


async def test_nothing_is_seen_outside_a_workspace(client: httpx.AsyncClient, pooled_url: str) -> None:
    await make_person(client, "Ada")
    connection = await connect(pooled_url, None, is_pooled=True)
    for _ in range(2 * SERVERS):
        async with connection.transaction():
            assert await connection.fetchval("select count(*) from people") == 0
    await connection.close()


async def test_a_connection_that_names_its_role_is_refused(pooled_url: str) -> None:
    with pytest.raises(asyncpg.PostgresError, match="role"):
        await connect(pooled_url, ROLE, is_pooled=True)
