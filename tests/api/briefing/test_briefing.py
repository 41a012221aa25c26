"""The briefing: what each section shows, for whom, and where the rest is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from api.briefing import schemas
from api.domain.vocabulary import FollowUpState, Owed
from api.platform.db import Databases
from tests.api.applications.scene import make_application, make_job, make_person, sent, told
from tests.api.applications.support_scene import make_decider, make_referral
from tests.api.follow_ups.rows import owe, uuid_of
from tests.api.problem import problem
from tests.api.referrals.scene import Answer, read
from tests.cast import START, Company
from tests.conftest import ClientFor, SetClock

BRIEFING = "/v1/briefing"
SECTIONS = ("changed", "overdue", "due", "lapsing", "needs_details", "exposed", "waiting")
Announce = Callable[..., Any]


@pytest.fixture
def announce(databases: Databases) -> Announce:
    """Write announced columns of an application: `await announce(application, exposed=True)`."""

    async def write(application: Answer, **columns: Any) -> None:
        assigned = ", ".join(f"{name} = :{name}" for name in columns)
        async with databases.open_system() as owner:
            await owner.execute(
                text(f"update applications set {assigned} where id = :id"),
                {**columns, "id": uuid_of(application["id"])},
            )

    return write


@pytest.fixture
async def quiet(databases: Databases) -> Callable[[], Any]:
    """Take away what was owed so far."""

    async def close() -> None:
        async with databases.open_system() as owner:
            await owner.execute(text("update follow_ups set standing = 'none', state = 'completed'"))

    return close


def shown(briefing: Answer, section: str) -> list[str]:
    """The ids of a section."""
    return [row["id"] for row in briefing[section]["data"]]


async def test_a_new_workspace_has_nothing_to_say(client: httpx.AsyncClient) -> None:
    briefing = await read(client, BRIEFING)
    assert all(briefing[name]["data"] == [] for name in SECTIONS)
    assert all(not briefing[name]["has_more"] and briefing[name]["rest"] == [] for name in SECTIONS)
    assert (briefing["as_of"], briefing["since"]) == ("2026-03-02T11:00:00Z", "2026-02-23T11:00:00Z")


async def test_it_tells_moves_and_changes_of_support_the_latest_first(
    client: httpx.AsyncClient, clock: SetClock
) -> None:
    made = await make_application(client, stage="applied")
    clock.advance(hours=1)
    await make_referral(client, made["candidate"]["id"], made["job"]["id"], application_id=made["id"])
    clock.advance(hours=1)
    await told(client, made, "move", stage="screening")
    (row,) = (await read(client, BRIEFING))["changed"]["data"]
    moved, referred, created = row["changes"]
    assert (moved["type"], moved["stage"], moved["recorded_at"]) == ("move", "screening", "2026-03-02T13:00:00Z")
    assert (referred["type"], referred["previous_level"]) == ("support", "none")
    assert referred["level"] == "referred_with_context"
    assert (created["type"], created["stage"], created["level"]) == ("create", "applied", None)
    assert row["support"]["level"] == "referred_with_context"


async def test_an_outcome_is_told(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client)
    clock.advance(days=10)
    await told(client, made, "close", outcome="withdrawn")
    (row,) = (await read(client, BRIEFING))["changed"]["data"]
    assert [(each["type"], each["outcome"]) for each in row["changes"]] == [("close", "withdrawn")]


async def test_what_changed_before_is_left_out(client: httpx.AsyncClient, clock: SetClock) -> None:
    await make_application(client)
    clock.advance(days=3)
    made = await make_application(client)
    assert shown(await read(client, BRIEFING, since="2026-03-03T00:00:00Z"), "changed") == [made["id"]]


async def test_what_changes_nothing_of_the_kind_is_left_out(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client)
    clock.advance(days=8)
    answer = await client.patch(f"/v1/applications/{made['id']}", json={"stage_label": "Phone screen"})
    assert answer.status_code == 200
    assert shown(await read(client, BRIEFING), "changed") == []


async def test_it_counts_what_is_left_out_and_says_where_it_is(
    client: httpx.AsyncClient, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for _ in range(4):
        clock.advance(minutes=1)
        made.append((await make_application(client))["id"])
    _limit(monkeypatch, 1)
    changed = (await read(client, BRIEFING))["changed"]
    assert ([row["id"] for row in changed["data"]], changed["more"]) == ([made[3]], 3)
    (rest,) = changed["rest"]
    assert [row["id"] for row in (await client.get(rest)).json()["data"]] == made[2::-1]


def _limit(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    for module in ("sections", "queries", "answers"):
        monkeypatch.setattr(f"api.briefing.{module}.MOST_ROWS", rows)


async def test_what_is_overdue_hides_nothing_of_what_is_due_today(
    client: httpx.AsyncClient, databases: Databases, acme: Company
) -> None:
    made = await make_application(client)
    later = await owe(databases, acme, due_at=datetime(2026, 3, 2, 15, tzinfo=UTC))
    due = await owe(databases, acme, standing=Owed.DUE, due_at=START, application_id=made["id"])
    overdue = await owe(databases, acme, standing=Owed.OVERDUE, due_at=START)
    await owe(databases, acme, due_at=datetime(2026, 3, 3, 8, tzinfo=UTC))
    await owe(databases, acme, due_at=START - timedelta(days=1), snoozed_until=START + timedelta(hours=1))
    await owe(databases, acme, standing=Owed.NONE, state=FollowUpState.COMPLETED)
    briefing = await read(client, BRIEFING)
    assert (shown(briefing, "overdue"), shown(briefing, "due")) == ([overdue], [due, later])
    assert [row["application"] for row in briefing["due"]["data"]] == [
        {name: made[name] for name in ("id", "candidate", "job")},
        None,
    ]


async def test_each_list_of_what_is_owed_says_where_it_goes_on(
    client: httpx.AsyncClient, databases: Databases, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue = [await owe(databases, acme, standing=Owed.OVERDUE, due_at=START + timedelta(days=n)) for n in range(3)]
    due = [await owe(databases, acme, standing=Owed.DUE, due_at=START + timedelta(hours=n)) for n in range(3)]
    later = await owe(databases, acme, due_at=START + timedelta(hours=5))
    _limit(monkeypatch, 2)
    briefing = await read(client, BRIEFING)
    assert (shown(briefing, "overdue"), shown(briefing, "due")) == (overdue[:2], due[:2])
    rest = [briefing[section]["rest"] for section in ("overdue", "due")]
    listed = [[(await client.get(path)).json()["data"] for path in paths] for paths in rest]
    assert [[[row["id"] for row in page] for page in each] for each in listed] == [[[overdue[2]]], [[due[2]], [later]]]


async def test_today_ends_where_the_person_is(client: httpx.AsyncClient, databases: Databases, acme: Company) -> None:
    rita = await sent(client, "/v1/people", {"name": "Rita Sands", "time_zone": "Pacific/Auckland"})
    owed = await owe(databases, acme, due_at=datetime(2026, 3, 3, 8, tzinfo=UTC), owner_id=rita["id"])
    assert shown(await read(client, BRIEFING, person=rita["id"]), "due") == [owed]
    assert shown(await read(client, BRIEFING), "due") == []


async def test_it_shows_whose_support_changes_within_a_week_the_soonest_first(
    client: httpx.AsyncClient, announce: Announce
) -> None:
    soon, sooner, later = [await make_application(client) for _ in range(3)]
    for made, days in ((soon, 6), (sooner, 1), (later, 8)):
        await announce(made, next_change_at=START + timedelta(days=days))
    assert shown(await read(client, BRIEFING), "lapsing") == [sooner["id"], soon["id"]]


async def test_it_shows_who_is_exposed_and_open(client: httpx.AsyncClient, announce: Announce) -> None:
    exposed, closed, _ = [await make_application(client) for _ in range(3)]
    await announce(exposed, exposed=True)
    await announce(closed, exposed=True, state="closed", outcome="rejected")
    assert shown(await read(client, BRIEFING), "exposed") == [exposed["id"]]


async def test_it_shows_who_waits(client: httpx.AsyncClient, announce: Announce, clock: SetClock) -> None:
    made = []
    for waiting in ("waiting", "waiting_long", "none"):
        clock.advance(minutes=1)
        made.append(await make_application(client))
        await announce(made[-1], waiting=waiting, waiting_since=START)
    assert shown(await read(client, BRIEFING), "waiting") == [made[1]["id"], made[0]["id"]]


async def test_it_shows_captures_that_need_details(client: httpx.AsyncClient) -> None:
    capture = await client.post("/v1/captures", json={"advocate": "ada@example.com", "kind": "spoke"})
    assert capture.json()["state"] == "needs_details", capture.text
    (row,) = (await read(client, BRIEFING))["needs_details"]["data"]
    assert (row["id"], row["needs"]) == (capture.json()["id"], capture.json()["needs"])
    await client.post(f"/v1/captures/{row['id']}/discard", json={"reason": "A test."})
    assert shown(await read(client, BRIEFING), "needs_details") == []


async def test_a_person_sees_their_jobs_and_what_they_owe(
    client: httpx.AsyncClient, databases: Databases, acme: Company, announce: Announce, quiet: Callable[[], Any]
) -> None:
    job, other_job = await make_job(client), await make_job(client)
    person = await make_decider(client, job)
    mine, other = [await make_application(client, job_id=each) for each in (job, other_job)]
    await quiet()
    for made in (mine, other):
        await announce(made, exposed=True, waiting="waiting", next_change_at=START + timedelta(days=1))
    owed = await owe(databases, acme, standing=Owed.DUE, owner_id=person)
    await owe(databases, acme, standing=Owed.DUE, owner_id=await make_person(client))
    briefing = await read(client, BRIEFING, person=person)
    assert briefing["person"] == person
    applications = ("changed", "lapsing", "exposed", "waiting")
    assert all(shown(briefing, name) == [mine["id"]] for name in applications)
    assert shown(briefing, "due") == [owed]


async def test_a_person_sees_captures_of_their_jobs_and_of_nobody_yet(client: httpx.AsyncClient) -> None:
    job = await make_job(client)
    person = await make_decider(client, job)
    mine, other = [await make_application(client, job_id=each) for each in (job, await make_job(client))]
    told: Answer = {"advocate": "ada@example.com", "kind": "spoke"}
    about = [{"application": mine["id"]}, {"application": other["id"]}, {}]
    captures = [(await client.post("/v1/captures", json={**told, **each})).json() for each in about]
    assert [each["application_id"] for each in captures] == [mine["id"], other["id"], None]
    found = shown(await read(client, BRIEFING, person=person), "needs_details")
    assert found == [captures[2]["id"], captures[0]["id"]]


async def test_whoever_was_merged_is_the_one_they_were_merged_into(client: httpx.AsyncClient) -> None:
    job = await make_job(client)
    person, duplicate = await make_decider(client, job), await make_person(client, "Noa Lind")
    answer = await client.post(f"/v1/people/{duplicate}/merge", json={"into": person})
    assert answer.status_code == 200, answer.text
    made = await make_application(client, job_id=job)
    briefing = await read(client, BRIEFING, person=duplicate)
    assert (briefing["person"], shown(briefing, "changed")) == (person, [made["id"]])


@pytest.mark.parametrize(
    ("since", "code"),
    [
        ("2026-03-02T11:00:01Z", "asked_in_the_future"),
        ("2025-12-02T10:59:59Z", "since_too_early"),
        ("last friday", "invalid_request"),
    ],
)
async def test_since_is_of_the_last_ninety_days(client: httpx.AsyncClient, since: str, code: str) -> None:
    answer = await client.get(BRIEFING, params={"since": since})
    problem(answer, 422, code)


async def test_the_bounds_of_since_are_within(client: httpx.AsyncClient) -> None:
    for since in ("2026-03-02T11:00:00Z", "2025-12-02T11:00:00Z"):
        assert (await read(client, BRIEFING, since=since))["since"] == since


async def test_an_unknown_person_is_nobody(client: httpx.AsyncClient) -> None:
    answer = await client.get(BRIEFING, params={"person": f"person_{'0' * 32}"})
    problem(answer, 404, "not_found")


async def test_another_workspace_is_not_in_it(
    client: httpx.AsyncClient, client_for: ClientFor, databases: Databases, acme: Company, globex: Company
) -> None:
    made = await make_application(client)
    await owe(databases, acme, standing=Owed.DUE, application_id=made["id"])
    briefing = await read(client_for(globex), BRIEFING)
    assert all(briefing[name]["data"] == [] for name in SECTIONS)
    mine = await make_person(client)
    assert (await client_for(globex).get(BRIEFING, params={"person": mine})).status_code == 404


async def test_a_row_is_what_its_list_shows(client: httpx.AsyncClient) -> None:
    await make_application(client)
    (row,) = (await read(client, BRIEFING))["changed"]["data"]
    (listed,) = (await read(client, "/v1/applications"))["data"]
    assert {name: row[name] for name in listed} == listed
    assert row.keys() == schemas.ChangedApplication.model_fields.keys()
