"""120 days of the random life of a workspace at the API: nothing goes quiet unnoticed, and nobody is nagged."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api import worker
from api.platform.db import Databases
from tests.conftest import ROLE
from tests.properties.announced_once import judge_announcements
from tests.properties.house import House
from tests.properties.life import Life
from tests.properties.owed_sight import judge_what_is_owed, names_of_what_is_owed
from tests.properties.stage import Stage

DAYS = 120
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def begin(stage: Stage, seed: int, zone: str, *, is_sandbox: bool = False) -> Life:
    """A life at its first day."""
    workspace, client = stage.open(time_zone=zone, is_sandbox=is_sandbox, since=BEGIN - timedelta(days=90))
    stage.clock.now = BEGIN
    life = Life(House(stage, workspace, client, ZoneInfo(zone)), seed)
    stage.run(life.begin())
    return life


@pytest.mark.parametrize(("seed", "zone"), [(1, "Europe/Berlin"), (2, "America/New_York")])
def test_what_is_owed_is_what_a_slow_look_finds(stage: Stage, seed: int, zone: str) -> None:
    life = begin(stage, seed, zone)
    for day in range(DAYS):
        stage.run(life.day())
        life.next_day()
        stage.run(stage.work())
        if day % 30 == 29:
            assert stage.run(judge_what_is_owed(life.house)) > 0
    assert stage.run(judge_announcements(life.house)) > DAYS
    stage.run(life.house.client.aclose())


def test_every_step_twice_and_from_two_workers_changes_nothing(stage: Stage) -> None:
    life = begin(stage, 3, "Europe/Berlin")
    retention = stage.databases.retention
    other = Databases(stage.databases.owner_url, ROLE, clock=stage.clock, pool_size=3, retention=retention)

    async def both() -> None:
        await asyncio.gather(worker.run_once(stage.databases), worker.run_once(other))

    for _ in range(DAYS // 4):
        stage.run(life.day())
        life.next_day()
        stage.run(both())
        before = stage.run(judge_announcements(life.house))
        assert stage.run(stage.work()) == 0
        assert stage.run(judge_announcements(life.house)) == before
    assert stage.run(judge_what_is_owed(life.house)) > 0
    stage.run(other.close())
    stage.run(life.house.client.aclose())


def test_a_week_of_downtime_gives_the_same_records_as_none(stage: Stage) -> None:
    told = []
    for works in (True, False):
        life = begin(stage, 4, "Europe/Berlin")
        for day in range(DAYS // 2):
            is_quiet = 30 <= day < 37
            if not is_quiet:
                stage.run(life.day())
            life.next_day()
            if works or not is_quiet:
                stage.run(stage.work())
        told.append(stage.run(names_of_what_is_owed(life.house)))
        stage.run(life.house.client.aclose())
    always, mostly = told
    assert len(always) > DAYS // 4
    assert always == mostly


def test_advancing_a_sandbox_by_30_days_is_30_days(stage: Stage) -> None:
    told = []
    for advances in (False, True):
        life = begin(stage, 5, "Europe/Berlin", is_sandbox=True)
        for _ in range(20):
            stage.run(life.day())
            life.next_day()
            stage.run(stage.work())
        if advances:
            advanced = stage.run(life.house.post("/v1/clock/advance", {"by": "P30D"}))
            assert advanced.status_code == 200, advanced.text
        else:
            for _ in range(30):
                stage.clock.now += timedelta(days=1)
                stage.run(stage.work())
        told.append(stage.run(names_of_what_is_owed(life.house)))
        stage.run(life.house.client.aclose())
    day_by_day, at_once = told
    assert day_by_day == at_once
