import pytest
from httpx import AsyncClient

PATH = "/v1/candidates"


@pytest.fixture
async def ada(client: AsyncClient) -> dict[str, str]:
    return (await client.post("/v1/people", json={"name": "Ada", "email": "ada@example.com"})).json()


async def test_it_puts_a_known_person_in_the_role(client: AsyncClient, ada):
    answer = await client.post(PATH, json={"person_id": ada["id"], "metadata": {"a": "1"}})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["object"], made["metadata"]) == ("candidate", {"a": "1"})
    assert made["person"] == {"id": ada["id"], "name": "Ada", "email": "ada@example.com"}
    assert answer.headers["location"] == f"{PATH}/{made['id']}"
    assert (await client.get(f"{PATH}/{made['id']}")).json() == made


async def test_it_puts_a_new_person_in_the_role(client: AsyncClient):
    body = {"person": {"name": "Bo", "affiliation": {"affiliation": "employee"}}}
    person = (await client.post(PATH, json=body)).json()["person"]
    known = (await client.get(f"/v1/people/{person['id']}")).json()
    assert (known["name"], known["affiliation"]["affiliation"]) == ("Bo", "employee")


async def test_it_names_the_person_whose_address_it_is(client: AsyncClient, ada):
    answer = await client.post(PATH, json={"person": {"name": "A.", "email": "ADA@example.com"}})
    assert (answer.status_code, answer.json()["code"]) == (409, "person_exists")
    assert answer.json()["existing_id"] == ada["id"]
    assert answer.json()["errors"][0]["pointer"] == "#/person/email"


async def test_it_refuses_the_same_person_twice(client: AsyncClient, ada):
    first = (await client.post(PATH, json={"person_id": ada["id"]})).json()
    answer = await client.post(PATH, json={"person_id": ada["id"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "candidate_exists")
    assert answer.json()["existing_id"] == first["id"]


async def test_it_takes_either_a_known_person_or_a_new_one(client: AsyncClient, ada):
    for body in ({}, {"person_id": ada["id"], "person": {"name": "Bo"}}):
        assert (await client.post(PATH, json=body)).status_code == 422


async def test_it_refuses_a_person_of_another_workspace(client_for, globex, ada):
    answer = await client_for(globex).post(PATH, json={"person_id": ada["id"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")


async def test_it_lists_them_and_finds_one_by_person(client: AsyncClient, ada):
    first = (await client.post(PATH, json={"person_id": ada["id"]})).json()
    second = (await client.post(PATH, json={"person": {"name": "Bo"}})).json()
    listed = (await client.get(PATH)).json()["data"]
    assert [row["id"] for row in listed] == [second["id"], first["id"]]
    found = (await client.get(PATH, params={"person_id": ada["id"]})).json()["data"]
    assert [row["person"]["name"] for row in found] == ["Ada"]


async def test_it_changes_metadata_only(client: AsyncClient, ada):
    made = (await client.post(PATH, json={"person_id": ada["id"]})).json()
    path = f"{PATH}/{made['id']}"
    changed = await client.patch(path, json={"metadata": {"a": "1"}}, headers={"If-Match": '"1"'})
    assert (changed.json()["metadata"], changed.headers["etag"]) == ({"a": "1"}, '"2"')
    assert (await client.patch(path, json={"metadata": {"a": "1"}})).json() == changed.json()
    assert (await client.patch(path, json={"name": "Eve"})).status_code == 422


async def test_it_says_when_the_copy_is_current(client: AsyncClient, ada):
    made = (await client.post(PATH, json={"person_id": ada["id"]})).json()
    answer = await client.get(f"{PATH}/{made['id']}", headers={"If-None-Match": '"1"'})
    assert answer.status_code == 304
