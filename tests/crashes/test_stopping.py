"""Ctrl-C and SIGTERM: the service ends well, and takes the embedded database with it."""

import signal
from pathlib import Path

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
        assert service.end(number) == 0, service.said
        assert postmasters(folder) == []
        assert not (folder / "data" / "postgres-18" / "postmaster.pid").exists()
    assert "Traceback" not in service.said
