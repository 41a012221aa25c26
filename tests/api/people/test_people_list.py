from httpx import AsyncClient


async def _people(client: AsyncClient, *names: str) -> list[str]:
    made = [await client.post("/v1/people", json={"name": name, "email": f"{name}@example.com"}) for name in names]
    return [answer.json()["id"] for answer in made]


async def test_it_lists_the_latest_first(client: AsyncClient):
    first, second = await _people(client, "Ada", "Bo")
    answer = await client.get("/v1/people")
    assert [row["id"] for row in answer.json()["data"]] == [second, first]


async def test_it_continues_after_the_cursor(client: AsyncClient):
    ids = await _people(client, "Ada", "Bo", "Cem")
    page = (await client.get("/v1/people?limit=2&order_by=created_at")).json()
    rest = (await client.get(f"/v1/people?limit=2&order_by=created_at&cursor={page['next_cursor']}")).json()
    assert [row["id"] for row in page["data"] + rest["data"]] == ids
    assert (page["has_more"], rest["has_more"], rest["next_cursor"]) == (True, False, None)


async def test_it_points_at_the_next_page(client: AsyncClient):
    await _people(client, "Ada", "Bo")
    answer = await client.get("/v1/people?limit=1")
    following = answer.links["next"]["url"]
    assert following.startswith("/v1/people?limit=1&cursor=")
    assert (await client.get(following)).status_code == 200


async def test_it_finds_a_person_by_address_ignoring_case(client: AsyncClient):
    ada, _ = await _people(client, "Ada", "Bo")
    answer = await client.get("/v1/people", params={"email": "ADA@example.com"})
    assert [row["id"] for row in answer.json()["data"]] == [ada]


async def test_it_shows_nothing_of_another_workspace(client: AsyncClient, client_for, globex):
    await _people(client, "Ada")
    assert (await client_for(globex).get("/v1/people")).json()["data"] == []
