import pytest
from httpx import AsyncClient


@pytest.fixture
async def path(client: AsyncClient) -> str:
    body = {"title": "Data engineer", "metadata": {"a": "1"}}
    return f"/v1/jobs/{(await client.post('/v1/jobs', json=body)).json()['id']}"


async def test_it_changes_title_and_kind(client: AsyncClient, path):
    answer = await client.patch(path, json={"title": "Data lead", "kind": "promotion"})
    job = answer.json()
    assert (job["title"], job["kind"], job["version"]) == ("Data lead", "promotion", 2)
    assert (answer.headers["etag"], job["metadata"]) == ('"2"', {"a": "1"})


async def test_it_writes_nothing_when_nothing_differs(client: AsyncClient, path):
    assert (await client.patch(path, json={"title": "Data engineer"})).json()["version"] == 1


async def test_it_leaves_the_state_to_its_verb(client: AsyncClient, path):
    assert (await client.patch(path, json={"state": "filled"})).status_code == 422


@pytest.mark.parametrize("state", ["open", "paused", "unfunded", "filled", "cancelled"])
async def test_it_goes_from_any_state_to_any(client: AsyncClient, path, state):
    await client.post(f"{path}/set_state", json={"state": "cancelled"})
    job = (await client.post(f"{path}/set_state", json={"state": state})).json()
    assert (job["state"], job["version"]) == (state, 2 if state == "cancelled" else 3)


@pytest.mark.parametrize(
    ("state", "proposed"),
    [
        ("filled", [{"outcome": "filled_by_other", "application_count": 0}]),
        ("cancelled", [{"outcome": "job_cancelled", "application_count": 0}]),
        ("paused", []),
    ],
)
async def test_it_proposes_an_outcome_and_closes_nothing(client: AsyncClient, path, state, proposed):
    job = (await client.post(f"{path}/set_state", json={"state": state})).json()
    assert job["proposed_outcomes"] == proposed
