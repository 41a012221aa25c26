import asyncio

from httpx import AsyncClient

from tests.api.problem import problem
from tests.cast import Company
from tests.conftest import ClientFor


async def person(client: AsyncClient, name: str = "Ada Okafor") -> str:
    made: str = (await client.post("/v1/people", json={"name": name})).json()["id"]
    return made


def ref(resource_id: str, **instead: str) -> dict[str, str]:
    return {"system": "hris", "external_id": "7", "resource_id": resource_id, **instead}


async def test_it_gives_a_person_another_systems_id(client: AsyncClient):
    ada = await person(client)
    answer = await client.post("/v1/external_refs", json=ref(ada))
    assert answer.status_code == 201
    made = answer.json()
    assert (made["system"], made["external_id"], made["kind"]) == ("hris", "7", "person")
    assert made["resource_id"] == ada


async def test_it_answers_200_and_writes_nothing_the_second_time(client: AsyncClient):
    ada = await person(client)
    first = await client.post("/v1/external_refs", json=ref(ada))
    second = await client.post("/v1/external_refs", json=ref(ada))
    assert (second.status_code, second.json()) == (200, first.json())


async def test_it_refuses_an_id_that_names_somebody_else(client: AsyncClient):
    ada, ben = await person(client), await person(client, "Ben")
    await client.post("/v1/external_refs", json=ref(ada))
    refusal = problem(await client.post("/v1/external_refs", json=ref(ben)), 409, "external_ref_taken")
    assert refusal["existing_id"] == ada


async def test_one_person_may_have_several_ids(client: AsyncClient):
    ada = await person(client)
    for system, external_id in [("hris", "7"), ("hris", "8"), ("slack", "7")]:
        body = ref(ada, system=system, external_id=external_id)
        assert (await client.post("/v1/external_refs", json=body)).status_code == 201
    listed = (await client.get("/v1/external_refs", params={"resource_id": ada})).json()["data"]
    assert [(each["system"], each["external_id"]) for each in listed] == [("slack", "7"), ("hris", "8"), ("hris", "7")]


async def test_one_id_may_name_one_of_each_kind(client: AsyncClient):
    ada = await person(client)
    job = (await client.post("/v1/jobs", json={"title": "Analyst"})).json()["id"]
    answers = [await client.post("/v1/external_refs", json=ref(each)) for each in (ada, job)]
    assert [answer.status_code for answer in answers] == [201, 201]


async def test_one_of_two_at_once_gets_the_id(client: AsyncClient):
    ada, ben = await person(client), await person(client, "Ben")
    bodies = [ref(ada), ref(ben), ref(ada), ref(ben)]
    answers = await asyncio.gather(*(client.post("/v1/external_refs", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 201, 409, 409]


async def test_it_refuses_what_does_not_exist_here(client: AsyncClient, client_for: ClientFor, globex: Company):
    foreign = await person(client_for(globex))
    for unknown in (foreign, f"job_{'0' * 32}"):
        refusal = problem(await client.post("/v1/external_refs", json=ref(unknown)), 422, "unknown_reference")
        assert refusal["errors"][0]["pointer"] == "#/resource_id"


async def test_it_knows_nothing_of_the_ids_of_another_workspace(
    client: AsyncClient, client_for: ClientFor, globex: Company
):
    other = client_for(globex)
    await other.post("/v1/external_refs", json=ref(await person(other)))
    answer = await client.post("/v1/external_refs", json=ref(await person(client)))
    assert answer.status_code == 201


async def test_it_refuses_malformed_systems_and_ids(client: AsyncClient):
    ada = await person(client)
    for system in ("", "Hris", "-x", "a b", "a/b", "x" * 64, "ä"):
        problem(await client.post("/v1/external_refs", json=ref(ada, system=system)), 422, "invalid_request")
    for external_id in ("", " ", " 7", "7 ", "a\nb", "a\u0000", "x" * 201):
        problem(await client.post("/v1/external_refs", json=ref(ada, external_id=external_id)), 422, "invalid_request")
    for resource_id in ("ada", f"advocate_{'0' * 32}"):
        problem(await client.post("/v1/external_refs", json=ref(resource_id)), 422, "invalid_request")
