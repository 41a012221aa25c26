"""Reasons over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import col, select

from api.domain.errors import NotFound
from api.models import Application, Reason
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import ApplicationId, ReasonId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import ListQuery
from api.platform.references import UnknownReference
from api.platform.rows import find
from api.platform.transactions import ServiceRoute
from api.reasons import queries, schemas, service
from api.reasons.service import ReasonExists
from api.support.locks import ApplicationForUpdate, lock_application_of

ORDER = Orders("reasons", {}, default="id").parse(None)
router = APIRouter(prefix="/v1", tags=["reasons"], route_class=ServiceRoute)


@router.get("/applications/{application_id}/reasons", responses=responses(NotFound))
async def reasons_list(
    session: Reading, application_id: ApplicationId, query: Annotated[ListQuery, Query()], following: Following
) -> schemas.ReasonList:
    """The reasons of an application, the oldest first."""
    application = await find(session, Application, application_id)
    statement = select(Reason).where(col(Reason.application_id) == application_id)
    page = await fetch_page(session, Reason, statement, query, order=ORDER, within={"application": application_id})
    following(page)
    found = await queries.with_requirements(session, page.rows)
    data = await queries.answers(session, application, found)
    return schemas.ReasonList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post(
    "/applications/{application_id}/reasons",
    status_code=201,
    responses=responses(NotFound, ReasonExists, UnknownReference, 412),
)
async def reasons_create(
    session: Writing, locked: ApplicationForUpdate, data: schemas.ReasonCreate, tag: Tag
) -> schemas.Reason:
    """Record why this candidate fits this job: a requirement, a claim, and what shows that it is true.

    A reason is one record per application, requirement and claim, compared without regard to case and white space; the
    same once more is a conflict that names the existing one. A reason by itself moves no level: an advocate's act or a
    referral uses it. Warnings in the answer say what a reader may stumble over.
    """
    found = await service.create(session, locked.application, service.stated(data), now=locked.now)
    tag.created(f"/v1/reasons/{encode('reason', found.reason.id)}", found.reason.version)
    (answer,) = await queries.answers(session, locked.application, [found])
    return answer


@router.get("/reasons/{reason_id}", responses=responses(NotFound))
async def reasons_retrieve(session: Reading, reason_id: ReasonId, tag: Tag) -> schemas.Reason:
    """One reason."""
    found = await queries.find(session, reason_id)
    tag(found.reason.version)
    application = await find(session, Application, found.reason.application_id)
    (answer,) = await queries.answers(session, application, [found])
    return answer


@router.patch("/reasons/{reason_id}", responses=responses(NotFound, 412))
async def reasons_update(session: Writing, reason_id: ReasonId, data: schemas.ReasonUpdate, tag: Tag) -> schemas.Reason:
    """Change the evidence of a reason, part by part. Requirement and claim are what the reason is, and stay."""
    locked = await lock_application_of(session, Reason, reason_id, "reason")
    found = await queries.find(session, reason_id)
    tag.check(found.reason.version)
    service.update_evidence(session, locked.application, found, data.parts(), now=locked.now)
    await session.flush()
    tag(found.reason.version)
    (answer,) = await queries.answers(session, locked.application, [found])
    return answer
