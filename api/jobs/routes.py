"""Jobs over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from sqlmodel import col, select

from api import models
from api.domain.vocabulary import JobState
from api.jobs import members, queries, schemas, service
from api.jobs.paths import JobForUpdate, JobFromPath
from api.jobs.service import RequirementExists
from api.people.queries import people_by_id, today
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import PersonId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import ListQuery, QueryFlag
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], route_class=ServiceRoute)

ORDERS = Orders("jobs", {"created_at": datetime}, default="created_at desc")
REQUIREMENTS_ORDER = Orders("requirements", {"id": UUID}, default="id").parse(None)
MEMBERS_ORDER = Orders("job_members", {"recorded_at": datetime}, default="recorded_at desc").parse(None)


class JobsQuery(ListQuery):
    """Which jobs, in which order."""

    state: list[JobState] = Field(default=[], max_length=20, description="Only jobs in one of these states.")
    order_by: str | SkipJsonSchema[None] = Field(
        default=None,
        max_length=200,
        description="`created_at`, with ` desc` after it for the latest first.",
        examples=["created_at desc"],
    )


class MembersQuery(ListQuery):
    """Which records of members."""

    history: QueryFlag = Field(default=False, description="All records, not only those that hold today.")


@router.get("")
async def jobs_list(query: Annotated[JobsQuery, Query()], session: Reading, following: Following) -> schemas.JobList:
    """List jobs, the latest first unless `order_by` says otherwise."""
    statement = select(models.Job)
    if query.state:
        statement = statement.where(col(models.Job.state).in_(query.state))
    page = await fetch_page(session, models.Job, statement, query, order=ORDERS.parse(query.order_by))
    following(page)
    data = [schemas.JobRow.of(row) for row in page.rows]
    return schemas.JobList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=responses(UnknownReference))
async def jobs_create(session: Writing, data: schemas.JobCreate, tag: Tag) -> schemas.Job:
    """Make a job, with what it requires and who is on it."""
    now = await session.now()
    job = await service.create_job(session, data, today=await today(session, now), now=now)
    tag.created(f"/v1/jobs/{encode('job', job.id)}", job.version)
    return job


@router.get("/{job_id}", responses=responses(404))
async def jobs_retrieve(job: JobFromPath, session: Reading, response: Response) -> schemas.Job:
    """Retrieve a job, with what was stated on it and who is on it today."""
    # Days change who is on it without raising the version, so If-None-Match is not honoured here.
    response.headers["ETag"] = f'"{job.version}"'
    return await queries.full_job(session, job, now=await session.now())


@router.patch("/{job_id}", responses=responses(404, 412))
async def jobs_update(job: JobForUpdate, session: Writing, data: schemas.JobUpdate, tag: Tag) -> schemas.Job:
    """Change a job's title, kind or metadata. Lists of applications show a new title within seconds."""
    updated = await service.update_job(session, job, data, now=await session.now())
    tag(updated.version)
    return updated


@router.post("/{job_id}/set_state", responses=responses(404, 412))
async def jobs_set_state(
    job: JobForUpdate, session: Writing, data: schemas.JobSetState, tag: Tag
) -> schemas.JobStateSet:
    """Give a job a state; any may follow any other.

    `filled` and `cancelled` propose an outcome for the open applications. Nothing is closed by this: a person decides.
    """
    now = await session.now()
    await service.set_state(session, job, data, now=now)
    tag(job.version)
    proposed = await queries.proposed_outcomes(session, job)
    team = await queries.team_of_today(session, job.id, now=now)
    stated = await queries.stated_requirements(session, job.id)
    return schemas.JobStateSet.full(job, stated, team, proposed_outcomes=proposed)


@router.get("/{job_id}/requirements", responses=responses(404))
async def jobs_list_requirements(
    job: JobFromPath, query: Annotated[ListQuery, Query()], session: Reading, following: Following
) -> schemas.RequirementList:
    """List what a job requires, in the order it was named: what was stated on the job, and what reasons named first."""
    statement = select(models.Requirement).where(models.Requirement.job_id == job.id)
    within = {"job": str(job.id)}
    page = await fetch_page(session, models.Requirement, statement, query, order=REQUIREMENTS_ORDER, within=within)
    following(page)
    data = [schemas.Requirement.of(row) for row in page.rows]
    return schemas.RequirementList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("/{job_id}/requirements", status_code=201, responses=responses(404, RequirementExists, 412))
async def jobs_state_requirement(
    job: JobForUpdate, session: Writing, data: schemas.RequirementCreate, tag: Tag
) -> schemas.Requirement:
    """State a requirement on a job. One that only a reason named so far keeps its id and becomes stated."""
    row = await service.state_requirement(session, job, data, now=await session.now())
    tag.created(f"/v1/jobs/{encode('job', job.id)}/requirements")
    return schemas.Requirement.of(row)


@router.get("/{job_id}/members", responses=responses(404))
async def jobs_list_members(
    job: JobFromPath, query: Annotated[MembersQuery, Query()], session: Reading, following: Following
) -> schemas.JobMemberList:
    """List who is on a job today; with `history=true` all records, past, planned and ended ones, the latest first."""
    day = await today(session, await session.now())
    every = select(models.JobMember).where(models.JobMember.job_id == job.id)
    statement = every if query.history else queries.members_on(job.id, day)
    within = {"job": str(job.id)}
    page = await fetch_page(session, models.JobMember, statement, query, order=MEMBERS_ORDER, within=within)
    following(page)
    if query.history:
        people = await people_by_id(session, [row.person_id for row in page.rows])
        data = [schemas.JobMember.of(row, people[row.person_id]) for row in page.rows]
    else:
        data = await queries.shown_on(session, job.id, page.rows, day)
    return schemas.JobMemberList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("/{job_id}/members", status_code=201, responses=responses(404, UnknownReference, 412))
async def jobs_add_member(
    job: JobForUpdate, session: Writing, data: schemas.JobMemberCreate, tag: Tag
) -> schemas.JobMember:
    """Give a person a power on a job from a day on, past or future.

    Of a person's records the one with the latest `effective_on` by a day holds on that day; of two with the same day,
    the later recorded. There is one hiring manager at a time: the latest mark that holds.
    """
    now = await session.now()
    member = await members.add_member(session, job, data, today=await today(session, now), now=now)
    tag.created(f"/v1/jobs/{encode('job', job.id)}/members")
    return member


@router.post("/{job_id}/members/{person_id}/end", responses=responses(404, UnknownReference, 412))
async def jobs_end_member(
    job: JobForUpdate, person_id: PersonId, session: Writing, data: schemas.JobMemberEnd | None = None
) -> schemas.JobMember:
    """End a person's membership of a job from a day on, past or future.

    Where it has ended by then nothing is written.
    """
    now = await session.now()
    day = await today(session, now)
    return await members.end_membership(session, job, person_id, data or schemas.JobMemberEnd(), today=day, now=now)
