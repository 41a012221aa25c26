"""The feed as server-sent events: what is there already, then what comes, on an answer that stays open."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi import Query as Parameter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic.json_schema import SkipJsonSchema

from api.events.open_streams import OpenStreams
from api.events.queries import FeedPage, read_feed
from api.events.routes import LOOK_AGAIN_SECONDS, EventsQuery, UnknownEventType, wanted_types
from api.platform.auth import Caller, Keyring
from api.platform.database_errors import DATABASE_ERRORS, unavailable
from api.platform.db import Databases
from api.platform.deps import Connections, Reader
from api.platform.problems import TooManyStreams, Unauthorized, responses
from api.platform.queries import QueryCount
from api.platform.transactions import ServiceRoute
from api.platform.wakeups import Wakeups

router = APIRouter(prefix="/v1/events", tags=["events"], route_class=ServiceRoute)

EVENTS_AT_ONCE = 50

LastEventId = Annotated[
    QueryCount | SkipJsonSchema[None],
    Header(alias="Last-Event-ID", description="The id of the last event received; it goes before `after`."),
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a stream begins, and which types it carries; none means all."""

    after: int
    types: Sequence[str]


def _streams(request: Request) -> OpenStreams:
    streams: OpenStreams = request.app.state.streams
    return streams


# Asked for beforehand: once the first byte has left, nothing can be refused any more.
async def _wanted(
    request: Request, caller: Reader, query: Annotated[EventsQuery, Parameter()], last_event_id: LastEventId = None
) -> Wanted:
    _streams(request).check(caller.workspace.id)
    after = query.after if last_event_id is None else last_event_id
    return Wanted(after, wanted_types(query.types))


@router.get("/stream", response_class=EventSourceResponse, responses=responses(UnknownEventType, TooManyStreams))
async def events_stream(
    request: Request, databases: Connections, caller: Reader, wanted: Annotated[Wanted, Depends(_wanted)]
) -> AsyncIterator[ServerSentEvent]:
    """The feed as server-sent events, on an answer that stays open.

    First come the events after `after` that are there already, then each new one as it is recorded. `id` is the
    event's number, `event` its type, and `data` its body, byte for byte as every reader gets it. A comment comes every
    15 seconds in which nothing happens.

    After an interruption ask again with the last `id` as `Last-Event-ID`, which readers of such streams do by
    themselves: nothing is left out, and nothing comes twice. With `types` numbers are skipped; the last one received
    still is the place to continue from. The answer ends when the key is revoked or expires, and when the process
    that sends it stops. A workspace may have 100 open in each process of the service.
    """
    wakeups: Wakeups = request.app.state.wakeups
    after = wanted.after
    with _streams(request).counted(caller.workspace.id):
        while True:
            try:
                # Whoever hangs up cuts off what is waited for, again and again; the look ends its transaction itself.
                page = await asyncio.shield(_look(request, databases, caller, after, wanted.types))
            except Unauthorized:
                return
            for event in page.events if page else ():
                yield ServerSentEvent(id=str(event.number), event=event.type, raw_data=event.body.decode())
            if wakeups.is_closed:
                return
            if page is not None:
                after = page.next_after
            if page is None or not page.has_more:
                await wakeups.wait(caller.workspace.id, LOOK_AGAIN_SECONDS)


async def _look(
    request: Request, databases: Databases, caller: Caller, after: int, types: Sequence[str]
) -> FeedPage | None:
    """What is there, if the key still is valid, with no connection kept afterwards. Raises Unauthorized.

    None while the database is away, which a stream outlives.
    """
    keyring: Keyring = request.app.state.keyring
    try:
        await keyring.authenticate(request.headers.get("authorization"))
        async with databases.open_hot(caller.workspace, snapshot=True) as connection:
            return await read_feed(connection, caller.workspace.id, after=after, types=types, limit=EVENTS_AT_ONCE)
    except DATABASE_ERRORS as error:
        if unavailable(error) is None:
            raise
        return None
