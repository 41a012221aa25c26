"""Calendars over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlmodel import select

from api.calendars import schemas, service
from api.domain.errors import NotFound
from api.models import Calendar
from api.people.contact import DoNotContact
from api.people.queries import people_by_id
from api.people.service import PersonAnonymized
from api.platform import idempotency, rows
from api.platform.deps import Administering, Configured, Reading, Tag
from api.platform.idempotency import SecretAlreadyShown
from api.platform.ids import CalendarId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.sessions import WorkspaceSession
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/calendars", tags=["calendars"], route_class=ServiceRoute)

ORDERS = Orders("calendars", {"created_at": datetime}, default="created_at desc")


@router.get("")
async def calendars_list(
    query: Annotated[schemas.CalendarsQuery, Query()], session: Reading, following: Following
) -> schemas.CalendarList:
    """List calendars, revoked ones too, without their addresses."""
    statement = select(Calendar)
    if query.owner is not None:
        statement = statement.where(Calendar.owner_id == query.owner)
    page = await fetch_page(session, Calendar, statement, query, order=ORDERS.parse(query.order_by))
    following(page)
    data = await _shown(session, page.rows)
    return schemas.CalendarList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post(
    "", status_code=201, responses=responses(PersonAnonymized, SecretAlreadyShown, DoNotContact, UnknownReference)
)
async def calendars_create(
    request: Request, session: Administering, data: schemas.CalendarCreate, settings: Configured, tag: Tag
) -> schemas.CalendarWithUrl:
    """Make an address at which a calendar program reads what a person owes; scope `admin`.

    This answer alone shows its `url`: hand it to the owner and to nobody else. It is stored nowhere: the same request
    again is answered `secret_already_shown`, with the id of the calendar in `existing_id`; where the first answer was
    lost, revoke that one and make another. A person may have several, such as one for each program.
    """
    row, owner, token = await service.create(session, data, now=await session.now())
    calendar_id = encode("calendar", row.id)
    idempotency.keep_secret(request, calendar_id)
    tag.created(f"/v1/calendars/{calendar_id}", row.version)
    return schemas.CalendarWithUrl.with_token(row, owner, token, settings.public_url)


@router.get("/{calendar_id}", responses=responses(NotFound))
async def calendars_retrieve(calendar_id: CalendarId, session: Reading, tag: Tag) -> schemas.Calendar:
    """Retrieve a calendar, without its address."""
    row = await rows.find(session, Calendar, calendar_id)
    tag(row.version)
    (shown,) = await _shown(session, [row])
    return shown


@router.post("/{calendar_id}/revoke", responses=responses(NotFound, 412))
async def calendars_revoke(calendar_id: CalendarId, session: Administering, tag: Tag) -> schemas.Calendar:
    """Let a calendar never work again, at once; scope `admin`. Programs keep what they have read until they look again.

    The address of somebody who was anonymised is revoked by that.
    """
    row = await rows.lock(session, Calendar, calendar_id)
    tag.check(row.version)
    await service.revoke(session, row, now=await session.now())
    tag(row.version)
    (shown,) = await _shown(session, [row])
    return shown


async def _shown(session: WorkspaceSession, calendars: Sequence[Calendar]) -> list[schemas.Calendar]:
    owners = await people_by_id(session, [row.owner_id for row in calendars]) if calendars else {}
    return [schemas.Calendar.of(row, owners[row.owner_id]) for row in calendars]
