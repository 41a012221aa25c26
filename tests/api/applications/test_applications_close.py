import httpx

from api.platform.db import Databases
from tests.api.applications.scene import events, make_application, round_trips, stage_changes, tell, told
from tests.api.applications.support_scene import make_decider, make_referral, speak_up
from tests.conftest import SetClock


async def test_it_gives_the_outcome(client: httpx.AsyncClient) -> None:
    made = await make_application(client, stage="offer")
    closed = await told(client, made, "close", outcome="hired")
    assert (closed["state"], closed["outcome"], closed["outcome_at"]) == ("closed", "hired", "2026-03-02T11:00:00Z")
    assert (closed["stage"], closed["support"]["next_change_at"]) == ("offer", None)
    assert closed["allowed_transitions"] == ["close", "reopen"]
    (event,) = await events(client, "application.closed")
    assert event["previous"] == {"state": "open", "outcome": None, "outcome_at": None}


async def test_it_corrects_the_outcome_and_keeps_its_moment(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client)
    await told(client, made, "close", outcome="rejected")
    clock.advance(days=2)
    closed = await told(client, made, "close", outcome="withdrawn")
    assert (closed["outcome"], closed["outcome_at"]) == ("withdrawn", "2026-03-02T11:00:00Z")
    assert len(await events(client, "application.closed")) == 2


async def test_it_writes_nothing_where_the_outcome_stands(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    closed = await told(client, made, "close", outcome="rejected")
    assert await told(client, made, "close", outcome="rejected") == closed
    assert len(await stage_changes(client, made)) == 2


async def test_it_ends_a_hold(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    await told(client, made, "hold", until="2026-03-10")
    closed = await told(client, made, "close", outcome="filled_by_other")
    assert (closed["state"], closed["on_hold_until"]) == ("closed", None)


async def test_it_may_be_backdated(client: httpx.AsyncClient) -> None:
    made = await make_application(client, occurred_at="2026-02-01T08:00:00Z")
    closed = await told(client, made, "close", outcome="hired", occurred_at="2026-02-20T08:00:00Z")
    assert closed["outcome_at"] == "2026-02-20T08:00:00Z"


async def test_it_refuses_to_end_what_went_on(client: httpx.AsyncClient) -> None:
    made = await make_application(client, occurred_at="2026-02-01T08:00:00Z")
    await told(client, made, "move", stage="applied", occurred_at="2026-02-20T08:00:00Z")
    response = await tell(client, made, "close", outcome="hired", occurred_at="2026-02-10T08:00:00Z")
    assert (response.status_code, response.json()["code"]) == (409, "contradicts_later_fact")


async def test_it_needs_an_outcome(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    assert (await tell(client, made, "close")).status_code == 422
    assert (await tell(client, made, "close", outcome="ghosted")).status_code == 422


async def test_it_ends_what_hangs_on_it(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client, stage="applied")
    referral = await make_referral(client, made["candidate"]["id"], made["job"]["id"])
    advocacy = await speak_up(client, made, await make_decider(client, made["job"]["id"]))
    clock.advance(hours=1)
    closed = await told(client, made, "close", outcome="rejected")
    assert (await client.get(f"/v1/advocacies/{advocacy['id']}")).json()["state"] == "concluded"
    assert (await client.get(f"/v1/referrals/{referral['id']}")).json()["state"] == "closed"
    assert closed["support"]["advocacy_id"] == advocacy["id"]
    types = [event["type"] for event in await events(client, "")]
    assert types.index("application.closed") < types.index("advocacy.concluded")
    assert types.index("application.closed") < types.index("referral.closed")


async def test_it_freezes_support(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client, stage="applied")
    decider = await make_decider(client, made["job"]["id"])
    await speak_up(client, made, decider)
    clock.advance(days=1)
    closed = await told(client, made, "close", outcome="rejected")
    assert closed["support"]["level"] == "recommended"
    clock.advance(days=100)
    assert (await told(client, made, "close", outcome="withdrawn"))["support"]["level"] == "recommended"


async def test_it_takes_few_round_trips(client: httpx.AsyncClient, databases: Databases) -> None:
    made = await make_application(client, stage="applied")
    await speak_up(client, made, await make_decider(client, made["job"]["id"]))
    with round_trips(databases) as statements:
        await told(client, made, "close", outcome="rejected")
    assert len(statements) <= 20
