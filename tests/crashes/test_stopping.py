"""Ctrl-C and SIGTERM: the service answers who waits, ends well, and takes the embedded database with it."""

import asyncio
import signal
from pathlib import Path

import httpx

from tests.concurrency.servers import Server, postmasters
from tests.crashes.load import caller


async def test_it_stops_with_its_database_and_starts_again_with_its_data(service: Server, folder: Path) -> None:
    made: list[str] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        service.start().await_ready()
        async with caller(service) as client:
            made.insert(0, (await client.post("/v1/people", json={"name": f"Before {number.name}"})).json()["id"])
            listed = await client.get("/v1/people", params={"order_by": "created_at desc"})
            assert [person["id"] for person in listed.json()["data"]] == made
            after = len(made)
            waiting = await _begin_to_wait(client, after)
            assert await asyncio.to_thread(service.end, number) == 0, service.said
            assert (await waiting).json()["next_after"] == after
        assert postmasters(folder) == []
        assert not (folder / "data" / "postgres-18" / "postmaster.pid").exists()
    assert "error" not in service.said


async def _begin_to_wait(client: httpx.AsyncClient, after: int) -> asyncio.Task[httpx.Response]:
    """A request that waits for an event, from the moment it is sent."""
    sent = asyncio.Event()

    async def trace(step: str, details: object) -> None:
        if step == "http11.send_request_body.complete":
            sent.set()

    query = client.get("/v1/events", params={"after": after, "wait": 30}, extensions={"trace": trace})
    waiting = asyncio.create_task(query)
    await sent.wait()
    return waiting
