"""Deliveries at the door: verified over raw bytes, stored once, answered; and who is sent away."""

import logging
from dataclasses import replace

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.inbound.acceptance import Door
from api.platform.db import Databases
from api.platform.sealing import Sealer, new_key
from tests.api.inbound.vendor import Vendor, connect, post
from tests.cast import Cast, Company
from tests.conftest import ClientFor, SetClock
from tests.inbound.providers import greenhouse_samples as samples

BODY = samples.STAGE_CHANGE


@pytest.fixture
async def vendor(client: httpx.AsyncClient) -> Vendor:
    return await connect(client)


async def stored(databases: Databases) -> int:
    async with databases.open_system() as connection:
        found = await connection.exec_driver_sql("select count(*) from inbound_messages")
        return int(found.scalar_one())


async def test_it_stores_a_genuine_delivery_as_it_came(vendor: Vendor) -> None:
    answer = await vendor.send(samples.ESCAPED, event_id="7f1c")
    assert answer.status_code == 200
    receipt = answer.json()
    assert receipt == {"object": "inbound_receipt", "id": receipt["id"], "duplicate": False}
    message = (await vendor.client.get(f"/v1/inbound_messages/{receipt['id']}")).json()
    assert message["body"] == samples.ESCAPED.decode()
    assert message["connection_id"] == vendor.id
    assert message["headers"]["greenhouse-event-id"] == "7f1c"


async def test_it_keeps_no_header_that_proves_who_sent_it(vendor: Vendor) -> None:
    answer = await vendor.send(BODY, cookie="a=1", **{"x-forwarded-for": "192.0.2.1", "user-agent": "Greenhouse"})
    message = (await vendor.client.get(f"/v1/inbound_messages/{answer.json()['id']}")).json()
    assert set(message["headers"]) == {"content-type", "content-length", "user-agent", "greenhouse-event-id"}


async def test_a_delivery_that_comes_again_is_stored_once(vendor: Vendor, databases: Databases) -> None:
    first = (await vendor.send(BODY, event_id="7f1c")).json()
    again = await vendor.send(BODY, event_id="7f1c")
    assert again.status_code == 200
    assert again.json() == {**first, "duplicate": True}
    assert await stored(databases) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"signature": ""},
        {"signature": "sha256 " + "0" * 64},
        {"signature": samples.STAGE_CHANGE_SIGNATURE},
        samples.signed(BODY, secret=""),
        samples.signed(BODY + b" ", secret="a-secret-of-our-own"),
        {"x-greenhouse-signature": samples.signed(BODY, secret="a-secret-of-our-own")["signature"]},
    ],
)
async def test_it_refuses_a_delivery_that_is_not_signed_for_it(
    vendor: Vendor, databases: Databases, headers: dict[str, str]
) -> None:
    answer = await post(vendor.client, vendor.path, BODY, headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_refused")
    assert await stored(databases) == 0


async def test_a_signature_of_other_than_ascii_is_refused(vendor: Vendor, databases: Databases) -> None:
    request = vendor.client.build_request("POST", vendor.path, content=BODY)
    request.headers.raw.append((b"signature", "sha256 äöü".encode()))
    answer = await vendor.client.send(request)
    assert answer.status_code == 401
    assert await stored(databases) == 0


async def test_a_digest_of_what_was_parsed_and_written_again_is_refused(client: httpx.AsyncClient) -> None:
    vendor = await connect(client, secret="gh-test-secret-0")
    headers = {"signature": samples.REWRITTEN_SIGNATURE}
    assert (await post(client, vendor.path, samples.ESCAPED, headers)).status_code == 401


async def test_refusals_are_counted_now_and_then(vendor: Vendor) -> None:
    for _ in range(3):
        await post(vendor.client, vendor.path, BODY, {})
    health = (await vendor.details())["health"]
    assert health["refused"] == 1, "the others are added with the next that is counted"
    assert health["refused_at"] is not None
    assert health["last_delivery_at"] is None


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff\xfe", b"[]", BODY[:-9], b'{"action":"ping"}'])
async def test_it_stores_whatever_is_signed(vendor: Vendor, body: bytes) -> None:
    answer = await vendor.send(body)
    assert answer.status_code == 200
    message = (await vendor.client.get(f"/v1/inbound_messages/{answer.json()['id']}")).json()
    assert (message["body"] is None) == (body == b"\xff\xfe")


async def test_an_unknown_address_is_no_address(vendor: Vendor, databases: Databases) -> None:
    token = vendor.path.rpartition("/")[2]
    headers = samples.signed(BODY, vendor.secret)
    for path in (
        f"/hooks/greenhouse/{'a' * 50}",
        "/hooks/greenhouse/x",
        f"/hooks/lever/{token}",
        "/hooks/greenhouse/%00",
    ):
        answer = await post(vendor.client, path, BODY, headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert await stored(databases) == 0


async def test_only_posting_is_possible(vendor: Vendor) -> None:
    assert (await vendor.client.get(vendor.path)).status_code == 405


async def test_a_longer_address_is_none_and_a_query_changes_nothing(vendor: Vendor, databases: Databases) -> None:
    headers = samples.signed(BODY, vendor.secret)
    for more in ("/", "%0a", "/more"):
        answer = await post(vendor.client, vendor.path + more, BODY, headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), more
    assert await stored(databases) == 0
    assert (await post(vendor.client, f"{vendor.path}?from=mail", BODY, headers)).status_code == 200


async def test_a_paused_connection_keeps_what_comes_until_it_is_resumed(vendor: Vendor) -> None:
    await vendor.client.post(f"/v1/connections/{vendor.id}/pause")
    assert (await vendor.send(BODY)).status_code == 200
    assert [row["state"] for row in await vendor.messages()] == ["held"]
    assert (await vendor.details())["health"]["pending"] == 1
    await vendor.client.post(f"/v1/connections/{vendor.id}/resume")
    assert [row["state"] for row in await vendor.messages()] == ["received"]


async def test_after_a_rotation_both_secrets_work_for_a_day(vendor: Vendor, clock: SetClock) -> None:
    former, answer = vendor.secret, await vendor.client.post(f"/v1/connections/{vendor.id}/rotate_secret")
    vendor.secret = answer.json()["secret"]
    assert (await vendor.send(BODY)).status_code == 200
    vendor.secret = former
    clock.advance(hours=23)
    assert (await vendor.send(BODY)).status_code == 200
    clock.advance(hours=1)
    assert (await vendor.send(BODY)).status_code == 401


async def test_a_new_secret_works_at_once_where_the_old_one_is_remembered(
    vendor: Vendor, app: FastAPI, databases: Databases
) -> None:
    door: Door = app.state.door
    door.remember_seconds = 60.0
    token = vendor.path.rpartition("/")[2]
    await door.connection_at("greenhouse", token)
    answer = await vendor.client.post(f"/v1/connections/{vendor.id}/rotate_secret", json={"secret": "another-secret-x"})
    assert answer.status_code == 200
    known = await door.connection_at("greenhouse", token)
    assert known.secret == vendor.secret, "it is remembered"
    long_ago = replace(known, at=known.at - 2)
    receipt = await door.accept(long_ago, samples.signed(BODY, "another-secret-x"), BODY)
    assert not receipt.is_duplicate


async def test_after_the_address_was_rotated_the_former_one_is_none(vendor: Vendor) -> None:
    former = vendor.connection
    vendor.connection = (await vendor.client.post(f"/v1/connections/{vendor.id}/rotate_url")).json()
    assert (await vendor.send(BODY)).status_code == 200
    vendor.connection = former
    assert (await vendor.send(BODY)).status_code == 404


async def test_a_key_that_was_taken_away_is_temporary(vendor: Vendor, app: FastAPI) -> None:
    for sealer in (Sealer(None), Sealer.of([new_key()])):
        app.state.door.sealer = sealer
        answer = await vendor.send(BODY)
        assert (answer.status_code, answer.json()["code"]) == (503, "secret_key_missing")


async def test_a_database_that_is_away_is_temporary(
    vendor: Vendor, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Databases) -> None:
        raise ConnectionRefusedError("away")

    for name in ("open_appending", "open_global"):
        monkeypatch.setattr(Databases, name, away)
        answer = await vendor.send(BODY)
        assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
        assert int(answer.headers["retry-after"]) >= 1


async def test_too_large_a_delivery_is_refused(vendor: Vendor, databases: Databases) -> None:
    answer = await vendor.send(b"x" * 1_048_577)
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")
    assert await stored(databases) == 0


async def test_the_log_does_not_show_the_address(vendor: Vendor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = vendor.path.rpartition("/")[2]
    await vendor.send(BODY)
    refused = await post(vendor.client, vendor.path, BODY, {})
    lines = [f"{record.getMessage()} {getattr(record, 'fields', '')}" for record in caplog.records]
    served = [line for line in lines if "/hooks/" in line]
    assert [line for line in served if "'/hooks/{provider}/{token}'" in line], "the access line names the route"
    assert not [line for line in lines if token in line and "HTTP Request" not in line], "httpx's own lines apart"
    assert token not in refused.text


async def test_a_sandbox_receives_at_its_own_time(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.sandbox)
    vendor = await connect(client)
    before = (await client.get("/v1/clock")).json()
    await client.post("/v1/clock/advance", json={"by": "P30D"})
    await vendor.send(BODY)
    assert (await vendor.messages())[0]["received_at"] > before["now"]


async def test_the_one_statement_adds_to_the_entered_workspace_alone(
    vendor: Vendor, databases: Databases, acme: Company, globex: Company
) -> None:
    columns = "workspace_id, id, connection_id, delivery_key, received_at, headers, body, effects, attempts, state"
    added = (
        "with entered as materialized (select enter_workspace($1)) "
        f"insert into inbound_messages ({columns}) select $2, gen_random_uuid(), $3, 'k', now(), '{{}}', '', '[]', 0, "
        "'received' from entered"
    )
    connection_id = vendor.id.removeprefix("connection_")
    async with databases.open_appending() as database:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await database.execute(added, globex.workspace.id, acme.workspace.id, connection_id)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await database.execute(added.replace("enter_workspace($1)", "$1::int"), 1, acme.workspace.id, connection_id)
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await database.execute(added, globex.workspace.id, globex.workspace.id, connection_id)
        await database.execute(added, acme.workspace.id, acme.workspace.id, connection_id)
        assert await database.fetchval("select count(*) from inbound_messages") == 0, "it has left the workspace again"
    assert await stored(databases) == 1
