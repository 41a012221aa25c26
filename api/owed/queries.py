"""Reading what is owed to referrals, referrers, advocacies and advocates."""

from collections.abc import Collection, Mapping
from typing import Any, Literal, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, case, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from api.domain.vocabulary import Owed
from api.models import FollowUpSubject
from api.models.base import Versioned
from api.owed.schemas import NOTHING, NextFollowUp, Owing
from api.platform.pages import Order
from api.platform.sessions import WorkspaceSession

Row = TypeVar("Row", bound=Versioned)
Kind = Literal["referral", "referrer", "advocacy", "advocate"]

_OWED = text("""
    select wanted.id as subject_id, most.standing, f.id, f.type, f.owner_id, f.due_at
    from unnest(cast(:ids as uuid[])) as wanted (id)
    cross join lateral (
        select standing, due_at from follow_up_subjects
        where workspace_id = :w and subject_id = wanted.id and standing <> 'none'
        order by case standing when 'overdue' then 1 when 'due' then 2 else 3 end, due_at limit 1
    ) most
    cross join lateral (
        select f.id, f.type, f.owner_id, f.due_at
        from follow_up_subjects x join follow_ups f on f.workspace_id = :w and f.id = x.follow_up_id
        where x.workspace_id = :w and x.subject_id = wanted.id and x.standing <> 'none'
            and x.standing = most.standing and x.due_at = most.due_at
        order by f.place, f.noticed_at, f.id limit 1
    ) f""")
"""The first part reads an index alone; only what presses equally is looked at."""


async def owed_to(session: WorkspaceSession, subject_ids: Collection[UUID]) -> dict[UUID, Owing]:
    """What is owed to each of these subjects, in one statement."""
    owed = dict.fromkeys(subject_ids, NOTHING)
    found = await session.execute(_OWED, {"w": session.workspace.id, "ids": list(owed)}) if owed else ()
    for row in found:
        following = NextFollowUp(id=row.id, type=row.type, owner_id=row.owner_id, due_at=row.due_at)
        owed[row.subject_id] = Owing(Owed(row.standing), following)
    return owed


async def owing(session: WorkspaceSession, subject_id: UUID) -> Owing:
    """What is owed to one subject."""
    return (await owed_to(session, [subject_id]))[subject_id]


def narrowed(
    statement: Select[Row], model: type[Row], kind: Kind, states: Collection[Owed], order: Order
) -> tuple[Select[Row], Mapping[str, Any] | None]:
    """A list narrowed to what these states are owed to, and the columns by which it is then sorted.

    Without `none` it is read from the subjects of open follow-ups, in the order of the list: so it takes no longer
    where few rows match, or old ones only. With `none` it leaves out the others, and takes longer the more is owed.
    """
    if not states:
        return statement, None
    least = min(each.rank for each in states)
    others = [each for each in Owed if each.rank > least and each not in states]
    if others:
        statement = statement.where(~_stands_at(model, others).exists())
    if Owed.NONE in states:
        return statement, None
    listed = _listed(kind, states, order)
    columns = {"created_at": listed.c.listed_at, "id": listed.c.subject_id}
    return statement.join(listed, listed.c.subject_id == col(model.id)), columns


def _listed(kind: Kind, states: Collection[Owed], order: Order) -> Subquery:
    """The subjects of which an open follow-up stands like this, each once, in the order of their list."""
    subject = FollowUpSubject
    columns = {"created_at": col(subject.listed_at), "id": col(subject.subject_id)}
    found = select(subject.listed_at, subject.subject_id).where(
        col(subject.kind) == kind, col(subject.standing).in_(states), col(subject.standing) != Owed.NONE
    )
    return found.distinct().order_by(*order.clauses(columns)).subquery()  # type: ignore[arg-type]  # mapped columns


def _stands_at(model: type[Row], states: Collection[Owed]) -> Select[Any]:
    """The open follow-ups of a row that stand like this while none of it presses more.

    `offset 0` keeps the planner from joining them all at once: an old PostgreSQL would read the whole table for a page.
    """
    subject, other = aliased(FollowUpSubject), aliased(FollowUpSubject)
    presses_more = select(other.id).where(
        col(other.subject_id) == col(subject.subject_id),
        col(other.standing) != Owed.NONE,
        _rank(other) > _rank(subject),
    )
    standing = select(subject.standing).where(
        col(subject.subject_id) == col(model.id),
        col(subject.standing).in_(states),
        col(subject.standing) != Owed.NONE,
        ~presses_more.exists(),
    )
    return standing.offset(0)


def _rank(subject: type[FollowUpSubject]) -> ColumnElement[int]:
    return case({each: each.rank for each in Owed}, value=col(subject.standing))
