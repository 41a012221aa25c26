"""When a delivery that failed is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from api.domain.retries import SCHEDULE, next_try

AT = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def _wait(tries: int, *, retry_after: float | None = None, chance: float = 0.0) -> timedelta:
    wish = None if retry_after is None else timedelta(seconds=retry_after)
    again_at = next_try(SCHEDULE, tries=tries, failed_at=AT, retry_after=wish, chance=chance)
    assert again_at is not None
    return again_at - AT


def test_it_allows_ten_tries_in_about_seventy_five_hours() -> None:
    assert len(SCHEDULE) + 1 == 10
    assert sum(SCHEDULE, timedelta()).total_seconds() / 3600 == pytest.approx(75.6, abs=0.1)


def test_it_gives_up_when_the_schedule_is_used_up() -> None:
    assert next_try(SCHEDULE, tries=9, failed_at=AT, retry_after=None, chance=0) is not None
    assert next_try(SCHEDULE, tries=10, failed_at=AT, retry_after=timedelta(0), chance=0) is None


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 300), (0.5, 330), (1.0, 360)])
def test_chance_adds_up_to_a_fifth_and_takes_nothing_away(chance: float, seconds: float) -> None:
    assert _wait(2, chance=chance) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("wish", "seconds"), [(0, 5), (4, 5), (6, 6), (3_600, 3_600), (10**7, 86_400)])
def test_it_waits_as_long_as_was_asked_for_up_to_a_day(wish: float, seconds: float) -> None:
    assert _wait(1, retry_after=wish) == timedelta(seconds=seconds)


def test_the_schedule_may_ask_for_more_than_a_day() -> None:
    assert _wait(9, retry_after=10, chance=1) == timedelta(hours=28.8)
