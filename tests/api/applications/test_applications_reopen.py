import httpx

from tests.api.applications.scene import Answer, events, make_application, stage_changes, tell, told
from tests.api.applications.support_scene import make_decider, make_referral, speak_up
from tests.conftest import SetClock


async def closed_one(client: httpx.AsyncClient) -> Answer:
    made = await make_application(client, stage="interviewing", stage_label="On-site")
    return await told(client, made, "close", outcome="rejected")


async def test_it_goes_on_in_the_stage_before(client: httpx.AsyncClient, clock: SetClock) -> None:
    closed = await closed_one(client)
    clock.advance(days=3)
    response = await client.post(f"/v1/applications/{closed['id']}/reopen")
    reopened = response.json()
    assert (reopened["state"], reopened["stage"], reopened["outcome"]) == ("open", "interviewing", None)
    assert (reopened["stage_label"], reopened["outcome_at"]) == ("On-site", None)
    assert reopened["stage_entered_at"] == "2026-03-05T11:00:00Z"


async def test_it_goes_on_in_a_named_stage(client: httpx.AsyncClient) -> None:
    reopened = await told(client, await closed_one(client), "reopen", stage="applied")
    assert (reopened["stage"], reopened["stage_label"]) == ("applied", None)


async def test_it_records_the_fact_and_says_so(client: httpx.AsyncClient) -> None:
    closed = await closed_one(client)
    await told(client, closed, "reopen")
    fact = (await stage_changes(client, closed))[-1]
    assert (fact["verb"], fact["stage"]) == ("reopen", "interviewing")
    (event,) = await events(client, "application.reopened")
    assert (event["previous"]["state"], event["previous"]["outcome"]) == ("closed", "rejected")


async def test_it_writes_nothing_on_an_open_application(client: httpx.AsyncClient) -> None:
    reopened = await told(client, await closed_one(client), "reopen")
    assert await told(client, reopened, "reopen") == reopened


async def test_it_refuses_another_stage_of_an_open_application(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    response = await tell(client, made, "reopen", stage="offer")
    assert (response.status_code, response.json()["code"]) == (409, "invalid_state_transition")


async def test_all_that_was_recorded_counts_again(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client, stage="applied")
    referral = await make_referral(client, made["candidate"]["id"], made["job"]["id"])
    advocacy = await speak_up(client, made, await make_decider(client, made["job"]["id"]))
    clock.advance(days=1)
    await told(client, made, "close", outcome="rejected")
    clock.advance(days=1)
    reopened = await told(client, made, "reopen")
    assert (reopened["support"]["level"], reopened["support"]["advocacy_id"]) == ("recommended", advocacy["id"])
    assert (await client.get(f"/v1/advocacies/{advocacy['id']}")).json()["state"] == "active"
    assert (await client.get(f"/v1/referrals/{referral['id']}")).json()["state"] == "submitted"
