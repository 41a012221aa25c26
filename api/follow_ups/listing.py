"""The list of follow-ups: one statement, rendered without a model in between."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from api.applications.listing_filters import FiltersNotCombinable, OrderByNotAvailable
from api.follow_ups.listing_filters import FollowUpsQuery
from api.follow_ups.listing_queries import page_statement
from api.follow_ups.listing_rows import rendered
from api.follow_ups.schemas import FollowUpList
from api.platform.deps import Connections, Reader
from api.platform.pages import CursorInvalid, CursorMismatch, InvalidOrderBy, cut, next_link
from api.platform.problems import responses
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/follow_ups", tags=["follow_ups"], route_class=ServiceRoute)


@router.get(
    "",
    response_model=FollowUpList,
    responses=responses(CursorInvalid, CursorMismatch, InvalidOrderBy, OrderByNotAvailable, FiltersNotCombinable),
)
async def follow_ups_list(
    request: Request, caller: Reader, databases: Connections, query: Annotated[FollowUpsQuery, Query()]
) -> Response:
    """List what the hiring side owes, the first due first, with how it stands as last announced.

    What was owed stays listed once it is closed; `standing=overdue`, `standing=due` and `state=open` choose what is
    owed now. A change by time alone follows within seconds.

    With one of `application`, `referral`, `referrer`, `advocacy`, `advocate`, `person` and `capture` any other filters
    and orders go. Without one, each of `owner`, `type`, `state` and `standing` works alone, `owner` with `state` or
    `standing`, and `type` with `state`, all sorted by `due_at` and with its range; anything else is a 422
    `filters_not_combinable`. `updated_at` and `created_at` then sort the whole list alone. A range needs the order of
    its column, which is the default then; another is a 422 `order_by_not_available`. Each filter takes one value.

    The time a page takes does not grow with the number of follow-ups; with a filter of the first kind it grows with how
    many follow-ups that one thing or person ever had.
    """
    order = query.order()
    filters = query.filters()
    sql, values = page_statement(query, order, order.position(query.cursor, filters), workspace_id=caller.workspace.id)
    async with databases.open_hot(caller.workspace) as connection:
        rows = await connection.fetch(sql, *values)
    names = [term.name for term in order.terms]
    page = cut(rows, query.limit, order=order, filters=filters, position=lambda row: tuple(row[n] for n in names))
    listing = {
        "object": "list",
        "data": [rendered(row) for row in page.rows],
        "has_more": page.has_more,
        "next_cursor": page.next_cursor,
    }
    headers = {}
    if page.next_cursor is not None:
        headers["Link"] = next_link(f"{request.url.path}?{request.url.query}", page.next_cursor)
    return Response(orjson.dumps(listing, option=orjson.OPT_UTC_Z), media_type="application/json", headers=headers)
