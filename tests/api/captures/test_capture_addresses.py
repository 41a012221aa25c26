import httpx
import pytest
from fastapi import FastAPI

from api.captures.addresses_schemas import CaptureAddressWithToken
from api.main import attach
from api.models import CaptureAddress
from api.platform.db import Databases
from api.platform.hook_tokens import SHAPE, HookTokens, mint
from api.platform.ids import encode, new_id
from api.platform.settings import Settings
from tests.api.advocacies.scene import got, sent
from tests.api.captures.mails import Post, is_kept, mail, open_post
from tests.api.problem import problem
from tests.cast import START

ADDRESSES = "/v1/capture_addresses"


@pytest.fixture
async def post(client: httpx.AsyncClient) -> Post:
    return await open_post(client)


async def test_its_token_is_shown_once(post: Post) -> None:
    made = post.made
    assert SHAPE.fullmatch(made["token"])
    assert (made["object"], made["name"], made["keeps_text"], made["revoked_at"]) == (
        "capture_address",
        "BCC",
        False,
        None,
    )
    assert made["address"] is None, "no mail domain is set"
    assert made["url"] == f"http://mail:{made['token']}@127.0.0.1:8420/v1/captures/mail"
    retrieved = await got(post.client, f"{ADDRESSES}/{made['id']}")
    assert retrieved == {name: made[name] for name in made.keys() - {"token", "address", "url"}}
    assert (await got(post.client, ADDRESSES))["data"] == [retrieved]


async def test_its_token_is_kept_nowhere(post: Post, databases: Databases) -> None:
    key = {"Idempotency-Key": "k1"}
    second = (await post.client.post(ADDRESSES, json={"name": "Other"}, headers=key)).json()
    assert await is_kept(databases, "Other")
    assert not await is_kept(databases, post.made["token"])
    assert not await is_kept(databases, second["token"])


async def test_the_same_request_again_shows_no_secret(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await client.post(ADDRESSES, json={"name": "BCC"}, headers=key)
    assert first.status_code == 201
    again = await client.post(ADDRESSES, json={"name": "BCC"}, headers=key)
    assert problem(again, 409, "secret_already_shown")["existing_id"] == first.json()["id"]
    other = await client.post(ADDRESSES, json={"name": "Other"}, headers=key)
    problem(other, 422, "idempotency_key_reused")
    assert len((await got(client, ADDRESSES))["data"]) == 1


async def test_two_have_different_names(post: Post) -> None:
    refused = await post.client.post(ADDRESSES, json={"name": "BCC"})
    assert problem(refused, 409, "capture_address_exists")["existing_id"] == post.made["id"]
    other = await sent(post.client, ADDRESSES, {"name": "Other"})
    refused = await post.client.patch(f"{ADDRESSES}/{other['id']}", json={"name": "BCC"})
    problem(refused, 409, "capture_address_exists")


async def test_it_is_changed(post: Post) -> None:
    path = f"{ADDRESSES}/{post.made['id']}"
    changed = (await post.client.patch(path, json={"keeps_text": True, "name": "All"})).json()
    assert (changed["keeps_text"], changed["name"], changed["version"]) == (True, "All", 2)
    assert (await post.client.patch(path, json={"name": "All"})).json() == changed
    stale = await post.client.patch(path, json={"name": "X"}, headers={"If-Match": '"1"'})
    problem(stale, 412, "precondition_failed")


async def test_rotating_kills_the_token_before(post: Post) -> None:
    rotated = await sent(post.client, f"{ADDRESSES}/{post.made['id']}/rotate", {}, 200)
    assert rotated["token"] != post.made["token"]
    problem(await post.hand_over(mail()), 401, "capture_address_unknown")
    assert (await Post(post.client, rotated).take(mail()))["state"] == "needs_details"


async def test_revoking_is_for_good(post: Post) -> None:
    path = f"{ADDRESSES}/{post.made['id']}"
    revoked = await sent(post.client, f"{path}/revoke", {}, 200)
    assert revoked["revoked_at"] == "2026-03-02T11:00:00Z"
    assert await sent(post.client, f"{path}/revoke", {}, 200) == revoked
    problem(await post.hand_over(mail()), 401, "capture_address_unknown")
    problem(await post.client.post(f"{path}/rotate"), 409, "capture_address_revoked")


async def test_rotating_again_with_the_same_key_shows_no_secret(post: Post) -> None:
    path, key = f"{ADDRESSES}/{post.made['id']}/rotate", {"Idempotency-Key": "k1"}
    rotated = (await post.client.post(path, headers=key)).json()
    refused = await post.client.post(path, headers=key)
    assert problem(refused, 409, "secret_already_shown")["existing_id"] == post.made["id"]
    assert (await Post(post.client, rotated).take(mail()))["state"] == "needs_details"


async def test_a_remembered_token_of_a_revoked_address_takes_nothing(
    post: Post, app: FastAPI, databases: Databases
) -> None:
    remembering = Settings(key_cache_seconds=5, rate_limit_per_minute=0, rate_limit_burst_per_second=0)
    attach(app, databases, remembering)
    await post.take(mail())
    await sent(post.client, f"{ADDRESSES}/{post.made['id']}/revoke", {}, 200)
    problem(await post.hand_over(mail()), 401, "capture_address_unknown")


async def test_each_address_has_a_rate(post: Post, app: FastAPI, databases: Databases) -> None:
    other = await open_post(post.client, name="Other")
    attach(app, databases, Settings(rate_limit_per_minute=2, rate_limit_burst_per_second=0))
    for left in (1, 0):
        response = await post.hand_over(mail())
        assert response.headers["ratelimit"].startswith(f'"default";r={left};')
    assert (await post.hand_over(mail())).json()["code"] == "quota_exceeded"
    assert (await other.hand_over(mail())).status_code == 200


def test_a_mail_domain_makes_an_address_of_the_token() -> None:
    row = CaptureAddress(id=new_id(), name="BCC", created_at=START, updated_at=START)
    settings = Settings(mail_domain="in.example.com", public_url="https://hr.example.com/champions")
    shown = CaptureAddressWithToken.with_token(row, "t0k3n", settings)
    assert shown.address == "t0k3n@in.example.com"
    assert shown.url == "https://mail:t0k3n@hr.example.com/champions/v1/captures/mail"


def test_tokens_are_long_random_and_fit_everywhere() -> None:
    tokens = {mint() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert all(len(token) == 50 and token.isascii() and token.isalnum() and token == token.lower() for token in tokens)


async def test_the_first_known_token_counts(post: Post, databases: Databases) -> None:
    other = await open_post(post.client, name="Other")
    known = HookTokens(databases, remember_seconds=5)
    for _ in range(2):
        found = await known.find_first(["x", mint(), other.made["token"], post.made["token"]])
        assert found is not None
        assert encode("capture_address", found.target_id) == other.made["id"]
    assert await known.find(mint()) is None
    assert await known.find_first([]) is None
