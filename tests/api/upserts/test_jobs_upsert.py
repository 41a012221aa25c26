import asyncio
from typing import Any

import httpx
from httpx import AsyncClient

from tests.api.problem import places, problem
from tests.api.upserts.conftest import Unchanged
from tests.conftest import SetClock

HANA = {"name": "Hana", "email": "hana@example.com", "power": "decides", "is_hiring_manager": True}
INES = {"name": "Ines", "external_id": "u2", "power": "influences"}
JOB = {
    "title": "Data engineer",
    "requirements": ["Runs a data platform", "Mentors  others"],
    "members": [HANA, INES],
    "metadata": {"office": "Berlin"},
}


async def put(client: AsyncClient, body: Any = JOB, external_id: str = "7", **headers: str) -> httpx.Response:
    return await client.put(f"/v1/jobs/by_ref/ats/{external_id}", json=body, headers=headers)


def team(job: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    return {each["person"]["name"]: (each["power"], each["is_hiring_manager"]) for each in job["members"]}


async def events(client: AsyncClient, after: int = 0) -> list[str]:
    page = (await client.get("/v1/events", params={"after": after, "limit": 100})).json()
    return [event["type"] for event in page["data"]]


async def test_it_makes_a_job_with_requirements_and_members(client: AsyncClient):
    answer = await put(client)
    assert answer.status_code == 201
    job = answer.json()
    assert (job["title"], job["state"], job["kind"], job["metadata"]) == (
        "Data engineer",
        "open",
        "hire",
        {"office": "Berlin"},
    )
    assert [each["text"] for each in job["requirements"]] == JOB["requirements"]
    assert team(job) == {"Hana": ("decides", True), "Ines": ("influences", False)}


async def test_sent_again_it_writes_nothing(client: AsyncClient, clock: SetClock, unchanged: Unchanged):
    first = await put(client)
    clock.advance(days=3)
    async with unchanged():
        again = await put(client)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_new_title_changes_exactly_that(client: AsyncClient):
    first = (await put(client)).json()
    before = len(await events(client))
    changed = (await put(client, {**JOB, "title": "Senior data engineer"})).json()
    assert await events(client, before) == ["job.updated"]
    assert {name for name in changed if changed[name] != first[name]} == {"title", "version"}


async def test_a_new_state_changes_exactly_that(client: AsyncClient):
    await put(client)
    before = len(await events(client))
    assert (await put(client, {**JOB, "state": "paused"})).json()["state"] == "paused"
    assert await events(client, before) == ["job.state.changed"]


async def test_another_power_changes_exactly_that(client: AsyncClient):
    await put(client)
    before = len(await events(client))
    changed = (await put(client, {"members": [HANA, {**INES, "power": "administers"}]})).json()
    assert await events(client, before) == ["job.member.recorded"]
    assert team(changed) == {"Hana": ("decides", True), "Ines": ("administers", False)}


async def test_requirements_are_added_and_none_is_taken_away(client: AsyncClient, unchanged: Unchanged):
    await put(client)
    body = {"requirements": ["Writes well", "mentors others", "Writes  Well"]}
    job = (await put(client, body)).json()
    assert [each["text"] for each in job["requirements"]] == [*JOB["requirements"], "Writes well"]
    async with unchanged():
        await put(client, body)


async def test_who_is_not_sent_stays_on_the_job(client: AsyncClient):
    await put(client)
    job = (await put(client, {"members": [{"name": "Joe", "email": "joe@example.com", "power": "influences"}]})).json()
    assert set(team(job)) == {"Hana", "Ines", "Joe"}


async def test_the_hiring_manager_changes_when_somebody_else_is_named(client: AsyncClient, unchanged: Unchanged):
    await put(client)
    joe = {"name": "Joe", "email": "joe@example.com", "power": "decides", "is_hiring_manager": True}
    assert team((await put(client, {"members": [joe]})).json())["Joe"] == ("decides", True)
    changed = (await put(client)).json()
    assert team(changed) == {"Hana": ("decides", True), "Ines": ("influences", False), "Joe": ("decides", False)}
    async with unchanged():
        await put(client)


async def test_the_hiring_manager_stays_where_nothing_is_said_of_it(client: AsyncClient, unchanged: Unchanged):
    await put(client)
    async with unchanged():
        await put(client, {"members": [{"email": "hana@example.com", "power": "decides"}]})
    answer = await put(client, {"members": [{"email": "hana@example.com", "power": "influences"}]})
    assert team(answer.json())["Hana"] == ("influences", False)


async def test_somebody_who_stands_there_twice_is_what_stands_first(client: AsyncClient, unchanged: Unchanged):
    body = {**JOB, "members": [HANA, {"name": "H.", "email": "HANA@example.com", "power": "influences"}]}
    assert team((await put(client, body)).json()) == {"Hana": ("decides", True)}
    async with unchanged():
        await put(client, body)


async def test_it_refuses_two_hiring_managers_and_one_who_does_not_decide(client: AsyncClient):
    two = [HANA, {**INES, "power": "decides", "is_hiring_manager": True}]
    problem(await put(client, {**JOB, "members": two}), 422, "invalid_request")
    one = [{**HANA, "power": "influences"}]
    assert places(problem(await put(client, {**JOB, "members": one}), 422, "invalid_request")) == ["#/members/0"]


async def test_it_makes_none_without_a_title(client: AsyncClient, unchanged: Unchanged):
    async with unchanged():
        refusal = problem(await put(client, {"members": [HANA]}), 422, "invalid_request")
    assert places(refusal) == ["#/title"]


async def test_it_says_which_member_is_somebody_else(client: AsyncClient, unchanged: Unchanged):
    await put(client)
    async with unchanged():
        other = {**INES, "email": "hana@example.com"}
        refusal = problem(await put(client, {"members": [HANA, other]}), 409, "different_people")
    assert places(refusal) == ["#/members/1/email"]


async def test_it_heeds_the_version_that_is_named(client: AsyncClient):
    problem(await put(client, **{"If-Match": "*"}), 412, "precondition_failed")
    await put(client)
    problem(await put(client, {"title": "A"}, **{"If-Match": '"7"'}), 412, "precondition_failed")
    assert (await put(client, {"title": "A"}, **{"If-Match": '"1"'})).status_code == 200


async def test_of_many_at_once_one_makes_the_job(client: AsyncClient):
    answers = await asyncio.gather(*(put(client) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]
    jobs = [answer.json() for answer in answers]
    assert all(job == jobs[0] for job in jobs)
