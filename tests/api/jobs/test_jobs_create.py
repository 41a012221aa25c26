import pytest
from httpx import AsyncClient


@pytest.fixture
async def dana(client: AsyncClient) -> str:
    return (await client.post("/v1/people", json={"name": "Dana"})).json()["id"]


async def test_it_makes_an_open_job_for_a_hire(client: AsyncClient):
    answer = await client.post("/v1/jobs", json={"title": "Data engineer"})
    assert answer.status_code == 201
    job = answer.json()
    assert (job["kind"], job["state"], job["requirements"], job["members"]) == ("hire", "open", [], [])
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (await client.get(f"/v1/jobs/{job['id']}")).json() == job


async def test_it_states_each_requirement_once(client: AsyncClient):
    body = {"title": "Data engineer", "requirements": ["Runs a platform", "Teaches", "runs  a PLATFORM"]}
    job = (await client.post("/v1/jobs", json=body)).json()
    stated = [(row["text"], row["is_stated"]) for row in job["requirements"]]
    assert stated == [("Runs a platform", True), ("Teaches", True)]


async def test_it_takes_its_members(client: AsyncClient, dana):
    member = {"person_id": dana, "power": "decides", "is_hiring_manager": True}
    body = {"title": "Data engineer", "members": [member], "recorded_by": dana}
    shown = (await client.post("/v1/jobs", json=body)).json()["members"][0]
    assert shown["person"] == {"id": dana, "name": "Dana"}
    assert (shown["power"], shown["is_hiring_manager"], shown["recorded_by"]) == ("decides", True, dana)
    assert shown["effective_on"] == "2026-03-02"


async def test_it_refuses_people_of_another_workspace(client_for, globex, dana):
    member = {"person_id": dana, "power": "decides"}
    answer = await client_for(globex).post("/v1/jobs", json={"title": "Data engineer", "members": [member]})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")
    assert answer.json()["errors"][0]["pointer"] == "#/members/0/person_id"


async def test_it_refuses_a_hiring_manager_who_does_not_decide(client: AsyncClient, dana):
    member = {"person_id": dana, "power": "influences", "is_hiring_manager": True}
    answer = await client.post("/v1/jobs", json={"title": "Data engineer", "members": [member]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/members/0/is_hiring_manager")
