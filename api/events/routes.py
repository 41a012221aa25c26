"""Reading the feed."""

from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Query as Parameter
from pydantic import Field
from sqlmodel import col, select

from api.domain.errors import NotFound, Unprocessable
from api.domain.events import EVENT_TYPES
from api.events import schemas
from api.events.queries import FeedPage, read_feed
from api.models import Event
from api.platform.deps import Connections, Reader, Reading
from api.platform.ids import EventId
from api.platform.problems import responses
from api.platform.queries import IN_DIGITS, Query, QueryCount
from api.platform.transactions import ServiceRoute
from api.platform.wakeups import Wakeups

router = APIRouter(prefix="/v1/events", tags=["events"], route_class=ServiceRoute)

LOOK_AGAIN_SECONDS = 1.0


class UnknownEventType(Unprocessable):
    """There is no event type of this name, or none with this beginning."""

    code = "unknown_event_type"
    title = "There is no such event type"


class EventsQuery(Query):
    """Which events to read."""

    after: QueryCount = Field(default=0, description="The number of the last event you have; 0 reads from the start.")
    types: list[Annotated[str, Field(max_length=100)]] = Field(
        default=[], max_length=50, description="Only these types; `act.*` means all that begin with `act.`."
    )


class FeedQuery(EventsQuery):
    """Which part of the feed to read."""

    limit: Annotated[int, Field(ge=1, le=100), IN_DIGITS] = Field(default=20, description="How many events at most.")
    wait: Annotated[int, Field(ge=0, le=30), IN_DIGITS] = Field(
        default=0, description="Seconds to wait for an event when there is none yet."
    )


@router.get("", response_model=schemas.EventFeed, responses=responses(UnknownEventType))
async def events_list(
    request: Request, databases: Connections, caller: Reader, query: Annotated[FeedQuery, Parameter()]
) -> Response:
    """The feed in commit order: who has seen number n has seen everything up to n, and a gap would be a proven loss.

    Start with `after=0`, and continue with `next_after` of each answer. With `wait` the answer comes as soon as there
    is an event, or empty when the time is up. Ignore types and members you do not know.

    Events that are older than the retention, thirty days unless the operator says otherwise, are thin: `data` holds the
    id of the subject alone and `previous` is null. Who reads them for the first time finds the rest at `subject.url`.
    """
    types = wanted_types(query.types)
    wakeups: Wakeups = request.app.state.wakeups
    give_up_at = monotonic() + query.wait
    while True:
        async with databases.open_hot(caller.workspace, snapshot=True) as connection:
            page = await read_feed(connection, caller.workspace.id, after=query.after, types=types, limit=query.limit)
        remaining = give_up_at - monotonic()
        if page.events or remaining <= 0 or wakeups.is_closed or await request.is_disconnected():
            return Response(_rendered(page), media_type="application/json")
        await wakeups.wait(caller.workspace.id, min(remaining, LOOK_AGAIN_SECONDS))


@router.get("/{event_id}", response_model=schemas.Event, responses=responses(NotFound))
async def events_retrieve(session: Reading, event_id: EventId) -> Response:
    """One event, byte for byte as every reader gets it."""
    found = await session.execute(select(Event.body).where(col(Event.id) == event_id))
    body = found.scalar_one_or_none()
    if body is None:
        raise NotFound("There is no such event in this workspace.")
    return Response(bytes(body), media_type="application/json")


def wanted_types(names: list[str]) -> list[str]:
    """The event types that names and beginnings stand for, none for all. Raises UnknownEventType."""
    wanted: set[str] = set()
    for name in names:
        beginning = name.removesuffix("*") if name.endswith(".*") else None
        matching = {each for each in EVENT_TYPES if (each.startswith(beginning) if beginning else each == name)}
        if not matching:
            known = ", ".join(sorted({f"{each.partition('.')[0]}.*" for each in EVENT_TYPES}))
            raise UnknownEventType(
                f"'{name}' is no event type, nor a beginning of one. Known beginnings: {known}", parameter="types"
            )
        wanted |= matching
    return sorted(wanted)


def _rendered(page: FeedPage) -> bytes:
    more = b"true" if page.has_more else b"false"
    return b'{"object":"list","data":[%b],"has_more":%b,"next_after":%d}' % (
        b",".join(event.body for event in page.events),
        more,
        page.next_after,
    )
