"""Cursors, sort orders and the comparison that continues a list."""

import base64
import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DateTime, Integer, Uuid, column, select
from sqlalchemy.dialects import postgresql

from api.platform.pages import CursorInvalid, CursorMismatch, InvalidOrderBy, Orders, cut, next_link

ORDERS = Orders(
    "applications", {"created_at": datetime, "priority": int, "due_on": date, "name": str}, default="created_at desc"
)
MOMENT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
ID = UUID("0192f3a4-b5c6-7d8e-9f00-112233445566")
COLUMNS = {
    "created_at": column("created_at", DateTime(timezone=True)),
    "priority": column("priority", Integer),
    "id": column("id", Uuid),
}

moments = st.datetimes(datetime(1970, 1, 2), datetime(9998, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=200)


def forged(*held: object) -> str:
    return "1" + base64.urlsafe_b64encode(json.dumps(held).encode()).decode().rstrip("=")


@given(moments, st.integers(-(2**31), 2**31 - 1), st.dates(date(1970, 1, 1), date(9998, 12, 31)), texts, st.uuids())
def test_it_reads_every_position_it_writes(at: datetime, priority: int, on: date, name: str, key: UUID) -> None:
    order = ORDERS.parse("created_at desc, priority, due_on, name")
    position = (at, priority, on, name, key)
    filters = {"state": ["a", "b"]}
    assert order.position(order.cursor(position, filters), filters) == position


@given(st.text())
def test_it_refuses_garbage(text: str) -> None:
    with pytest.raises(CursorInvalid):
        ORDERS.parse(None).position(text, {})


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_it_refuses_garbage_inside_a_well_formed_cursor(held: object) -> None:
    text = "1" + base64.urlsafe_b64encode(json.dumps(held).encode()).decode().rstrip("=")
    with pytest.raises((CursorInvalid, CursorMismatch)):
        ORDERS.parse(None).position(text, {})


@pytest.mark.parametrize(
    "values",
    [
        [MOMENT.isoformat()],
        [MOMENT.isoformat(), ID.hex, 1],
        [MOMENT.isoformat(), str(ID)],
        [MOMENT.isoformat(), 7],
        [1768469400, ID.hex],
        ["2026-01-15T09:30:00", ID.hex],
        [None, ID.hex],
    ],
)
def test_it_checks_the_values_of_a_forged_cursor_by_type(values: list[object]) -> None:
    order = ORDERS.parse(None)
    sound = order.cursor((MOMENT, ID), {})
    fingerprint = json.loads(base64.urlsafe_b64decode(sound[1:] + "=" * (-(len(sound) - 1) % 4)))[0]
    assert order.position(forged(fingerprint, MOMENT.isoformat(), ID.hex), {}) == (MOMENT, ID)
    with pytest.raises(CursorInvalid):
        order.position(forged(fingerprint, *values), {})


@pytest.mark.parametrize("value", [2**31, True, 1.5, "1", None])
def test_it_bounds_the_numbers_of_a_cursor(value: object) -> None:
    order = ORDERS.parse("priority")
    sound = order.cursor((1, ID), {})
    fingerprint = json.loads(base64.urlsafe_b64decode(sound[1:] + "=" * (-(len(sound) - 1) % 4)))[0]
    with pytest.raises(CursorInvalid):
        order.position(forged(fingerprint, value, ID.hex), {})


def test_it_refuses_a_cursor_of_other_filters_order_or_collection() -> None:
    cursor = ORDERS.parse(None).cursor((MOMENT, ID), {"state": ["a"]})
    others = Orders("referrals", ORDERS.columns, ORDERS.default)
    for order, filters in (
        (ORDERS.parse(None), {"state": ["b"]}),
        (ORDERS.parse("created_at"), {"state": ["a"]}),
        (others.parse(None), {"state": ["a"]}),
    ):
        with pytest.raises(CursorMismatch):
            order.position(cursor, filters)
    assert ORDERS.parse("created_at desc,id desc").position(cursor, {"state": ["a"]}) == (MOMENT, ID)


@pytest.mark.parametrize(
    "text",
    [
        "level",
        "created_at down",
        "created_at desc desc",
        "created_at,created_at",
        "id,created_at",
        ",",
        "created_at;id",
        " ",
    ],
)
def test_it_sorts_by_a_closed_list_only(text: str) -> None:
    with pytest.raises(InvalidOrderBy):
        ORDERS.parse(text)


def test_it_compares_rows_when_all_terms_go_one_way() -> None:
    order = ORDERS.parse(None)
    query = select(1).where(order.after((MOMENT, ID), COLUMNS)).order_by(*order.clauses(COLUMNS))  # type: ignore[call-overload]
    text = str(query.compile(dialect=postgresql.dialect()))
    assert "ORDER BY created_at DESC, id DESC" in text
    names = {"created_at": "a.created_at", "id": "a.id"}
    assert order.sql(names) == "a.created_at desc, a.id desc"
    assert order.sql_after(names, first_parameter=3) == "(a.created_at, a.id) < ($3, $4)"


def test_it_spells_the_comparison_out_when_terms_go_two_ways() -> None:
    order = ORDERS.parse("priority desc, id")
    names = {"priority": "p", "id": "i"}
    assert order.sql_after(names, first_parameter=1) == "(p <= $1 and (p < $1 or i > $2))"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), unique=True), st.booleans(), st.booleans())
def test_it_pages_through_every_row_once(rows: list[tuple[int, int]], down: bool, back: bool) -> None:
    order = ORDERS.parse(f"priority {'desc' if down else 'asc'},id {'desc' if back else 'asc'}")
    ordered = sorted(rows, key=lambda row: (-row[0] if down else row[0], -row[1] if back else row[1]))
    seen: list[tuple[int, int]] = []
    remaining = ordered
    while remaining:
        seen.append(remaining[0])
        remaining = [
            row
            for row in remaining
            if _follows(order.sql_after({"priority": "p", "id": "i"}, first_parameter=1), row, seen[-1])
        ]
    assert seen == ordered


def _follows(condition: str, row: tuple[int, int], last: tuple[int, int]) -> bool:
    return bool(
        eval(condition.replace("$1", "x").replace("$2", "y"), {"p": row[0], "i": row[1], "x": last[0], "y": last[1]})
    )


def test_it_cuts_a_page_and_links_to_the_next() -> None:
    order = ORDERS.parse(None)
    rows = [(MOMENT, UUID(int=n)) for n in range(3)]
    last = cut(rows, 3, order=order, filters={}, position=lambda row: row)
    assert (list(last.rows), last.next_cursor, last.has_more) == (rows, None, False)
    first = cut(rows, 2, order=order, filters={}, position=lambda row: row)
    assert first.has_more
    assert first.next_cursor is not None
    assert order.position(first.next_cursor, {}) == rows[1]
    assert (
        next_link("https://x.example/v1/a?state=b&cursor=old", "new")
        == '<https://x.example/v1/a?state=b&cursor=new>; rel="next"'
    )
