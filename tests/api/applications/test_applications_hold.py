from collections.abc import Awaitable, Callable

import httpx

from tests.api.applications.scene import events, make_application, read, stage_changes, tell, told
from tests.conftest import SetClock


async def test_it_holds_with_or_without_a_day(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    response = await client.post(f"/v1/applications/{made['id']}/hold")
    assert (response.json()["state"], response.json()["on_hold_until"]) == ("on_hold", None)
    held = await told(client, made, "hold", until="2026-03-10")
    assert (held["state"], held["on_hold_until"]) == ("on_hold", "2026-03-10")
    assert held["allowed_transitions"] == ["close", "hold", "move", "resume"]
    assert [event["type"] for event in await events(client, "application.held")] == ["application.held"] * 2


async def test_it_writes_nothing_where_the_hold_stands(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    held = await told(client, made, "hold", until="2026-03-10")
    assert await told(client, made, "hold", until="2026-03-10") == held
    assert len(await stage_changes(client, made)) == 2


async def test_it_refuses_a_day_that_is_not_later(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    response = await tell(client, made, "hold", until="2026-03-02")
    assert response.status_code == 422


async def test_it_ends_by_its_day(
    client: httpx.AsyncClient, clock: SetClock, work: Callable[[], Awaitable[int]]
) -> None:
    made = await make_application(client)
    await told(client, made, "hold", until="2026-03-10")
    clock.advance(days=9)
    await work()
    assert (await read(client, made))["state"] == "open"
    (event,) = await events(client, "application.resumed")
    assert event["timestamp"] == "2026-03-09T23:00:00Z"


async def test_a_verb_after_its_day_finds_it_open(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client)
    await told(client, made, "hold", until="2026-03-10")
    clock.advance(days=9)
    await told(client, made, "close", outcome="hired")
    types = [event["type"] for event in await events(client, "application.")]
    assert types == ["application.created", "application.held", "application.resumed", "application.closed"]


async def test_it_refuses_a_closed_application(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    await told(client, made, "close", outcome="rejected")
    assert (await tell(client, made, "hold")).status_code == 409


async def test_it_refuses_a_day_far_away(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    response = await tell(client, made, "hold", until="9998-12-31")
    assert (response.status_code, response.json()["code"]) == (422, "too_far_ahead")
