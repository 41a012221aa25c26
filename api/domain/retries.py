"""When a delivery that failed is tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

SCHEDULE: Sequence[timedelta] = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long a delivery rests after its first failed try, its second, and so on: ten tries in about 75.6 hours."""

MOST_JITTER = 0.2
LONGEST_WISH = timedelta(hours=24)
"""The longest wait that a receiver can ask for; what the schedule says may be longer."""


def next_try(
    schedule: Sequence[timedelta], *, tries: int, failed_at: datetime, retry_after: timedelta | None, chance: float
) -> datetime | None:
    """When to try again after so many failed tries; None once the schedule is used up.

    `chance` from 0 to 1 spreads tries over up to a fifth more than the schedule says, and never over less. Nor is a
    receiver tried before the time that it asked for.
    """
    if tries > len(schedule):
        return None
    rest = schedule[tries - 1] * (1 + MOST_JITTER * chance)
    wish = min(retry_after or timedelta(0), LONGEST_WISH)
    return failed_at + max(rest, wish)
