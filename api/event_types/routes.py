"""The catalogue of event types over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.domain.errors import NotFound
from api.domain.events import EVENT_TYPES
from api.event_types.schemas import EventType, EventTypeList
from api.platform.deps import Reader
from api.platform.listing import Following
from api.platform.pages import CursorInvalid, CursorMismatch, Order, Term, cut
from api.platform.problems import responses
from api.platform.queries import ListQuery
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/event_types", tags=["event_types"], route_class=ServiceRoute)

BY_NAME = Order("event_types", (Term("type", str, descending=False),))


# These are no coroutines: a schema takes milliseconds when it is first asked for, and a thread may take them.
@router.get("", responses=responses(CursorInvalid, CursorMismatch))
def event_types_list(_caller: Reader, query: Annotated[ListQuery, Query()], following: Following) -> EventTypeList:
    """Every event type, by name, with the schema of what it holds and a whole example.

    The feed and webhooks tell the same events. Ignore types and members that you do not know: there will be more.
    """
    position = BY_NAME.position(query.cursor, query.filters())
    names = [name for name in sorted(EVENT_TYPES) if position is None or name > position[0]]
    page = cut(names, query.limit, order=BY_NAME, filters=query.filters(), position=lambda name: (name,))
    following(page)
    shown = [EventType.of(name) for name in page.rows]
    return EventTypeList(data=shown, has_more=page.has_more, next_cursor=page.next_cursor)


@router.get("/{event_type}", responses=responses(NotFound))
def event_types_retrieve(
    _caller: Reader,
    event_type: Annotated[
        str, Path(max_length=100, description="The name of the type.", examples=["application.support.changed"])
    ],
) -> EventType:
    """One event type."""
    if event_type not in EVENT_TYPES:
        raise NotFound("There is no such event type; `GET /v1/event_types` lists them.")
    return EventType.of(event_type)
