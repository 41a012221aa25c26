"""The one statement that reads a page of applications; each is served by an index that ends in the order of the page.

How many rows it returns stands in the text: a plan made for any limit would prepare for a tenth of the table.
"""

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

from api.applications.listing_filters import ANNOUNCED, NULLABLE, REPEATABLE, ApplicationsQuery
from api.jobs.membership import jobs_of_member
from api.platform.pages import Order, Position

COLUMNS = (
    "id candidate_id candidate_name job_id job_title stage stage_label stage_entered_at state on_hold_until outcome"
    " origin next_step_at next_step_kind last_act_at level confidence documented_level championing since advocate_id"
    " advocate_name advocacy_id next_change_at derived_at policy_version waiting waiting_since"
    " waiting_changes_at follow_up_state next_follow_up_id next_follow_up_type next_follow_up_owner_id"
    " next_follow_up_due_at exposed created_at updated_at version level_changed_at changed_at merged_into_id"
)
_SELECTED = ", ".join(f"a.{column}" for column in COLUMNS.split())
_OWNERS = {"job": "job_id", "candidate": "candidate_id"}
_LINKS = {"referrer": ("referrals", "referrer_id"), "advocate": ("advocacies", "advocate_id")}
_LINKED = {"created_at": "application_created_at", "id": "application_id"}


class Statement:
    """SQL that is put together with its parameters; the workspace is the first."""

    def __init__(self, workspace_id: int) -> None:
        self.parameters: list[Any] = [workspace_id]

    def mark(self, value: Any) -> str:
        """The mark that stands for a value."""
        self.parameters.append(value)
        return f"${len(self.parameters)}"

    def after(self, order: Order, position: Position | None, columns: Mapping[str, str]) -> list[str]:
        """The condition for what follows a position, if there is one."""
        if position is None:
            return []
        first = len(self.parameters) + 1
        self.parameters.extend(position)
        return [order.sql_after(columns, first_parameter=first)]


def page_statement(
    query: ApplicationsQuery, order: Order, position: Position | None, *, workspace_id: int, today: date | None
) -> tuple[str, list[Any]]:
    """The statement for a page, with one row more than asked, and its parameters; `today` only with `member`."""
    statement = Statement(workspace_id)
    linked = [name for name in _LINKS if name in query.chosen]
    if query.member is not None:
        found = _for_member(statement, query, order, position, today)
    elif linked:
        found = _for_link(statement, linked[0], query, order, position)
    elif len(_choices(query)) > 1:
        found = f"({_ids(_conditions(statement, query, order, position), query, order)})"
    else:
        return _directly(statement, query, order, position), statement.parameters
    by = order.sql(_of("a", order))
    sql = f"select {_SELECTED} from {found} f join applications a on a.workspace_id = $1 and a.id = f.id order by {by}"
    return sql, statement.parameters


def _of(alias: str, order: Order) -> dict[str, str]:
    return {term.name: f"{alias}.{term.name}" for term in order.terms}


def _conditions(statement: Statement, query: ApplicationsQuery, order: Order, position: Position | None) -> list[str]:
    """What the filters on columns of applications ask for, those for several values apart.

    Members of closed sets stand in the text: a plan made for any value would take one that no row has for common, and
    look for it through the whole table.
    """
    owners = [f"a.{_OWNERS[name]} = {statement.mark(getattr(query, name))}" for name in _OWNERS if name in query.chosen]
    announced = [f"a.{name} = '{getattr(query, name)}'" for name in ANNOUNCED if name in query.chosen]
    within = [
        f"a.{column} {sign} {statement.mark(bound)}"
        for column, bounds in query.ranges.items()
        for sign, bound in bounds.items()
    ]
    known = [f"a.{term.name} is not null" for term in order.terms if term.name in NULLABLE]
    after = statement.after(order, position, _of("a", order))
    return ["a.workspace_id = $1", *owners, *announced, *within, *known, *after]


def _choices(query: ApplicationsQuery) -> list[list[str]]:
    """What the filters for several values ask for: any of these."""
    asked = [[f"a.{name} = '{value}'" for value in dict.fromkeys(getattr(query, name))] for name in REPEATABLE]
    return [list(choice) for choice in product(*(each for each in asked if each))]


def _ids(conditions: list[str], query: ApplicationsQuery, order: Order) -> str:
    """The ids of a page with what they are sorted by: the first of each choice, and of those the first."""
    columns = _of("a", order)
    ending = f"limit {query.limit + 1:d}"
    parts = [
        f"select {', '.join(columns.values())} from applications a where {' and '.join(conditions + choice)}"
        f" order by {order.sql(columns)} {ending}"
        for choice in _choices(query)
    ]
    if len(parts) == 1:
        return parts[0]
    together = " union all ".join(f"({part})" for part in parts)
    return f"select u.* from ({together}) u order by {order.sql(_of('u', order))} {ending}"


def _directly(statement: Statement, query: ApplicationsQuery, order: Order, position: Position | None) -> str:
    columns = _of("a", order)
    conditions = _conditions(statement, query, order, position) + _choices(query)[0]
    return (
        f"select {_SELECTED} from applications a where {' and '.join(conditions)}"
        f" order by {order.sql(columns)} limit {query.limit + 1:d}"
    )


def _for_link(
    statement: Statement, name: str, query: ApplicationsQuery, order: Order, position: Position | None
) -> str:
    """The ids of a page from the index of referrals or advocacies, each once."""
    table, column = _LINKS[name]
    linked = {term.name: f"x.{_LINKED[term.name]}" for term in order.terms}
    conditions = [
        "x.workspace_id = $1",
        f"x.{column} = {statement.mark(getattr(query, name))}",
        "x.application_created_at is not null",
        *statement.after(order, position, linked),
    ]
    return (
        f"(select distinct x.application_created_at, x.application_id as id from {table} x"
        f" where {' and '.join(conditions)} order by {order.sql(linked)} limit {query.limit + 1:d})"
    )


def _for_member(
    statement: Statement, query: ApplicationsQuery, order: Order, position: Position | None, today: date | None
) -> str:
    """The ids of a page: of each of the person's jobs the first ones, and of those the first ones."""
    jobs = jobs_of_member(workspace="$1", person=statement.mark(query.member), day=statement.mark(today))
    conditions = [*_conditions(statement, query, order, position), "a.job_id = m.job_id"]
    return (
        f"(select i.id from {jobs} m cross join lateral ({_ids(conditions, query, order)}) i"
        f" order by {order.sql(_of('i', order))} limit {query.limit + 1:d})"
    )
