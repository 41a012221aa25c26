"""What came in: listed, shown as it came, and worked on anew."""

import base64

import httpx
import pytest

from api.platform.db import Databases
from tests.api.inbound.vendor import Vendor, connect
from tests.cast import Company
from tests.conftest import ClientFor, SetClock
from tests.inbound.providers import greenhouse_samples as samples

PATH = "/v1/inbound_messages"


@pytest.fixture
async def vendor(client: httpx.AsyncClient) -> Vendor:
    return await connect(client)


async def change(databases: Databases, message_id: str, assignments: str) -> None:
    async with databases.open_system() as connection:
        await connection.exec_driver_sql(
            f"update inbound_messages set {assignments} where id = '{message_id.removeprefix('inbound_message_')}'"
        )


async def sent(vendor: Vendor, clock: SetClock, number: int) -> list[str]:
    """So many messages, a minute apart."""
    ids = []
    for _ in range(number):
        ids.append((await vendor.send(samples.STAGE_CHANGE)).json()["id"])
        clock.advance(minutes=1)
    return ids


async def test_it_lists_messages_the_latest_first(vendor: Vendor, clock: SetClock) -> None:
    ids = await sent(vendor, clock, 3)
    page = (await vendor.client.get(PATH, params={"limit": 2})).json()
    assert [row["id"] for row in page["data"]] == [ids[2], ids[1]]
    assert "body" not in page["data"][0]
    page = (await vendor.client.get(PATH, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert [row["id"] for row in page["data"]] == [ids[0]]


async def test_it_filters_messages(vendor: Vendor, clock: SetClock, databases: Databases) -> None:
    ids = await sent(vendor, clock, 3)
    await change(databases, ids[1], "state = 'failed', event = 'hire_candidate', reason = 'why'")
    other = await connect(vendor.client, system="other")
    await other.send(samples.STAGE_CHANGE)
    assert len(await vendor.messages()) == 3
    assert [row["id"] for row in await vendor.messages(state="failed")] == [ids[1]]
    assert [row["id"] for row in await vendor.messages(event="hire_candidate")] == [ids[1]]
    assert await vendor.messages(event="hire_candidate", state="received") == []
    window = {"received_at[gte]": "2026-03-02T11:01:00Z", "received_at[lt]": "2026-03-02T11:02:00Z"}
    assert [row["id"] for row in await vendor.messages(**window)] == [ids[1]]


@pytest.mark.parametrize("filters", [{"state": "failed"}, {"event": "hire_candidate"}])
async def test_state_and_event_need_the_connection(client: httpx.AsyncClient, filters: dict[str, str]) -> None:
    answer = await client.get(PATH, params=filters)
    assert (answer.status_code, answer.json()["code"]) == (422, "filters_not_combinable")


async def test_it_shows_a_message_whole_to_admins_alone(
    vendor: Vendor, databases: Databases, client_for: ClientFor, acme: Company
) -> None:
    message_id = (await vendor.send(samples.STAGE_CHANGE)).json()["id"]
    effects = '[{"type": "application", "id": "application_0192f3a4b5c67d8e9f00112233445566", "what": "moved"}]'
    await change(
        databases, message_id, f"state = 'processed', subject = 'candidate:1', attempts = 1, effects = '{effects}'"
    )
    shown = (await vendor.client.get(f"{PATH}/{message_id}")).json()
    assert shown["body"] == samples.STAGE_CHANGE.decode()
    assert (shown["state"], shown["subjects"], shown["body_base64"]) == ("processed", ["candidate:1"], None)
    assert [effect["type"] for effect in shown["effects"]] == ["application"]
    assert (await client_for(acme, "write").get(f"{PATH}/{message_id}")).status_code == 403


async def test_it_shows_what_is_no_text_in_base64(vendor: Vendor) -> None:
    message_id = (await vendor.send(b"\xff\xfe\x00")).json()["id"]
    shown = (await vendor.client.get(f"{PATH}/{message_id}")).json()
    assert shown["body"] is None
    assert base64.b64decode(shown["body_base64"]) == b"\xff\xfe\x00"


async def test_it_replays_a_message(vendor: Vendor, databases: Databases) -> None:
    message_id = (await vendor.send(samples.STAGE_CHANGE)).json()["id"]
    await change(databases, message_id, "state = 'failed', reason = 'why', attempts = 9, due_at = null")
    answer = await vendor.client.post(f"{PATH}/{message_id}/replay")
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("state", "reason", "attempts")} == {
        "state": "received",
        "reason": None,
        "attempts": 0,
    }
    assert await due(databases) == 1


async def due(databases: Databases) -> int:
    async with databases.open_system() as connection:
        found = await connection.exec_driver_sql("select count(*) from inbound_messages where due_at is not null")
        return int(found.scalar_one())


async def test_an_erased_message_cannot_be_replayed(vendor: Vendor, databases: Databases) -> None:
    message_id = (await vendor.send(samples.STAGE_CHANGE)).json()["id"]
    await change(databases, message_id, "body = '', redacted_at = now(), due_at = null, state = 'processed'")
    answer = await vendor.client.post(f"{PATH}/{message_id}/replay")
    assert (answer.status_code, answer.json()["code"]) == (409, "message_erased")
    shown = (await vendor.client.get(f"{PATH}/{message_id}")).json()
    assert (shown["body"], shown["body_base64"]) == (None, None)
    answer = await vendor.client.post(f"{PATH}/replay", json={"connection_id": vendor.id})
    assert (answer.json()["replayed"], answer.json()["skipped"]) == (0, 1)


async def test_what_was_read_before_it_was_erased_can_be_replayed(vendor: Vendor, databases: Databases) -> None:
    message_id = (await vendor.send(samples.STAGE_CHANGE)).json()["id"]
    await change(databases, message_id, "body = '', redacted_at = now(), due_at = null, parsed = '{}'")
    assert (await vendor.client.post(f"{PATH}/{message_id}/replay")).status_code == 200
    answer = await vendor.client.post(f"{PATH}/replay", json={"connection_id": vendor.id})
    assert (answer.json()["replayed"], answer.json()["skipped"]) == (1, 0)


async def test_it_replays_many(
    vendor: Vendor, clock: SetClock, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await sent(vendor, clock, 3)
    for message_id in ids:
        await change(databases, message_id, "state = 'failed', due_at = null, event = 'hire_candidate'")
    await change(databases, ids[2], "state = 'processed'")
    monkeypatch.setattr("api.inbound.messages.AT_ONCE", 1)
    asked = {"connection_id": vendor.id, "state": "failed", "event": "hire_candidate", "until": "2026-03-02T12:00:00Z"}
    first = (await vendor.client.post(f"{PATH}/replay", json=asked)).json()
    assert (first["replayed"], first["has_more"]) == (1, True)
    assert await due(databases) == 1
    second = (await vendor.client.post(f"{PATH}/replay", json={**asked, "cursor": first["next_cursor"]})).json()
    assert (second["replayed"], second["has_more"], second["next_cursor"]) == (1, False, None)
    assert [row["state"] for row in await vendor.messages()] == ["processed", "received", "received"]


async def test_what_is_replayed_while_the_connection_is_paused_is_held(vendor: Vendor, databases: Databases) -> None:
    message_id = (await vendor.send(samples.STAGE_CHANGE)).json()["id"]
    await vendor.client.post(f"/v1/connections/{vendor.id}/pause")
    assert (await vendor.client.post(f"{PATH}/{message_id}/replay")).json()["state"] == "held"
    assert await due(databases) == 0
    await vendor.client.post(f"/v1/connections/{vendor.id}/resume")
    assert await due(databases) == 1


async def test_another_workspaces_connection_is_unknown(vendor: Vendor, client_for: ClientFor, globex: Company) -> None:
    answer = await client_for(globex).post(f"{PATH}/replay", json={"connection_id": vendor.id})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")
