"""Captures over HTTP."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from sqlmodel import col, select

from api import models
from api.advocacies.creation import CandidateCannotAdvocate
from api.captures import service
from api.captures.bodies import CaptureComplete, CaptureCreate, CaptureDiscard
from api.captures.schemas import Capture, CaptureList, CapturesQuery
from api.domain.errors import Conflict, InvalidStateTransition, NotFound
from api.domain.inbound import CaptureState
from api.platform import rows
from api.platform.deps import Reading, Tag, Tagger, Writing
from api.platform.ids import CaptureId, encode
from api.platform.listing import Following, fetch_page
from api.platform.moments import InTheFuture
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.transactions import ServiceRoute

ORDERS = Orders("captures", {"created_at": datetime}, default="created_at desc")
router = APIRouter(prefix="/v1/captures", tags=["captures"], route_class=ServiceRoute)

NOT_YET: dict[int | str, dict[str, Any]] = {
    202: {"model": Capture, "description": "Kept: `needs` says what is missing."},
}
SAME: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Capture,
        "description": "It was captured before: the same capture, and nothing was written. The warning "
        "`captured_before` says that something else was told then.",
    },
}


@router.post("", status_code=201, responses={**SAME, **NOT_YET, **responses(CandidateCannotAdvocate, InTheFuture)})
async def captures_create(session: Writing, data: CaptureCreate, tag: Tag) -> Capture:
    """Record in one flat message that somebody spoke up for a candidate.

    Made for chat workflows, automation tools and mail rules: every member may be plain text. Finds or makes the person,
    the advocate and a volunteered advocacy, and records the act (201); never a referral. What cannot be matched or
    lacks something is kept (202) until `complete` or `discard`. The same `source_url` for the same application and
    advocate is the same act (200), however often it is sent; what waits for details is tried again. Other reasons or
    another ask in it are not recorded then, and the warning `captured_before` says so.
    """
    taken = await service.take(session, data, now=await session.now())
    return answer(tag, taken)


@router.get("")
async def captures_list(
    session: Reading, query: Annotated[CapturesQuery, Query()], following: Following
) -> CaptureList:
    """List captures, the latest first unless `order_by` says otherwise."""
    statement = select(models.Capture)
    if query.state:
        statement = statement.where(col(models.Capture.state).in_(query.state))
    if query.application is not None:
        statement = statement.where(col(models.Capture.application_id) == query.application)
    page = await fetch_page(session, models.Capture, statement, query, order=ORDERS.parse(query.order_by))
    following(page)
    data = [Capture.of(row) for row in page.rows]
    return CaptureList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.get("/{capture_id}", responses=responses(NotFound))
async def captures_retrieve(session: Reading, capture_id: CaptureId, tag: Tag) -> Capture:
    """One capture: what was given, what it became, or what it needs."""
    row = await rows.find(session, models.Capture, capture_id)
    tag(row.version)
    return Capture.of(row)


@router.post(
    "/{capture_id}/complete",
    responses={
        **NOT_YET,
        **responses(NotFound, CandidateCannotAdvocate, InvalidStateTransition, Conflict, InTheFuture, 412),
    },
)
async def captures_complete(session: Writing, capture_id: CaptureId, data: CaptureComplete, tag: Tag) -> Capture:
    """Give what was missing; any member may be given, and replaces what was given before.

    Answers 200 once it has become an act, else 202 with what it still needs. The act happened when the capture came in,
    unless `occurred_at` says otherwise.
    """
    row = await service.lock_capture(session, capture_id, data)
    tag.check(row.version)
    await service.complete(session, row, data, now=await session.now())
    tag(row.version)
    if row.state is CaptureState.NEEDS_DETAILS:
        tag.response.status_code = 202
    return Capture.of(row)


@router.post("/{capture_id}/discard", responses=responses(NotFound, InvalidStateTransition, 412))
async def captures_discard(
    session: Writing, capture_id: CaptureId, tag: Tag, data: Annotated[CaptureDiscard | None, Body()] = None
) -> Capture:
    """Drop a capture of which nothing will become. It stays readable; sent again, it stays dropped."""
    row = await service.lock_capture(session, capture_id)
    tag.check(row.version)
    await service.discard(session, row, data or CaptureDiscard(), now=await session.now())
    tag(row.version)
    return Capture.of(row)


def answer(tag: Tagger, taken: service.Taken) -> Capture:
    """The answer to what was taken: 201 when it became an act, 202 while it needs something, 200 for an earlier one."""
    row = taken.capture
    if row.state is CaptureState.NEEDS_DETAILS:
        tag.response.status_code = 202
    elif not taken.is_new:
        tag.response.status_code = 200
    tag.created(f"/v1/captures/{encode('capture', row.id)}", row.version)
    shown = Capture.of(row)
    if taken.differs and service.CAPTURED_BEFORE not in shown.warnings:
        shown.warnings = [*shown.warnings, service.CAPTURED_BEFORE]
    return shown
