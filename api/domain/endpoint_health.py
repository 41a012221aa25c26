"""How sending to an endpoint goes: when it is left alone for a while, and when it is switched off for good."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES_TO_BLOCK = 10
FIRST_BLOCK, LONGEST_BLOCK = timedelta(seconds=60), timedelta(minutes=30)
QUIET_TO_DISABLE = timedelta(days=5)
"""An endpoint that nothing has reached for so long is switched off."""
LEAST_SPREAD = timedelta(hours=12)
"""Over how long its failures must be spread for that."""
NOTICE = timedelta(hours=24)
"""How long before that it is said to be failing."""


@dataclass(frozen=True, slots=True)
class Health:
    """What an endpoint's row keeps of how its calls went; the columns say what each means."""

    enabled_at: datetime
    consecutive_failures: int = 0
    first_failure_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_success_at: datetime | None = None
    warned_at: datetime | None = None
    blocked_until: datetime | None = None
    breaker_seconds: int | None = None


def is_blocked(blocked_until: datetime | None, at: datetime) -> bool:
    """Whether nothing but what somebody asked for by hand is sent at this moment."""
    return blocked_until is not None and at < blocked_until


def is_half_open(blocked_until: datetime | None, breaker_seconds: int | None, at: datetime) -> bool:
    """Whether one call at a time finds out if the endpoint has come back."""
    return breaker_seconds is not None and not is_blocked(blocked_until, at)


def succeeded(health: Health, at: datetime) -> Health:
    """After a call that arrived: all failures are forgotten."""
    return Health(enabled_at=health.enabled_at, last_failure_at=health.last_failure_at, last_success_at=at)


def failed(health: Health, *, started_at: datetime, at: datetime) -> Health:
    """After a call that failed. Ten in a row block the endpoint for a minute; each probe that fails doubles that.

    Calls that were under way when it was blocked say nothing new.
    """
    counted = replace(
        health,
        consecutive_failures=health.consecutive_failures + 1,
        first_failure_at=health.first_failure_at or at,
        last_failure_at=at,
    )
    if health.breaker_seconds is None:
        return _blocked(counted, FIRST_BLOCK, at) if counted.consecutive_failures >= FAILURES_TO_BLOCK else counted
    if is_blocked(health.blocked_until, started_at):
        return counted
    return _blocked(counted, min(2 * timedelta(seconds=health.breaker_seconds), LONGEST_BLOCK), at)


def is_warning_due(health: Health, at: datetime) -> bool:
    """Whether it is time to say that the endpoint will be switched off if nothing changes; said once."""
    end = _end(health)
    return health.warned_at is None and end is not None and at >= end - NOTICE


def is_end_due(health: Health, at: datetime) -> bool:
    """Whether the endpoint is to be switched off: long without a success, failing over hours, warned a day ago."""
    end = _end(health)
    return health.warned_at is not None and end is not None and at >= max(end, health.warned_at + NOTICE)


def _end(health: Health) -> datetime | None:
    if health.first_failure_at is None:
        return None
    reached_at = max(health.enabled_at, health.last_success_at or health.enabled_at)
    return max(reached_at + QUIET_TO_DISABLE, health.first_failure_at + LEAST_SPREAD)


def _blocked(health: Health, span: timedelta, at: datetime) -> Health:
    return replace(health, blocked_until=at + span, breaker_seconds=int(span.total_seconds()))
