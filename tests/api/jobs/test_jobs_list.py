from httpx import AsyncClient


async def test_it_lists_the_latest_first_and_by_state(client: AsyncClient):
    made = [(await client.post("/v1/jobs", json={"title": title})).json() for title in ("One", "Two", "Three")]
    await client.post(f"/v1/jobs/{made[0]['id']}/set_state", json={"state": "paused"})
    titles = [row["title"] for row in (await client.get("/v1/jobs")).json()["data"]]
    assert titles == ["Three", "Two", "One"]
    paused = (await client.get("/v1/jobs?state=paused&state=filled")).json()["data"]
    assert [row["title"] for row in paused] == ["One"]


async def test_it_refuses_an_order_it_does_not_know(client: AsyncClient):
    answer = await client.get("/v1/jobs?order_by=title")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_order_by")


async def test_it_shows_nothing_of_another_workspace(client: AsyncClient, client_for, globex):
    job = (await client.post("/v1/jobs", json={"title": "One"})).json()
    stranger = client_for(globex)
    assert (await stranger.get("/v1/jobs")).json()["data"] == []
    for path in ("", "/members", "/requirements"):
        assert (await stranger.get(f"/v1/jobs/{job['id']}{path}")).status_code == 404
