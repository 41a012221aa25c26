import pytest
from httpx import AsyncClient


@pytest.fixture
async def job(client: AsyncClient) -> str:
    return f"/v1/jobs/{(await client.post('/v1/jobs', json={'title': 'Data engineer'})).json()['id']}"


@pytest.fixture
async def dana(client: AsyncClient) -> str:
    return (await client.post("/v1/people", json={"name": "Dana"})).json()["id"]


@pytest.fixture
async def eli(client: AsyncClient) -> str:
    return (await client.post("/v1/people", json={"name": "Eli"})).json()["id"]


@pytest.fixture
def add(client: AsyncClient, job: str):
    async def post(person: str, power: str, **more: object):
        return await client.post(f"{job}/members", json={"person_id": person, "power": power, **more})

    return post


@pytest.fixture
def today(client: AsyncClient, job: str):
    async def get():
        rows = (await client.get(f"{job}/members")).json()["data"]
        return {row["person"]["name"]: (row["power"], row["is_hiring_manager"]) for row in rows}

    return get


async def test_it_gives_a_power_from_today(add, today, dana):
    answer = await add(dana, "decides", is_hiring_manager=True, recorded_by=dana)
    assert answer.status_code == 201
    assert (answer.json()["effective_on"], answer.json()["recorded_by"]) == ("2026-03-02", dana)
    assert await today() == {"Dana": ("decides", True)}


async def test_it_lets_the_latest_record_by_today_hold(add, today, dana, clock):
    await add(dana, "influences", effective_on="2026-03-01")
    await add(dana, "decides", effective_on="2026-02-01")
    await add(dana, "administers", effective_on="2026-03-05")
    assert await today() == {"Dana": ("influences", False)}
    clock.advance(days=3)
    assert await today() == {"Dana": ("administers", False)}


async def test_it_has_one_hiring_manager_the_latest_marked(client, job, add, today, dana, eli, clock):
    await add(dana, "decides", is_hiring_manager=True)
    clock.advance(minutes=1)
    await add(eli, "decides", is_hiring_manager=True)
    assert await today() == {"Dana": ("decides", False), "Eli": ("decides", True)}
    shown = (await client.get(job)).json()["members"]
    assert [row["person"]["name"] for row in shown if row["is_hiring_manager"]] == ["Eli"]


async def test_it_refuses_a_hiring_manager_who_does_not_decide(add, dana):
    answer = await add(dana, "administers", is_hiring_manager=True)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/is_hiring_manager")


async def test_it_ends_a_membership_and_keeps_the_history(client, job, add, today, dana):
    await add(dana, "decides", effective_on="2026-02-01")
    answer = await client.post(f"{job}/members/{dana}/end", json={})
    assert (answer.status_code, answer.json()["power"]) == (200, None)
    assert await today() == {}
    history = (await client.get(f"{job}/members?history=true")).json()["data"]
    assert sorted(str(row["power"]) for row in history) == ["None", "decides"]


async def test_it_ends_a_membership_once(client, job, add, dana):
    await add(dana, "decides")
    first = await client.post(f"{job}/members/{dana}/end")
    again = await client.post(f"{job}/members/{dana}/end")
    assert again.json() == first.json()
    assert (await client.get(job)).json()["version"] == 3


async def test_it_ends_no_membership_that_never_was(client, job, dana, eli, client_for, globex):
    stranger = (await client_for(globex).post("/v1/people", json={"name": "Eve"})).json()["id"]
    for person in (dana, stranger):
        assert (await client.post(f"{job}/members/{person}/end")).status_code == 404


async def test_it_plans_the_end_of_a_membership(client, job, add, today, dana, clock):
    await add(dana, "decides")
    await client.post(f"{job}/members/{dana}/end", json={"effective_on": "2026-03-05"})
    assert await today() == {"Dana": ("decides", False)}
    clock.advance(days=3)
    assert await today() == {}


async def test_it_refuses_a_day_far_away(add, client: AsyncClient, job, dana):
    answer = await add(dana, "decides", effective_on="9998-12-31")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_far_ahead")
    member = {"person_id": dana, "power": "decides", "effective_on": "1990-01-01"}
    answer = await client.post("/v1/jobs", json={"title": "Other", "members": [member]})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long_ago")
    assert answer.json()["errors"][0]["pointer"] == "#/members/0/effective_on"
