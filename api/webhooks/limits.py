"""How much of an endpoint may be claimed at a moment, and when to look again for what its limits held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from api.domain.endpoint_health import is_blocked, is_half_open
from api.domain.webhooks import Ordering

RATE_WINDOW = timedelta(seconds=1)
NO_LIMIT = 1_000_000

Row: TypeAlias = "Mapping[str, Any] | asyncpg.Record"


class Again(Enum):
    """When to look for more of an endpoint: not before it has news, at once, when calls have ended, or next second."""

    AT_NEWS = auto()
    NOW = auto()
    WHEN_SETTLED = auto()
    NEXT_WINDOW = auto()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be claimed of a locked endpoint: `share` deliveries, of which `paced` were not asked for by hand.

    With `is_probe` it is for one call, and for none while there is another.
    """

    endpoint: Row
    share: int
    paced: int
    is_probe: bool
    window_ends_at: datetime

    @property
    def hold(self) -> timedelta | None:
        """How long a delivery that fails holds up those behind it; None where order is not asked for."""
        is_ordered = self.endpoint["ordering"] == Ordering.PER_SUBJECT
        return timedelta(seconds=self.endpoint["ordering_hold_seconds"]) if is_ordered else None

    def again(self, rows: Sequence[Row]) -> Again:
        """When to look again, by what was found: each row has the `room` there was beside calls in flight."""
        if not self.share:
            return Again.WHEN_SETTLED
        if any(row["blocked_until"] is not None for row in rows):
            return Again.NOW
        if rows and len(rows) >= rows[0]["room"]:
            return Again.NOW if rows[0]["room"] == self.share else Again.WHEN_SETTLED
        paced = sum(row["priority"] > 0 for row in rows)
        if self.is_probe or (not rows and self.paced > 0):
            return Again.WHEN_SETTLED
        return Again.NEXT_WINDOW if paced >= self.paced else Again.AT_NEWS


def allowance(endpoint: Row, share: int, now: datetime) -> Allowance:
    """What may be claimed of a locked endpoint that is given `share` of the free places."""
    window_at, limit = endpoint["window_at"], endpoint["rate_limit"]
    # One that begins later than now is of a clock that was set back since, or is a little ahead.
    is_open = window_at is not None and now - RATE_WINDOW < window_at <= now + RATE_WINDOW
    paced = NO_LIMIT if limit is None else max(0, limit - (endpoint["window_used"] if is_open else 0))
    return Allowance(
        endpoint,
        share,
        0 if is_blocked(endpoint["blocked_until"], now) else paced,
        is_half_open(endpoint["blocked_until"], endpoint["breaker_seconds"], now),
        (window_at if is_open else now) + RATE_WINDOW,
    )


def shares(in_flight: Mapping[UUID, int], *, free: int, reserved: int) -> dict[UUID, int]:
    """Divide the free places among endpoints, by how many calls to them are in flight here.

    Those that have none come first, and they alone may have the `reserved` places: however many endpoints hang, one
    that answers has a place. Of those with equally many the first one given comes first.
    """
    each = max(0, free - reserved) // max(1, len(in_flight))
    divided, left = {}, free
    for endpoint_id in sorted(in_flight, key=in_flight.__getitem__):
        divided[endpoint_id] = min(left, each if in_flight[endpoint_id] else max(1, each))
        left -= divided[endpoint_id]
    return divided
