"""What an answer about interactions needs beside their rows, and who was on the hiring side."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.interactions import schemas
from api.models import Interaction, JobMember
from api.people.queries import people_by_id
from api.platform.sessions import WorkspaceSession


async def answers(session: WorkspaceSession, rows: Sequence[Interaction]) -> list[schemas.Interaction]:
    """Interactions as they are answered; one statement however many they are."""
    named = {each for row in rows for each in (row.person_id, row.counterpart_id) if each is not None}
    people = await people_by_id(session, named) if named else {}
    return [
        schemas.Interaction(
            **schemas.Interaction.members(
                row, people[row.person_id], people[row.counterpart_id] if row.counterpart_id else None
            )
        )
        for row in rows
    ]


async def was_member(session: WorkspaceSession, job_id: UUID, known_as: Collection[UUID], day: date) -> bool:
    """Whether somebody with these ids was on the job that day, by the record that held."""
    held = (
        select(JobMember)
        .where(JobMember.job_id == job_id, col(JobMember.person_id).in_(known_as), JobMember.effective_on <= day)
        .order_by(col(JobMember.effective_on).desc(), col(JobMember.recorded_at).desc(), col(JobMember.id).desc())
        .limit(1)
    )
    record = (await session.execute(held)).scalar_one_or_none()
    return record is not None and record.power is not None


def wanted(query: schemas.InteractionsQuery) -> SelectOfScalar[Interaction]:
    """The interactions that a list shows."""
    statement = select(Interaction)
    columns = {
        "person_id": query.person,
        "counterpart_id": query.counterpart,
        "application_id": query.application,
        "kind": query.kind,
        "direction": query.direction,
    }
    for column, value in columns.items():
        if value is not None:
            statement = statement.where(getattr(Interaction, column) == value)
    if query.occurred_at_gte is not None:
        statement = statement.where(Interaction.occurred_at >= query.occurred_at_gte)
    if query.occurred_at_lt is not None:
        statement = statement.where(Interaction.occurred_at < query.occurred_at_lt)
    return statement
