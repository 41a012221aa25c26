"""Applications over HTTP: making, reading and changing them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import col, select

from api.applications import bodies, queries, schemas, service
from api.applications.service import ApplicationExists
from api.models import Application, StageChange
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import ApplicationId, encode
from api.platform.listing import Following, fetch_page
from api.platform.moments import InTheFuture
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import ListQuery
from api.platform.references import UnknownReference
from api.platform.rows import find
from api.platform.transactions import ServiceRoute
from api.support.locks import ApplicationForUpdate

router = APIRouter(prefix="/v1/applications", tags=["applications"], route_class=ServiceRoute)

STAGE_CHANGES_ORDER = Orders("stage_changes", {"occurred_at": datetime}, default="occurred_at").parse(None)


@router.post("", status_code=201, responses=responses(ApplicationExists, InTheFuture, UnknownReference))
async def applications_create(session: Writing, data: bodies.ApplicationCreate, tag: Tag) -> schemas.Application:
    """Consider a candidate for a job.

    One candidate has one application a job: the second is a conflict that names the first, which may be reopened.
    Referrals of the candidate for this job that wait for an application are linked to it. Backdate with `occurred_at`.
    """
    named = await queries.lock_named(session, data)
    application = await service.create_application(session, named, data, now=await session.now())
    tag.created(f"/v1/applications/{encode('application', application.id)}", application.version)
    return schemas.Application.of(application)


@router.get("/{application_id}", responses=responses(404))
async def applications_retrieve(session: Reading, application_id: ApplicationId, tag: Tag) -> schemas.Application:
    """Retrieve an application with what was last announced about it; its `support` path derives anew."""
    application = await find(session, Application, application_id)
    tag(application.version)
    return schemas.Application.of(application)


@router.patch("/{application_id}", responses=responses(404, 412))
async def applications_update(
    locked: ApplicationForUpdate, session: Writing, data: bodies.ApplicationUpdate, tag: Tag
) -> schemas.Application:
    """Change the next step, the label of the stage, whether the hiring manager saw it, or metadata.

    State, stage and outcome are changed by the verbs `move`, `hold`, `resume`, `close` and `reopen`. The origin stays.
    """
    await service.update_application(session, locked, data)
    tag(locked.application.version)
    return schemas.Application.of(locked.application)


@router.get("/{application_id}/stage_changes", responses=responses(404))
async def applications_list_stage_changes(
    session: Reading, application_id: ApplicationId, query: Annotated[ListQuery, Query()], following: Following
) -> schemas.StageChangeList:
    """List what happened to an application, in the order in which it happened. These facts are never edited."""
    await find(session, Application, application_id)
    statement = select(StageChange).where(col(StageChange.application_id) == application_id)
    within = {"application": application_id}
    page = await fetch_page(session, StageChange, statement, query, order=STAGE_CHANGES_ORDER, within=within)
    following(page)
    data = [schemas.StageChange.of(row) for row in page.rows]
    return schemas.StageChangeList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)
