import pytest
from httpx import AsyncClient

from api.models import Requirement
from api.platform.ids import decode


@pytest.fixture
async def path(client: AsyncClient) -> str:
    return f"/v1/jobs/{(await client.post('/v1/jobs', json={'title': 'Data engineer'})).json()['id']}"


async def test_it_states_a_requirement(client: AsyncClient, path):
    answer = await client.post(f"{path}/requirements", json={"text": "Runs a platform"})
    assert (answer.status_code, answer.json()["is_stated"]) == (201, True)
    job = (await client.get(path)).json()
    assert (job["requirements"], job["version"]) == ([answer.json()], 2)


async def test_it_refuses_the_same_requirement_twice(client: AsyncClient, path):
    first = (await client.post(f"{path}/requirements", json={"text": "Runs a platform"})).json()
    answer = await client.post(f"{path}/requirements", json={"text": "RUNS a  platform"})
    assert (answer.status_code, answer.json()["code"]) == (409, "requirement_exists")
    assert answer.json()["existing_id"] == first["id"]


async def test_it_states_what_a_reason_named_first(client: AsyncClient, path, databases, acme):
    named = Requirement(job_id=decode("job", path.rpartition("/")[2]), text="Teaches", text_normalised="teaches")
    async with databases.open_writing(acme.workspace, actor={}) as session:
        session.add(named)
        await session.commit()
    assert (await client.get(path)).json()["requirements"] == []
    stated = (await client.post(f"{path}/requirements", json={"text": "teaches"})).json()
    assert (decode("requirement", stated["id"]), stated["is_stated"]) == (named.id, True)


async def test_it_lists_them_in_the_order_of_their_making(client: AsyncClient, path):
    for text in ("One", "Two", "Three"):
        await client.post(f"{path}/requirements", json={"text": text})
    page = (await client.get(f"{path}/requirements?limit=2")).json()
    rest = (await client.get(f"{path}/requirements?limit=2&cursor={page['next_cursor']}")).json()
    assert [row["text"] for row in page["data"] + rest["data"]] == ["One", "Two", "Three"]


async def test_it_refuses_text_that_grows_too_long_to_compare(client: AsyncClient, path):
    answer = await client.post(f"{path}/requirements", json={"text": "\ufdfa" * 200})
    assert answer.status_code == 422
