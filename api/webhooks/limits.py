"""How much of an endpoint may be claimed at a moment, and when to look again for what its limits held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from heapq import heapify, heappop, heappush
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


def allowance(endpoint: Row, now: datetime) -> Allowance:
    """What may be claimed of a locked endpoint once it is given a share of the free places."""
    limit = endpoint["rate_limit"]
    # What lies ahead of now is of a clock that was set back since, or is a little ahead.
    recent = [
        (at, taken)
        for at, taken in zip(endpoint["taken_at"], endpoint["taken"], strict=True)
        if now - RATE_WINDOW < at <= now + RATE_WINDOW
    ]
    paced = NO_LIMIT if limit is None else max(0, limit - sum(taken for _, taken in recent))
    return Allowance(
        endpoint,
        0,
        0 if is_blocked(endpoint["blocked_until"], now) else paced,
        is_half_open(endpoint["blocked_until"], endpoint["breaker_seconds"], now),
        min((at for at, _ in recent), default=now) + RATE_WINDOW,
    )


def shared(
    allowances: Sequence[Allowance], in_flight: Mapping[UUID, int], *, free: int, most: int
) -> Sequence[Allowance]:
    """Divide at most `most` of the `free` places among endpoints, by how many calls to them are in flight here.

    Each goes to the one that has the fewest then, of equals to the one given first, as long as that has fewer in flight
    than there are free places. So some always are free for another endpoint: ten that hang take ten elevenths at most.

    Those whose limits or health leave nothing now get one each beside that: what was asked for by hand waits for none.
    """
    given = [int(each.is_probe or each.paced <= 0) for each in allowances]
    counts = [in_flight.get(each.endpoint["id"], 0) for each in allowances]
    room = [each.endpoint["max_in_flight"] - count for each, count in zip(allowances, counts, strict=True)]
    fewest = [(counts[place], place) for place in range(len(allowances)) if not given[place] and room[place] > 0]
    heapify(fewest)
    taken = 0
    while fewest and taken < most and fewest[0][0] < free - taken:
        count, place = heappop(fewest)
        given[place] += 1
        taken += 1
        if given[place] < room[place]:
            heappush(fewest, (count + 1, place))
    return [replace(each, share=share) for each, share in zip(allowances, given, strict=True)]
