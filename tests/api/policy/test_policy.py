"""The policy: versions, bounds, and who may change it."""

import httpx
import pytest

from api.platform.db import Databases
from api.policy import service
from api.policy.service import change_policy, lock_policy
from api.support.queries import current_policy, load_policies
from tests.cast import Company
from tests.conftest import ClientFor


async def test_it_starts_with_the_defaults(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/policy")
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert answer.json()["values"]["window_applied"] == 7
    assert answer.headers["etag"] == '"1"'


async def test_it_makes_a_new_version_of_what_differs(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/v1/policy", json={"window_applied": 14, "min_reasons": 2})
    assert answer.json()["version"] == 2
    feed = (await client.get("/v1/events", params={"types": "policy.changed"})).json()["data"]
    assert [event["data"]["changed"] for event in feed] == [{"window_applied": 14}]
    assert feed[0]["previous"] == {"window_applied": 7}
    assert len((await client.get("/v1/policy/versions")).json()["data"]) == 2


async def test_it_makes_no_version_when_nothing_differs(client: httpx.AsyncClient) -> None:
    assert (await client.patch("/v1/policy", json={"window_applied": 7})).json()["version"] == 1


async def test_it_refuses_numbers_out_of_bounds(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/v1/policy", json={"window_applied": 0})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/window_applied")


async def test_it_refuses_limits_in_the_wrong_order(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/v1/policy", json={"waiting_offer": 8})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_policy")


async def test_it_refuses_an_unknown_zone(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/v1/policy", json={"time_zone": "Europe/Atlantis"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_policy")


async def test_it_needs_the_scope_admin(client_for: ClientFor, acme: Company) -> None:
    answer = await client_for(acme, "write").patch("/v1/policy", json={"window_applied": 14})
    assert (answer.status_code, answer.json()["needed_scope"]) == (403, "admin")


async def test_the_scope_is_asked_for_before_an_answer_is_repeated(
    client: httpx.AsyncClient, client_for: ClientFor, acme: Company
) -> None:
    asked = {"json": {"window_applied": 14}, "headers": {"Idempotency-Key": "once"}}
    assert (await client.patch("/v1/policy", **asked)).status_code == 200
    assert (await client_for(acme, "write").patch("/v1/policy", **asked)).status_code == 403


async def test_a_version_is_named_in_digits(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/policy/versions/1")).headers["etag"] == '"1"'
    for given in ("1.0", "%201", "1_0"):
        assert (await client.get(f"/v1/policy/versions/{given}")).status_code == 422, given


async def test_it_refuses_a_version_that_is_not_the_latest(client: httpx.AsyncClient) -> None:
    await client.patch("/v1/policy", json={"window_applied": 14})
    answer = await client.patch("/v1/policy", json={"window_applied": 15}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412


async def versions(databases: Databases, company: Company) -> list[int]:
    async with databases.open_reading(company.workspace) as session:
        return [each.version for each in await load_policies(session)]


async def test_a_version_that_another_process_made_is_noticed(
    client: httpx.AsyncClient, databases: Databases, acme: Company
) -> None:
    other = Databases(databases.owner_url, databases.service_role, clock=databases.clock)
    assert await versions(other, acme) == [1]
    for days in (14, 15):
        await client.patch("/v1/policy", json={"window_applied": days})
    assert await versions(other, acme) == await versions(databases, acme) == [1, 2, 3]
    await other.close()


async def test_a_version_that_was_taken_back_is_not_remembered(databases: Databases, acme: Company) -> None:
    async with databases.open_writing(acme.workspace, actor={}) as session:
        await change_policy(session, await lock_policy(session), {"min_reasons": 3}, now=databases.clock())
        assert (await current_policy(session)).min_reasons == 3
    assert await versions(databases, acme) == [1]
    async with databases.open_reading(acme.workspace) as session:
        assert (await current_policy(session)).min_reasons == 2


async def test_it_parses_a_version_once(databases: Databases, acme: Company, globex: Company) -> None:
    async with databases.open_reading(acme.workspace) as session:
        first = await load_policies(session)
    async with databases.open_reading(acme.workspace) as session:
        assert await load_policies(session) is first
    async with databases.open_reading(globex.workspace) as session:
        assert await load_policies(session) is not first


async def test_there_is_an_end_to_versions(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_VERSIONS", 2)
    assert (await client.patch("/v1/policy", json={"window_applied": 14})).status_code == 200
    answer = await client.patch("/v1/policy", json={"window_applied": 15})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_policy_versions")
