"""The secrets of webhook endpoints: shown once, brought along, replaced without a gap."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.platform import signing
from api.platform.db import Databases
from api.platform.sealing import Sealer, new_key
from api.platform.settings import Settings
from api.webhooks import secrets
from tests.api.problem import places, problem
from tests.api.webhooks.endpoints import ENDPOINTS, NEW, event_types, events, make, path_of
from tests.cast import START
from tests.conftest import SetClock

OWN = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
MALFORMED = [
    "whsec_tooshort",
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY",  # 29 characters
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",  # without its padding
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_-=",  # of another alphabet
    f"whsec_{'A' * 88}",
]


async def rotate(client: httpx.AsyncClient, endpoint: dict[str, Any], **members: Any) -> dict[str, Any]:
    answer = await client.post(f"{path_of(endpoint)}/rotate_secret", json=members)
    assert answer.status_code == 200, answer.text
    rotated: dict[str, Any] = answer.json()
    return rotated


async def header_now(databases: Databases, settings: Settings, clock: SetClock) -> tuple[dict[str, str], bytes]:
    """What a delivery sent at this moment would be signed with."""
    async with databases.open_system() as connection:
        entries = (await connection.exec_driver_sql("select secrets from webhook_endpoints")).scalar_one()
    sealer, body = Sealer.of([str(settings.secret_keys)]), b'{"type":"application.created"}'
    timestamp = int(clock().timestamp())
    signature = signing.signatures("event_1", timestamp, body, secrets.keys(entries, sealer, clock()))
    return {"webhook-id": "event_1", "webhook-timestamp": str(timestamp), "webhook-signature": signature}, body


async def test_each_endpoint_has_a_secret_of_its_own(client: httpx.AsyncClient) -> None:
    made = [await make(client) for _ in range(2)]
    assert len({each["secret"] for each in made}) == len({each["public_key"] for each in made}) == 2


async def test_an_own_secret_is_not_shown_even_once(
    client: httpx.AsyncClient, databases: Databases, settings: Settings, clock: SetClock
) -> None:
    made = await make(client, secret=OWN)
    assert (made["secret"], made["secrets"][0]["last_four"]) == (None, "Hh8=")
    headers, body = await header_now(databases, settings, clock)
    signing.verify(headers, body, OWN, clock())


@pytest.mark.parametrize("secret", MALFORMED)
async def test_it_refuses_a_secret_that_is_none(client: httpx.AsyncClient, secret: str) -> None:
    refusal = problem(await client.post(ENDPOINTS, json={**NEW, "secret": secret}), 422, "invalid_signing_secret")
    assert places(refusal) == ["#/secret"]
    assert secret not in str(refusal)
    path = f"{path_of(await make(client))}/rotate_secret"
    problem(await client.post(path, json={"secret": secret}), 422, "invalid_signing_secret")
    assert await event_types(client) == ["created"]


async def test_while_secrets_change_over_both_verify(
    client: httpx.AsyncClient, databases: Databases, settings: Settings, clock: SetClock
) -> None:
    made = await make(client)
    rotated = await rotate(client, made)
    assert rotated["secret"] != made["secret"]
    assert rotated["public_key"] != made["public_key"]
    assert [each["expires_at"] for each in rotated["secrets"]] == [None, "2026-03-03T11:00:00Z"]
    assert [each["last_four"] for each in rotated["secrets"]] == [rotated["secret"][-4:], made["secret"][-4:]]
    headers, body = await header_now(databases, settings, clock)
    assert [entry.partition(",")[0] for entry in headers["webhook-signature"].split()] == ["v1", "v1a", "v1", "v1a"]
    for key in (made["secret"], rotated["secret"], made["public_key"], rotated["public_key"]):
        signing.verify(headers, body, key, clock())
    clock.advance(days=1)
    headers, body = await header_now(databases, settings, clock)
    signing.verify(headers, body, rotated["secret"], clock())
    with pytest.raises(signing.NotVerified):
        signing.verify(headers, body, made["secret"], clock())
    shown = (await client.get(path_of(made))).json()
    assert [each["expires_at"] for each in shown["secrets"]] == [None]


async def test_without_grace_the_former_secret_signs_no_more(client: httpx.AsyncClient) -> None:
    rotated = await rotate(client, await make(client), grace_period_seconds=0)
    assert [each["last_four"] for each in rotated["secrets"]] == [rotated["secret"][-4:]]


async def test_at_most_three_are_in_use(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make(client)
    await rotate(client, made, grace_period_seconds=3_600)
    await rotate(client, made, grace_period_seconds=604_800)
    answer = await client.post(f"{path_of(made)}/rotate_secret")
    assert problem(answer, 409, "too_many_secrets")["next_expiry_at"] == "2026-03-02T12:00:00Z"
    clock.advance(hours=1)
    assert len((await rotate(client, made))["secrets"]) == 3
    rotated = await rotate(client, made, grace_period_seconds=0)
    assert [each["last_four"] for each in rotated["secrets"]] == [rotated["secret"][-4:]], "all former ones have ended"


async def test_rotating_is_told_as_a_change(client: httpx.AsyncClient) -> None:
    made = await make(client)
    rotated = await rotate(client, made)
    told = (await events(client))[-1]
    assert told["type"] == "webhook_endpoint.updated"
    assert told["previous"] == {"secrets": made["secrets"], "public_key": made["public_key"]}
    assert rotated["secret"] not in str(told)


@pytest.mark.parametrize("seconds", [-1, 604_801, "60", 1.5])
async def test_it_refuses_a_grace_out_of_bounds(client: httpx.AsyncClient, seconds: Any) -> None:
    path = f"{path_of(await make(client))}/rotate_secret"
    answer = await client.post(path, json={"grace_period_seconds": seconds})
    assert places(problem(answer, 422, "invalid_request")) == ["#/grace_period_seconds"]


async def test_the_same_request_again_does_not_show_the_secret_again(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "once"}
    made = (await client.post(ENDPOINTS, json=NEW, headers=headers)).json()
    again = problem(await client.post(ENDPOINTS, json=NEW, headers=headers), 409, "secret_already_shown")
    assert again["existing_id"] == made["id"]
    path, headers = f"{path_of(made)}/rotate_secret", {"Idempotency-Key": "twice"}
    assert (await client.post(path, headers=headers)).status_code == 200
    problem(await client.post(path, headers=headers), 409, "secret_already_shown")
    assert await event_types(client) == ["created", "updated"]


# Without a database


def test_an_entry_signs_until_it_expires() -> None:
    sealer = Sealer.of([new_key()])
    first, _ = secrets.minted(sealer, None, START)
    second, _ = secrets.minted(sealer, None, START)
    entries = secrets.rotated([first], second, timedelta(hours=1), START)
    for minutes, count in [(0, 2), (59, 2), (60, 1)]:
        assert len(secrets.keys(entries, sealer, START + timedelta(minutes=minutes))) == count
    assert secrets.public_key(entries) == second["public_key"]


def test_keys_are_opened_once() -> None:
    sealer = Sealer.of([new_key()])
    entry, _ = secrets.minted(sealer, OWN, START)
    [first], [second] = (secrets.keys([entry], sealer, START) for _ in range(2))
    assert first is second
    assert first.hmac == bytes(range(32))
