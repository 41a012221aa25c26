"""When an endpoint is left alone for a while, and when it is switched off."""

from datetime import UTC, datetime, timedelta

from api.domain.endpoint_health import (
    FAILURES_TO_BLOCK,
    Health,
    failed,
    is_blocked,
    is_end_due,
    is_half_open,
    is_warning_due,
    succeeded,
)

START = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
NEW = Health(enabled_at=START)


def _fail(health: Health, at: datetime, times: int = 1) -> Health:
    for _ in range(times):
        health = failed(health, started_at=at, at=at)
    return health


def _blocked_for(health: Health, at: datetime) -> float:
    assert health.blocked_until is not None
    return (health.blocked_until - at).total_seconds()


def test_ten_failures_in_a_row_block_it_for_a_minute() -> None:
    nine = _fail(NEW, START, FAILURES_TO_BLOCK - 1)
    assert nine.blocked_until is None
    ten = _fail(nine, START)
    assert _blocked_for(ten, START) == 60
    assert is_blocked(ten.blocked_until, START + timedelta(seconds=59))
    assert is_half_open(ten.blocked_until, ten.breaker_seconds, START + timedelta(seconds=60))


def test_a_success_between_begins_the_row_anew() -> None:
    health = _fail(succeeded(_fail(NEW, START, 9), START), START, 9)
    assert health.blocked_until is None
    assert health.consecutive_failures == 9


def test_each_probe_that_fails_doubles_the_wait_up_to_half_an_hour() -> None:
    health, at, waits = _fail(NEW, START, 10), START, []
    for _ in range(7):
        assert health.blocked_until is not None
        at = health.blocked_until
        health = _fail(health, at)
        waits.append(_blocked_for(health, at))
    assert waits == [120, 240, 480, 960, 1800, 1800, 1800]


def test_calls_under_way_when_it_was_blocked_do_not_prolong_that() -> None:
    health = _fail(NEW, START, 10)
    later = failed(health, started_at=START - timedelta(seconds=15), at=START + timedelta(seconds=1))
    assert later.blocked_until == health.blocked_until
    assert later.consecutive_failures == 11


def test_a_probe_that_arrives_forgets_it_all() -> None:
    at = START + timedelta(minutes=2)
    health = succeeded(_fail(NEW, START, 12), at)
    assert (health.blocked_until, health.breaker_seconds, health.consecutive_failures) == (None, None, 0)
    assert (health.first_failure_at, health.last_success_at) == (None, at)


def test_it_ends_after_five_days_without_a_success_and_a_day_after_the_warning() -> None:
    health = Health(enabled_at=START, first_failure_at=START + timedelta(hours=1), consecutive_failures=9)
    assert not is_warning_due(health, START + timedelta(days=3, hours=23))
    warned_at = START + timedelta(days=4)
    assert is_warning_due(health, warned_at)
    warned = Health(
        enabled_at=START, first_failure_at=health.first_failure_at, consecutive_failures=9, warned_at=warned_at
    )
    assert not is_warning_due(warned, warned_at)
    assert not is_end_due(warned, START + timedelta(days=4, hours=23))
    assert is_end_due(warned, START + timedelta(days=5))


def test_it_never_ends_without_a_warning_a_day_before() -> None:
    """As when there was nothing to send for long, and the first failure came late."""
    late = START + timedelta(days=9)
    health = Health(enabled_at=START, first_failure_at=late, consecutive_failures=3)
    assert is_warning_due(health, late)
    assert not is_end_due(health, late)
    warned = Health(enabled_at=START, first_failure_at=late, consecutive_failures=3, warned_at=late)
    assert not is_end_due(warned, late + timedelta(hours=23))
    assert is_end_due(warned, late + timedelta(hours=24))


def test_a_success_or_being_enabled_counts_from_then() -> None:
    failure = START + timedelta(days=4)
    reached = Health(enabled_at=START, last_success_at=START + timedelta(days=3), first_failure_at=failure)
    resumed = Health(enabled_at=START + timedelta(days=3), last_success_at=START, first_failure_at=failure)
    for health in (reached, resumed):
        assert not is_warning_due(health, START + timedelta(days=6))
        assert is_warning_due(health, START + timedelta(days=7))
