"""Webhook endpoints: registered, shown, listed, changed and deleted."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from api.platform.db import Databases
from api.platform.sealing import Sealer
from api.platform.settings import Settings
from tests.api.problem import problem
from tests.api.webhooks.endpoints import ENDPOINTS, NEW, event_types, events, make, path_of
from tests.api.world import RECEIVER
from tests.cast import Company
from tests.conftest import ClientFor, SetClock


async def test_it_answers_all_there_is_with_what_nobody_chose(client: httpx.AsyncClient) -> None:
    answer = await client.post(ENDPOINTS, json=NEW)
    made = answer.json()
    assert answer.headers["location"] == path_of(made)
    assert answer.headers["etag"] == '"1"'
    secret, public = made.pop("secret"), made.pop("public_key")
    assert (secret[:6], len(secret)) == ("whsec_", 50)
    assert public.startswith("whpk_")
    assert made == {
        "id": made["id"],
        "object": "webhook_endpoint",
        "url": RECEIVER,
        "description": None,
        "state": "active",
        "disabled_reason": None,
        "disabled_at": None,
        "event_types": ["*"],
        "job_ids": [],
        "levels": [],
        "subject_ids": [],
        "payload": "full",
        "payload_format": "standard",
        "ordering": "none",
        "ordering_hold_seconds": 60,
        "rate_limit": None,
        "max_in_flight": 10,
        "header_names": [],
        "secrets": [{"last_four": secret[-4:], "created_at": "2026-03-02T11:00:00Z", "expires_at": None}],
        "health": {
            "state": "healthy",
            "consecutive_failures": 0,
            "first_failure_at": None,
            "last_failure_at": None,
            "last_success_at": None,
            "blocked_until": None,
        },
        "metadata": {},
        "created_at": "2026-03-02T11:00:00Z",
        "updated_at": "2026-03-02T11:00:00Z",
        "version": 1,
    }


async def test_it_keeps_what_was_chosen_each_of_a_list_once(client: httpx.AsyncClient) -> None:
    job = (await client.post("/v1/jobs", json={"title": "Analyst"})).json()["id"]
    chosen = {
        "description": "Our data warehouse",
        "event_types": ["application.*", "advocacy.agreed", "delivery.*"],
        "job_ids": [job],
        "levels": ["championed", "recommended"],
        "subject_ids": [job, f"advocacy_{uuid4().hex}"],
        "payload": "thin",
        "payload_format": "cloudevents",
        "ordering": "per_subject",
        "ordering_hold_seconds": 300,
        "rate_limit": 50,
        "max_in_flight": 3,
        "metadata": {"team": "data"},
    }
    twice = {name: value * 2 if isinstance(value, list) else value for name, value in chosen.items()}
    made = await make(client, **twice)
    assert {name: made[name] for name in chosen} == chosen
    shown = (await client.get(path_of(made))).json()
    assert shown == {name: value for name, value in made.items() if name != "secret"}


async def test_it_is_told_in_the_feed_without_secrets(client: httpx.AsyncClient) -> None:
    made = await make(client, headers={"Authorization": "Bearer of-the-receiver"})
    [told] = await events(client)
    assert told["subject"]["id"] == made["id"]
    assert told["data"] == {name: value for name, value in made.items() if name != "secret"}
    assert told["previous"] is None
    assert "of-the-receiver" not in str(told)


async def test_it_is_not_found_in_another_workspace(
    client: httpx.AsyncClient, client_for: ClientFor, globex: Company
) -> None:
    path = path_of(await make(client))
    other = client_for(globex)
    for method, suffix in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/pause"), ("POST", "/test")]:
        problem(await other.request(method, path + suffix, json={}), 404, "not_found")
    assert (await other.get(ENDPOINTS)).json()["data"] == []


async def test_it_lists_endpoints_the_latest_first_without_labels(client: httpx.AsyncClient, clock: SetClock) -> None:
    for name in ("one", "two", "three"):
        await make(client, description=name)
        clock.advance(minutes=1)
    page = (await client.get(ENDPOINTS, params={"limit": 2})).json()
    assert [row["description"] for row in page["data"]] == ["three", "two"]
    assert "metadata" not in page["data"][0]
    page = (await client.get(ENDPOINTS, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert [row["description"] for row in page["data"]] == ["one"]


# Changing


async def test_a_change_tells_what_was_before(client: httpx.AsyncClient) -> None:
    made = await make(client, description="One", rate_limit=5, metadata={"team": "data"})
    change = {
        "description": None,
        "rate_limit": 7,
        "event_types": ["job.*"],
        "levels": ["none"],
        "subject_ids": [f"job_{uuid4().hex}"],
        "payload_format": "cloudevents",
        "metadata": {"a": "b"},
    }
    answer = await client.patch(path_of(made), json=change)
    assert answer.headers["etag"] == '"2"'
    shown = answer.json()
    assert {name: shown[name] for name in change} == {**change, "metadata": {"team": "data", "a": "b"}}
    assert (await events(client))[-1]["previous"] == {
        "description": "One",
        "rate_limit": 5,
        "event_types": ["*"],
        "levels": [],
        "subject_ids": [],
        "payload_format": "standard",
        "metadata": {"team": "data"},
    }


@pytest.mark.parametrize("change", [{}, {"url": RECEIVER}, {"headers": {}}, {"event_types": ["*", "*"]}])
async def test_a_change_that_changes_nothing_is_none(client: httpx.AsyncClient, change: dict[str, Any]) -> None:
    made = await make(client)
    assert (await client.patch(path_of(made), json=change)).json()["version"] == 1
    assert await event_types(client) == ["created"]


async def test_another_address_is_tried_at_once(client: httpx.AsyncClient, databases: Databases) -> None:
    path = path_of(await make(client))
    await fail(databases)
    assert (await client.get(path)).json()["health"]["state"] == "blocked"
    await client.patch(path, json={"description": "Still the same address"})
    assert (await client.get(path)).json()["health"]["state"] == "blocked"
    health = (await client.patch(path, json={"url": f"{RECEIVER}/v2"})).json()["health"]
    assert (health["state"], health["consecutive_failures"], health["first_failure_at"]) == ("healthy", 0, None)
    assert health["last_failure_at"] == "2026-03-02T11:00:00Z"


async def fail(databases: Databases) -> None:
    """Let every endpoint have failed ten times, and be blocked for a minute."""
    async with databases.open_system() as connection:
        await connection.exec_driver_sql(
            "update webhook_endpoints set consecutive_failures = 10, first_failure_at = '2026-03-02T10:00Z',"
            " last_failure_at = '2026-03-02T11:00Z', blocked_until = '2026-03-02T11:01Z', breaker_seconds = 60"
        )


async def test_its_health_is_blocked_and_then_failing(
    client: httpx.AsyncClient, databases: Databases, clock: SetClock
) -> None:
    path = path_of(await make(client))
    await fail(databases)
    health = (await client.get(path)).json()["health"]
    assert (health["state"], health["blocked_until"]) == ("blocked", "2026-03-02T11:01:00Z")
    clock.advance(minutes=1)
    health = (await client.get(path)).json()["health"]
    assert (health["state"], health["blocked_until"], health["consecutive_failures"]) == ("failing", None, 10)


# Custom headers


async def test_the_values_of_headers_are_shown_nowhere(client: httpx.AsyncClient) -> None:
    made = await make(client, headers={"X-Api-Key": "k1", "Authorization": "Bearer b"})
    assert made["header_names"] == ["authorization", "x-api-key"]
    assert "headers" not in made
    change = {"headers": {"x-api-key": None, "AUTHORIZATION": "Bearer c", "x-team": "data"}}
    shown = (await client.patch(path_of(made), json=change)).json()
    assert (shown["header_names"], shown["version"]) == (["authorization", "x-team"], 2)
    assert (await client.patch(path_of(made), json=change)).json()["version"] == 2
    value_only = {"headers": {"authorization": "Bearer d"}}
    assert (await client.patch(path_of(made), json=value_only)).json()["version"] == 3
    assert (await client.patch(path_of(made), json={"headers": None})).json()["header_names"] == []
    told = [event["previous"] for event in await events(client)]
    assert told == [
        None,
        {"header_names": ["authorization", "x-api-key"]},
        {},
        {"header_names": ["authorization", "x-team"]},
    ]


# Limits, scopes, versions


async def test_there_is_a_limit_also_for_two_at_once(
    client: httpx.AsyncClient, client_for: ClientFor, globex: Company, app: FastAPI, settings: Settings
) -> None:
    app.state.settings = settings.model_copy(update={"webhook_endpoints_per_workspace": 3})
    first = await make(client)
    answers = await asyncio.gather(*(client.post(ENDPOINTS, json=NEW) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 4
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert problem(refused, 409, "webhook_endpoint_limit_reached")["limit"] == 3
    await make(client_for(globex))
    assert (await client.delete(path_of(first))).status_code == 204
    await make(client)


async def test_reading_needs_the_scope_read_and_changing_admin(
    client: httpx.AsyncClient, client_for: ClientFor, acme: Company
) -> None:
    path = path_of(await make(client))
    reader, writer = client_for(acme, "read"), client_for(acme, "write")
    assert (await reader.get(path)).status_code == 200
    for method, url in [("POST", ENDPOINTS), ("PATCH", path), ("DELETE", path), ("POST", f"{path}/rotate_secret")]:
        problem(await writer.request(method, url, json=NEW), 403, "forbidden")


async def test_it_heeds_if_match(client: httpx.AsyncClient) -> None:
    path = path_of(await make(client))
    await client.patch(path, json={"description": "Changed"})
    verbs = ("pause", "resume", "rotate_secret", "test")
    for method, url in [("PATCH", path), ("DELETE", path), *(("POST", f"{path}/{verb}") for verb in verbs)]:
        answer = await client.request(method, url, json={}, headers={"If-Match": '"1"'})
        problem(answer, 412, "precondition_failed")
    answer = await client.get(path, headers={"If-None-Match": '"2"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"'), "its health may have changed"


# Deleting


async def test_a_deleted_endpoint_is_gone_but_for_the_feed(client: httpx.AsyncClient, databases: Databases) -> None:
    made = await make(client, headers={"x-key": "k"})
    path = path_of(made)
    answer = await client.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    for method, url in [
        ("GET", path),
        ("PATCH", path),
        ("DELETE", path),
        *(("POST", f"{path}/{verb}") for verb in ("pause", "resume", "rotate_secret", "test")),
    ]:
        problem(await client.request(method, url, json={}), 404, "not_found")
    assert (await client.get(ENDPOINTS)).json()["data"] == []
    told = (await events(client))[-1]
    assert (told["type"], told["data"]["state"], told["previous"]) == (
        "webhook_endpoint.deleted",
        "deleted",
        {"state": "active"},
    )
    async with databases.open_system() as connection:
        kept = await connection.exec_driver_sql("select headers, secrets::text from webhook_endpoints")
        assert kept.one() == (None, "[]")


# Secrets are needed


async def test_without_a_key_to_seal_with_there_are_no_endpoints(client: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.sealer = Sealer(None)
    problem(await client.post(ENDPOINTS, json=NEW), 503, "secret_key_missing")


async def test_no_secret_lies_open_in_the_database(client: httpx.AsyncClient, databases: Databases) -> None:
    made = await make(client, headers={"x-key": "value-of-the-key"})
    rotated = (await client.post(f"{path_of(made)}/rotate_secret", headers={"Idempotency-Key": "a"})).json()
    await client.patch(path_of(made), json={"headers": {"x-other": "another-value"}}, headers={"Idempotency-Key": "b"})
    async with databases.open_system() as connection:
        for table in ("webhook_endpoints", "idempotency_keys", "events", "deliveries"):
            for row in await connection.exec_driver_sql(f"select * from {table}"):
                everything = " ".join(
                    value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row
                )
                for secret in (made["secret"], rotated["secret"], "value-of-the-key", "another-value", "whsk_"):
                    assert secret not in everything, table
