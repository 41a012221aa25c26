from httpx import AsyncClient


async def _person(client: AsyncClient) -> str:
    return (await client.post("/v1/people", json={"name": "Ada", "email": "ada@example.com"})).json()["id"]


async def test_it_shows_what_was_made(client: AsyncClient):
    made = (await client.post("/v1/people", json={"name": "Ada"})).json()
    answer = await client.get(f"/v1/people/{made['id']}")
    assert answer.json() == made
    assert answer.headers["etag"] == '"1"'


async def test_it_shows_what_is_planned_until_its_day_comes(client: AsyncClient, clock):
    path = f"/v1/people/{await _person(client)}"
    away = {"state": "away", "effective_on": "2026-03-10", "until": "2026-03-19"}
    await client.post(f"{path}/availability", json=away)
    before = (await client.get(path)).json()["availability"]
    assert (before["state"], before["planned"]) == ("available", [away])
    clock.advance(days=8)
    during = (await client.get(path)).json()["availability"]
    assert during == {"state": "away", "effective_on": "2026-03-10", "until": "2026-03-19", "planned": []}
    clock.advance(days=9)
    after = (await client.get(path)).json()["availability"]
    assert (after["state"], after["effective_on"]) == ("available", "2026-03-19")


async def test_it_answers_in_full_though_the_version_is_known(client: AsyncClient):
    path = f"/v1/people/{await _person(client)}"
    answer = await client.get(path, headers={"If-None-Match": '"1"'})
    assert answer.status_code == 200


async def test_it_does_not_know_a_person_of_another_workspace(client: AsyncClient, client_for, globex):
    answer = await client_for(globex).get(f"/v1/people/{await _person(client)}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
