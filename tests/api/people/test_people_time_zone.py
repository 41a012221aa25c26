"""The zone in which a person works: whose name it is, where it is shown, and what is looked at again for it."""

from datetime import datetime

import pytest
from httpx import AsyncClient
from sqlalchemy import text

from api.platform.db import Databases
from tests.api.people.conftest import Scene
from tests.api.problem import places, problem
from tests.conftest import SetClock

UNKNOWN = ["Mars/Olympus", "", "Europe", "../Europe/Berlin", "/etc/localtime", "europe berlin", "zone.tab", "x" * 65]
ONLY_HERE = ["localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin"]
"""What the machine's own database may have beside the names, and means elsewhere something else or nothing."""


async def test_it_is_kept_and_shown(client: AsyncClient) -> None:
    body = {"name": "Ada", "email": "ada@example.com", "time_zone": "America/New_York"}
    ada = (await client.post("/v1/people", json=body)).json()
    assert ada["time_zone"] == "America/New_York"
    assert (await client.get(f"/v1/people/{ada['id']}")).json()["time_zone"] == "America/New_York"
    (row,) = (await client.get("/v1/people?email=ada@example.com")).json()["data"]
    assert row["time_zone"] == "America/New_York"


async def test_without_one_it_is_unknown(client: AsyncClient) -> None:
    assert (await client.post("/v1/people", json={"name": "Ada"})).json()["time_zone"] is None


async def test_it_is_changed_and_cleared(client: AsyncClient) -> None:
    path = f"/v1/people/{(await client.post('/v1/people', json={'name': 'Ada'})).json()['id']}"
    assert (await client.patch(path, json={"time_zone": "Asia/Kolkata"})).json()["time_zone"] == "Asia/Kolkata"
    assert (await client.patch(path, json={"time_zone": "Asia/Kolkata"})).json()["version"] == 2
    cleared = (await client.patch(path, json={"time_zone": None})).json()
    assert (cleared["time_zone"], cleared["version"]) == (None, 3)


@pytest.mark.parametrize("name", [*UNKNOWN, *ONLY_HERE])
async def test_it_is_a_name_that_everybody_knows(client: AsyncClient, name: str) -> None:
    refusal = problem(await client.post("/v1/people", json={"name": "A", "time_zone": name}), 422, "invalid_request")
    assert places(refusal) == ["#/time_zone"]
    put = await client.put("/v1/people/by_ref/hris/7", json={"name": "A", "time_zone": name})
    assert places(problem(put, 422, "invalid_request")) == ["#/time_zone"]


async def test_a_tool_tells_it_by_its_own_id(client: AsyncClient) -> None:
    path = "/v1/people/by_ref/hris/7"
    made = (await client.put(path, json={"name": "Ada", "time_zone": "Asia/Tokyo"})).json()
    assert (made["time_zone"], made["version"]) == ("Asia/Tokyo", 1)
    assert (await client.put(path, json={"name": "Ada"})).json() == made
    moved = (await client.put(path, json={"time_zone": "Europe/Lisbon"})).json()
    assert (moved["id"], moved["time_zone"], moved["version"]) == (made["id"], "Europe/Lisbon", 2)


async def test_a_change_has_what_they_may_owe_looked_at_again(
    client: AsyncClient, scene: Scene, clock: SetClock, databases: Databases
) -> None:
    dana = (await client.get(f"/v1/jobs/{scene.job}/members")).json()["data"][0]["person"]["id"]
    clock.advance(minutes=1)
    await client.patch(f"/v1/people/{scene.ada}", json={"time_zone": "Asia/Tokyo"})
    assert await _recheck_at(databases) != clock.now, "Ada is no member of the job"
    await client.patch(f"/v1/people/{dana}", json={"time_zone": "Asia/Tokyo"})
    assert await _recheck_at(databases) == clock.now


async def _recheck_at(databases: Databases) -> datetime:
    async with databases.open_system() as connection:
        found: datetime = (await connection.execute(text("select recheck_at from applications"))).scalar_one()
    return found
