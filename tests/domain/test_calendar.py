from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of, day_start, due_after, limit_passed_at, working_days_after
from tests.domain.story_words import BERLIN, POLICY, at, day

HAVANA = ZoneInfo("America/Havana")


def test_it_begins_a_day_at_midnight_of_the_zone() -> None:
    assert day_start(date(2026, 3, 28), BERLIN) == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert day_of(datetime(2026, 3, 27, 23, tzinfo=UTC), BERLIN) == date(2026, 3, 28)
    assert day_of(datetime(2026, 3, 27, 22, 59, 59, tzinfo=UTC), BERLIN) == date(2026, 3, 27)


def test_it_follows_summer_time() -> None:
    spring = day_start(date(2026, 3, 30), BERLIN) - day_start(date(2026, 3, 29), BERLIN)
    autumn = day_start(date(2026, 10, 26), BERLIN) - day_start(date(2026, 10, 25), BERLIN)
    assert (spring.total_seconds(), autumn.total_seconds()) == (23 * 3600, 25 * 3600)


def test_it_begins_a_day_without_midnight_when_the_clocks_jump() -> None:
    start = day_start(date(2026, 3, 8), HAVANA)
    assert start.astimezone(HAVANA).hour == 1
    assert day_of(start, HAVANA) == date(2026, 3, 8)


def test_it_lets_a_limit_hold_through_its_last_day() -> None:
    assert limit_passed_at(day("1 March"), 14, BERLIN) == at("16 March 00:00")


def test_it_counts_working_days_after_the_day_of_the_trigger() -> None:
    assert working_days_after(day("6 March"), 1, POLICY) == day("9 March")
    assert working_days_after(day("7 March"), 2, POLICY) == day("10 March")


def test_it_takes_today_while_working_hours_last_and_the_next_working_day_after() -> None:
    for when, expected in (("6 March 08:00", "6 March"), ("6 March 16:59", "6 March"), ("6 March 17:00", "9 March")):
        assert due_after(at(when), 0, POLICY, now=at(when)).day == day(expected)


def test_it_makes_a_due_day_that_is_past_today() -> None:
    assert due_after(at("2 March"), 2, POLICY, now=at("12 March 10:00")).day == day("12 March")


def test_it_uses_the_working_hours_of_the_owners_zone() -> None:
    due = due_after(at("6 March"), 2, POLICY, now=at("6 March"), zone=ZoneInfo("America/New_York"))
    assert due.due_at == datetime(2026, 3, 10, 13, tzinfo=UTC)
