"""What is old enough goes, in batches and as promised; everything else stays."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from api.domain.webhooks import DeliveryState
from api.platform.db import Databases
from api.platform.thin import thin
from api.webhooks import retention
from api.webhooks.retention import let_go_of_what_is_old
from tests.api.advocacies.scene import make_person
from tests.api.world import make_world
from tests.cast import Cast, Company
from tests.conftest import ClientFor, SetClock
from tests.webhooks.stored import counted, later, store

Answer = dict[str, Any]


async def feed(client: httpx.AsyncClient) -> list[Answer]:
    """The first hundred events."""
    answer = await client.get("/v1/events", params={"limit": 100})
    assert answer.status_code == 200, answer.text
    events: list[Answer] = answer.json()["data"]
    return events


async def until_done(databases: Databases) -> int:
    done = 0
    while found := await let_go_of_what_is_old(databases):
        done += found
    return done


def is_thin(event: Answer) -> bool:
    return bool(event["data"] == {"id": event["subject"]["id"]} and event["previous"] is None)


def test_a_thin_event_says_all_but_the_payload() -> None:
    event = {"id": "event_1", "type": "job.updated", "subject": {"type": "job", "id": "job_1", "url": "/v1/jobs/job_1"}}
    body = orjson.dumps({**event, "data": {"id": "job_1", "title": "Lead"}, "previous": {"title": "Lea"}, "test": True})
    expected = {**event, "data": {"id": "job_1"}, "previous": None, "test": True}
    assert thin(body) == orjson.dumps(expected)
    assert thin(thin(body)) == thin(body)


async def test_a_whole_event_can_be_told_from_a_thin_one(client: httpx.AsyncClient) -> None:
    await make_world(client)
    assert [event for event in await feed(client) if event["data"].keys() <= {"id"}] == []


async def test_after_thirty_days_an_event_loses_its_payload_and_nothing_else(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock
) -> None:
    person = await make_person(client, "Ada")
    await client.patch(f"/v1/people/{person}", json={"name": "Ada Okafor"})
    before = await feed(client)
    later(clock, days=29, hours=23)
    assert await until_done(databases) == 0
    clock.advance(hours=2)
    assert await until_done(databases) == 2
    after = await feed(client)
    assert after == [{**event, "data": {"id": person}, "previous": None} for event in before]
    assert await until_done(databases) == 0


async def test_an_event_is_still_found_and_an_application_still_has_its_timeline(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock
) -> None:
    world = await make_world(client)
    whole = (await client.get(f"/v1/applications/{world.ids['application']}/timeline")).json()["data"]
    later(clock, days=31)
    await until_done(databases)
    answer = await client.get(f"/v1/events/{world.ids['event']}")
    assert is_thin(answer.json())
    timeline = (await client.get(f"/v1/applications/{world.ids['application']}/timeline")).json()["data"]
    assert [(each["id"], each["type"], each["occurred_at"], each["actor"]) for each in timeline] == [
        (each["id"], each["type"], each["occurred_at"], each["actor"]) for each in whole
    ]
    assert all(each["data"].keys() == {"id"} and each["previous"] is None for each in timeline)


async def test_the_operator_chooses_for_how_long(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_person(client, "Ada")
    monkeypatch.setattr(databases, "retention", timedelta(days=90))
    later(clock, days=89)
    assert await until_done(databases) == 0
    clock.advance(days=2)
    assert await until_done(databases) == 1


async def test_the_first_that_is_to_keep_its_payload_ends_it(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock
) -> None:
    for name in ("Ada", "Bo"):
        await make_person(client, name)
    later(clock, days=31)
    await make_person(client, "Cleo")
    assert await until_done(databases) == 2
    assert [is_thin(event) for event in await feed(client)] == [True, True, False]


async def test_it_is_done_in_batches_until_none_is_left(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "EVENTS_A_TURN", 2)
    for name in ("Ada", "Bo", "Cleo"):
        await make_person(client, name)
    later(clock, days=31)
    assert [await let_go_of_what_is_old(databases) for _ in range(3)] == [2, 1, 0]


async def test_what_somebody_else_holds_and_what_follows_waits_for_the_next_turn(
    client: httpx.AsyncClient, databases: Databases, second_worker: Databases, clock: SetClock
) -> None:
    for name in ("Ada", "Bo", "Cleo"):
        await make_person(client, name)
    later(clock, days=31)
    async with second_worker.open_system() as connection:
        await connection.execute(text("select id from events where number = 2 for no key update"))
        assert await until_done(databases) == 1
    assert await until_done(databases) == 2
    assert all(is_thin(event) for event in await feed(client))


async def test_a_sandbox_keeps_its_payloads_for_as_long_in_real_time(
    client_for: ClientFor, cast: Cast, databases: Databases, clock: SetClock
) -> None:
    client = client_for(cast.sandbox)
    await make_person(client, "Ada")
    async with databases.open_system() as connection:
        moved = text("update workspaces set clock_offset = interval '400 days' where id = :id")
        await connection.execute(moved, {"id": cast.sandbox.workspace.id})
    await make_person(client, "Bo")
    later(clock, days=29)
    assert await until_done(databases) == 0
    clock.advance(days=2)
    assert await until_done(databases) == 2


async def test_every_workspace_has_its_turn(
    client_for: ClientFor, acme: Company, globex: Company, databases: Databases, clock: SetClock
) -> None:
    for company in (acme, globex):
        await make_person(client_for(company), "Ada")
        await store(databases, company.workspace)
    later(clock, days=31)
    await until_done(databases)
    for company in (acme, globex):
        assert is_thin((await feed(client_for(company)))[0])
        assert await counted(databases, "attempts", company.workspace) == 0


async def test_attempts_go_after_thirty_days_and_their_delivery_stays(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock, acme: Company
) -> None:
    await make_person(client, "Ada")
    later(clock, days=0)
    await store(databases, acme.workspace, started_at=clock.now)
    clock.advance(days=29)
    await store(databases, acme.workspace, started_at=clock.now)
    assert await counted(databases, "attempts", acme.workspace) == 2
    clock.advance(days=2)
    await until_done(databases)
    assert await counted(databases, "attempts", acme.workspace) == 1
    assert await counted(databases, "deliveries", acme.workspace) == 2


async def test_a_year_after_it_was_finished_a_delivery_goes_with_its_attempts(
    client: httpx.AsyncClient,
    databases: Databases,
    clock: SetClock,
    acme: Company,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for state in DeliveryState:
        await make_person(client, state)
    later(clock, days=0)
    await store(databases, acme.workspace, tuple(DeliveryState))
    monkeypatch.setattr(databases, "retention", timedelta(days=365))
    clock.advance(days=364)
    assert await until_done(databases) == 0
    clock.advance(days=2)
    await until_done(databases)
    async with databases.open_system() as connection:
        left = await connection.execute(text("select state from deliveries"))
        assert set(left.scalars()) == {"pending", "held"}


async def test_a_delivery_that_was_tried_again_counts_from_its_last_end(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock, acme: Company
) -> None:
    await make_person(client, "Ada")
    await store(databases, acme.workspace)
    later(clock, days=300)
    async with databases.open_system() as connection:
        await connection.execute(text("update deliveries set finished_at = :now"), {"now": clock.now})
    clock.advance(days=300)
    await until_done(databases)
    assert await counted(databases, "deliveries", acme.workspace) == 1


async def test_rows_are_deleted_in_batches_until_none_is_left(
    client: httpx.AsyncClient,
    databases: Databases,
    clock: SetClock,
    acme: Company,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("Ada", "Bo", "Cleo"):
        await make_person(client, name)
    await store(databases, acme.workspace, (DeliveryState.SUCCEEDED,) * 3)
    monkeypatch.setattr(retention, "ROWS_A_TURN", 2)
    later(clock, days=400)
    left = []
    while await let_go_of_what_is_old(databases):
        left.append(await counted(databases, "deliveries", acme.workspace))
    assert left == [1, 0]
    assert await counted(databases, "attempts", acme.workspace) == 0


async def test_many_workers_do_what_one_does(
    client: httpx.AsyncClient, databases: Databases, second_worker: Databases, clock: SetClock, acme: Company
) -> None:
    for number in range(8):
        await make_person(client, f"Person {number}")
    await store(databases, acme.workspace, (DeliveryState.FAILED,) * 8)
    later(clock, days=400)
    await asyncio.gather(*(until_done(each) for each in (databases, second_worker, databases, second_worker)))
    await until_done(databases)
    assert all(is_thin(event) for event in await feed(client))
    assert await counted(databases, "deliveries", acme.workspace) == 0
    assert await counted(databases, "attempts", acme.workspace) == 0


async def test_writing_goes_on_beside_it(client: httpx.AsyncClient, databases: Databases, clock: SetClock) -> None:
    for number in range(5):
        await make_person(client, f"Person {number}")
    later(clock, days=31)
    await asyncio.gather(until_done(databases), *(make_person(client, f"Late {number}") for number in range(10)))
    await until_done(databases)
    events = await feed(client)
    assert [event["number"] for event in events] == list(range(1, 16))
    assert sorted(json.dumps(event["data"].get("name")) for event in events if not is_thin(event)) == sorted(
        f'"Late {number}"' for number in range(10)
    )
