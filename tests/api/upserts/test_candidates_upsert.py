import asyncio
from typing import Any

import httpx
from httpx import AsyncClient

from tests.api.problem import problem
from tests.api.upserts.conftest import Unchanged

SAM = {"name": "Sam Reyes", "email": "sam@example.com", "metadata": {"tag": "a"}}


async def put(client: AsyncClient, external_id: str = "7", body: Any = SAM, **headers: str) -> httpx.Response:
    return await client.put(f"/v1/candidates/by_ref/ats/{external_id}", json=body, headers=headers)


async def test_it_makes_person_and_candidate(client: AsyncClient):
    answer = await put(client)
    assert answer.status_code == 201
    candidate = answer.json()
    assert (candidate["person"]["name"], candidate["metadata"]) == ("Sam Reyes", {"tag": "a"})
    assert answer.headers["location"] == f"/v1/candidates/{candidate['id']}"


async def test_sent_again_it_writes_nothing(client: AsyncClient, unchanged: Unchanged):
    first = await put(client)
    async with unchanged():
        again = await put(client)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_it_changes_the_name_of_the_person_and_the_labels_of_the_candidate(client: AsyncClient):
    first = (await put(client)).json()
    answer = await put(client, body={"name": "Samuel Reyes", "metadata": {"tag": None, "pool": "x"}})
    changed = answer.json()
    assert (changed["person"]["name"], changed["metadata"]) == ("Samuel Reyes", {"pool": "x"})
    assert answer.headers["etag"] == f'"{changed["version"]}"'
    stored = (await client.get(f"/v1/candidates/{first['id']}")).json()
    assert stored == changed


async def test_it_makes_a_known_person_a_candidate(client: AsyncClient):
    person = (await client.post("/v1/people", json={"name": "Sam", "email": "SAM@example.com"})).json()
    answer = await put(client, body={"email": "sam@example.com"})
    assert answer.status_code == 201
    assert answer.json()["person"] == {"id": person["id"], "name": "Sam", "email": "sam@example.com"}


async def test_an_id_of_a_person_is_none_of_a_candidate(client: AsyncClient):
    await client.put("/v1/people/by_ref/ats/7", json={"name": "Ada"})
    answer = await put(client)
    assert (answer.status_code, answer.json()["person"]["name"]) == (201, "Sam Reyes")


async def test_it_refuses_an_address_of_somebody_else(client: AsyncClient, unchanged: Unchanged):
    sam = (await put(client)).json()["person"]["id"]
    ben = (await client.post("/v1/people", json={"name": "Ben", "email": "ben@example.com"})).json()["id"]
    async with unchanged():
        refusal = problem(await put(client, body={"email": "ben@example.com"}), 409, "different_people")
    assert (refusal["by_external_id"], refusal["by_email"]) == (sam, ben)


async def test_it_heeds_the_version_that_is_named(client: AsyncClient):
    problem(await put(client, **{"If-Match": '"1"'}), 412, "precondition_failed")
    await put(client)
    problem(await put(client, body={"name": "S."}, **{"If-Match": '"2"'}), 412, "precondition_failed")
    assert (await put(client, body={"name": "S."}, **{"If-Match": '"1"'})).status_code == 200


async def test_of_many_at_once_one_makes_the_candidate(client: AsyncClient):
    answers = await asyncio.gather(*(put(client, str(number % 2)) for number in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_of_merged_candidates_each_keeps_being_sent_and_the_name_stays(client: AsyncClient, unchanged: Unchanged):
    theirs = {"C5": {"name": "S. Reyes", "email": "s@old.example"}, "C6": SAM}
    loser, winner = [(await put(client, *each)).json()["id"] for each in theirs.items()]
    merged = await client.post(f"/v1/candidates/{loser}/merge", json={"into": winner})
    assert merged.status_code == 200, merged.text
    async with unchanged():
        answers = [await put(client, *each) for each in (*theirs.items(), *theirs.items())]
    assert {answer.json()["id"] for answer in answers} == {winner}
    assert {answer.json()["person"]["name"] for answer in answers} == {"Sam Reyes"}
    assert (await put(client, "C6", {"name": "Samuel Reyes"})).json()["person"]["name"] == "Samuel Reyes"


async def test_a_candidate_who_became_another_person_does_not_rename_them(client: AsyncClient, unchanged: Unchanged):
    candidate = (await put(client)).json()
    samira = (await client.post("/v1/people", json={"name": "Samira R.", "email": "samira@example.com"})).json()["id"]
    await client.post(f"/v1/people/{candidate['person']['id']}/merge", json={"into": samira})
    async with unchanged():
        answer = await put(client)
    assert (answer.json()["id"], answer.json()["person"]["name"]) == (candidate["id"], "Samira R.")
