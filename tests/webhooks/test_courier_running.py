"""A courier at work: it hears of what is new, goes on whatever happens, and stops well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.platform.db import Databases
from api.webhooks import shift
from api.webhooks.courier import Courier
from tests.conftest import SetClock
from tests.webhooks.couriers import Office, refusal, until

LONG = 60.0
"""Too long for a test to be saved by the next look."""


@pytest.fixture(autouse=True)
def _present(clock: SetClock) -> None:
    clock.now = datetime.now(UTC)


@asynccontextmanager
async def running(courier: Courier, poll_seconds: float = LONG) -> AsyncIterator[asyncio.Event]:
    """The courier at work; it has looked once when the block begins."""
    stop = asyncio.Event()
    task = asyncio.create_task(courier.run(poll_seconds=poll_seconds, stop=stop))
    await asyncio.sleep(0.3)
    try:
        yield stop
    finally:
        stop.set()
        await task


async def test_it_hears_of_new_deliveries(office: Office, database_url: str) -> None:
    await office.endpoint()
    async with running(office.courier(listen_url=database_url)):
        await office.person()
        await until(lambda: office.receivers.calls, "it was sent")
        await until(lambda: _all_are(office, "succeeded"), "it was settled")


async def test_it_finds_by_looking_what_it_did_not_hear_of(office: Office) -> None:
    await office.endpoint()
    async with running(office.courier(), poll_seconds=0.05):
        await office.person()
        await until(lambda: office.receivers.calls, "it was sent")


async def test_it_listens_again_when_its_line_was_cut(office: Office, database_url: str) -> None:
    await office.endpoint()
    async with running(office.courier(listen_url=database_url)):
        listeners = "query ilike 'listen%' and datname = current_database()"
        cut = await office.fetch(f"select pg_terminate_backend(pid) from pg_stat_activity where {listeners}")
        assert len(cut) == 1
        await asyncio.sleep(0.1)
        await office.person()
        await until(lambda: office.receivers.calls, "it was sent")


async def test_free_places_are_filled_again_at_once(office: Office, database_url: str) -> None:
    await office.endpoint(max_in_flight=2)
    for _ in range(9):
        await office.person()
    async with running(office.courier(listen_url=database_url)):
        await until(lambda: len(office.receivers.calls) == 9, "all were sent")
    assert office.receivers.most_at_once["/a"] <= 2


async def test_order_goes_on_without_looking(office: Office, database_url: str) -> None:
    await office.endpoint(ordering="per_subject")
    ada = await office.person()
    async with running(office.courier(listen_url=database_url)):
        await office.rename(ada, *(f"Ada {number}" for number in range(8)))
        await until(lambda: len(office.receivers.calls) == 9, "all were sent")
    assert office.receivers.numbers() == sorted(office.receivers.numbers())


async def test_hanging_endpoints_leave_places_to_others(office: Office, database_url: str) -> None:
    await office.endpoint("/hangs", max_in_flight=50)
    for _ in range(30):
        await office.person()
    office.receivers.gate = asyncio.Event()
    async with running(office.courier(listen_url=database_url, concurrency=20)):
        await until(lambda: office.receivers.at_once["/hangs"] == 10, "they hang")
        await office.endpoint("/well")
        for _ in range(5):
            await office.person()
        await until(lambda: office.receivers.at_once["/well"] == 5, "the other is sent to, several at once")
        assert office.receivers.at_once["/hangs"] == 10, "half of the places"
        office.receivers.gate.set()
        await until(lambda: _all_are(office, "succeeded"), "all arrived")


async def test_calls_in_flight_are_let_end_when_it_stops(office: Office, database_url: str) -> None:
    await office.endpoint(max_in_flight=2)
    for _ in range(4):
        await office.person()
    office.receivers.gate = asyncio.Event()
    async with running(office.courier(listen_url=database_url)) as stop:
        await until(lambda: len(office.receivers.calls) == 2, "two are sent")
        stop.set()
        await asyncio.sleep(0.1)
        office.receivers.gate.set()
    states = sorted(each["state"] for each in await office.deliveries())
    assert states == ["pending", "pending", "succeeded", "succeeded"]


async def test_calls_that_do_not_end_are_given_back(
    office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.webhooks.courier.GRACE_SECONDS", 0.1)
    await office.endpoint()
    await office.person()
    office.receivers.gate = asyncio.Event()
    async with running(office.courier(listen_url=database_url)):
        await until(lambda: office.receivers.calls, "it is sent")
    office.receivers.gate = None
    assert await office.send() == 1, "its lease was given back"


async def test_what_cannot_be_settled_now_is_settled_later(
    office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shift, "PAUSE_SECONDS", 0.05)
    faults: list[Exception] = [OSError("the database is gone"), ValueError("a fault"), ValueError("again")]
    settle = shift.settle

    async def fail_first(databases: Databases, sealer: Any, outcomes: Any) -> bool:
        if faults:
            raise faults.pop(0)
        return await settle(databases, sealer, outcomes)

    monkeypatch.setattr(shift, "settle", fail_first)
    await office.endpoint()
    await office.person()
    await office.person()
    async with running(office.courier(listen_url=database_url)):
        await until(lambda: not faults, "all went wrong")
        await office.person()
        await until(lambda: len(office.receivers.calls) == 3, "it goes on")
    states = sorted(each["state"] for each in await office.deliveries())
    assert states[-2:] == ["succeeded", "succeeded"], "of the poisonous one the lease runs out"


async def test_a_failure_that_is_to_be_tried_at_once_is(office: Office, database_url: str) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [refusal()] * 2
    async with running(office.courier(listen_url=database_url, schedule=(timedelta(0),) * 3)):
        await until(lambda: _all_are(office, "succeeded"), "it arrived in the end")
    assert len(office.receivers.calls) == 3


async def _all_are(office: Office, state: str) -> bool:
    return {each["state"] for each in await office.deliveries()} == {state}
