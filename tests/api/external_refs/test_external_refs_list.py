from httpx import AsyncClient

from tests.api.problem import places, problem
from tests.cast import Company
from tests.conftest import ClientFor


async def refs(client: AsyncClient) -> tuple[str, str]:
    """A person and a job that have the id 7 of one system, and the job that of another, too."""
    person = (await client.put("/v1/people/by_ref/hris/7", json={"name": "Ada"})).json()["id"]
    job = (await client.put("/v1/jobs/by_ref/hris/7", json={"title": "Analyst"})).json()["id"]
    await client.post("/v1/external_refs", json={"system": "ats", "external_id": "7", "resource_id": job})
    return person, job


async def listed(client: AsyncClient, **wanted: str) -> list[tuple[str, str, str]]:
    data = (await client.get("/v1/external_refs", params=wanted)).json()["data"]
    return [(each["system"], each["external_id"], each["resource_id"]) for each in data]


async def test_it_finds_what_an_id_names(client: AsyncClient):
    person, job = await refs(client)
    assert await listed(client, external_id="7") == [("ats", "7", job), ("hris", "7", job), ("hris", "7", person)]
    assert await listed(client, external_id="7", system="hris") == [("hris", "7", job), ("hris", "7", person)]
    assert await listed(client, external_id="7", system="hris", kind="person") == [("hris", "7", person)]
    assert await listed(client, external_id="8") == []


async def test_it_finds_the_ids_of_a_resource(client: AsyncClient):
    _, job = await refs(client)
    assert await listed(client, resource_id=job) == [("ats", "7", job), ("hris", "7", job)]
    assert await listed(client, resource_id=job, system="ats") == [("ats", "7", job)]


async def test_it_lists_all_page_by_page_in_either_order(client: AsyncClient):
    await refs(client)
    first = await client.get("/v1/external_refs", params={"limit": 2, "order_by": "created_at"})
    assert first.json()["has_more"]
    assert 'rel="next"' in first.headers["link"]
    params = {"limit": 2, "order_by": "created_at", "cursor": first.json()["next_cursor"]}
    rest = (await client.get("/v1/external_refs", params=params)).json()["data"]
    assert [each["system"] for each in [*first.json()["data"], *rest]] == ["hris", "hris", "ats"]


async def test_it_refuses_a_system_or_kind_alone(client: AsyncClient):
    for name, value in {"system": "hris", "kind": "job"}.items():
        refusal = problem(await client.get("/v1/external_refs", params={name: value}), 422, "invalid_request")
        assert places(refusal) == [name]


async def test_it_shows_nothing_of_another_workspace(client: AsyncClient, client_for: ClientFor, globex: Company):
    person, _ = await refs(client_for(globex))
    assert await listed(client, external_id="7") == await listed(client, resource_id=person) == []
