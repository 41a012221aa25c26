"""Reading advocacies with the names of their advocates, and what recording an act needs to know."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, ScalarSelect, cast, func
from sqlmodel import col, select

from api.advocacies.schemas import Beside
from api.domain.vocabulary import Availability
from api.models import Act, Advocacy, Advocate, Application, Ask, AvailabilityRecord, Candidate, Person, PolicyVersion
from api.owed.queries import owed_to
from api.platform.sessions import WorkspaceSession
from api.support.schemas import NamedAdvocate


async def named_advocates(session: WorkspaceSession, advocate_ids: Collection[UUID]) -> dict[UUID, NamedAdvocate]:
    """These advocates with their names, by id, in one statement."""
    statement = (
        select(Advocate.id, Person.name)
        .join(Person, col(Person.id) == col(Advocate.person_id))
        .where(col(Advocate.id).in_(set(advocate_ids)))
    )
    return {row.id: NamedAdvocate(id=row.id, name=row.name) for row in await session.execute(statement)}


async def beside(session: WorkspaceSession, rows: Collection[Advocacy]) -> dict[UUID, Beside]:
    """What is shown of these advocacies and is not in their rows, by id, in two statements."""
    advocates = await named_advocates(session, [row.advocate_id for row in rows])
    owed = await owed_to(session, [row.id for row in rows])
    return {row.id: Beside(advocates[row.advocate_id], owed[row.id]) for row in rows}


class ActSetting(NamedTuple):
    """What an act is recorded into.

    `availability` is the actor's on the day of the act, null where nothing was recorded; `people` are those of the
    asked-about ids that exist; `chased_id` is the chased ask if it belongs to this advocacy.
    """

    advocacy: Advocacy
    actor_id: UUID
    candidate_person_id: UUID
    availability: Availability | None
    people: frozenset[UUID]
    chased_id: UUID | None


async def act_setting(
    session: WorkspaceSession,
    advocacy_id: UUID,
    *,
    occurred_at: datetime,
    people: Collection[UUID],
    chased_id: UUID | None,
) -> ActSetting:
    """Everything that is asked before an act is recorded, in one statement."""
    workspace_id = session.workspace.id
    statement = (
        select(  # type: ignore[call-overload]  # SQLModel types four columns at most
            Advocacy,
            Advocate.person_id.label("actor_id"),  # type: ignore[attr-defined]
            Candidate.person_id.label("candidate_person_id"),  # type: ignore[attr-defined]
            _availability_on(workspace_id, occurred_at).label("availability"),
            _existing(workspace_id, people).label("people"),
            _ask_of(workspace_id, advocacy_id, chased_id).label("chased_id"),
        )
        .join(Advocate, col(Advocate.id) == col(Advocacy.advocate_id))
        .join(Application, col(Application.id) == col(Advocacy.application_id))
        .join(Candidate, col(Candidate.id) == col(Application.candidate_id))
        .where(
            col(Advocacy.id) == advocacy_id,
            col(Application.workspace_id) == workspace_id,
        )
    )
    row = (await session.execute(statement)).one()
    return ActSetting(
        advocacy=row[0],
        actor_id=row.actor_id,
        candidate_person_id=row.candidate_person_id,
        availability=row.availability,
        people=frozenset(row.people or ()),
        chased_id=row.chased_id,
    )


def _availability_on(workspace_id: int, moment: datetime) -> ScalarSelect[Any]:
    """The availability recorded for the advocate's person on the day of a moment in the workspace's zone."""
    zone = (
        select(col(PolicyVersion.values)["time_zone"].astext)
        .where(PolicyVersion.workspace_id == workspace_id)
        .order_by(col(PolicyVersion.version).desc())
        .limit(1)
        .scalar_subquery()
    )
    record = AvailabilityRecord
    return (
        select(record.state)
        .where(
            record.workspace_id == workspace_id,
            col(record.person_id) == col(Advocate.person_id),
            col(record.effective_on) <= cast(func.timezone(zone, moment), Date),
        )
        .order_by(col(record.effective_on).desc(), col(record.recorded_at).desc(), col(record.id).desc())
        .limit(1)
        .correlate(Advocate)
        .scalar_subquery()
    )


def _existing(workspace_id: int, people: Collection[UUID]) -> ScalarSelect[Any]:
    return (
        select(func.array_agg(col(Person.id)))
        .where(col(Person.workspace_id) == workspace_id, col(Person.id).in_(set(people)))
        .scalar_subquery()
    )


def _ask_of(workspace_id: int, advocacy_id: UUID, ask_id: UUID | None) -> ScalarSelect[Any]:
    return (
        select(Ask.id)
        .join(Act, (col(Act.workspace_id) == workspace_id) & (col(Act.id) == col(Ask.act_id)))
        .where(Ask.workspace_id == workspace_id, Ask.id == ask_id, Act.advocacy_id == advocacy_id)
        .scalar_subquery()
    )
