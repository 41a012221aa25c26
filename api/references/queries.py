"""What an answer about references needs beside their rows, and how often somebody was asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from api.domain.calendar import day_of, day_start, days_after
from api.domain.vocabulary import ReferenceWord
from api.models import Person, Reference, ReferenceStatement
from api.people.queries import people_by_id
from api.platform.sessions import WorkspaceSession
from api.references import schemas
from api.references.verbs import allowed_verbs
from api.support.queries import current_policy


async def answers(session: WorkspaceSession, rows: Sequence[Reference]) -> list[schemas.Reference]:
    """References as they are answered; one statement however many they are."""
    people = await people_by_id(session, [row.person_id for row in rows]) if rows else {}
    return [schemas.Reference(**answer(row, people[row.person_id])) for row in rows]


def answer(row: Reference, person: Person) -> dict[str, Any]:
    """The members of one reference as it is answered."""
    return {
        **schemas.ReferenceShown.members_of(row),
        "person": schemas.ReferenceGiver(id=person.id, name=person.name),
        "content": row.content,
        "allowed_transitions": allowed_verbs(row.state),
        "metadata": row.labels,
    }


async def is_asked_too_often(session: WorkspaceSession, person_id: UUID, at: datetime) -> bool:
    """Whether the requests to a person, up to `at`, are more than the policy thinks fit within so many days."""
    policy = await current_policy(session)
    first_day = days_after(day_of(at, policy.zone), -policy.reference_requests_days)
    asked = (
        select(func.count())
        .select_from(ReferenceStatement)
        .join(Reference, col(Reference.id) == col(ReferenceStatement.reference_id))
        .where(
            Reference.workspace_id == session.workspace.id,
            ReferenceStatement.workspace_id == session.workspace.id,
            Reference.person_id == person_id,
            ReferenceStatement.word == ReferenceWord.REQUESTED,
            col(ReferenceStatement.occurred_at).between(day_start(first_day, policy.zone), at),
        )
    )
    return (await session.execute(asked)).scalar_one() > policy.reference_requests_max
