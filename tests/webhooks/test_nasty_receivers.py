"""Receivers that hang, drip, never end, redirect or refuse, beside one that is well: a worker against all of them."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from math import inf
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.main import attach, real_time
from api.platform.db import Databases
from api.platform.settings import Settings
from tests.concurrency.servers import free_port
from tests.conftest import Company, SetClock
from tests.crashes.sending import BRISK, Worker, execute, fetch, local
from tests.webhooks.happening import HAPPENS, happen, latencies, p95
from tests.webhooks.receiver import Receiver

HANGING, IN_FLIGHT = 10, 20
"""So many endpoints hang, each of which may have so many calls in flight: together all the places of a worker."""
FULL = 150
"""With so many calls that hang, those that are well have few places left. The worker keeps some free."""
HANG_SECONDS = 30
EVENTS, PER_SECOND, ANSWER_SECONDS = 80, 40, 0.05
TRIES = 3
PATIENCE_SECONDS = 30


@pytest.fixture
def clock() -> SetClock:
    """Real time when the test begins."""
    return SetClock(real_time())


@pytest.fixture
def app(bare_app: FastAPI, databases: Databases, settings: Settings) -> FastAPI:
    """The service, which allows receivers on this machine."""
    attach(bare_app, databases, local(settings))
    return bare_app


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A receiver that behaves as each address says."""
    made = Receiver(tmp_path).start()
    yield made
    made.kill()


@pytest.fixture
def given(database_url: str, settings: Settings) -> dict[str, Any]:
    """A worker's settings."""
    return {"database_url": database_url, "secret_keys": settings.secret_keys, **BRISK}


async def _register(client: httpx.AsyncClient, url: str, *event_types: str, **members: Any) -> str:
    asked = {"url": url, "event_types": event_types or [HAPPENS], **members}
    made = await client.post("/v1/webhook_endpoints", json=asked)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


class Beside:
    """One healthy endpoint, and events about which nothing else is told."""

    def __init__(self, databases: Databases, acme: Company, receiver: Receiver) -> None:
        self.databases = databases
        self.workspace = acme.workspace
        self.receiver = receiver

    async def p95(self) -> float:
        """Seconds from commit to receipt that 95 of 100 events do not exceed."""
        happened, loop = {}, asyncio.get_running_loop()
        began = loop.time()
        for number in range(EVENTS):
            await asyncio.sleep(began + number / PER_SECOND - loop.time())
            subject, at = await happen(self.databases, self.workspace)
            happened[subject] = at
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = latencies(happened, self.receiver.receipts("healthy"))
                if len(found) == EVENTS:
                    return p95(found)
                await asyncio.sleep(0.05)


async def test_ten_hanging_receivers_do_not_delay_a_healthy_one(
    client: httpx.AsyncClient, databases: Databases, acme: Company, receiver: Receiver, given: dict[str, Any],
    tmp_path: Path,
) -> None:  # fmt: skip
    await _register(client, receiver.url("healthy", after=ANSWER_SECONDS))
    worker = await asyncio.to_thread(Worker, {**given, "webhook_timeout_seconds": HANG_SECONDS}, tmp_path)
    try:
        beside = Beside(databases, acme, receiver)
        await beside.p95()
        alone = await beside.p95()
        for number in range(HANGING):
            url = receiver.url(f"hanging{number}", after=inf)
            await _register(client, url, "person.created", max_in_flight=IN_FLIGHT)
        for number in range(2 * IN_FLIGHT):
            await client.post("/v1/people", json={"name": f"Person {number}"})
        full_until = await _until_places_are_full(receiver) + HANG_SECONDS
        tries: list[float] = []
        while len(tries) < TRIES and min(tries, default=inf) > 1.5 * alone:
            tries.append(await beside.p95())
            assert time() < full_until, "the places are full only as long as none of the calls has ended"
        assert min(tries) <= 1.5 * alone, (alone, tries)
    finally:
        worker.kill()


async def _until_places_are_full(receiver: Receiver) -> float:
    """Wait until calls that hang are all that this worker makes of them; the moment at which the first was made."""
    hanging = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            receipts = [each for each in receiver.receipts() if "hanging" in each.path]
            if len(receipts) == hanging >= FULL:
                assert len({each.path for each in receipts}) == HANGING
                return receipts[0].at
            hanging = len(receipts)
            await asyncio.sleep(0.3)


def _nasty(receiver: Receiver) -> dict[str, str]:
    """A receiver of each kind, by name."""
    date = format_datetime(real_time() + timedelta(hours=2), usegmt=True)
    return {
        "hangs": receiver.url("hangs", after=inf),
        "drips": receiver.url("drips", "drip"),
        "huge": receiver.url("huge", "huge"),
        "redirects": receiver.url("redirects", 302, location=quote(receiver.url("target"))),
        "gone": receiver.url("gone", 410),
        "busy": receiver.url("busy", 429, retry_after="3600"),
        "until": receiver.url("until", 503, retry_after=quote(date)),
        "aborts": receiver.url("aborts", 500, webhook_delivery="abort-message"),
        "disables": receiver.url("disables", 204, webhook_delivery="disable"),
        "private": receiver.url("private"),
        "silent": f"http://127.0.0.1:{free_port()}/204/0/silent",
        "healthy": receiver.url("healthy"),
    }


_FOUND = """
select e.url, d.state, e.state as endpoint, e.disabled_reason as reason, a.error_code, a.http_status, a.duration_ms,
    extract(epoch from d.next_attempt_at - a.started_at)::float as wait
from deliveries d join webhook_endpoints e on e.id = d.endpoint_id join attempts a on a.delivery_id = d.id
"""
_EXPECTED = {
    "hangs": ("pending", "active", None, "timeout", None),
    "drips": ("pending", "active", None, "timeout", None),
    "huge": ("succeeded", "active", None, None, 200),
    "redirects": ("pending", "active", None, "http_status", 302),
    "gone": ("held", "disabled", "gone", "http_status", 410),
    "busy": ("pending", "active", None, "http_status", 429),
    "until": ("pending", "active", None, "http_status", 503),
    "aborts": ("canceled", "active", None, "http_status", 500),
    "disables": ("succeeded", "disabled", "receiver_request", None, 204),
    "private": ("failed", "active", None, "blocked_address", None),
    "silent": ("pending", "active", None, "connect", None),
    "healthy": ("succeeded", "active", None, None, 204),
}
_FORBIDDEN = "http://169.254.169.254/private"
_RETRIES = "60,60,60,60,60,60,60,60,60"
_CUT_SECONDS = 1


async def test_each_receiver_is_dealt_with_as_it_asks_for(
    client: httpx.AsyncClient, databases: Databases, acme: Company, receiver: Receiver, given: dict[str, Any],
    tmp_path: Path, database_url: str,
) -> None:  # fmt: skip
    for url in _nasty(receiver).values():
        await _register(client, url)
    # As when what a name leads to has changed since it was registered.
    await execute(
        database_url, "update webhook_endpoints set url = 'http://169.254.169.254/private' where url ~ 'private'"
    )
    await happen(databases, acme.workspace)
    own = {"webhook_timeout_seconds": _CUT_SECONDS, "webhook_retry_seconds": _RETRIES}
    worker = await asyncio.to_thread(Worker, {**given, **own}, tmp_path)
    try:
        found = await _attempted(database_url)
    finally:
        worker.kill()
    shown = {
        name: (row["state"], row["endpoint"], row["reason"], row["error_code"], row["http_status"])
        for name, row in found.items()
    }
    assert shown == _EXPECTED
    assert receiver.receipts("target") == []
    assert all(row["duration_ms"] < _CUT_SECONDS * 2_000 for row in found.values())
    assert found["hangs"]["wait"] >= 60
    assert 3_600 <= found["busy"]["wait"] < 5_000
    assert 7_000 <= found["until"]["wait"] < 9_000


async def _attempted(url: str) -> dict[str, asyncpg.Record]:
    """What is on record of the first attempt of each, once all were made."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            rows = {urlsplit(row["url"]).path.rsplit("/", 1)[1]: row for row in await fetch(url, _FOUND)}
            if len(rows) == len(_EXPECTED):
                return rows
            await asyncio.sleep(0.05)
