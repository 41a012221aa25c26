"""Connections: made, shown, changed, paused, and given new secrets; and what of them is shown once."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.platform.db import Databases
from api.platform.sealing import Sealer
from tests.api.inbound.vendor import SECRET, connect
from tests.cast import Company
from tests.conftest import ClientFor, SetClock
from tests.inbound.providers import greenhouse_samples as samples

NEW = {"provider": "greenhouse"}


async def make(client: httpx.AsyncClient, **members: Any) -> dict[str, Any]:
    answer = await client.post("/v1/connections", json={**NEW, **members})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def event_types(client: httpx.AsyncClient) -> list[str]:
    return [event["type"] for event in (await client.get("/v1/events")).json()["data"]]


async def test_it_answers_address_secret_and_what_to_enter(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/connections", json=NEW)
    made = answer.json()
    assert made["url"].startswith("http://127.0.0.1:8420/hooks/greenhouse/")
    assert len(made["secret"]) >= 32
    assert made["url"] in " ".join(made["steps"])
    assert "/pause" in made["steps"][0]
    assert "/resume" in made["steps"][-1]
    assert (made["system"], made["name"], made["state"]) == ("greenhouse", "Greenhouse", "active")
    assert made["mapping"]["stages"] == {}
    assert answer.headers["location"] == f"/v1/connections/{made['id']}"
    assert await event_types(client) == ["connection.created"]


async def test_it_shows_a_secret_of_your_own_not_even_once(client: httpx.AsyncClient) -> None:
    assert (await make(client, secret=SECRET))["secret"] is None


async def test_it_names_the_vendors_it_knows(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/connections", json={"provider": "abacus"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == "Input should be one of: greenhouse"


@pytest.mark.parametrize("secret", ["", "short", "fifteen-of-them", "with white space in it", "x" * 201])
async def test_it_refuses_a_secret_that_is_none(client: httpx.AsyncClient, secret: str) -> None:
    answer = await client.post("/v1/connections", json={**NEW, "secret": secret})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/secret"


async def test_each_connection_has_a_system_of_its_own(
    client: httpx.AsyncClient, client_for: ClientFor, globex: Company
) -> None:
    first = await make(client)
    answer = await client.post("/v1/connections", json=NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "connection_exists")
    assert answer.json()["existing_id"] == first["id"]
    assert (await make(client, system="greenhouse_eu", name="EU"))["system"] == "greenhouse_eu"
    assert (await make(client_for(globex)))["system"] == "greenhouse"


async def test_the_same_request_again_does_not_show_the_secret_again(
    client: httpx.AsyncClient, databases: Databases
) -> None:
    headers = {"Idempotency-Key": "once"}
    made = (await client.post("/v1/connections", json=NEW, headers=headers)).json()
    again = await client.post("/v1/connections", json=NEW, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "secret_already_shown")
    assert again.json()["existing_id"] == made["id"]
    for verb in ("rotate_secret", "rotate_url"):
        path = f"/v1/connections/{made['id']}/{verb}"
        assert (await client.post(path, headers={"Idempotency-Key": verb})).status_code == 200
        assert (await client.post(path, headers={"Idempotency-Key": verb})).json()["code"] == "secret_already_shown"


async def test_no_secret_and_no_address_lies_open_in_the_database(
    client: httpx.AsyncClient, databases: Databases
) -> None:
    made = await make(client, secret=SECRET)
    path = f"/v1/connections/{made['id']}"
    rotated = (await client.post(f"{path}/rotate_secret", headers={"Idempotency-Key": "a"})).json()
    moved = (await client.post(f"{path}/rotate_url", headers={"Idempotency-Key": "b"})).json()
    await client.patch(path, json={"name": "Renamed"}, headers={"Idempotency-Key": "c"})
    await client.post(f"{path}/pause", headers={"Idempotency-Key": "d"})
    secrets = [SECRET, rotated["secret"], *(each["url"].rpartition("/")[2] for each in (made, moved))]
    async with databases.open_system() as connection:
        for table in ("connections", "hook_tokens", "idempotency_keys", "events"):
            for row in await connection.exec_driver_sql(f"select * from {table}"):
                everything = " ".join(
                    value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row
                )
                assert not [secret for secret in secrets if secret in everything], table


async def test_only_admins_see_the_address(client: httpx.AsyncClient, client_for: ClientFor, acme: Company) -> None:
    made = await make(client)
    shown = (await client.get(f"/v1/connections/{made['id']}")).json()
    assert (shown["url"], shown["steps"]) == (made["url"], made["steps"])
    read = (await client_for(acme, "read").get(f"/v1/connections/{made['id']}")).json()
    assert (read["url"], read["steps"]) == (None, [])
    assert "secret" not in shown


async def test_without_a_key_to_seal_with_there_are_no_connections(client: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.sealer = Sealer(None)
    answer = await client.post("/v1/connections", json=NEW)
    assert (answer.status_code, answer.json()["code"]) == (503, "secret_key_missing")


async def test_it_lists_connections_the_latest_first(client: httpx.AsyncClient, clock: SetClock) -> None:
    for system in ("one", "two"):
        await make(client, system=system)
        clock.advance(minutes=1)
    page = (await client.get("/v1/connections", params={"limit": 1})).json()
    assert [row["system"] for row in page["data"]] == ["two"]
    page = (await client.get("/v1/connections", params={"limit": 1, "cursor": page["next_cursor"]})).json()
    assert [row["system"] for row in page["data"]] == ["one"]


async def test_it_merges_a_mapping(client: httpx.AsyncClient) -> None:
    relationship = {"field": "how", "values": {"Same team": "same_team"}}
    made = await make(
        client,
        mapping={
            "stages": {"Onsite": "interviewing", "730015": "screening"},
            "referral_sources": ["Referral"],
            "form_fields": {"relationship": relationship, "claim": {"field": "why", "requirement": "Why them"}},
        },
    )
    change = {"stages": {"730015": None, "Offer": "offer"}, "form_fields": {"claim": None}}
    answer = await client.patch(f"/v1/connections/{made['id']}", json={"mapping": change})
    assert answer.status_code == 200
    assert answer.json()["mapping"] == {
        "stages": {"Onsite": "interviewing", "Offer": "offer"},
        "referral_sources": ["Referral"],
        "form_fields": {"relationship": relationship, "basis": None, "claim": None},
    }
    assert answer.json()["version"] == 2


@pytest.mark.parametrize(
    "mapping",
    [
        {"stages": {"Onsite": "talking"}},
        {"stages": {"": "offer"}},
        {"stages": {f"Stage {number}": "offer" for number in range(501)}},
        {"stages": ["Onsite"]},
        {"sources": []},
        {"form_fields": {"relationship": {"field": "how"}}},
        {"form_fields": {"basis": {"field": "how", "values": {"x": "guessed"}}}},
        {"form_fields": {"claim": {"field": "why", "requirement": " "}}},
    ],
)
async def test_it_refuses_a_mapping_that_makes_no_sense(client: httpx.AsyncClient, mapping: dict[str, Any]) -> None:
    answer = await client.post("/v1/connections", json={**NEW, "mapping": mapping})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("#/mapping")


async def test_a_mapping_cannot_grow_without_end(client: httpx.AsyncClient) -> None:
    made = await make(client, mapping={"stages": {f"One {number}": "offer" for number in range(150)}})
    path = f"/v1/connections/{made['id']}"
    for letter, status in [("A", 200), ("B", 200), ("C", 422)]:
        stages = {f"{letter} {number}": "offer" for number in range(150)}
        answer = await client.patch(path, json={"mapping": {"stages": stages}})
        assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"] == "#/mapping/stages"


async def test_a_change_that_changes_nothing_is_none(client: httpx.AsyncClient) -> None:
    made = await make(client, mapping={"stages": {"Onsite": "interviewing"}})
    same = {"name": "Greenhouse", "mapping": {"stages": {"Onsite": "interviewing"}}}
    answer = await client.patch(f"/v1/connections/{made['id']}", json=same)
    assert answer.json()["version"] == 1
    assert await event_types(client) == ["connection.created"]


async def test_it_heeds_if_match(client: httpx.AsyncClient) -> None:
    path = f"/v1/connections/{(await make(client))['id']}"
    await client.patch(path, json={"name": "Renamed"})
    for method, url in [("PATCH", path), *(("POST", f"{path}/{verb}") for verb in ("pause", "resume", "rotate_url"))]:
        answer = await client.request(method, url, json={}, headers={"If-Match": '"1"'})
        assert answer.status_code == 412, url
    assert (await client.get(path)).headers["etag"] == '"2"'


async def test_pausing_twice_pauses_once(client: httpx.AsyncClient) -> None:
    path = f"/v1/connections/{(await make(client))['id']}"
    for verb, state, version in [
        ("pause", "paused", 2),
        ("pause", "paused", 2),
        ("resume", "active", 3),
        ("resume", "active", 3),
    ]:
        shown = (await client.post(f"{path}/{verb}")).json()
        assert (shown["state"], shown["version"]) == (state, version)
    assert await event_types(client) == ["connection.created", "connection.paused", "connection.resumed"]


async def test_a_rotated_secret_says_until_when_the_former_one_works(
    client: httpx.AsyncClient, clock: SetClock
) -> None:
    made = await make(client)
    path = f"/v1/connections/{made['id']}"
    rotated = (await client.post(f"{path}/rotate_secret")).json()
    assert rotated["secret"] not in (None, made["secret"])
    assert rotated["url"] == made["url"]
    assert rotated["former_secret_until"] == "2026-03-03T11:00:00Z"
    assert (await client.get(path)).json()["former_secret_until"] == rotated["former_secret_until"]
    own = (await client.post(f"{path}/rotate_secret", json={"secret": SECRET})).json()
    assert own["secret"] is None


async def test_a_changed_mapping_makes_every_subject_due_again(client: httpx.AsyncClient, databases: Databases) -> None:
    made = await make(client)
    other = await make(client, system="other")
    async with databases.open_system() as connection:
        for system in (made, other):
            await connection.exec_driver_sql(
                "insert into inbound_subjects (workspace_id, id, connection_id, subject) select workspace_id,"
                f" gen_random_uuid(), id, 'candidate:1' from connections where id = '{system['id'][11:]}'"
            )
    await client.patch(f"/v1/connections/{made['id']}", json={"name": "Renamed"})
    assert await due(databases) == []
    await client.patch(f"/v1/connections/{made['id']}", json={"mapping": {"stages": {"Onsite": "interviewing"}}})
    assert await due(databases) == [made["id"]]


async def due(databases: Databases) -> list[str]:
    async with databases.open_system() as connection:
        found = await connection.exec_driver_sql("select connection_id from inbound_subjects where due_at is not null")
        return [f"connection_{each.hex}" for each in found.scalars()]


async def test_its_health_counts_what_became_of_the_deliveries(client: httpx.AsyncClient, databases: Databases) -> None:
    vendor = await connect(client)
    for _ in range(4):
        await vendor.send(samples.STAGE_CHANGE)
    rows = await vendor.messages()
    states = [
        ("processed", "hire_candidate"),
        ("ignored", "offer_created"),
        ("ignored", "teleported"),
        ("failed", None),
    ]
    async with databases.open_system() as connection:
        for row, (state, event) in zip(rows, states, strict=True):
            named = f"'{event}'" if event else "null"
            await connection.exec_driver_sql(
                f"update inbound_messages set state = '{state}', event = {named}, processed_at = received_at"
                f" where id = '{row['id'][16:]}'"
            )
    health = (await vendor.details())["health"]
    assert {name: health[name] for name in ("pending", "processed", "ignored", "failed", "refused")} == {
        "pending": 0,
        "processed": 1,
        "ignored": 2,
        "failed": 1,
        "refused": 0,
    }
    assert health["unknown_events"] == [{"event": "teleported", "count": 1}]
    assert health["last_delivery_at"] == health["last_processed_at"] == rows[0]["received_at"]
