import pytest
from httpx import AsyncClient


@pytest.fixture
async def ada(client: AsyncClient) -> dict[str, str]:
    return (await client.post("/v1/people", json={"name": "Ada", "email": "ada@example.com"})).json()


async def test_it_changes_the_name(client: AsyncClient, ada, clock):
    clock.advance(hours=1)
    answer = await client.patch(f"/v1/people/{ada['id']}", json={"name": "Ada Okafor"})
    person = answer.json()
    assert (person["name"], person["version"], person["email"]) == ("Ada Okafor", 2, "ada@example.com")
    assert person["updated_at"] > ada["updated_at"]
    assert answer.headers["etag"] == '"2"'


async def test_it_writes_nothing_when_nothing_differs(client: AsyncClient, ada):
    for change in ({}, {"name": "Ada"}, {"metadata": {}}):
        assert (await client.patch(f"/v1/people/{ada['id']}", json=change)).json() == ada


async def test_it_clears_the_address(client: AsyncClient, ada):
    answer = await client.patch(f"/v1/people/{ada['id']}", json={"email": None})
    assert answer.json()["email"] is None
    assert (await client.post("/v1/people", json={"name": "B", "email": "ada@example.com"})).status_code == 201


async def test_it_refuses_an_address_somebody_else_has(client: AsyncClient, ada):
    bo = (await client.post("/v1/people", json={"name": "Bo", "email": "bo@example.com"})).json()
    answer = await client.patch(f"/v1/people/{bo['id']}", json={"email": "Ada@example.com"})
    assert (answer.status_code, answer.json()["existing_id"]) == (409, ada["id"])


async def test_it_merges_metadata(client: AsyncClient, ada):
    path = f"/v1/people/{ada['id']}"
    await client.patch(path, json={"metadata": {"a": "1", "b": "2"}})
    answer = await client.patch(path, json={"metadata": {"a": None, "c": "3"}})
    assert answer.json()["metadata"] == {"b": "2", "c": "3"}


async def test_it_refuses_a_change_of_another_version(client: AsyncClient, ada):
    headers = {"If-Match": '"2"'}
    answer = await client.patch(f"/v1/people/{ada['id']}", json={"name": "Eve"}, headers=headers)
    assert (answer.status_code, answer.json()["current_version"]) == (412, 1)


async def test_it_refuses_to_take_the_name_away(client: AsyncClient, ada):
    answer = await client.patch(f"/v1/people/{ada['id']}", json={"name": None})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/name")


async def test_it_raises_the_versions_of_the_roles_that_show_the_name(client: AsyncClient, ada):
    made = (await client.post("/v1/candidates", json={"person_id": ada["id"]})).json()
    path = f"/v1/candidates/{made['id']}"
    await client.patch(f"/v1/people/{ada['id']}", json={"name": "Ada Okafor"})
    answer = await client.get(path, headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.json()["person"]["name"]) == (200, "Ada Okafor")
