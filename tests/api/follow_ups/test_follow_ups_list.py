"""The list of follow-ups: what a row says, which rows a question finds, in which order, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.domain.vocabulary import FollowUpState, Owed
from api.follow_ups.schemas import FollowUpRow
from api.platform.db import Databases
from tests.api.applications.scene import make_application, make_person
from tests.api.follow_ups.rows import owe
from tests.api.problem import problem
from tests.api.referrals.scene import Answer, read, sent
from tests.cast import START, Company
from tests.conftest import ClientFor

LIST = "/v1/follow_ups"


async def ids(client: httpx.AsyncClient, **query: Any) -> list[str]:
    """The ids of the first page."""
    return [row["id"] for row in (await read(client, LIST, **query))["data"]]


def at(day: int) -> datetime:
    """Nine in the morning of a day of March, in Berlin."""
    return datetime(2026, 3, day, 8, tzinfo=UTC)


@pytest.fixture
async def application(client: httpx.AsyncClient) -> Answer:
    """An application to owe something about."""
    return await make_application(client)


async def test_a_row_says_what_the_follow_up_itself_says(
    client: httpx.AsyncClient, databases: Databases, acme: Company, application: Answer
) -> None:
    owner, person = await make_person(client, "Rita Sands"), await make_person(client)
    made = await owe(databases, acme, owner_id=owner, person_id=person, application_id=application["id"], is_next=True)
    (row,) = (await read(client, LIST))["data"]
    assert row.keys() == FollowUpRow.model_fields.keys()
    itself = await read(client, f"{LIST}/{made}")
    assert row == {name: itself[name] for name in row}
    assert (row["owner"]["name"], row["person"]["name"]) == ("Rita Sands", "Ada Okafor")
    assert row["trigger"]["kind"] == "at_risk"
    assert row["trigger"]["id"].startswith("advocacy_")


async def test_a_closed_one_says_what_closed_it(
    client: httpx.AsyncClient, databases: Databases, acme: Company, application: Answer
) -> None:
    closed = {"state": FollowUpState.COMPLETED, "standing": Owed.NONE, "closed_at": START, "result": "She goes on."}
    act = f"act_{'a' * 32}"
    await owe(databases, acme, application_id=application["id"], closed_by=act, closed_by_kind="act", **closed)
    (row,) = (await read(client, LIST, state="completed"))["data"]
    assert (row["closed_by"], row["result"]) == ({"type": "act", "id": act}, "She goes on.")
    assert row["owner"] is None


async def test_the_first_due_comes_first(client: httpx.AsyncClient, databases: Databases, acme: Company) -> None:
    late, early = [await owe(databases, acme, due_at=at(day)) for day in (12, 5)]
    assert await ids(client) == [early, late]
    assert await ids(client, order_by="due_at desc") == [late, early]
    assert await ids(client, **{"due_at[gte]": "2026-03-06T00:00:00Z"}) == [late]
    assert await ids(client, **{"due_at[lt]": "2026-03-06T00:00:00Z"}) == [early]


@pytest.mark.parametrize("order_by", ["updated_at", "created_at"])
async def test_it_is_sorted_by_what_is_asked(
    client: httpx.AsyncClient, databases: Databases, acme: Company, order_by: str
) -> None:
    later, first = [await owe(databases, acme, **{order_by: START + timedelta(days=n)}) for n in (2, 1)]
    assert await ids(client, order_by=order_by) == [first, later]
    assert await ids(client, order_by=f"{order_by} desc") == [later, first]


async def test_what_changed_since_is_found(client: httpx.AsyncClient, databases: Databases, acme: Company) -> None:
    await owe(databases, acme)
    changed = await owe(databases, acme, updated_at=START + timedelta(days=1))
    assert await ids(client, **{"updated_at[gte]": "2026-03-03T00:00:00Z"}) == [changed]


@pytest.mark.parametrize(
    ("wanted", "query"),
    [
        ({"type": "answer_ask"}, {"type": "answer_ask"}),
        ({"type": "answer_ask"}, {"type": "answer_ask", "state": "open"}),
        ({"state": FollowUpState.SKIPPED}, {"state": "skipped"}),
        ({"standing": Owed.OVERDUE}, {"standing": "overdue"}),
    ],
)
async def test_a_filter_finds_what_has_the_value(
    client: httpx.AsyncClient, databases: Databases, acme: Company, wanted: dict[str, Any], query: dict[str, str]
) -> None:
    await owe(databases, acme)
    made = await owe(databases, acme, **wanted)
    assert await ids(client, **query) == [made]


async def test_what_somebody_owes_and_what_is_about_somebody(
    client: httpx.AsyncClient, databases: Databases, acme: Company
) -> None:
    one, other = await make_person(client), await make_person(client)
    mine = await owe(databases, acme, owner_id=one, person_id=other, standing=Owed.DUE)
    await owe(databases, acme, owner_id=other, person_id=one)
    assert await ids(client, owner=one) == await ids(client, person=other) == [mine]
    assert await ids(client, owner=one, standing="due") == await ids(client, owner=one, state="open") == [mine]
    assert await ids(client, owner=one, standing="overdue") == []
    assert await ids(client, owner=one, person=other, type="check_in_advocate", order_by="updated_at") == [mine]


async def test_what_names_a_subject_is_found_by_it(
    client: httpx.AsyncClient, databases: Databases, acme: Company, application: Answer
) -> None:
    named = {kind: f"{kind}_{digit * 32}" for kind, digit in zip(_SUBJECTS, "1234", strict=True)}
    await owe(databases, acme)
    made = await owe(databases, acme, *named.values(), application_id=application["id"])
    for kind, subject in named.items():
        assert await ids(client, **{kind: subject}) == [made]
        assert await ids(client, **{kind: subject, "state": "open", "order_by": "created_at"}) == [made]
        assert await ids(client, **{kind: f"{kind}_{'9' * 32}"}) == []
    assert await ids(client, application=application["id"], standing="scheduled") == [made]


_SUBJECTS = ("referral", "referrer", "advocacy", "advocate")


async def test_what_is_about_a_capture_is_found_by_it(
    client: httpx.AsyncClient, databases: Databases, acme: Company
) -> None:
    capture = await sent(client, "/v1/captures", {"candidate": "Nobody Known"})
    made = await owe(databases, acme, capture_id=capture["id"], type="by_this_test")
    assert made in await ids(client, capture=capture["id"])
    assert await ids(client, capture=capture["id"], type="by_this_test") == [made]


async def test_pages_follow_each_other(client: httpx.AsyncClient, databases: Databases, acme: Company) -> None:
    person = await make_person(client)
    made = [await owe(databases, acme, person_id=person, due_at=at(5 + n // 2)) for n in range(5)]
    for query in ({}, {"person": person}):
        seen: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = await client.get(LIST, params={"limit": 2, **query, **cursor})
            seen += [row["id"] for row in page.json()["data"]]
            if not page.json()["has_more"]:
                break
            assert 'rel="next"' in page.headers["link"]
            cursor = {"cursor": page.json()["next_cursor"]}
        assert seen == made


async def test_a_cursor_belongs_to_its_question(client: httpx.AsyncClient, databases: Databases, acme: Company) -> None:
    for _ in range(2):
        await owe(databases, acme)
    cursor = (await read(client, LIST, limit=1))["next_cursor"]
    problem(await client.get(LIST, params={"cursor": cursor, "state": "open"}), 400, "cursor_mismatch")
    problem(await client.get(LIST, params={"cursor": "1x"}), 400, "cursor_invalid")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"owner": f"person_{'1' * 32}", "type": "answer_ask"}, "filters_not_combinable"),
        ({"state": "open", "standing": "due"}, "filters_not_combinable"),
        ({"due_at[gte]": "2026-03-06T00:00:00Z", "updated_at[gte]": "2026-03-06T00:00:00Z"}, "filters_not_combinable"),
        ({"state": "open", "order_by": "updated_at"}, "order_by_not_available"),
        ({"due_at[gte]": "2026-03-06T00:00:00Z", "order_by": "created_at"}, "order_by_not_available"),
        ({"state": "open", "updated_at[gte]": "2026-03-06T00:00:00Z"}, "order_by_not_available"),
        ({"order_by": "due_at,updated_at"}, "order_by_not_available"),
        ({"order_by": "title"}, "invalid_order_by"),
        ({"owner": f"job_{'1' * 32}"}, "wrong_id_kind"),
        ({"state": "done"}, "invalid_request"),
        ({"type": "Not a word"}, "invalid_request"),
        ({"assignee": "me"}, "unknown_parameter"),
    ],
)
async def test_what_no_index_answers_is_refused(client: httpx.AsyncClient, query: dict[str, str], code: str) -> None:
    problem(await client.get(LIST, params=query), 422, code)


async def test_another_company_sees_nothing(
    databases: Databases, acme: Company, client_for: ClientFor, globex: Company
) -> None:
    made = await owe(databases, acme)
    other = client_for(globex)
    assert await ids(other) == []
    problem(await other.get(f"{LIST}/{made}"), 404, "not_found")
