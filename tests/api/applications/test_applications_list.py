"""The list of applications: what a row says, which rows a question finds, in which order, page by page."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from api.applications.listing_schemas import ListedApplication
from api.platform.db import Databases
from tests.api.applications.scene import (
    Answer,
    make_application,
    make_candidate,
    make_job,
    make_person,
    read,
    sent,
    told,
)
from tests.api.applications.support_scene import make_decider, make_referral, speak_up
from tests.api.follow_ups.rows import owe, uuid_of
from tests.cast import START, Company
from tests.conftest import SetClock

LIST = "/v1/applications"


async def listed(client: httpx.AsyncClient, **query: Any) -> list[Answer]:
    """The rows of the first page."""
    response = await client.get(LIST, params=query)
    assert response.status_code == 200, response.text
    return list(response.json()["data"])


async def ids(client: httpx.AsyncClient, **query: Any) -> list[str]:
    """Their ids."""
    return [row["id"] for row in await listed(client, **query)]


async def refusal(client: httpx.AsyncClient, **query: Any) -> Answer:
    """The problem that a question meets."""
    response = await client.get(LIST, params=query)
    assert response.status_code in (400, 422), response.text
    problem: Answer = response.json()
    return problem


async def backed(client: httpx.AsyncClient, **members: Any) -> Answer:
    """An application that is referred and recommended."""
    made = await make_application(client, **members)
    await make_referral(client, made["candidate"]["id"], made["job"]["id"], application_id=made["id"])
    await speak_up(client, made, await make_decider(client, made["job"]["id"]))
    return await read(client, made)


async def test_a_row_says_what_the_application_itself_says(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await backed(client, stage="applied", stage_label="Inbox", next_step_at="2026-03-09T09:30:00Z")
    (row,) = await listed(client)
    assert row.keys() == ListedApplication.model_fields.keys()
    assert row == {name: made[name] for name in row}
    assert row["support"]["advocate"]["name"] == "Ada Okafor"


async def test_a_row_without_support_says_so(client: httpx.AsyncClient) -> None:
    await make_application(client)
    (row,) = await listed(client)
    assert (row["support"]["level"], row["support"]["advocate"], row["support"]["advocacy_id"]) == ("none", None, None)


async def test_moments_with_and_without_fractions_are_written_alike(client: httpx.AsyncClient, clock: SetClock) -> None:
    clock.advance(microseconds=120_000)
    made = await make_application(client, occurred_at="2026-03-01T08:00:00Z")
    (row,) = await listed(client)
    assert (row["created_at"], row["stage_entered_at"]) == ("2026-03-02T11:00:00.120000Z", "2026-03-01T08:00:00Z")
    assert made["created_at"] == row["created_at"]


async def test_nothing_is_an_empty_page(client: httpx.AsyncClient) -> None:
    response = await client.get(LIST)
    assert response.json() == {"object": "list", "data": [], "has_more": False, "next_cursor": None}
    assert "link" not in response.headers


async def test_another_company_sees_nothing(
    client: httpx.AsyncClient, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    made = await make_application(client)
    assert await listed(client_for(globex)) == []
    assert await listed(client_for(globex), job=made["job"]["id"]) == []


@pytest.mark.parametrize(
    "query",
    [
        {"stage": "offer"},
        {"state": "closed"},
        {"outcome": "hired"},
        {"state": "closed", "stage": "offer"},
        {"state": "closed", "level": "recommended"},
        {"state": "closed", "exposed": "false"},
        {"level": "recommended"},
        {"confidence": "confirmed"},
    ],
)
async def test_a_filter_finds_what_has_the_value(
    client: httpx.AsyncClient, clock: SetClock, query: dict[str, str]
) -> None:
    wanted = await backed(client, stage="offer")
    clock.advance(hours=1)
    await told(client, wanted, "close", outcome="hired")
    await make_application(client, stage="applied")
    assert await ids(client, **query) == [wanted["id"]]


@pytest.mark.parametrize("query", [{"championing": "none"}, {"exposed": "false"}, {"level": "none"}])
async def test_a_filter_finds_all_that_have_the_value(client: httpx.AsyncClient, query: dict[str, str]) -> None:
    first, second = [(await make_application(client))["id"] for _ in range(2)]
    assert await ids(client, **query) == [second, first]
    assert await ids(client, championing="lost") == []


async def test_job_and_candidate_combine(client: httpx.AsyncClient) -> None:
    job, candidate = await make_job(client), await make_candidate(client)
    both = await make_application(client, job_id=job, candidate_id=candidate)
    same_job = await make_application(client, job_id=job, stage="offer")
    same_candidate = await make_application(client, candidate_id=candidate)
    assert await ids(client, job=job) == [same_job["id"], both["id"]]
    assert await ids(client, candidate=candidate) == [same_candidate["id"], both["id"]]
    assert await ids(client, job=job, candidate=candidate) == [both["id"]]
    assert await ids(client, job=job, stage="offer") == [same_job["id"]]


async def test_member_finds_the_jobs_somebody_is_on_today(client: httpx.AsyncClient, clock: SetClock) -> None:
    mine, planned, left = [await make_application(client, stage="applied") for _ in range(3)]
    person = await make_person(client)
    for made, day in ((mine, "2026-03-01"), (planned, "2026-03-09"), (left, "2026-03-01")):
        member = {"person_id": person, "power": "decides", "effective_on": day}
        await sent(client, f"/v1/jobs/{made['job']['id']}/members", member)
    await sent(client, f"/v1/jobs/{left['job']['id']}/members/{person}/end", {"effective_on": "2026-03-02"})
    assert await ids(client, member=person) == [mine["id"]]
    clock.advance(days=7)
    assert await ids(client, member=person) == [planned["id"], mine["id"]]
    assert await ids(client, member=person, stage="offer") == []


async def test_referrer_and_advocate_find_each_application_once(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    await make_application(client)
    first = await make_referral(client, made["candidate"]["id"], made["job"]["id"], application_id=made["id"])
    await sent(
        client,
        "/v1/referrals",
        {
            "candidate_id": made["candidate"]["id"],
            "job_id": made["job"]["id"],
            "application_id": made["id"],
            "referrer_id": first["referrer"]["id"],
            "relationship": "same_team",
        },
    )
    advocacy = await speak_up(client, made, await make_decider(client, made["job"]["id"]))
    assert await ids(client, referrer=first["referrer"]["id"]) == [made["id"]]
    assert await ids(client, advocate=advocacy["advocate"]["id"]) == [made["id"]]


async def test_a_range_brings_its_own_order_oldest_first(client: httpx.AsyncClient, clock: SetClock) -> None:
    first, second = await make_application(client), await make_application(client)
    clock.advance(hours=1)
    await told(client, first, "move", stage="offer")
    clock.advance(hours=1)
    await told(client, second, "move", stage="offer")
    assert await ids(client, **{"updated_at[gte]": "2026-03-02T12:00:00Z"}) == [first["id"], second["id"]]
    assert await ids(client, **{"updated_at[gte]": "2026-03-02T12:30:00Z"}) == [second["id"]]
    assert await ids(client, **{"updated_at[lt]": "2026-03-02T13:00:00Z", "order_by": "updated_at desc"}) == [
        first["id"]
    ]


async def test_an_order_leaves_out_what_has_no_such_moment(client: httpx.AsyncClient) -> None:
    changed = await backed(client)
    await make_application(client)
    assert await ids(client, order_by="level_changed_at desc") == [changed["id"]]
    assert await ids(client, order_by="level_changed_at", level="recommended") == [changed["id"]]
    assert len(await ids(client, order_by="next_change_at")) < 2


@pytest.mark.parametrize("order", ["level", "confidence desc", "championing", "created_at sideways"])
async def test_the_list_is_never_sorted_by_how_somebody_is_backed(client: httpx.AsyncClient, order: str) -> None:
    assert (await refusal(client, order_by=order))["code"] == "invalid_order_by"


@pytest.mark.parametrize(
    ("query", "available"),
    [
        ({"order_by": "updated_at", "stage": "offer"}, ["created_at"]),
        ({"order_by": "next_change_at", "level": "none", "next_change_at[lt]": "2026-04-01T00:00:00Z"}, None),
        ({"order_by": "created_at", "updated_at[gte]": "2026-03-01T00:00:00Z"}, ["updated_at"]),
        ({"state": "open", "updated_at[gte]": "2026-03-01T00:00:00Z"}, []),
        (
            {"order_by": "created_at,updated_at"},
            ["created_at", "updated_at", "changed_at", "level_changed_at", "next_change_at"],
        ),
        ({"waiting": "waiting", "order_by": "changed_at"}, ["created_at"]),
    ],
)
async def test_an_order_that_no_index_serves_is_refused(
    client: httpx.AsyncClient, query: dict[str, str], available: list[str] | None
) -> None:
    if available is None:
        assert await listed(client, **query) == []
    else:
        problem = await refusal(client, **query)
        assert (problem["code"], problem["available"]) == ("order_by_not_available", available)


@pytest.mark.parametrize("beside", ["", "job", "state", "member"])
async def test_it_opens_a_count_of_the_pipeline(client: httpx.AsyncClient, beside: str) -> None:
    job = await make_job(client)
    values = {"job": job, "state": "open", "member": await make_decider(client, job)}
    made = await make_application(client, job_id=job)
    query = {"stage": made["stage"], "level": "none"} | {name: values[name] for name in (beside,) if name}
    assert await ids(client, **query) == [made["id"]]
    assert await ids(client, **{**query, "level": "championed"}) == []


async def test_filters_that_no_index_serves_together_are_refused(client: httpx.AsyncClient) -> None:
    problem = await refusal(client, level="championed", confidence="claimed")
    assert problem["code"] == "filters_not_combinable"
    assert "level + state" in problem["combinations"]
    both = {"updated_at[gte]": "2026-03-01T00:00:00Z", "next_change_at[lt]": "2026-03-01T00:00:00Z"}
    assert (await refusal(client, **both))["code"] == "filters_not_combinable"


@pytest.mark.parametrize(
    "order", ["created_at desc", "created_at", "created_at desc,id", "updated_at", "updated_at desc"]
)
async def test_pages_follow_each_other_without_gap_or_repeat(client: httpx.AsyncClient, order: str) -> None:
    made = {(await make_application(client))["id"] for _ in range(5)}
    seen: list[str] = []
    path = f"{LIST}?limit=2&order_by={order}"
    while path:
        response = await client.get(path)
        seen += [row["id"] for row in response.json()["data"]]
        path = response.links["next"]["url"] if response.json()["has_more"] else ""
    assert len(seen) == 5
    assert set(seen) == made


async def test_a_page_of_links_and_members_goes_on_too(client: httpx.AsyncClient) -> None:
    job = await make_job(client)
    person = await make_decider(client, job)
    made = [(await make_application(client, job_id=job))["id"] for _ in range(3)]
    first = (await client.get(LIST, params={"member": person, "limit": 2})).json()
    rest = await ids(client, member=person, limit=2, cursor=first["next_cursor"])
    assert [row["id"] for row in first["data"]] + rest == made[::-1]


async def test_a_cursor_belongs_to_its_question(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        await make_application(client)
    cursor = (await client.get(LIST, params={"limit": 1})).json()["next_cursor"]
    assert (await refusal(client, cursor=cursor, state="open"))["code"] == "cursor_mismatch"
    assert (await refusal(client, cursor="1nonsense"))["code"] == "cursor_invalid"


@pytest.fixture
def announce(databases: Databases) -> Callable[..., Any]:
    """Write announced columns of an application: `await announce(application, waiting="waiting")`."""

    async def write(application: Answer, **columns: Any) -> None:
        assigned = ", ".join(f"{name} = :{name}" for name in columns)
        async with databases.open_system() as owner:
            wanted = {**columns, "id": uuid_of(application["id"])}
            await owner.execute(text(f"update applications set {assigned} where id = :id"), wanted)

    return write


async def test_a_row_says_what_is_owed_next(
    client: httpx.AsyncClient, databases: Databases, acme: Company, announce: Callable[..., Any]
) -> None:
    made, owner = await make_application(client), await make_person(client)
    owed = await owe(databases, acme, application_id=made["id"], owner_id=owner)
    following = {"id": uuid_of(owed), "type": "check_in_advocate", "owner_id": uuid_of(owner), "due_at": START}
    named = {f"next_follow_up_{name}": value for name, value in following.items()}
    await announce(made, follow_up_state="due", waiting="waiting_long", waiting_since=START, **named)
    (row,) = await listed(client)
    itself = await read(client, made)
    assert row == {name: itself[name] for name in row}
    assert row["next_follow_up"] == {
        "id": owed,
        "type": "check_in_advocate",
        "owner_id": owner,
        "due_at": "2026-03-02T11:00:00Z",
    }
    assert (row["follow_up_state"], row["waiting"], row["waiting_since"]) == (
        "due",
        "waiting_long",
        "2026-03-02T11:00:00Z",
    )


@pytest.mark.parametrize(
    ("name", "values"), [("waiting", ["waiting", "waiting_long"]), ("follow_up_state", ["due", "overdue"])]
)
@pytest.mark.parametrize("beside", ["", "job", "member"])
async def test_what_waits_or_is_owed_is_found_by_any_of_several(
    client: httpx.AsyncClient,
    clock: SetClock,
    announce: Callable[..., Any],
    name: str,
    values: list[str],
    beside: str,
) -> None:
    job = await make_job(client)
    given = {"": {}, "job": {"job": job}, "member": {"member": await make_decider(client, job)}}[beside]
    made = []
    for value in ["none", *values, values[0]]:
        clock.advance(minutes=1)
        made.append(await make_application(client, job_id=job))
        await announce(made[-1], **{name: value})
    _, first, second, third = [each["id"] for each in made]
    assert await ids(client, **{name: values[0]}, **given) == [third, first]
    assert await ids(client, **{name: values}, **given) == [third, second, first]
    page = (await client.get(LIST, params={name: values, "limit": 2, **given})).json()
    rest = await ids(client, **{name: values}, limit=2, cursor=page["next_cursor"], **given)
    assert [row["id"] for row in page["data"]] + rest == [third, second, first]


async def test_what_a_member_has_is_sorted_by_its_last_change(client: httpx.AsyncClient, clock: SetClock) -> None:
    job = await make_job(client)
    member = await make_decider(client, job)
    first, second = [await make_application(client, job_id=job) for _ in range(2)]
    await make_application(client)
    clock.advance(days=1)
    await told(client, first, "move", stage="screening")
    assert await ids(client, member=member, order_by="changed_at desc") == [first["id"], second["id"]]
    assert await ids(client, member=member, **{"changed_at[gte]": "2026-03-03T00:00:00Z"}) == [first["id"]]
    assert await ids(client, member=member, **{"changed_at[lt]": "2026-03-03T00:00:00Z"}) == [second["id"]]
