"""Action links over HTTP."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Select
from sqlmodel import col, select

from api import models
from api.action_links import schemas, service
from api.action_links.occasions import NothingLeftToDo, PersonDoesNotFit
from api.action_links.service import VALID_AT_MOST, ExpiryNotPossible
from api.domain.vocabulary import ActionLinkState
from api.people.contact import DoNotContact
from api.people.queries import people_by_id
from api.people.service import PersonAnonymized
from api.platform import idempotency, rows
from api.platform.deps import Configured, Reading, Tag, Writing
from api.platform.idempotency import SecretAlreadyShown
from api.platform.ids import ActionLinkId, WrongIdKind, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.sessions import WorkspaceSession
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/action_links", tags=["action_links"], route_class=ServiceRoute)

ORDERS = Orders("action_links", {"created_at": datetime}, default="created_at desc")


@router.get("")
async def action_links_list(
    query: Annotated[schemas.ActionLinksQuery, Query()], session: Reading, following: Following
) -> schemas.ActionLinkList:
    """List links, those that work no more too, without their addresses."""
    now = await session.now()
    order = ORDERS.parse(query.order_by)
    page = await fetch_page(session, models.ActionLink, _wanted(query, now), query, order=order)
    following(page)
    people = await people_by_id(session, [row.person_id for row in page.rows])
    data = [schemas.ActionLink.of(row, people[row.person_id].name, now=now) for row in page.rows]
    return schemas.ActionLinkList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


def _wanted(query: schemas.ActionLinksQuery, now: datetime) -> Select[models.ActionLink]:
    link = models.ActionLink
    wanted = select(link)
    if query.person is not None:
        wanted = wanted.where(col(link.person_id) == query.person)
    if query.application is not None:
        wanted = wanted.where(col(link.application_id) == query.application)
    if query.purpose is not None:
        wanted = wanted.where(col(link.purpose) == query.purpose)
    match query.state:
        case None:
            return wanted
        case ActionLinkState.EXPIRED:
            return wanted.where(col(link.state) == ActionLinkState.OPEN, col(link.expires_at) <= now)
        case ActionLinkState.OPEN:
            # What works was made not too long ago; so those that expired are not looked through.
            fresh = col(link.created_at) > now - VALID_AT_MOST - timedelta(seconds=1)
            return wanted.where(col(link.state) == ActionLinkState.OPEN, fresh, col(link.expires_at) > now)
        case state:
            return wanted.where(col(link.state) == state)


@router.post(
    "",
    status_code=201,
    responses=responses(
        UnknownReference,
        WrongIdKind,
        PersonDoesNotFit,
        DoNotContact,
        PersonAnonymized,
        ExpiryNotPossible,
        NothingLeftToDo,
        SecretAlreadyShown,
    ),
)
async def action_links_create(
    request: Request, session: Writing, data: schemas.ActionLinkCreate, settings: Configured, tag: Tag
) -> schemas.ActionLinkWithUrl:
    """Make a link by which one person can do one thing, without an account. You send it; nothing is sent by us.

    This answer alone shows its `url`. It is stored nowhere: the same request again is answered `secret_already_shown`,
    with the id of the link in `existing_id`; where the first answer was lost, revoke that one and make another.

    Opening the link changes nothing, so mail scanners may follow it. What the person then does is recorded as theirs:
    an act as `self_reported`, a word of a listener as `confirmed`. A link works until it expires or is revoked, and
    once, but for `record_act`. Nobody gets one who does not want to be contacted.
    """
    person = await service.lock_person(session, data.person)
    now = await session.now()
    row, token = await service.create(session, person, data, now=now)
    link_id = encode("action_link", row.id)
    idempotency.keep_secret(request, link_id)
    tag.created(f"/v1/action_links/{link_id}", row.version)
    public_url = settings.public_url
    return schemas.ActionLinkWithUrl.with_url(row, person.name, public_url=public_url, token=token, now=now)


@router.get("/{action_link_id}", responses=responses(404))
async def action_links_retrieve(action_link_id: ActionLinkId, session: Reading, tag: Tag) -> schemas.ActionLink:
    """Retrieve a link, without its address: whether it works, and what was done by it."""
    row = await rows.find(session, models.ActionLink, action_link_id)
    now = await session.now()
    tag(schemas.version_of(row, now=now))
    return await _shown(session, row, now)


@router.post("/{action_link_id}/revoke", responses=responses(404, 412))
async def action_links_revoke(action_link_id: ActionLinkId, session: Writing, tag: Tag) -> schemas.ActionLink:
    """Let a link work no more, at once. What was done by it stays; one that is used up or expired stays as it is."""
    row = await rows.lock(session, models.ActionLink, action_link_id)
    now = await session.now()
    tag.check(schemas.version_of(row, now=now))
    await service.revoke(session, row, now=now)
    tag(schemas.version_of(row, now=now))
    return await _shown(session, row, now)


async def _shown(session: WorkspaceSession, row: models.ActionLink, now: datetime) -> schemas.ActionLink:
    person = await rows.find(session, models.Person, row.person_id)
    return schemas.ActionLink.of(row, person.name, now=now)
