"""What one person owes, in one message, and how often it may be sent."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.domain.vocabulary import Owed
from api.platform.db import Databases
from tests.api.applications.scene import make_person
from tests.api.follow_ups.rows import owe
from tests.api.follow_ups.scene import Scene, make_scene
from tests.api.problem import places, problem
from tests.api.referrals.scene import Answer, read, sent
from tests.cast import Company
from tests.conftest import ClientFor, SetClock

DIGEST = "/v1/follow_ups/digest"
PARTS = ("overdue", "due_today", "due_this_week")


def at(day: int, hour: int = 8) -> datetime:
    """An hour of a day of March in UTC; nine in the morning in Berlin unless another is given."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """An application that Rita administers and Hana decides."""
    return await make_scene(client)


async def shown(client: httpx.AsyncClient, owner: str) -> dict[str, list[str]]:
    """The ids in each part of somebody's digest."""
    digest = await read(client, DIGEST, owner=owner)
    return {part: [each["id"] for each in digest[part]["data"]] for part in PARTS}


async def send(client: httpx.AsyncClient, owner: str) -> httpx.Response:
    """Record a digest as sent."""
    return await client.post(DIGEST, json={"owner": owner})


async def test_what_is_owed_is_parted_by_when(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    rita = {"owner_id": scene.rita}
    late = await owe(databases, acme, due_at=at(1), standing=Owed.OVERDUE, **rita)
    now = await owe(databases, acme, due_at=at(2), standing=Owed.DUE, **rita)
    afternoon = await owe(databases, acme, due_at=at(2, 15), **rita)
    sunday = await owe(databases, acme, due_at=at(8), **rita)
    await owe(databases, acme, due_at=at(9), **rita)
    await owe(databases, acme, due_at=at(2), owner_id=scene.hana)
    wanted = {"overdue": [late], "due_today": [now, afternoon], "due_this_week": [sunday]}
    assert await shown(client, scene.rita) == wanted
    digest = await read(client, DIGEST, owner=scene.rita)
    assert digest["overdue"]["data"][0] == (await read(client, "/v1/follow_ups", standing="overdue"))["data"][0]


async def test_a_snoozed_one_shows_on_the_day_it_comes_back(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    rita = {"owner_id": scene.rita, "due_at": at(1)}
    today = await owe(databases, acme, snoozed_until=at(2, 20), **rita)
    friday = await owe(databases, acme, snoozed_until=at(6), **rita)
    await owe(databases, acme, snoozed_until=at(9), **rita)
    back = await owe(databases, acme, snoozed_until=at(2, 9), standing=Owed.OVERDUE, **rita)
    wanted: dict[str, list[str]] = {"overdue": [back], "due_today": [], "due_this_week": [today, friday]}
    assert await shown(client, scene.rita) == wanted


async def test_days_are_those_of_the_owner(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    await client.patch(f"/v1/people/{scene.rita}", json={"time_zone": "America/Los_Angeles"})
    made = await owe(databases, acme, owner_id=scene.rita, due_at=at(3, 7))  # late on Monday there
    assert (await shown(client, scene.rita))["due_today"] == [made]


async def test_a_part_says_how_many_more_there_are(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    for n in range(23):
        await owe(databases, acme, owner_id=scene.rita, due_at=at(2) - timedelta(minutes=n), standing=Owed.DUE)
    part = (await read(client, DIGEST, owner=scene.rita))["due_today"]
    assert (len(part["data"]), part["more"]) == (20, 3)
    assert part["data"] == sorted(part["data"], key=lambda each: str(each["due_at"]))


async def test_whoever_decides_gets_so_many_a_week(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene, clock: SetClock
) -> None:
    made = await owe(databases, acme, owner_id=scene.hana)
    for count in (1, 2, 3):
        told = await send(client, scene.hana)
        assert (told.status_code, told.json()["sent_this_week"], told.json()["follow_up_ids"]) == (201, count, [made])
    assert told.json()["next_digest_at"] == "2026-03-08T23:00:00Z"
    refused = problem(await send(client, scene.hana), 409, "digest_limit_reached")
    assert refused["next_digest_at"] == "2026-03-08T23:00:00Z"
    digest = await read(client, DIGEST, owner=scene.hana)
    assert (digest["is_decider"], digest["may_send"], digest["sent_this_week"]) == (True, False, 3)
    clock.now = at(8, 22)
    problem(await send(client, scene.hana), 409, "digest_limit_reached")
    clock.now = at(8, 23)
    digest = await read(client, DIGEST, owner=scene.hana)
    assert (digest["may_send"], digest["sent_this_week"], digest["next_digest_at"]) == (True, 0, None)


async def test_recruiters_have_no_limit(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    await owe(databases, acme, owner_id=scene.rita)
    sent_to_rita = [(await send(client, scene.rita)).status_code for _ in range(5)]
    digest = await read(client, DIGEST, owner=scene.rita)
    assert (sent_to_rita, digest["sent_this_week"], digest["is_decider"]) == ([201] * 5, 5, False)


async def test_who_decided_on_a_job_that_is_filled_decides_no_more(client: httpx.AsyncClient, scene: Scene) -> None:
    assert (await read(client, DIGEST, owner=scene.hana))["is_decider"] is True
    await sent(client, f"/v1/jobs/{scene.job}/set_state", {"state": "filled"})
    assert (await read(client, DIGEST, owner=scene.hana))["is_decider"] is False


async def test_the_limit_is_the_policys(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    await client.patch("/v1/policy", json={"decider_digests_per_week": 1})
    await owe(databases, acme, owner_id=scene.hana)
    assert (await send(client, scene.hana)).status_code == 201
    problem(await send(client, scene.hana), 409, "digest_limit_reached")


async def test_of_many_at_once_only_so_many_are_sent(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    await owe(databases, acme, owner_id=scene.hana)
    answers = await asyncio.gather(*(send(client, scene.hana) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [201, 201, 201, 409, 409]


async def test_asking_changes_nothing(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    await owe(databases, acme, owner_id=scene.hana)
    first = await read(client, DIGEST, owner=scene.hana)
    assert await read(client, DIGEST, owner=scene.hana) == first
    assert (first["sent_this_week"], first["may_send"]) == (0, True)


async def test_with_nothing_owed_there_is_nothing_to_send(client: httpx.AsyncClient, scene: Scene) -> None:
    digest: Answer = await read(client, DIGEST, owner=scene.rita)
    assert (digest["may_send"], digest["next_digest_at"]) == (False, None)
    problem(await send(client, scene.rita), 409, "nothing_to_send")


async def test_there_is_nothing_for_whoever_wants_no_contact(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    await owe(databases, acme, owner_id=scene.hana)
    await scene.forbid(scene.hana)
    assert await shown(client, scene.hana) == {part: [] for part in PARTS}
    assert (await read(client, DIGEST, owner=scene.hana))["may_send"] is False
    problem(await send(client, scene.hana), 409, "nothing_to_send")


async def test_it_is_about_somebody_here(
    client: httpx.AsyncClient, client_for: ClientFor, globex: Company, scene: Scene
) -> None:
    foreign = await make_person(client_for(globex))
    for owner in (foreign, f"person_{'1' * 32}"):
        problem(await client.get(DIGEST, params={"owner": owner}), 404, "not_found")
        assert places(problem(await send(client, owner), 422, "unknown_reference")) == ["#/owner"]
    missing: Any = await client.get(DIGEST)
    problem(missing, 422, "invalid_request")
