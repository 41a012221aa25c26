"""Pausing and resuming webhook endpoints, and trying them out."""

from typing import Any

import httpx
import orjson
import pytest

from api.domain.events import EVENT_TYPES
from api.event_types.catalogue import example
from api.platform.db import Databases
from api.platform.outbox import CHANNEL
from tests.api.problem import places, problem
from tests.api.webhooks.endpoints import event_types, events, make, path_of
from tests.conftest import SetClock


async def call(client: httpx.AsyncClient, endpoint: dict[str, Any], verb: str, **members: Any) -> dict[str, Any]:
    answer = await client.post(f"{path_of(endpoint)}/{verb}", json=members)
    assert answer.status_code in (200, 202), answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def change(databases: Databases, columns: str) -> None:
    """Change every endpoint as the sending side would."""
    async with databases.open_system() as connection:
        await connection.exec_driver_sql(f"update webhook_endpoints set {columns}")


async def test_pausing_and_resuming_twice_does_it_once(client: httpx.AsyncClient) -> None:
    made = await make(client)
    for verb, state, version in [
        ("pause", "paused", 2),
        ("pause", "paused", 2),
        ("resume", "active", 3),
        ("resume", "active", 3),
    ]:
        shown = await call(client, made, verb)
        assert (shown["state"], shown["version"]) == (state, version)
    assert shown["task_id"] is None
    assert await event_types(client) == ["created", "paused", "resumed"]
    assert [event["previous"] for event in await events(client)][1:] == [{"state": "active"}, {"state": "paused"}]


@pytest.mark.parametrize("held", ["send_all", "send_latest_per_subject", "discard", None])
async def test_resuming_begins_a_task_for_what_was_held(
    client: httpx.AsyncClient, databases: Databases, held: str | None
) -> None:
    made = await make(client)
    await call(client, made, "pause")
    shown = await call(client, made, "resume", **({"held": held} if held else {}))
    async with databases.open_system() as connection:
        task = (await connection.exec_driver_sql("select id, kind, held_mode from tasks")).one()
    assert (f"task_{task.id.hex}", task.kind, task.held_mode) == (shown["task_id"], "resume", held or "send_all")


async def test_a_disabled_endpoint_starts_afresh(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock
) -> None:
    made = await make(client)
    await change(
        databases,
        "state = 'disabled', disabled_reason = 'failing', disabled_at = now(), consecutive_failures = 40,"
        " first_failure_at = now(), blocked_until = now() + interval '9 d', breaker_seconds = 1800, warned_at = now()",
    )
    shown = (await client.get(path_of(made))).json()
    assert (shown["state"], shown["disabled_reason"]) == ("disabled", "failing")
    refusal = problem(await client.post(f"{path_of(made)}/pause"), 409, "invalid_state_transition")
    assert (refusal["current_state"], refusal["allowed_transitions"]) == ("disabled", ["resume"])
    clock.advance(days=6)
    shown = await call(client, made, "resume")
    assert (shown["state"], shown["disabled_reason"], shown["disabled_at"]) == ("active", None, None)
    assert (shown["health"]["state"], shown["health"]["consecutive_failures"]) == ("healthy", 0)
    async with databases.open_system() as connection:
        statement = "select enabled_at, warned_at, breaker_seconds from webhook_endpoints"
        assert tuple((await connection.exec_driver_sql(statement)).one()) == (clock(), None, None)


async def test_it_names_what_can_become_of_what_was_held(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{path_of(await make(client))}/resume", json={"held": "keep"})
    refusal = problem(answer, 422, "invalid_request")
    assert places(refusal) == ["#/held"]
    assert "send_latest_per_subject" in refusal["detail"]


# Trying it out


async def body_of(databases: Databases, delivery: dict[str, Any]) -> dict[str, Any]:
    async with databases.open_system() as connection:
        statement = f"select body from deliveries where id = '{delivery['id'].rpartition('_')[2]}'"
        body: dict[str, Any] = orjson.loads((await connection.exec_driver_sql(statement)).scalar_one())
    return body


async def test_a_test_is_a_delivery_of_the_documented_example(client: httpx.AsyncClient, databases: Databases) -> None:
    made = await make(client)
    answer = await client.post(f"{path_of(made)}/test", json={"type": "advocacy.agreed"})
    delivery = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"{path_of(made)}/deliveries/{delivery['id']}"
    assert (delivery["event_type"], delivery["trigger"], delivery["state"]) == ("advocacy.agreed", "test", "pending")
    assert (delivery["event_id"], delivery["event_number"]) == (None, None)
    body, documented = await body_of(databases, delivery), example("advocacy.agreed")
    assert body == {**documented, "id": body["id"], "test": True}
    assert body["id"] == f"event_{delivery['id'].rpartition('_')[2]}" != documented["id"]
    async with databases.open_system() as connection:
        statement = "select priority, next_attempt_at = created_at from deliveries where trigger = 'test'"
        assert tuple((await connection.exec_driver_sql(statement)).one()) == (0, True)
    assert (await client.get(f"/v1/events/{body['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (["*"], next(iter(EVENT_TYPES))),
        (["advocacy.*", "application.created"], next(each for each in EVENT_TYPES if each.startswith("advocacy."))),
        (["application.moved", "*"], "application.moved"),
        (["delivery.*"], "delivery.failing"),
    ],
)
async def test_by_default_it_is_of_the_first_type_asked_for(
    client: httpx.AsyncClient, names: list[str], first: str
) -> None:
    made = await make(client, event_types=names)
    assert (await call(client, made, "test"))["event_type"] == first
    assert (await client.post(f"{path_of(made)}/test")).json()["event_type"] == first


async def test_whoever_sends_is_told_of_a_test(client: httpx.AsyncClient, databases: Databases) -> None:
    made, told = await make(client), []
    async with databases.open_system() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.add_listener(CHANNEL, lambda *heard: told.append(heard[-1]))
        await call(client, made, "test")
        workspace_id = (await connection.exec_driver_sql("select workspace_id from webhook_endpoints")).scalar_one()
    assert told == [str(workspace_id)]


async def test_a_ping_is_a_test_made_with_the_endpoint_and_told_of_to_whoever_sends(
    client: httpx.AsyncClient, databases: Databases
) -> None:
    told: list[str] = []
    async with databases.open_system() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.add_listener(CHANNEL, lambda *heard: told.append(heard[-1]))
        made = await make(client, ping=True, event_types=["advocacy.agreed", "*"])
        await make(client)
        workspace_id = (
            await connection.exec_driver_sql("select min(workspace_id) from webhook_endpoints")
        ).scalar_one()
    assert told == [str(workspace_id)]
    [delivery] = (await client.get(f"{path_of(made)}/deliveries")).json()["data"]
    assert (delivery["event_type"], delivery["trigger"], delivery["state"]) == ("advocacy.agreed", "test", "pending")


@pytest.mark.parametrize("name", ["application.teleported", "application.*", "*", ""])
async def test_it_refuses_types_there_are_not(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post(f"{path_of(await make(client))}/test", json={"type": name})
    assert places(problem(answer, 422, "unknown_event_type" if name else "invalid_request")) == ["#/type"]


@pytest.mark.parametrize("state", ["paused", "disabled"])
async def test_nothing_is_tried_on_an_endpoint_that_is_not_sent_to(
    client: httpx.AsyncClient, databases: Databases, state: str
) -> None:
    made = await make(client)
    await change(databases, f"state = '{state}'")
    refusal = problem(await client.post(f"{path_of(made)}/test"), 409, "webhook_endpoint_not_active")
    assert refusal["current_state"] == state


async def test_the_same_test_again_is_sent_once(client: httpx.AsyncClient, databases: Databases) -> None:
    path, headers = f"{path_of(await make(client))}/test", {"Idempotency-Key": "once"}
    first, second = [(await client.post(path, headers=headers)).json() for _ in range(2)]
    assert first == second
    async with databases.open_system() as connection:
        assert (await connection.exec_driver_sql("select count(*) from deliveries")).scalar_one() == 1
