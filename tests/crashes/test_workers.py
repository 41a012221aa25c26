"""Workers beside each other, and one that dies with work in its hands."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest

from api import worker
from api.platform import ids
from api.platform.claims import LEASE
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.support import steps
from tests.api.advocacies.scene import Scene, make_scene
from tests.concurrency.house import House
from tests.conftest import Cast, SetClock, Work

APPLICATIONS = 8
UNTIL_LAPSED = 40


@pytest.fixture
def house(databases: Databases, client: httpx.AsyncClient, cast: Cast) -> House:
    """Acme, as it is looked at afterwards."""
    return House(cast.acme.workspace, databases, [client])


@pytest.fixture
async def scenes(client: httpx.AsyncClient, clock: SetClock) -> list[Scene]:
    """Applications that Ada champions until long ago."""
    made = [await make_scene(client) for _ in range(APPLICATIONS)]
    for day in range(2):
        for scene in made:
            if not day:
                await scene.begin()
            await scene.act(ask={"kind": "interview", "to": scene.hana})
        clock.advance(days=1)
    clock.advance(days=UNTIL_LAPSED)
    return made


async def _crossings(house: House, scenes: list[Scene]) -> list[Counter[tuple[Any, ...]]]:
    """For each application what was announced about its championing, and for when, how often."""
    changes = await house.feed(types="application.support.changed")
    told = {scene.application: Counter[tuple[Any, ...]]() for scene in scenes}
    for event in changes:
        told[event["subject"]["id"]][event["timestamp"], event["data"]["championing"]] += 1
    return list(told.values())


async def test_two_workers_announce_each_crossing_once(
    house: House, scenes: list[Scene], databases: Databases, second_worker: Databases
) -> None:
    done = await asyncio.gather(worker.run_once(databases), worker.run_once(second_worker))
    assert sum(done) == APPLICATIONS
    for crossings in await _crossings(house, scenes):
        assert [championing for _, championing in crossings][-3:] == ["on_track", "at_risk", "lapsed"]
        assert set(crossings.values()) == {1}
    assert await house.damage() == []


async def test_two_workers_on_the_same_application_announce_each_crossing_once(
    house: House, scenes: list[Scene], databases: Databases, second_worker: Databases
) -> None:
    """As when a lease ran out under a worker that was only slow."""
    for scene in scenes:
        application_id = ids.decode("application", scene.application)
        await asyncio.gather(
            *(steps.recheck(each, house.workspace, application_id) for each in (databases, second_worker))
        )
    for crossings in await _crossings(house, scenes):
        assert set(crossings.values()) == {1}
    assert await house.damage() == []


async def test_what_a_dead_worker_had_leased_is_done_by_another(
    house: House,
    scenes: list[Scene],
    second_worker: Databases,
    work: Work,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leased = asyncio.Event()

    async def hang(databases: Databases, workspace: WorkspaceRef, application_id: UUID) -> None:
        leased.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(steps, "recheck", hang)
        dying = asyncio.create_task(worker.run_once(second_worker))
        await leased.wait()
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
    before = await _crossings(house, scenes)
    assert await work() == 0, "the leases hold"
    assert await _crossings(house, scenes) == before
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert await work() == APPLICATIONS
    for told_before, told in zip(before, await _crossings(house, scenes), strict=True):
        assert [championing for _, championing in told - told_before] == ["at_risk", "lapsed"]
    assert await house.damage() == []
