"""What belongs to a job: its requirements, its members of a day, its applications."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UnaryExpression, func
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.domain.vocabulary import ApplicationState, JobState, Outcome
from api.jobs import schemas
from api.models import Application, Job, JobMember, Requirement
from api.people.queries import people_by_id, today
from api.platform.sessions import WorkspaceSession

PROPOSED = {JobState.FILLED: Outcome.FILLED_BY_OTHER, JobState.CANCELLED: Outcome.JOB_CANCELLED}


async def full_job(session: WorkspaceSession, job: Job, *, now: datetime) -> schemas.Job:
    """The job with what was stated on it and who is on it today."""
    requirements = await stated_requirements(session, job.id)
    return schemas.Job.full(job, requirements, await team_of_today(session, job.id, now=now))


async def stated_requirements(session: WorkspaceSession, job_id: UUID) -> Sequence[Requirement]:
    """What was stated on the job, the first of it."""
    statement = (
        select(Requirement)
        .where(Requirement.job_id == job_id, col(Requirement.is_stated))
        .order_by(col(Requirement.id))
        .limit(schemas.SHOWN)
    )
    return (await session.execute(statement)).scalars().all()


async def team_of_today(session: WorkspaceSession, job_id: UUID, *, now: datetime) -> list[schemas.JobMember]:
    """The members of today, the first of them."""
    day = await today(session, now)
    statement = members_on(job_id, day).order_by(col(JobMember.id)).limit(schemas.SHOWN)
    rows = (await session.execute(statement)).scalars().all()
    return await shown_on(session, job_id, rows, day)


async def shown_on(
    session: WorkspaceSession, job_id: UUID, rows: Iterable[JobMember], day: date
) -> list[schemas.JobMember]:
    """Members of a day as they are shown: by name, and one of them as the hiring manager."""
    rows = list(rows)
    people = await people_by_id(session, [row.person_id for row in rows])
    manager = await _hiring_manager_on(session, job_id, day)
    return [
        schemas.JobMember.of(row, people[row.person_id], is_hiring_manager=row.person_id == manager) for row in rows
    ]


def members_on(job_id: UUID, day: date) -> SelectOfScalar[JobMember]:
    """The records of the members of a day."""
    return select(JobMember).where(col(JobMember.id).in_(_holding(job_id, day)), col(JobMember.power).is_not(None))


async def holding_record(session: WorkspaceSession, job_id: UUID, person_id: UUID, day: date) -> JobMember | None:
    """The record that holds of a person on a day, even one that ended the membership."""
    statement = select(JobMember).where(
        col(JobMember.id).in_(_holding(job_id, day)), col(JobMember.person_id) == person_id
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def _hiring_manager_on(session: WorkspaceSession, job_id: UUID, day: date) -> UUID | None:
    """The latest mark among the records that hold."""
    statement = (
        select(JobMember.person_id)
        .where(col(JobMember.id).in_(_holding(job_id, day)), col(JobMember.is_hiring_manager))
        .order_by(*_latest_first())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


def _holding(job_id: UUID, day: date) -> SelectOfScalar[UUID]:
    return (
        select(JobMember.id)
        .where(JobMember.job_id == job_id, JobMember.effective_on <= day)
        .ext(distinct_on(col(JobMember.person_id)))
        .order_by(col(JobMember.person_id), *_latest_first())
    )


def _latest_first() -> tuple[UnaryExpression[Any], ...]:
    return col(JobMember.effective_on).desc(), col(JobMember.recorded_at).desc(), col(JobMember.id).desc()


async def proposed_outcomes(session: WorkspaceSession, job: Job) -> list[schemas.ProposedOutcome]:
    """What the job's state proposes for its open applications, held ones included."""
    outcome = PROPOSED.get(job.state)
    if outcome is None:
        return []
    counted = select(func.count()).where(Application.job_id == job.id, Application.state != ApplicationState.CLOSED)
    count = (await session.execute(counted)).scalar_one()
    return [schemas.ProposedOutcome(outcome=outcome, application_count=count)]


async def applications_of(session: WorkspaceSession, job_id: UUID) -> Sequence[UUID]:
    """All applications of the job."""
    return (await session.execute(select(Application.id).where(Application.job_id == job_id))).scalars().all()
