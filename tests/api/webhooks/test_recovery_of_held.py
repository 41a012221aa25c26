"""What becomes of held deliveries when their endpoint is resumed, and of all that is open when it is deleted."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.domain.webhooks import HeldMode, TaskKind
from api.platform.db import Databases
from api.webhooks import batches
from api.webhooks.task_steps import work_on_tasks
from tests.api.webhooks.backlog import Backlog, make_backlog
from tests.cast import Company
from tests.conftest import SetClock

HELD = "state = 'held', next_attempt_at = null, trigger = 'manual', tries = 3, attempts = 3, first_failure_at = :now"
ANN, BEN = UUID(int=1), UUID(int=2)


@pytest.fixture
async def backlog(client: httpx.AsyncClient, databases: Databases, clock: SetClock, acme: Company) -> Backlog:
    made = await make_backlog(client, databases, clock, acme.workspace)
    await made.change_endpoint("state = 'paused'")
    return made


@pytest.fixture(params=[500, 2], ids=["at once", "in batches"])
def batch_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ROWS_A_BATCH", request.param)


async def resumed(backlog: Backlog, mode: HeldMode) -> str:
    """The task of resuming it."""
    return await backlog.begun(TaskKind.RESUME, held_mode=mode, assignments="state = 'active'")


async def deleted(backlog: Backlog) -> str:
    """The task of deleting it."""
    return await backlog.begun(TaskKind.DELETE, assignments="state = 'deleted'")


@pytest.mark.usefixtures("batch_size")
@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (HeldMode.SEND_ALL, "pppppsf"),
        (HeldMode.SEND_LATEST_PER_SUBJECT, "ccpppsf"),
        (HeldMode.DISCARD, "cccccsf"),
    ],
)
async def test_resuming_deals_with_what_was_held(backlog: Backlog, mode: HeldMode, expected: str) -> None:
    await backlog.happen(ANN, BEN, ANN, uuid4(), BEN, ANN, BEN)
    await backlog.change(HELD)
    await backlog.change("state = 'succeeded'", 6)
    await backlog.change("state = 'failed'", 7)
    done = await backlog.done(await resumed(backlog, mode))
    assert (done["kind"], done["held"], done["state"], done["changed"]) == ("resume", mode, "succeeded", 5)
    assert await backlog.states() == expected


async def test_what_was_held_is_sent_by_the_schedule_from_its_start(backlog: Backlog) -> None:
    await backlog.happen()
    await backlog.change(HELD)
    await backlog.done(await resumed(backlog, HeldMode.SEND_ALL))
    columns = ("trigger", "priority", "tries", "attempts", "first_failure_at", "finished_at")
    assert await backlog.table(*columns) == [(1, "schedule", 2, 0, 3, None, None)]
    assert (await backlog.listed())[0]["next_attempt_at"] == "2026-03-02T11:01:00Z"


async def test_what_is_discarded_is_finished(backlog: Backlog) -> None:
    await backlog.happen()
    await backlog.change(HELD)
    await backlog.done(await resumed(backlog, HeldMode.DISCARD))
    row = (await backlog.listed())[0]
    assert (row["state"], row["finished_at"], row["next_attempt_at"]) == ("canceled", "2026-03-02T11:01:00Z", None)


async def test_an_event_about_nothing_with_an_id_is_the_latest_of_its_own(backlog: Backlog) -> None:
    await backlog.happen(None, None)
    await backlog.change(f"{HELD}, subject_id = null")
    await backlog.done(await resumed(backlog, HeldMode.SEND_LATEST_PER_SUBJECT))
    assert await backlog.states() == "pp"


@pytest.mark.parametrize("mode", HeldMode)
async def test_what_is_held_after_resuming_stays_held(backlog: Backlog, mode: HeldMode) -> None:
    await backlog.happen(ANN)
    await backlog.change(HELD)
    task = await resumed(backlog, mode)
    await backlog.change_endpoint("state = 'paused'")
    await backlog.happen(ANN)
    await backlog.change(HELD, 2)
    await backlog.done(task)
    assert await backlog.states() == ("ch" if mode is HeldMode.DISCARD else "ph")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(HeldMode.SEND_ALL, "ppps"), (HeldMode.SEND_LATEST_PER_SUBJECT, "ccps"), (HeldMode.DISCARD, "cccs")],
)
async def test_what_nobody_had_put_aside_yet_counts_as_held(backlog: Backlog, mode: HeldMode, expected: str) -> None:
    await backlog.happen(ANN, ANN, ANN, ANN)
    await backlog.change(HELD, 1)
    await backlog.change("state = 'succeeded'", 4)
    await backlog.done(await resumed(backlog, mode))
    assert await backlog.states() == expected


@pytest.mark.parametrize("mode", HeldMode)
async def test_what_is_in_flight_is_left_to_whoever_sends_it(backlog: Backlog, mode: HeldMode) -> None:
    await backlog.happen(ANN)
    await backlog.change("lease_until = cast(:now as timestamptz) + interval '1 minute'")
    await backlog.done(await resumed(backlog, mode))
    assert await backlog.numbers(state="in_flight") == [1]


@pytest.mark.usefixtures("batch_size")
async def test_resuming_once_more_replaces_what_was_not_done(backlog: Backlog) -> None:
    await backlog.happen(*[None] * 3)
    await backlog.change(HELD)
    first = await resumed(backlog, HeldMode.SEND_ALL)
    await backlog.change_endpoint("state = 'paused'")
    await backlog.happen()
    await backlog.change(HELD, 4)
    second = await backlog.done(await resumed(backlog, HeldMode.DISCARD))
    assert (second["state"], second["changed"]) == ("succeeded", 4)
    assert (await backlog.task(first))["state"] == "canceled"
    assert await backlog.states() == "cccc"


@pytest.mark.parametrize(("tries", "is_freed"), [(0, True), (2, False)])
async def test_what_waited_for_what_is_discarded_is_due_at_once(
    backlog: Backlog, clock: SetClock, tries: int, is_freed: bool
) -> None:
    await backlog.happen(ANN)
    await backlog.change(HELD)
    task = await resumed(backlog, HeldMode.DISCARD)
    await backlog.happen(ANN, ANN, BEN)
    put_off = f"state = 'pending', tries = {tries}, next_attempt_at = cast(:now as timestamptz) + interval '1 day'"
    await backlog.change(put_off, 2, 3, 4)
    await backlog.done(task)
    assert await backlog.states() == "cppp"
    due: list[Any] = [at <= clock() for _, at in (await backlog.table("next_attempt_at"))[1:]]
    assert due == [is_freed, False, False]


@pytest.mark.usefixtures("batch_size")
async def test_deleting_cancels_what_is_open(backlog: Backlog) -> None:
    await backlog.happen(ANN, BEN, None, ANN, BEN, None)
    await backlog.change(HELD, 1, 2)
    await backlog.change("state = 'succeeded'", 3)
    await backlog.change("state = 'failed'", 4)
    done = await backlog.done(await deleted(backlog))
    assert (done["kind"], done["state"], done["changed"]) == ("delete", "succeeded", 4)
    assert await backlog.states() == "ccsfcc"
    finished = [at for _, at in await backlog.table("finished_at")]
    assert finished[0] == finished[4] is not None


async def test_deleting_leaves_what_is_in_flight_to_whoever_sends_it(backlog: Backlog, clock: SetClock) -> None:
    await backlog.happen(None, None)
    await backlog.change("lease_until = cast(:now as timestamptz) + interval '1 minute'", 1)
    await backlog.done(await deleted(backlog))
    assert await backlog.states() == "pc"


async def test_deleting_ends_all_other_tasks_of_the_endpoint(backlog: Backlog) -> None:
    await backlog.change_endpoint("state = 'active'")
    asked = [await backlog.asked(verb) for verb in ("recover", "replay", "replay_missing")]
    asked.append(await resumed(backlog, HeldMode.SEND_ALL))
    await backlog.done(await deleted(backlog))
    assert {(await backlog.task(task))["state"] for task in asked} == {"canceled"}
    assert await work_on_tasks(backlog.databases) == 0
