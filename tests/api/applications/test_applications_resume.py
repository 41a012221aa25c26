import httpx

from tests.api.applications.scene import events, make_application, stage_changes, tell, told


async def test_it_ends_the_hold(client: httpx.AsyncClient) -> None:
    made = await make_application(client, stage="applied")
    await told(client, made, "hold", until="2026-03-10")
    response = await client.post(f"/v1/applications/{made['id']}/resume")
    resumed = response.json()
    assert (resumed["state"], resumed["stage"], resumed["on_hold_until"]) == ("open", "applied", None)
    (event,) = await events(client, "application.resumed")
    assert event["previous"] == {"state": "on_hold", "on_hold_until": "2026-03-10"}


async def test_it_writes_nothing_on_an_open_application(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    assert await told(client, made, "resume") == made
    assert len(await stage_changes(client, made)) == 1


async def test_it_refuses_a_closed_application(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    await told(client, made, "close", outcome="rejected")
    response = await tell(client, made, "resume")
    assert (response.status_code, response.json()["code"]) == (409, "invalid_state_transition")
