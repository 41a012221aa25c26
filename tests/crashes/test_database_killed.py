"""The database dies, or is stopped for a while, while clients write."""

import asyncio
from pathlib import Path

import httpx

from api.platform import postgres
from tests.concurrency.servers import Server, postmasters
from tests.crashes.load import Load, caller


def _check_refusals(load: Load) -> None:
    """Every refusal was a 503 that tells the caller to come back; none a fault of ours."""
    assert {(refused.status_code, refused.headers["Content-Type"]) for refused in load.refused} == {
        (503, "application/problem+json")
    }
    assert all("Retry-After" in refused.headers for refused in load.refused)
    assert {refused.json()["code"] for refused in load.refused} == {"service_unavailable"}


async def _healths(service: Server) -> tuple[int, int]:
    async with httpx.AsyncClient(base_url=service.url) as client:
        return (await client.get("/healthz")).status_code, (await client.get("/readyz")).status_code


async def test_a_killed_embedded_database_comes_back_by_itself(service: Server, folder: Path) -> None:
    service.start().await_ready()
    load = Load(service)
    await load.prepare()
    async with load.pressing():
        await load.until_more_acknowledged()
        _kill_database(folder)
        await load.until_more_refused()
        await load.until_more_acknowledged()
    _check_refusals(load)
    await load.repeat_all()
    await load.check_nothing_lost_nothing_twice()
    await _check_worker_is_at_work(load)


async def test_after_both_were_killed_the_next_start_works_and_nothing_is_lost(service: Server, folder: Path) -> None:
    service.start().await_ready()
    load = Load(service)
    await load.prepare()
    async with load.pressing():
        await load.until_more_acknowledged()
        service.kill()
        _kill_database(folder)
    service.start().await_ready()
    await load.repeat_all()
    await load.check_nothing_lost_nothing_twice()


def _kill_database(folder: Path) -> None:
    """`kill -9` of the server and all that it runs."""
    for process in postmasters(folder):
        process.kill()


async def test_a_given_database_may_go_and_come_back(folder: Path) -> None:
    database = postgres.start(folder / "given", None)
    service = Server({"DATABASE_URL": database.owner_url}, folder).start().await_ready()
    try:
        load = Load(service)
        await load.prepare()
        async with load.pressing():
            await load.until_more_acknowledged()
            database.stop()
            await load.until_more_refused()
            assert await _healths(service) == (200, 503)
            database = postgres.start(folder / "given", None)
            await load.until_more_acknowledged()
        _check_refusals(load)
        await load.repeat_all()
        await load.check_nothing_lost_nothing_twice()
        await _check_worker_is_at_work(load)
    finally:
        service.kill()
        database.stop()


async def _check_worker_is_at_work(load: Load) -> None:
    """A new title reaches the application by the worker only."""
    async with caller(load.service) as client, asyncio.timeout(60):
        await client.patch(f"/v1/jobs/{load.scene.job}", json={"title": "Platform engineer"})
        while True:
            shown = (await client.get(f"/v1/applications/{load.scene.application}")).json()
            if shown["job"]["title"] == "Platform engineer":
                return
