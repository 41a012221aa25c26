"""Reading one page of a collection, and pointing at the next."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from sqlalchemy import BindParameter, ColumnElement, Select
from sqlalchemy.orm import class_mapper
from sqlalchemy.sql import visitors

from api.models import WorkspaceOwned
from api.models.base import ClosedSet
from api.platform.pages import Order, Page, cut, next_link
from api.platform.queries import ListQuery
from api.platform.sessions import WorkspaceSession

Row = TypeVar("Row", bound=WorkspaceOwned)


async def fetch_page(
    session: WorkspaceSession,
    model: type[Row],
    statement: Select[Row],
    query: ListQuery,
    *,
    order: Order,
    within: Mapping[str, Any] | None = None,
    columns: Mapping[str, ColumnElement[Any]] | None = None,
) -> Page[Row]:
    """The page of `statement` (rows of `model`) that the query asks for; `within` holds filters given by the path.

    `columns` are those of the statement that hold the terms of the order, where they are not those of the model.

    Raises CursorInvalid or CursorMismatch.
    """
    filters = {**query.filters(), **(within or {})}
    if columns is None:
        mapped = class_mapper(model).columns
        columns = {term.name: mapped[term.name] for term in order.terms}
    position = order.position(query.cursor, filters)
    if position is not None:
        statement = statement.where(order.after(position, columns))
    found = await session.execute(_with_literals(statement.order_by(*order.clauses(columns)).limit(query.limit + 1)))
    return cut(
        found.scalars().all(),
        query.limit,
        order=order,
        filters=filters,
        position=lambda row: tuple(getattr(row, term.name) for term in order.terms),
    )


def _with_literals(statement: Select[Row]) -> Select[Row]:
    """The statement with members of closed sets written into it.

    A plan made for any value must fear one that half of the rows have, and then reads the whole order for one that
    none has; there are few members, so there are few statements.
    """

    def write_out(bind: BindParameter[Any]) -> None:
        if isinstance(bind.type, ClosedSet):
            bind.literal_execute = True

    return visitors.cloned_traverse(statement, {}, {"bindparam": write_out})


class NextPage:
    """Sets the header `Link` (RFC 8288) to the page that follows, where there is one."""

    def __init__(self, request: Request, response: Response) -> None:
        self.request = request
        self.response = response

    def __call__(self, page: Page[Any]) -> None:
        """Point at what follows `page`. The target is relative, so it holds behind any proxy."""
        if page.next_cursor is not None:
            url = f"{self.request.url.path}?{self.request.url.query}"
            self.response.headers["Link"] = next_link(url, page.next_cursor)


async def _following(request: Request, response: Response) -> NextPage:
    return NextPage(request, response)


Following = Annotated[NextPage, Depends(_following)]
"""Sets the header `Link` of a list."""
