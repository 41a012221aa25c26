"""References over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import col, select

from api.domain.errors import InvalidStateTransition, NotFound
from api.domain.vocabulary import ReferenceWord
from api.models import Reference
from api.people.notice import owe_notice
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import ReferenceId, encode
from api.platform.listing import Following, fetch_page
from api.platform.moments import InTheFuture, occurred
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute
from api.references import queries, schemas, service
from api.references.service import ReferenceExists, SelfReference
from api.support.locks import Locked, LockedForReference, lock_named_application

router = APIRouter(prefix="/v1/references", tags=["references"], route_class=ServiceRoute)

ORDERS = Orders("references", {"created_at": datetime}, default="created_at desc")
SAID = responses(NotFound, InvalidStateTransition, 412, InTheFuture, UnknownReference)


@router.get("")
async def references_list(
    session: Reading, query: Annotated[schemas.ReferencesQuery, Query()], following: Following
) -> schemas.ReferenceList:
    """List references, the latest first unless `order_by` says otherwise."""
    statement = select(Reference)
    if query.state:
        statement = statement.where(col(Reference.state).in_(query.state))
    if query.application is not None:
        statement = statement.where(Reference.application_id == query.application)
    if query.person is not None:
        statement = statement.where(Reference.person_id == query.person)
    page = await fetch_page(session, Reference, statement, query, order=ORDERS.parse(query.order_by))
    following(page)
    data = await queries.answers(session, page.rows)
    return schemas.ReferenceList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=responses(ReferenceExists, UnknownReference, SelfReference, InTheFuture))
async def references_create(session: Writing, data: schemas.ReferenceCreate, tag: Tag) -> schemas.ReferenceCreated:
    """Record that somebody was asked for a reference, or with `given` that they gave one.

    One per application and person. A reference is shown beside the level and never moves it, nor does it make its giver
    an advocate. Who was asked very often of late is named in `warnings`; nothing is refused for it. A request without
    an answer becomes `no_answer` by time; a late yes is normal.
    """
    await owe_notice(session, data.person_id, now=await session.now())
    locked = await lock_named_application(session, data.application_id)
    row, person = await service.create_reference(session, locked, data)
    asked_at = occurred(data.occurred_at, locked.now, "#/occurred_at")
    too_often = not data.given and await queries.is_asked_too_often(session, person.id, asked_at)
    tag.created(f"/v1/references/{encode('reference', row.id)}", row.version)
    warnings = ["reference_requests_exceeded"] if too_often else []
    return schemas.ReferenceCreated(**queries.answer(row, person), warnings=warnings)


@router.get("/{reference_id}", responses=responses(NotFound))
async def references_retrieve(session: Reading, reference_id: ReferenceId, tag: Tag) -> schemas.Reference:
    """Retrieve a reference."""
    row = await rows.find(session, Reference, reference_id)
    tag(row.version)
    (shown,) = await queries.answers(session, [row])
    return shown


@router.patch("/{reference_id}", responses=responses(NotFound, 412))
async def references_update(
    session: Writing, reference_id: ReferenceId, locked: LockedForReference, data: schemas.ReferenceUpdate, tag: Tag
) -> schemas.Reference:
    """Change what was recorded about a reference. Its state follows from what was said; use the verbs."""
    row = await rows.find(session, Reference, reference_id)
    tag.check(row.version)
    await service.update_reference(session, locked.application, row, data, now=locked.now)
    tag(row.version)
    (shown,) = await queries.answers(session, [row])
    return shown


@router.post("/{reference_id}/agree", responses=SAID)
async def references_agree(
    session: Writing,
    reference_id: ReferenceId,
    locked: LockedForReference,
    tag: Tag,
    data: schemas.ReferenceSaid | None = None,
) -> schemas.Reference:
    """Record the person's yes, told by anybody. A late one, after no answer came in time, is normal."""
    said = data or schemas.ReferenceSaid()
    return await _say(session, reference_id, locked, ReferenceWord.AGREED, said, tag)


@router.post("/{reference_id}/give", responses=SAID)
async def references_give(
    session: Writing,
    reference_id: ReferenceId,
    locked: LockedForReference,
    tag: Tag,
    data: schemas.ReferenceGive | None = None,
) -> schemas.Reference:
    """Record that the reference was given, and what was said if that is recorded.

    Where it was given already nothing changes; its content is changed by PATCH.
    """
    given = data or schemas.ReferenceGive()
    return await _say(session, reference_id, locked, ReferenceWord.GIVEN, given, tag)


@router.post("/{reference_id}/decline", responses=SAID)
async def references_decline(
    session: Writing,
    reference_id: ReferenceId,
    locked: LockedForReference,
    tag: Tag,
    data: schemas.ReferenceDecline | None = None,
) -> schemas.Reference:
    """Record the person's no, told by anybody; a reason is optional."""
    declined = data or schemas.ReferenceDecline()
    return await _say(session, reference_id, locked, ReferenceWord.DECLINED, declined, tag)


async def _say(
    session: Writing,
    reference_id: ReferenceId,
    locked: Locked,
    word: ReferenceWord,
    data: schemas.ReferenceSaid,
    tag: Tag,
) -> schemas.Reference:
    row = await rows.find(session, Reference, reference_id)
    tag.check(row.version)
    await service.say(session, locked, row, word, data)
    tag(row.version)
    (shown,) = await queries.answers(session, [row])
    return shown
