import httpx

from tests.api.applications.scene import events, make_application, make_person, stage_changes, tell, told
from tests.conftest import SetClock


async def test_it_enters_the_stage(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client, stage_label="New")
    clock.advance(days=1)
    moved = await told(client, made, "move", stage="screening", stage_label="Phone screen")
    assert (moved["stage"], moved["stage_label"], moved["version"]) == ("screening", "Phone screen", 2)
    assert moved["stage_entered_at"] == "2026-03-03T11:00:00Z"


async def test_it_records_the_fact_and_says_so(client: httpx.AsyncClient) -> None:
    made = await make_application(client, occurred_at="2026-02-20T08:00:00Z", stage="applied")
    teller = await make_person(client)
    moved = await told(client, made, "move", stage="screening", recorded_by=teller, source="greenhouse")
    fact = (await stage_changes(client, made))[-1]
    assert (fact["verb"], fact["stage"], fact["recorded_by"], fact["source"]) == (
        *("move", "screening"),
        *(teller, "greenhouse"),
    )
    (event,) = await events(client, "application.moved")
    assert event["previous"] == {"stage": "applied", "stage_entered_at": "2026-02-20T08:00:00Z"}
    assert (event["data"]["stage"], event["subject_version"]) == ("screening", moved["version"])


async def test_it_goes_back_too(client: httpx.AsyncClient) -> None:
    made = await make_application(client, stage="offer")
    assert (await told(client, made, "move", stage="applied"))["stage"] == "applied"


async def test_it_writes_nothing_where_the_stage_holds_already(client: httpx.AsyncClient) -> None:
    made = await make_application(client, stage="applied")
    assert await told(client, made, "move", stage="applied") == made
    assert len(await stage_changes(client, made)) == 1
    assert not await events(client, "application.moved")


async def test_it_takes_the_next_step_along(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    step = {"next_step_at": "2026-03-05T09:00:00Z", "next_step_kind": "interview"}
    moved = await told(client, made, "move", stage="interviewing", **step)
    assert {name: moved[name] for name in step} == step


async def test_it_ends_a_hold(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    await told(client, made, "hold", until="2026-03-20")
    moved = await told(client, made, "move", stage="screening")
    assert (moved["state"], moved["on_hold_until"]) == ("open", None)


async def test_it_may_be_backdated(client: httpx.AsyncClient) -> None:
    made = await make_application(client, occurred_at="2026-02-01T08:00:00Z")
    moved = await told(client, made, "move", stage="applied", occurred_at="2026-02-10T08:00:00Z")
    assert (moved["stage"], moved["stage_entered_at"]) == ("applied", "2026-02-10T08:00:00Z")
    (event,) = await events(client, "application.moved")
    assert (event["timestamp"], event["recorded_at"]) == ("2026-02-10T08:00:00Z", "2026-03-02T11:00:00Z")


async def test_a_backdated_one_leaves_a_later_stage_alone(client: httpx.AsyncClient) -> None:
    made = await make_application(client, occurred_at="2026-02-01T08:00:00Z")
    await told(client, made, "move", stage="screening", stage_label="Call", occurred_at="2026-02-20T08:00:00Z")
    moved = await told(client, made, "move", stage="applied", stage_label="New", occurred_at="2026-02-10T08:00:00Z")
    assert (moved["stage"], moved["stage_label"]) == ("screening", "Call")
    verbs = [(fact["verb"], fact["stage"]) for fact in await stage_changes(client, made)]
    assert verbs == [("create", "identified"), ("move", "applied"), ("move", "screening")]


async def test_it_refuses_to_take_the_sense_from_a_later_fact(client: httpx.AsyncClient) -> None:
    made = await make_application(client, occurred_at="2026-02-01T08:00:00Z")
    await told(client, made, "move", stage="applied", occurred_at="2026-02-20T08:00:00Z")
    response = await tell(client, made, "move", stage="applied", occurred_at="2026-02-10T08:00:00Z")
    assert (response.status_code, response.json()["code"]) == (409, "contradicts_later_fact")


async def test_it_refuses_a_moment_before_the_application(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    response = await tell(client, made, "move", stage="applied", occurred_at="2026-01-10T08:00:00Z")
    assert (response.status_code, response.json()["code"]) == (409, "invalid_state_transition")


async def test_it_refuses_a_closed_application(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    await told(client, made, "close", outcome="rejected")
    response = await tell(client, made, "move", stage="offer")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (409, "invalid_state_transition")
    assert (problem["current_state"], problem["allowed_transitions"]) == ("closed", ["close", "reopen"])


async def test_it_refuses_the_future_and_strangers(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    late = await tell(client, made, "move", stage="offer", occurred_at="2026-03-02T11:00:01Z")
    assert (late.status_code, late.json()["code"]) == (422, "in_the_future")
    stranger = await tell(client, made, "move", stage="offer", recorded_by=f"person_{'0' * 32}")
    assert (stranger.status_code, stranger.json()["code"]) == (422, "unknown_reference")
