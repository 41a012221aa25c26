"""The sections of the briefing that are first pages of lists, each of which says where the rest is listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

import asyncpg

from api.applications import listing_queries as applications
from api.applications.listing_filters import ApplicationsQuery
from api.briefing.schemas import MOST_ROWS
from api.domain.vocabulary import Owed, Waiting
from api.follow_ups import listing_queries as follow_ups
from api.follow_ups.listing_filters import FollowUpsQuery
from api.platform.db import HotConnection
from api.platform.ids import encode
from api.platform.pages import Order, cut

Parameters: TypeAlias = Mapping[str, str | list[str]]
"""Query parameters as a caller would send them."""

LAPSING_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose briefing is made, and when. `today` is the workspace's day, `day_ends` the end of the person's."""

    workspace_id: int
    person_id: UUID | None
    now: datetime
    since: datetime
    today: date
    day_ends: datetime

    @property
    def member(self) -> dict[str, str]:
        """The filter on applications of the person's jobs."""
        return {} if self.person_id is None else {"member": encode("person", self.person_id)}

    @property
    def owner(self) -> dict[str, str]:
        """The filter on what the person owes."""
        return {} if self.person_id is None else {"owner": encode("person", self.person_id)}


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a section, and where the rest of them is listed."""

    rows: Sequence[asyncpg.Record]
    rest: list[str]


def changed(asked: Asked) -> Parameters:
    """The applications that changed since."""
    return {"changed_at[gte]": _text(asked.since), "order_by": "changed_at desc", **asked.member}


def lapsing(asked: Asked) -> Parameters:
    """The applications whose support changes by time alone within a week."""
    end = asked.now + timedelta(days=LAPSING_DAYS)
    return {"next_change_at[lt]": _text(end), "order_by": "next_change_at", **asked.member}


def exposed(asked: Asked) -> Parameters:
    """The open applications that are exposed."""
    return {"state": "open", "exposed": "true", **asked.member}


def waiting(asked: Asked) -> Parameters:
    """The applications whose candidates wait."""
    return {"waiting": [Waiting.WAITING, Waiting.WAITING_LONG], **asked.member}


def overdue(asked: Asked) -> list[Parameters]:
    """What should have been done before."""
    return [{"standing": Owed.OVERDUE, **asked.owner}]


def due(asked: Asked) -> list[Parameters]:
    """What is owed today, what is due already first; what is snoozed comes back when its time is over."""
    later = {"standing": Owed.SCHEDULED, "due_at[gte]": _text(asked.now), "due_at[lt]": _text(asked.day_ends)}
    return [{"standing": Owed.DUE, **asked.owner}, {**later, **asked.owner}]


async def find_applications(connection: HotConnection, asked: Asked, parameters: Parameters) -> Found:
    """The first page of a list of applications."""
    query = ApplicationsQuery.model_validate({**parameters, "limit": MOST_ROWS})
    order = query.order()
    today = asked.today if query.member is not None else None
    sql, values = applications.page_statement(query, order, None, workspace_id=asked.workspace_id, today=today)
    rows = await connection.fetch(sql, *values)
    return _found("/v1/applications", parameters, rows, order, query.filters(), MOST_ROWS)


async def find_owed(connection: HotConnection, asked: Asked, lists: Sequence[Parameters]) -> Found:
    """The first rows of several lists of follow-ups one after the other."""
    rows: list[asyncpg.Record] = []
    rest: list[str] = []
    for parameters in lists:
        query = FollowUpsQuery.model_validate({**parameters, "limit": MOST_ROWS})
        order = query.order()
        sql, values = follow_ups.page_statement(query, order, None, workspace_id=asked.workspace_id)
        page = await connection.fetch(sql, *values)
        found = _found("/v1/follow_ups", parameters, page, order, query.filters(), MOST_ROWS - len(rows))
        rows += found.rows
        rest += found.rest
    return Found(rows, rest)


def _found(
    path: str,
    parameters: Parameters,
    rows: Sequence[asyncpg.Record],
    order: Order,
    filters: Mapping[str, Any],
    most: int,
) -> Found:
    if not rows:
        return Found([], [])
    if most == 0:
        return Found([], [f"{path}?{urlencode(parameters, doseq=True)}"])
    names = [term.name for term in order.terms]
    page = cut(rows, most, order=order, filters=filters, position=lambda row: tuple(row[name] for name in names))
    following = {} if page.next_cursor is None else {"cursor": page.next_cursor}
    rest = [f"{path}?{urlencode({**parameters, **following}, doseq=True)}"] if following else []
    return Found(page.rows, rest)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
