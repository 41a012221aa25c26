"""Reading the feed on the driver's own connection: the bodies are bytes already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from api.platform.db import HotConnection

_ALL = """
select e.number, e.type, e.body from events e
where e.workspace_id = $1 and e.number > $2 order by e.number limit $3"""

# One index range per type, merged: a filter for rare types would otherwise read the whole feed.
_OF_TYPES = """
select e.number, e.type, e.body from unnest($4::text[]) t cross join lateral (
    select number, type, body from events
    where workspace_id = $1 and type = t and number > $2 order by number limit $3) e
order by e.number limit $3"""


class FrozenEvent(NamedTuple):
    """An event as it is stored."""

    number: int
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some events, whether more are there, and the number to continue after."""

    events: Sequence[FrozenEvent]
    has_more: bool
    next_after: int


async def read_feed(
    connection: HotConnection, workspace_id: int, *, after: int, types: Sequence[str], limit: int
) -> FeedPage:
    """The events after a number, in order; the transaction must be a snapshot, so that both statements see one moment.

    Where nothing more of the wanted types is there, reading continues after the latest event of all.
    """
    last: int = await connection.fetchval("select last from event_counters where workspace_id = $1", workspace_id)
    if last <= after:
        return FeedPage([], has_more=False, next_after=after)
    statement, arguments = (_OF_TYPES, [list(types)]) if types else (_ALL, [])
    rows = await connection.fetch(statement, workspace_id, after, limit + 1, *arguments)
    shown, has_more = [FrozenEvent(*row) for row in rows[:limit]], len(rows) > limit
    next_after = shown[-1].number if has_more else last
    return FeedPage(shown, has_more, next_after)
