"""How the free places of a worker are divided among endpoints."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from api.webhooks.limits import allowance, shared

NOW = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def endpoints(number: int, **members: Any) -> list[dict[str, Any]]:
    """Rows as they are locked, without limits."""
    usual = {"ordering": "none", "rate_limit": None, "taken_at": [], "taken": [], "max_in_flight": 1_000}
    health = {"blocked_until": None, "breaker_seconds": None}
    return [{"id": uuid4(), **usual, **health, **members} for _ in range(number)]


def divided(rows: list[dict[str, Any]], in_flight: Counter[UUID], *, free: int, most: int = 50) -> list[int]:
    """What each is given."""
    return [each.share for each in shared([allowance(row, NOW) for row in rows], in_flight, free=free, most=most)]


def filled(rows: list[dict[str, Any]], in_flight: Counter[UUID], *, places: int) -> list[int]:
    """How many calls each has in flight once all have taken what they are given, again and again."""
    while any(given := divided(rows, in_flight, free=places - in_flight.total())):
        in_flight.update({row["id"]: share for row, share in zip(rows, given, strict=True)})
    return [in_flight[row["id"]] for row in rows]


def test_one_alone_takes_half() -> None:
    assert filled(endpoints(1), Counter(), places=200) == [100]


def test_ten_that_hang_leave_places_to_another() -> None:
    hanging, healthy, in_flight = endpoints(10), endpoints(1), Counter[UUID]()
    assert filled(hanging, in_flight, places=200) == [19, 19, 18, 18, 18, 18, 18, 18, 18, 18]
    assert filled(healthy, in_flight, places=200) == [9]


def test_who_comes_late_is_served_first() -> None:
    rows = endpoints(3)
    in_flight = Counter({rows[0]["id"]: 40, rows[1]["id"]: 3})
    assert divided(rows, in_flight, free=157, most=10) == [0, 4, 6]


def test_more_endpoints_than_are_claimed_of_at_once_all_get_on() -> None:
    rows = endpoints(60)
    given = filled(rows, Counter(), places=200)
    assert {*given} == {3, 4}


def test_the_last_place_is_given_to_whoever_has_none() -> None:
    rows = endpoints(2)
    assert divided(rows, Counter({rows[0]["id"]: 1}), free=1) == [0, 1]
    assert divided(rows, Counter({row["id"]: 1 for row in rows}), free=1) == [0, 0]


def test_who_may_send_nothing_keeps_nothing_from_others() -> None:
    limited, free = endpoints(50, rate_limit=1, taken_at=[NOW], taken=[1]), endpoints(10)
    given = divided(limited + free, Counter(), free=200, most=50)
    assert given == [1] * 50 + [5] * 10, "one each for what is asked for by hand"


def test_who_is_full_keeps_nothing_from_others() -> None:
    full, one = endpoints(49, max_in_flight=1), endpoints(1)
    in_flight = Counter({row["id"]: 1 for row in full})
    in_flight[one[0]["id"]] = 20
    assert divided(full + one, in_flight, free=131) == [0] * 49 + [50]


def test_by_hand_goes_on_beside_a_backlog() -> None:
    busy, blocked = endpoints(1), endpoints(1, blocked_until=NOW + timedelta(minutes=1), breaker_seconds=60)
    assert divided(busy + blocked, Counter({busy[0]["id"]: 10}), free=190) == [50, 1]
    assert divided(busy + blocked, Counter({busy[0]["id"]: 10}), free=1) == [0, 1]
