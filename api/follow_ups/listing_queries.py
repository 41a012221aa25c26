"""The one statement that reads a page of follow-ups; each is served by an index that ends in the order of the page.

With a subject all that it has is found first, and put in order then: the order's own index would be read from its
beginning for what lies at its end.
"""

from typing import Any

from api.applications.listing_queries import Statement
from api.follow_ups.listing_filters import ANNOUNCED, FollowUpsQuery
from api.follow_ups.listing_rows import COLUMNS, selected
from api.platform.pages import Order, Position

_COLUMNS = ", ".join(f"f.{column}" for column in COLUMNS.split())
_OWN = {
    "owner": "owner_id",
    "application": "application_id",
    "person": "person_id",
    "capture": "capture_id",
    "type": "type",
}
_PEOPLE = (
    "named as (select p.id, p.name from people p where p.workspace_id = $1"
    " and p.id in (select owner_id from page union select person_id from page))"
)
"""Everybody named on the page, once: most of a page is owed by the same few."""
_NAMED = ("referral", "referrer", "advocacy", "advocate")


def page_statement(
    query: FollowUpsQuery, order: Order, position: Position | None, *, workspace_id: int
) -> tuple[str, list[Any]]:
    """The statement for a page, with one row more than asked, and its parameters."""
    statement = Statement(workspace_id)
    of_f = {term.name: f"f.{term.name}" for term in order.terms}
    conditions = _conditions(statement, query)
    later = statement.after(order, position, of_f)
    ending = f"order by {order.sql(of_f)} limit {query.limit + 1:d}"
    found = f"select {_COLUMNS} from follow_ups f where {' and '.join(conditions)}"
    if query.has_subject:
        where = f"where {' and '.join(later)}" if later else ""
        parts = f"own as materialized ({found}), page as materialized (select * from own f {where} {ending})"
    else:
        parts = f"page as materialized ({' and '.join([found, *later])} {ending})"
    sql = (
        f"with {parts}, {_PEOPLE} select {selected('f', 'o', 'p')} from page f left join named o on o.id = f.owner_id"
        f" left join named p on p.id = f.person_id order by {order.sql(of_f)}"
    )
    return sql, statement.parameters


def _conditions(statement: Statement, query: FollowUpsQuery) -> list[str]:
    """What the filters ask for; members of closed sets stand in the text, so that each has a plan of its own."""
    chosen = query.chosen
    own = [f"f.{column} = {statement.mark(getattr(query, name))}" for name, column in _OWN.items() if name in chosen]
    named = [
        "f.id in (select s.follow_up_id from follow_up_subjects s"
        f" where s.workspace_id = $1 and s.subject_id = {statement.mark(getattr(query, name))})"
        for name in _NAMED
        if name in chosen
    ]
    announced = [f"f.{name} = '{getattr(query, name)}'" for name in ANNOUNCED if name in chosen]
    within = [
        f"f.{column} {sign} {statement.mark(bound)}"
        for column, bounds in query.ranges.items()
        for sign, bound in bounds.items()
    ]
    return ["f.workspace_id = $1", *own, *named, *announced, *within]
