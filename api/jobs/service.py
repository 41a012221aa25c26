"""Making and changing jobs, and stating what they require."""

from datetime import date, datetime
from typing import Any

from sqlmodel import select

from api.domain.errors import Conflict
from api.jobs import members, queries, schemas
from api.models import Job, Requirement
from api.platform import outbox
from api.platform.ids import encode
from api.platform.revisions import revise, touch
from api.platform.sessions import WriteSession
from api.platform.uniqueness import Taken, unique
from api.reasons.wording import normalised
from api.support.service import mark_for_recheck


class RequirementExists(Conflict):
    """The requirement is stated on the job already; `existing_id` names it. Case and white space make no difference."""

    code = "requirement_exists"
    title = "The requirement is stated already"


async def create_job(session: WriteSession, data: schemas.JobCreate, *, today: date, now: datetime) -> schemas.Job:
    """Make a job with its requirements and members; raises UnknownReference."""
    people = await members.require_people(session, data.members, data.recorded_by)
    job = Job(title=data.title, kind=data.kind, state=data.state, labels=data.metadata, created_at=now, updated_at=now)
    session.add(job)
    await session.flush()
    requirements = [_requirement(job, text) for text in _different(data.requirements)]
    granted = [
        members.granted(job, member, f"#/members/{position}", recorded_by=data.recorded_by, today=today, now=now)
        for position, member in enumerate(data.members)
    ]
    session.add_all([*requirements, *granted])
    await session.flush()
    made = await queries.full_job(session, job, now=now)
    _say(session, "job.created", job, now=now, data=event_data(made))
    for row in granted:
        members.say_recorded(session, job, row, people[row.person_id], now=now)
    return made


async def update_job(session: WriteSession, job: Job, data: schemas.JobUpdate, *, now: datetime) -> schemas.Job:
    """Change title, kind or labels of the locked job. Lists of applications show a new title within seconds."""
    previous = revise(job, data.changes(), now=now)
    await session.flush()
    shown = await queries.full_job(session, job, now=now)
    if "title" in previous:
        await mark_for_recheck(session, await queries.applications_of(session, job.id), now=now)
    if previous:
        _say(session, "job.updated", job, now=now, data=event_data(shown), previous=previous)
    return shown


async def set_state(session: WriteSession, job: Job, data: schemas.JobSetState, *, now: datetime) -> None:
    """Give the locked job a state; where it has it already nothing is written."""
    before = job.state
    if data.state == before:
        return
    job.state = data.state
    touch(job, now=now)
    shown = schemas.JobRow.of(job).model_dump(mode="json")
    await session.flush()
    _say(session, "job.state.changed", job, now=now, data=shown, previous={"state": before})


async def state_requirement(
    session: WriteSession, job: Job, data: schemas.RequirementCreate, *, now: datetime
) -> Requirement:
    """State a requirement on the locked job, also one that so far only a reason named; raises RequirementExists."""
    row = _requirement(job, data.text)
    try:
        async with unique(session, "uq_requirements_text_normalised"):
            session.add(row)
    except Taken:
        row = await _named_only(session, job, row.text_normalised)
        row.is_stated = True
    touch(job, now=now)
    await session.flush()
    shown = schemas.Requirement.of(row).model_dump(mode="json")
    _say(session, "job.requirement.stated", job, now=now, data=shown)
    return row


async def _named_only(session: WriteSession, job: Job, text_normalised: str) -> Requirement:
    statement = select(Requirement).where(Requirement.job_id == job.id, Requirement.text_normalised == text_normalised)
    existing = (await session.execute(statement)).scalar_one()
    if existing.is_stated:
        raise RequirementExists("This requirement is stated already.", existing_id=encode("requirement", existing.id))
    return existing


def _requirement(job: Job, text: str) -> Requirement:
    return Requirement(job_id=job.id, text=text, text_normalised=normalised(text), is_stated=True)


def _different(texts: list[str]) -> list[str]:
    different: dict[str, str] = {}
    for text in texts:
        different.setdefault(normalised(text), text)
    return list(different.values())


def event_data(shown: schemas.Job) -> dict[str, Any]:
    """What events say about a job: members by id, not by name."""
    return shown.model_dump(mode="json", exclude={"members": {"__all__": {"person": {"name"}}}})


def _say(
    session: WriteSession,
    event_type: str,
    job: Job,
    *,
    now: datetime,
    data: dict[str, Any],
    previous: dict[str, Any] | None = None,
) -> None:
    outbox.record(
        session,
        event_type,
        subject=("job", job.id),
        version=job.version,
        occurred_at=now,
        recorded_at=now,
        data=data,
        previous=previous,
    )
