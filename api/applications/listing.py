"""The list of applications: one statement over one table, rendered without a model in between."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import asyncpg
import orjson
from fastapi import APIRouter, Query, Request, Response

from api.applications.listing_filters import ApplicationsQuery, FiltersNotCombinable, OrderByNotAvailable
from api.applications.listing_queries import page_statement
from api.applications.listing_rows import rendered
from api.applications.listing_schemas import ApplicationList
from api.domain.calendar import day_of
from api.platform.auth import Caller
from api.platform.db import Databases, HotConnection
from api.platform.deps import Connections, Reader
from api.platform.pages import CursorInvalid, CursorMismatch, InvalidOrderBy, Order, Page, Position, cut, next_link
from api.platform.problems import responses
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/applications", tags=["applications"], route_class=ServiceRoute)


@router.get(
    "",
    response_model=ApplicationList,
    responses=responses(CursorInvalid, CursorMismatch, InvalidOrderBy, OrderByNotAvailable, FiltersNotCombinable),
)
async def applications_list(
    request: Request,
    caller: Reader,
    databases: Connections,
    query: Annotated[ApplicationsQuery, Query()],
) -> Response:
    """List applications with their support as it was last announced; a change by time alone follows within seconds.

    Each filter works alone. Together there are: `job` with `candidate`, `state`, `stage` or `level`; `member` with
    `state`, `stage` or `level`; `state` with `stage`, `level` or `exposed`, and with `exposed` and `member`; `waiting`
    or `follow_up_state` with `job` or `member`; and `stage` with `level`, alone or with one of `job`, `member` and
    `state`, which opens a count of the pipeline. Anything else is a 422 `filters_not_combinable`. `waiting` and
    `follow_up_state` may be repeated, for any of several; each other filter takes one value.

    The order is `created_at` (the default, newest first), `updated_at`, `changed_at`, `level_changed_at` or
    `next_change_at`, never level or confidence. The last three leave out what has no such moment. A range filter needs
    the order of its column, which is then the default, oldest first. Beside ranges, `updated_at` combines with `job`,
    `changed_at` with `job` or `member`, `level_changed_at` with `job` or `level`, and `next_change_at` with `job`,
    `level` or `member`; anything else is a 422 `order_by_not_available` that names what is.

    The time a page takes does not grow with the number of applications; with `member` it grows with the number of
    jobs that the person is on.
    """
    order = query.order()
    filters = query.filters()
    position = order.position(query.cursor, filters)
    async with databases.open_hot(caller.workspace) as connection:
        today = await _today(connection, caller, databases) if query.member is not None else None
        sql, values = page_statement(query, order, position, workspace_id=caller.workspace.id, today=today)
        rows = await connection.fetch(sql, *values)
    page = cut(rows, query.limit, order=order, filters=filters, position=lambda row: _position(row, order))
    return _answer(request, page)


async def _today(connection: HotConnection, caller: Caller, databases: Databases) -> date:
    offset = await connection.fetchval("select clock_offset from workspaces where id = $1", caller.workspace.id)
    time_zone = await connection.fetchval(
        "select values ->> 'time_zone' from policies where workspace_id = $1 order by version desc limit 1",
        caller.workspace.id,
    )
    return day_of(databases.clock() + offset, ZoneInfo(time_zone))


def _position(row: asyncpg.Record, order: Order) -> Position:
    return tuple(row[term.name] for term in order.terms)


def _answer(request: Request, page: Page[asyncpg.Record]) -> Response:
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
