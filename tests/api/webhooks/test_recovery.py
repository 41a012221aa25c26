"""Sending many deliveries again: recover, replay, and replay what was missing."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from api.platform import outbox
from api.platform.db import Databases
from api.platform.outbox import CHANNEL, moment
from api.webhooks import batch_statements, batches
from api.webhooks.task_steps import work_on_tasks
from tests.api.webhooks.backlog import LONG_AGO, TYPE, Backlog, make_backlog
from tests.cast import Cast, Company
from tests.conftest import ClientFor, SetClock
from tests.webhooks.stored import ACTOR

VERBS = ("recover", "replay", "replay_missing")
SENT = "state = 'succeeded', attempts = 1, finished_at = :now, next_attempt_at = null"
FAILED = (
    "state = 'failed', attempts = 10, tries = 10, next_attempt_at = null, finished_at = :now, first_failure_at = :now"
)
HELD = "state = 'held', next_attempt_at = null"
IN_FLIGHT = "lease_until = cast(:now as timestamptz) + interval '1 minute', lease_token = gen_random_uuid()"


@pytest.fixture
async def backlog(client: httpx.AsyncClient, databases: Databases, clock: SetClock, acme: Company) -> Backlog:
    return await make_backlog(client, databases, clock, acme.workspace)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ROWS_A_BATCH", 2)


# Recover


async def test_it_recovers_what_failed_and_what_is_held(backlog: Backlog) -> None:
    await backlog.happen(*[None] * 5)
    await backlog.change(SENT)
    await backlog.change(FAILED, 2)
    await backlog.change(HELD, 4)
    await backlog.change("state = 'canceled'", 5)
    task = await backlog.asked("recover")
    begun = await backlog.task(task)
    assert (begun["kind"], begun["state"], begun["started_at"]) == ("recover", "pending", None)
    done = await backlog.done(task)
    assert (done["state"], done["examined"], done["changed"]) == ("succeeded", 2, 2)
    assert done["finished_at"] == "2026-03-02T11:05:00Z"
    assert await backlog.states() == "spspc"
    again = [row for row in await backlog.table("state", "trigger", "priority", "tries") if row[1] == "pending"]
    assert again == [(2, "pending", "recover", 2, 0), (4, "pending", "recover", 2, 0)]
    row = (await backlog.listed(state="pending"))[1]
    assert (row["attempts"], row["next_attempt_at"], row["finished_at"]) == (10, "2026-03-02T11:05:00Z", None)
    assert (await backlog.table("first_failure_at"))[1] == (2, None)


async def test_it_recovers_what_was_made_in_the_window(backlog: Backlog) -> None:
    await backlog.happen(None, None, None)
    await backlog.change(FAILED)
    window = {"since": "2026-03-02T11:01:00Z", "until": "2026-03-02T11:02:00Z"}
    done = await backlog.done(await backlog.asked("recover", **window))
    assert (done["since"], done["until"], done["changed"]) == (window["since"], window["until"], 1)
    assert await backlog.states() == "fpf"


async def test_a_test_is_not_recovered(backlog: Backlog) -> None:
    await backlog.happen()
    await backlog.change(f"{FAILED}, event_number = null, event_id = null, body = '{{}}', trigger = 'test'")
    assert (await backlog.done(await backlog.asked("recover")))["changed"] == 0


# Replay


async def test_it_replays_all_that_is_finished(backlog: Backlog) -> None:
    await backlog.happen(*[None] * 6)
    for number, how in enumerate((SENT, FAILED, HELD, "state = 'canceled'", IN_FLIGHT), start=1):
        await backlog.change(how, number)
    done = await backlog.done(await backlog.asked("replay"))
    assert (done["kind"], done["examined"], done["changed"]) == ("replay", 6, 4)
    triggers = [trigger for _, trigger in await backlog.table("trigger")]
    assert triggers == ["replay"] * 4 + ["schedule"] * 2
    assert await backlog.states() == "pppppp"
    assert await backlog.numbers(state="in_flight") == [5]


async def test_it_replays_by_state_type_and_window(backlog: Backlog) -> None:
    await backlog.change_endpoint("event_types = '{*}'")
    await backlog.happen(None, None)
    await backlog.happen(event_type="person.created")
    await backlog.happen(None)
    await backlog.change(SENT)
    await backlog.change(FAILED, 2)
    assert (await backlog.done(await backlog.asked("replay", state="failed")))["states"] == ["failed"]
    assert await backlog.states() == "spss"
    done = await backlog.done(await backlog.asked("replay", event_types=["person.created", "job.*"]))
    assert done["event_types"] == ["person.created", "job.*"]
    assert await backlog.states() == "spps"
    window = {"since": "2026-03-02T11:03:00Z", "until": "2026-03-02T11:04:00Z"}
    assert (await backlog.done(await backlog.asked("replay", **window)))["examined"] == 1
    assert await backlog.states() == "sppp"


async def test_what_happens_after_it_was_asked_for_is_not_sent_twice(backlog: Backlog) -> None:
    await backlog.happen()
    await backlog.change(SENT)
    task = await backlog.asked("replay", until="2026-04-01T00:00:00Z")
    await backlog.happen()
    await backlog.change(SENT, 2)
    done = await backlog.done(task)
    assert (done["examined"], done["changed"]) == (1, 1)
    assert await backlog.states() == "ps"


async def test_it_replays_what_was_made_for_the_endpoint_only(
    backlog: Backlog, databases: Databases, clock: SetClock, acme: Company
) -> None:
    other = await make_backlog(backlog.client, databases, clock, acme.workspace)
    await backlog.happen(None, None)
    await backlog.change(SENT)
    await other.change(SENT)
    await backlog.done(await backlog.asked("replay"))
    assert (await backlog.states(), await other.states()) == ("pp", "ss")


# Replay what was missing


async def test_a_wider_filter_gets_exactly_what_was_missing(backlog: Backlog) -> None:
    await backlog.happen()
    await backlog.happen(event_type="person.created")
    await backlog.happen(event_type="job.created")
    await backlog.change(SENT)
    await backlog.change_endpoint("event_types = '{person.*}'")
    await backlog.happen(event_type="person.created")
    done = await backlog.done(await backlog.asked("replay_missing"))
    assert (done["examined"], done["changed"]) == (4, 1)
    rows = await backlog.table("state", "trigger", "priority", "event_type")
    assert rows == [
        (1, "succeeded", "schedule", 1, "person.updated"),
        (2, "pending", "replay", 2, "person.created"),
        (4, "pending", "schedule", 1, "person.created"),
    ]
    assert (await backlog.done(await backlog.asked("replay_missing")))["changed"] == 0
    row = (await backlog.listed(type="person.created"))[0]
    event = (await backlog.client.get(f"/v1/events/{row['event_id']}")).json()
    assert event["number"] == row["event_number"]


async def test_what_was_missing_is_chosen_by_type_and_window(backlog: Backlog) -> None:
    await backlog.change_endpoint("event_types = '{job.created}'")
    await backlog.happen(None, None)
    await backlog.happen(event_type="person.created")
    await backlog.change_endpoint("event_types = '{*}'")
    await backlog.done(await backlog.asked("replay_missing", until="2026-03-02T11:01:00Z"))
    assert [number for number, _ in await backlog.table("state")] == [1]
    await backlog.done(await backlog.asked("replay_missing", event_types=["person.created"]))
    assert [number for number, _ in await backlog.table("state")] == [1, 3]


async def test_what_was_missing_is_chosen_by_job_and_level(backlog: Backlog) -> None:
    job = uuid4()
    await backlog.change_endpoint("event_types = '{job.created}'")
    await backlog.happen(*[None] * 4)
    await backlog.execute("update events set job_id = :job, level = 'referred' where number = :n", job=job, n=1)
    await backlog.execute("update events set job_id = :job, level = 'championed' where number = :n", job=job, n=2)
    await backlog.execute("update events set job_id = :job, level = 'championed' where number = :n", job=uuid4(), n=3)
    assert backlog.before == 0
    await backlog.change_endpoint(f"event_types = '{{{TYPE}}}', job_ids = '{{{job}}}', levels = '{{championed}}'")
    await backlog.done(await backlog.asked("replay_missing"))
    assert [number for number, _ in await backlog.table("state")] == [2]


async def test_operational_events_are_missing_only_where_they_are_named(
    backlog: Backlog, databases: Databases, clock: SetClock, acme: Company
) -> None:
    other = await make_backlog(backlog.client, databases, clock, acme.workspace)
    await backlog.change_endpoint("event_types = '{job.created}'")
    await backlog.happen(backlog.endpoint_id, other.endpoint_id, event_type="webhook_endpoint.disabled")
    await backlog.change_endpoint("event_types = '{*}'")
    assert (await backlog.done(await backlog.asked("replay_missing")))["changed"] == 0
    await backlog.change_endpoint("event_types = '{webhook_endpoint.*}'")
    assert (await backlog.done(await backlog.asked("replay_missing")))["changed"] == 1
    assert [number for number, _ in await backlog.table("state")] == [2], "never of itself"


async def test_two_workers_make_what_is_missing_once(backlog: Backlog, second_worker: Databases) -> None:
    await backlog.change_endpoint("event_types = '{job.created}'")
    await backlog.happen(*[None] * 6)
    await backlog.change_endpoint("event_types = '{*}'")
    tasks = [await backlog.asked("replay_missing") for _ in range(3)]
    await asyncio.gather(work_on_tasks(backlog.databases), work_on_tasks(second_worker))
    done = [await backlog.done(task) for task in tasks]
    assert sum(task["changed"] for task in done) == 6
    assert [number for number, _ in await backlog.table("state")] == [1, 2, 3, 4, 5, 6]


async def test_an_event_that_is_being_recorded_gets_one_delivery(backlog: Backlog, databases: Databases) -> None:
    await backlog.happen()
    async with databases.open_writing(backlog.workspace, actor=ACTOR) as session:
        await backlog.record(session)
        done = await backlog.done(await backlog.asked("replay_missing"))
        assert (done["examined"], done["changed"]) == (1, 0)
        await session.commit()
    assert await backlog.states() == "pp"
    assert (await backlog.done(await backlog.asked("replay_missing")))["changed"] == 0


async def test_the_outbox_and_a_task_want_the_same() -> None:
    assert outbox.WANTED in batch_statements.REPLAY_MISSING.text
    assert outbox.WANTED in outbox._INSERT.text


# In batches


@pytest.mark.parametrize("verb", VERBS)
async def test_it_goes_on_where_a_batch_ended(backlog: Backlog, small_batches: None, verb: str) -> None:
    if verb == "replay_missing":
        await backlog.change_endpoint("event_types = '{job.created}'")
    await backlog.happen(*[None] * 5)
    await backlog.change_endpoint("event_types = '{*}'")
    await backlog.change(FAILED)
    task = await backlog.asked(verb)
    assert await work_on_tasks(backlog.databases) == 3
    done = await backlog.task(task)
    assert (done["state"], done["examined"], done["changed"]) == ("succeeded", 5, 5)
    assert await backlog.states() == "ppppp"
    assert await work_on_tasks(backlog.databases) == 0


@pytest.mark.usefixtures("small_batches")
async def test_events_recorded_at_one_moment_are_not_passed_by(backlog: Backlog, databases: Databases) -> None:
    async with databases.open_writing(backlog.workspace, actor=ACTOR) as session:
        for _ in range(5):
            await backlog.record(session)
        await session.commit()
    await backlog.change(SENT)
    assert (await backlog.done(await backlog.asked("replay")))["changed"] == 5


@pytest.mark.usefixtures("small_batches")
async def test_another_worker_goes_on_where_one_died(
    backlog: Backlog, second_worker: Databases, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await backlog.happen(*[None] * 5)
    await backlog.change(FAILED)
    task = await backlog.asked("recover")
    batch, done = batches.work_on_batch, 0

    async def dying(*args: Any, **options: Any) -> batches.Batch:
        nonlocal done
        done += 1
        if done == 2:
            raise ConnectionAbortedError
        return await batch(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr("api.webhooks.tasks.work_on_batch", dying)
        with pytest.raises(ConnectionAbortedError):
            await work_on_tasks(backlog.databases)
    begun = await backlog.task(task)
    assert (begun["state"], begun["examined"]) == ("running", 2)
    assert await backlog.states() == "ppfff"
    assert await work_on_tasks(second_worker) == 0, "its lease has not run out"
    clock.advance(seconds=61)
    assert await work_on_tasks(second_worker) == 2
    assert (await backlog.task(task))["changed"] == 5


async def test_a_batch_passes_by_what_somebody_is_at(backlog: Backlog, databases: Databases) -> None:
    await backlog.happen(None, None)
    await backlog.change(FAILED)
    async with databases.open_writing(backlog.workspace, actor=ACTOR) as session:
        held = "select from deliveries where workspace_id = :id order by event_number limit 1 for update"
        await session.execute(text(held), {"id": backlog.workspace.id})
        done = await backlog.done(await backlog.asked("recover"))
    assert (done["examined"], done["changed"]) == (2, 1)


async def test_whoever_sends_hears_of_what_is_due(backlog: Backlog, database_url: str) -> None:
    await backlog.happen()
    await backlog.change(FAILED)
    task = await backlog.asked("recover")
    heard: list[str] = []
    listener = await asyncpg.connect(database_url)
    await listener.add_listener(CHANNEL, lambda *told: heard.append(str(told[-1])))
    await backlog.done(task)
    await listener.execute("select 1")
    await listener.close()
    assert heard == [str(backlog.workspace.id)]


async def test_a_task_goes_on_when_its_endpoint_is_paused(backlog: Backlog) -> None:
    await backlog.happen()
    await backlog.change(FAILED)
    task = await backlog.asked("recover")
    await backlog.change_endpoint("state = 'paused'")
    assert (await backlog.done(task))["changed"] == 1


@pytest.mark.parametrize("verb", VERBS)
async def test_a_task_ends_when_its_endpoint_is_deleted(backlog: Backlog, verb: str) -> None:
    await backlog.happen()
    await backlog.change(FAILED)
    task = await backlog.asked(verb)
    await backlog.change_endpoint("state = 'deleted'")
    done = await backlog.done(task)
    assert (done["state"], done["changed"], done["started_at"]) == ("canceled", 0, None)
    assert await backlog.states() == "f"


# What is refused


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ["paused", "disabled"])
async def test_an_endpoint_that_is_not_active_is_resumed_first(backlog: Backlog, verb: str, state: str) -> None:
    await backlog.change_endpoint(f"state = '{state}'")
    answer = await backlog.ask(verb)
    assert (answer.status_code, answer.json()["code"]) == (409, "webhook_endpoint_not_active")


@pytest.mark.parametrize("verb", VERBS)
async def test_a_deleted_endpoint_is_not_found(backlog: Backlog, verb: str) -> None:
    await backlog.change_endpoint("state = 'deleted'")
    assert (await backlog.ask(verb)).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
async def test_since_is_before_until(backlog: Backlog, verb: str) -> None:
    answer = await backlog.ask(verb, since="2026-03-02T11:00:00Z", until="2026-03-02T11:00:00Z")
    assert (answer.status_code, answer.json()["code"]) == (422, "window_empty")
    assert answer.json()["errors"][0]["pointer"] == "#/since"


@pytest.mark.parametrize("verb", VERBS)
async def test_the_window_begins_where_payloads_are_kept(backlog: Backlog, clock: SetClock, verb: str) -> None:
    earliest = clock() - timedelta(days=30)
    answer = await backlog.ask(verb, since=(earliest - timedelta(seconds=1)).isoformat())
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["earliest"]) == (
        422,
        "window_too_old",
        "2026-01-31T11:00:00Z",
    )
    assert (await backlog.ask(verb, since=problem["earliest"])).status_code == 202


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("replay", {"event_types": ["person.exploded"]}, "unknown_event_type"),
        ("replay_missing", {"event_types": ["person.*", "nobody.*"]}, "unknown_event_type"),
        ("replay", {"event_types": []}, "invalid_request"),
        ("replay", {"state": "in_flight"}, "invalid_request"),
        ("recover", {"event_types": ["person.*"]}, "invalid_request"),
        ("recover", {"since": None}, "invalid_request"),
    ],
)
async def test_bad_input_is_refused(backlog: Backlog, verb: str, body: dict[str, Any], code: str) -> None:
    answer = await backlog.ask(verb, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("verb", VERBS)
async def test_it_needs_an_admin(backlog: Backlog, client_for: ClientFor, acme: Company, verb: str) -> None:
    answer = await client_for(acme, "write").post(f"{backlog.path}/{verb}", json={"since": LONG_AGO})
    assert answer.status_code == 403


# Tasks


async def test_tasks_are_listed_the_latest_first(
    backlog: Backlog, databases: Databases, clock: SetClock, acme: Company
) -> None:
    other = await make_backlog(backlog.client, databases, clock, acme.workspace)
    made = []
    for whose, verb in ((backlog, "recover"), (other, "replay"), (backlog, "replay_missing")):
        made.append((await whose.asked(verb)).rpartition("/")[2])
        clock.advance(minutes=1)
    page = (await backlog.client.get("/v1/tasks", params={"limit": 2})).json()
    assert [task["id"] for task in page["data"]] == [made[2], made[1]]
    page = (await backlog.client.get("/v1/tasks", params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert [task["id"] for task in page["data"]] == [made[0]]
    mine = {"webhook_endpoint": backlog.path.rpartition("/")[2]}
    found = (await backlog.client.get("/v1/tasks", params=mine)).json()["data"]
    assert [task["kind"] for task in found] == ["replay_missing", "recover"]


async def test_a_task_begins_at_once_in_a_sandbox_whose_clock_is_behind(
    client_for: ClientFor, databases: Databases, clock: SetClock, cast: Cast
) -> None:
    backlog = await make_backlog(client_for(cast.sandbox), databases, clock, cast.sandbox.workspace)
    async with databases.open_system() as connection:
        moved = text("update workspaces set clock_offset = interval '-9 seconds' where id = :id")
        await connection.execute(moved, {"id": cast.sandbox.workspace.id})
    assert (await backlog.done(await backlog.asked("recover")))["state"] == "succeeded"


@pytest.mark.parametrize(("verb", "status"), [("recover", 202), ("replay", 422), ("replay_missing", 422)])
async def test_the_window_goes_by_the_time_of_what_it_chooses(
    verb: str, status: int, client_for: ClientFor, databases: Databases, clock: SetClock, cast: Cast
) -> None:
    """Deliveries are made in real time, events recorded in the workspace's, which is months ahead here."""
    backlog = await make_backlog(client_for(cast.sandbox), databases, clock, cast.sandbox.workspace)
    async with databases.open_system() as connection:
        moved = text("update workspaces set clock_offset = interval '90 days' where id = :id")
        await connection.execute(moved, {"id": cast.sandbox.workspace.id})
    answer = await backlog.ask(verb, since=(clock() - timedelta(days=1)).isoformat())
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["earliest"] == moment(clock() + timedelta(days=60))


async def test_a_task_that_nobody_began_is_not_found(backlog: Backlog) -> None:
    answer = await backlog.client.get(f"/v1/tasks/task_{uuid4().hex}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
