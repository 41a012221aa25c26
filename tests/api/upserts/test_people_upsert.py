import asyncio
from typing import Any
from urllib.parse import quote

import httpx
from httpx import AsyncClient

from tests.api.problem import places, problem
from tests.api.upserts.conftest import Unchanged
from tests.cast import Company
from tests.conftest import ClientFor, SetClock

ADA = {"name": "Ada Okafor", "email": "ada@example.com", "metadata": {"desk": "4"}}


async def put(client: AsyncClient, external_id: str = "7", body: Any = ADA, **headers: str) -> httpx.Response:
    return await client.put(f"/v1/people/by_ref/hris/{external_id}", json=body, headers=headers)


async def refs(client: AsyncClient, resource_id: str) -> list[str]:
    answer = await client.get("/v1/external_refs", params={"resource_id": resource_id, "order_by": "created_at"})
    return [each["external_id"] for each in answer.json()["data"]]


async def test_it_makes_a_person_known_under_the_id(client: AsyncClient):
    answer = await put(client)
    assert answer.status_code == 201
    person = answer.json()
    assert (person["name"], person["email"], person["metadata"]) == (*list(ADA.values())[:2], {"desk": "4"})
    assert answer.headers["location"] == f"/v1/people/{person['id']}"
    assert await refs(client, person["id"]) == ["7"]


async def test_sent_again_it_writes_nothing(client: AsyncClient, clock: SetClock, unchanged: Unchanged):
    first = await put(client)
    clock.advance(days=1)
    async with unchanged():
        again = await put(client)
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), first.headers["etag"])


async def test_it_changes_what_is_sent_and_leaves_the_rest(client: AsyncClient):
    first = (await put(client)).json()
    answer = await put(client, body={"name": "Ada O.", "metadata": {"floor": "2"}})
    changed = answer.json()
    assert (answer.status_code, changed["id"], changed["version"]) == (200, first["id"], 2)
    assert (changed["name"], changed["email"]) == ("Ada O.", "ada@example.com")
    assert changed["metadata"] == {"desk": "4", "floor": "2"}


async def test_it_finds_by_address_who_lacks_the_id(client: AsyncClient):
    known = (await client.post("/v1/people", json={"name": "Ada Okafor", "email": "ADA@example.com"})).json()
    answer = await put(client, body={"email": "ada@example.com."})
    assert (answer.status_code, answer.json()["id"]) == (200, known["id"])
    assert await refs(client, known["id"]) == ["7"]


async def test_one_person_gets_several_ids_by_one_address(client: AsyncClient):
    people = {(await put(client, external_id)).json()["id"] for external_id in ("7", "8", "7")}
    assert len(people) == 1
    assert await refs(client, people.pop()) == ["7", "8"]


async def test_it_gives_a_new_address_to_whom_the_id_names(client: AsyncClient):
    first = (await put(client)).json()
    changed = (await put(client, body={"email": "ada@new.example"})).json()
    assert (changed["id"], changed["email"], changed["name"]) == (first["id"], "ada@new.example", "Ada Okafor")


async def test_it_refuses_an_address_of_somebody_else_and_names_both(client: AsyncClient, unchanged: Unchanged):
    ada = (await put(client)).json()["id"]
    ben = (await put(client, "8", {"name": "Ben", "email": "ben@example.com"})).json()["id"]
    async with unchanged():
        refusal = problem(await put(client, body={**ADA, "email": "ben@example.com"}), 409, "different_people")
    assert (refusal["by_external_id"], refusal["by_email"]) == (ada, ben)
    assert places(refusal) == ["#/email"]
    assert "merge" in refusal["detail"]


async def test_it_makes_nobody_of_whom_it_knows_nothing(client: AsyncClient, unchanged: Unchanged):
    async with unchanged():
        problem(await put(client, body={}), 422, "invalid_request")


async def test_an_address_is_cleared_by_patch_and_not_by_put(client: AsyncClient, unchanged: Unchanged):
    person = (await put(client)).json()["id"]
    async with unchanged():
        refusal = problem(await put(client, body={"email": None}), 422, "invalid_request")
    assert places(refusal) == ["#/email"]
    assert "null by PATCH /v1/people/{person_id}" in refusal["errors"][0]["detail"]
    cleared = await client.patch(f"/v1/people/{person}", json={"email": None})
    assert (cleared.status_code, cleared.json()["email"]) == (200, None)


async def test_who_has_no_name_is_called_by_the_address(client: AsyncClient):
    assert (await put(client, body={"email": "ada@example.com"})).json()["name"] == "ada@example.com"


async def test_ids_may_hold_slashes_and_whatever_else(client: AsyncClient):
    for sent, meant in {"a/b": "a/b", "c%2Fd": "c/d", "100%25%20%C3%A4%3F": "100% ä?", "by_ref/x": "by_ref/x"}.items():
        answers = [await put(client, each, {"name": "Ada"}) for each in (sent, quote(meant, safe=""))]
        assert [answer.status_code for answer in answers] == [201, 200]
        assert await refs(client, answers[0].json()["id"]) == [meant]


async def test_it_refuses_malformed_systems_and_ids(client: AsyncClient, unchanged: Unchanged):
    async with unchanged():
        for system in ("Hris", "h%20r", "-h", "x" * 64, "%C3%A4"):
            answer = await client.put(f"/v1/people/by_ref/{system}/7", json=ADA)
            refusal = problem(answer, 422, "invalid_request")
            assert places(refusal) == ["system"]
            assert "^" not in refusal["errors"][0]["detail"]
        for external_id in ("", "%20", "7%20", "%09", "7%7F", "%00", "x" * 201):
            assert places(problem(await put(client, external_id), 422, "invalid_request")) == ["external_id"]


async def test_the_id_of_another_workspace_is_a_new_one_here(
    client: AsyncClient, client_for: ClientFor, globex: Company
):
    theirs, ours = await put(client_for(globex)), await put(client)
    assert (theirs.status_code, ours.status_code) == (201, 201)
    assert theirs.json()["id"] != ours.json()["id"]


async def test_a_name_of_a_system_exists_from_its_first_use(client: AsyncClient):
    ids = {(await client.put(f"/v1/people/by_ref/{system}/7", json=ADA)).json()["id"] for system in ("a", "b.c-d_9")}
    assert len(ids) == 1


async def test_of_many_at_once_one_makes_the_person(client: AsyncClient):
    for body in (ADA, {"name": "Kim without an address"}):
        answers = await asyncio.gather(*(put(client, body["name"], body) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
        assert len({answer.json()["id"] for answer in answers}) == 1


async def test_of_many_ids_at_once_with_one_address_one_makes_the_person(client: AsyncClient):
    answers = await asyncio.gather(*(put(client, str(number)) for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    (person,) = {answer.json()["id"] for answer in answers}
    assert sorted(await refs(client, person)) == ["0", "1", "2", "3"]


async def test_it_heeds_the_version_that_is_named(client: AsyncClient):
    problem(await put(client, **{"If-Match": '"1"'}), 412, "precondition_failed")
    await put(client)
    problem(await put(client, body={"name": "Ada O."}, **{"If-Match": '"9"'}), 412, "precondition_failed")
    assert (await put(client, body={"name": "Ada O."}, **{"If-Match": '"1"'})).json()["version"] == 2


async def test_it_gives_nothing_back_to_who_was_anonymised(client: AsyncClient):
    person = (await put(client)).json()["id"]
    anonymized = await client.post(f"/v1/people/{person}/anonymize")
    assert anonymized.status_code == 200, anonymized.text
    answer = await put(client, body={**ADA, "metadata": {"desk": "5"}})
    assert (answer.status_code, answer.json()["id"]) == (200, person)
    assert (answer.json()["name"], answer.json()["email"]) == ("A person, removed", None)
    assert answer.json()["metadata"] == {}


async def test_it_follows_merges_from_the_id_and_from_the_address(client: AsyncClient):
    loser = (await put(client)).json()["id"]
    winner = (await put(client, "8", {"name": "Ada O.", "email": "ada@new.example"})).json()["id"]
    merged = await client.post(f"/v1/people/{loser}/merge", json={"into": winner})
    assert merged.status_code == 200, merged.text
    for external_id in ("7", "8", "9"):
        answer = await put(client, external_id, {"email": "ada@example.com"})
        assert (answer.status_code, answer.json()["id"]) == (200, winner)
        assert answer.json()["email"] == "ada@new.example"


async def test_an_id_that_came_by_a_merge_renames_nobody(client: AsyncClient, unchanged: Unchanged):
    theirs = {"7": ADA, "8": {"name": "Ada O.", "email": "ada@new.example"}}
    loser, winner = [(await put(client, *each)).json()["id"] for each in theirs.items()]
    await client.post(f"/v1/people/{loser}/merge", json={"into": winner})
    async with unchanged():
        for external_id in ("8", "7"):
            answer = await put(client, external_id, {**theirs[external_id], "metadata": {}})
            assert (answer.json()["name"], answer.json()["email"]) == ("Ada O.", "ada@new.example")
    new = {"name": "Ada Third", "email": "ada@third.example", "metadata": {"floor": "2"}}
    labelled = (await put(client, "7", new)).json()
    assert (labelled["name"], labelled["email"], labelled["metadata"]["floor"]) == ("Ada O.", "ada@new.example", "2")
    assert (await put(client, "8", new)).json()["name"] == "Ada Third"
