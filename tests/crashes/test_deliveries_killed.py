"""`kill -9` of workers that send, at each point and at random, of receivers, of the service and of the database.

Everything that happened arrives, what arrives twice has the same id and body, and order per subject is never inverted.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from operator import attrgetter
from pathlib import Path
from random import Random

import httpx
import pytest
from fastapi import FastAPI

from api.main import attach, real_time
from api.platform.db import Databases
from api.platform.settings import Settings
from tests.concurrency.servers import Server, postmasters, until
from tests.conftest import SetClock
from tests.crashes.arrivals import PEOPLE, Arrivals, check_order
from tests.crashes.load import ENOUGH, Load, caller, feed, let_leases_run_out
from tests.crashes.sending import AGAIN, BRISK, Point, Worker, execute, fetch, let_leases_pass, let_time_pass, local
from tests.webhooks.couriers import until as eventually
from tests.webhooks.receiver import Receiver

TIMES = (1, 2, 5)
"""A worker dies when it comes to a point for the first time, the second, the fifth."""
LAST_ONE_SECONDS = 4
ROUNDS = 8
LIVES_OF_SERVICE = 2
RETURNS = 3
LATER = ",".join(["3600"] * 9)


@pytest.fixture
def clock() -> SetClock:
    """Real time when the test begins: the workers are processes, and have no other."""
    return SetClock(real_time())


@pytest.fixture
def app(bare_app: FastAPI, databases: Databases, settings: Settings) -> FastAPI:
    """The service, which allows receivers on this machine."""
    attach(bare_app, databases, local(settings))
    return bare_app


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver that listens."""
    made = Receiver(tmp_path).start()
    yield made
    made.kill()


@pytest.fixture
async def arrivals(
    client: httpx.AsyncClient, receiver: Receiver, database_url: str, settings: Settings, tmp_path: Path
) -> AsyncIterator[Arrivals]:
    """Two endpoints, and no worker yet; none outlives the test."""
    given = {"database_url": database_url, "secret_keys": settings.secret_keys, **BRISK}
    made = Arrivals(client, receiver, given, tmp_path)
    yield made
    made.end()


@pytest.mark.parametrize("point", Point, ids=attrgetter("name"))
async def test_what_a_dying_worker_leaves_is_sent_by_the_next(arrivals: Arrivals, point: Point) -> None:
    """What is edited meanwhile waits for a worker that was never notified of it."""
    await arrivals.prepare()
    for times in TIMES:
        await arrivals.edit(3)
        await (await arrivals.worker(dies=(point, times))).died()
        await let_leases_pass(arrivals.url)
    await arrivals.worker()
    await arrivals.all_sent()
    await arrivals.check()
    assert arrivals.again() >= (len(TIMES) if point in AGAIN else 0)


@pytest.mark.parametrize("workers", [2, 4])
@pytest.mark.parametrize("point", Point, ids=attrgetter("name"))
async def test_workers_that_die_at_a_point_under_load_lose_and_invert_nothing(
    arrivals: Arrivals, point: Point, workers: int
) -> None:
    await arrivals.prepare()
    for times in TIMES[:2]:
        async with arrivals.editing():
            dying = [await arrivals.worker(dies=(point, times)) for _ in range(workers)]
            # What the first ones had leased may leave nothing to the last one; then that is killed as well.
            with suppress(TimeoutError):
                await eventually(partial(_all_are_dead, dying), "all came to it", LAST_ONE_SECONDS)
            assert any(each.is_dead for each in dying)
            arrivals.end()
        await let_leases_pass(arrivals.url)
    for _ in range(workers):
        await arrivals.worker()
    await arrivals.all_sent()
    await arrivals.check()


def _all_are_dead(workers: Sequence[Worker]) -> bool:
    return all(each.is_dead for each in workers)


@pytest.mark.parametrize("point", [Point.CLAIMING, Point.CLAIMED], ids=attrgetter("name"))
async def test_a_worker_that_dies_before_it_sends_causes_no_repetition(arrivals: Arrivals, point: Point) -> None:
    await arrivals.prepare()
    for _ in TIMES:
        await arrivals.edit(2)
        await (await arrivals.worker(dies=(point, 1))).died()
        await let_leases_pass(arrivals.url)
    assert arrivals.receiver.receipts() == []
    await arrivals.worker()
    await arrivals.all_sent()
    await arrivals.check()
    assert arrivals.again() == 0


async def test_four_workers_beside_each_other_send_each_once(arrivals: Arrivals) -> None:
    await arrivals.prepare()
    await arrivals.edit(5)
    for _ in range(4):
        await arrivals.worker()
    async with arrivals.editing():
        await asyncio.sleep(1.5)
    await arrivals.all_sent()
    await arrivals.check()
    assert arrivals.again() == 0


@pytest.mark.parametrize("workers", [1, 2, 4])
async def test_workers_killed_at_random_lose_and_invert_nothing(arrivals: Arrivals, workers: int) -> None:
    await arrivals.prepare()
    chance = Random(workers)
    for _ in range(ROUNDS):
        async with arrivals.editing():
            await asyncio.gather(*(arrivals.live_and_die(chance) for _ in range(workers)))
        await let_leases_pass(arrivals.url)
    for _ in range(workers):
        await arrivals.worker()
    await arrivals.all_sent()
    await arrivals.check()
    assert arrivals.again() >= ROUNDS, "they were killed with requests in their hands"


async def test_a_receiver_that_dies_and_returns_gets_everything(arrivals: Arrivals) -> None:
    await arrivals.prepare()
    for _ in range(2):
        await arrivals.worker()
    async with arrivals.editing():
        for _ in range(RETURNS):
            await asyncio.sleep(0.5)
            arrivals.receiver.kill()
            await asyncio.sleep(0.5)
            arrivals.receiver.start()
            await let_time_pass(arrivals.url)
    await arrivals.all_sent()
    await arrivals.check()
    failed = await fetch(arrivals.url, "select 1 from attempts where error_code = 'connect' limit 1")
    assert failed, "it was never missed"


async def test_a_result_that_comes_when_the_lease_has_passed_changes_nothing(arrivals: Arrivals) -> None:
    """One worker is frozen while it waits for what will be a success; another takes over and meets a failure."""
    await arrivals.prepare(after=1)
    await arrivals.edit(1)
    frozen = await arrivals.worker()
    await arrivals.received(2 * PEOPLE)
    frozen.freeze()
    await let_leases_pass(arrivals.url)
    await execute(arrivals.url, "update webhook_endpoints set url = replace(url, '/204/1/', '/500/0/')")
    arrivals.settings["webhook_retry_seconds"] = LATER
    other = await arrivals.worker()
    await arrivals.attempted(2 * PEOPLE)
    other.kill()
    frozen.go_on()
    await arrivals.attempted(4 * PEOPLE)
    rows = await fetch(arrivals.url, "select state, tries, attempts, last_http_status, lease_until from deliveries")
    assert {tuple(row) for row in rows} == {("pending", 1, 1, 500, None)}
    healthy = await fetch(arrivals.url, "select 1 from webhook_endpoints where last_success_at is not null")
    assert healthy == []


@pytest.fixture
def sending(folder: Path) -> Iterator[Server]:
    """`serve` with its worker, not yet started, which allows receivers on this machine."""
    given = {f"CHAMPIONED_{name.upper()}": str(value) for name, value in BRISK.items()}
    server = Server({"CHAMPIONED_DATA_DIR": str(folder / "data"), **given}, folder)
    yield server
    server.kill()


async def test_what_a_killed_service_had_committed_is_sent_and_nothing_else(
    sending: Server, receiver: Receiver
) -> None:
    load = await _loaded(sending, receiver)
    for _ in range(LIVES_OF_SERVICE):
        async with load.pressing():
            await load.until_more_acknowledged()
            sending.kill()
        sending.start().await_ready()
    await let_leases_run_out(sending, "deliveries")
    await _check_all_arrived(sending, receiver)


async def test_what_was_committed_before_the_database_was_killed_is_sent(
    sending: Server, receiver: Receiver, folder: Path
) -> None:
    load = await _loaded(sending, receiver)
    async with load.pressing():
        await load.until_more_acknowledged()
        for process in postmasters(folder):
            process.kill()
        await load.until_more_refused()
        before = len(receiver.receipts())
        await load.until_more_acknowledged()
    await asyncio.to_thread(until, lambda: len(receiver.receipts()) > before + ENOUGH, "the same worker sends again")
    sending.kill()
    sending.start().await_ready()
    await let_leases_run_out(sending, "deliveries")
    await _check_all_arrived(sending, receiver)


async def _loaded(service: Server, receiver: Receiver) -> Load:
    """The service, started, with an endpoint that wants everything in order, and clients that write."""
    service.start().await_ready()
    async with caller(service) as client:
        url = receiver.url("all", after=0.01)
        wanted = {"event_types": ["*"], "ordering": "per_subject", "ordering_hold_seconds": 3_600}
        made = await client.post("/v1/webhook_endpoints", json={"url": url, **wanted})
        assert made.status_code == 201, made.text
    load = Load(service)
    await load.prepare()
    return load


async def _check_all_arrived(service: Server, receiver: Receiver) -> None:
    """What was received is what the feed tells, but for the channel that has to be asked for; in order."""
    async with caller(service) as client, asyncio.timeout(60):
        while True:
            happened = {
                event["id"]: event for event in await feed(client) if event["subject"]["type"] != "webhook_endpoint"
            }
            receipts = receiver.receipts()
            if {each.id for each in receipts} == happened.keys():
                break
            await asyncio.sleep(0.2)
    assert all(each.event == happened[each.id] for each in receipts)
    check_order(receipts)
