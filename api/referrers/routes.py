"""Referrers over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import select

from api import models
from api.owed.queries import narrowed, owed_to, owing
from api.owed.schemas import NOTHING, mark
from api.people.queries import people_by_id
from api.people.roles import OwedRolesQuery, person_for_role
from api.people.service import PersonExists
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import ReferrerId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.sessions import WorkspaceSession
from api.platform.transactions import ServiceRoute
from api.referrers import schemas, service
from api.referrers.service import ReferrerExists

router = APIRouter(prefix="/v1/referrers", tags=["referrers"], route_class=ServiceRoute)

ORDERS = Orders("referrers", {"created_at": datetime}, default="created_at desc")


@router.get("")
async def referrers_list(
    query: Annotated[OwedRolesQuery, Query()], session: Reading, following: Following
) -> schemas.ReferrerList:
    """List referrers, the latest first unless `order_by` says otherwise."""
    statement = select(models.Referrer)
    if query.person_id is not None:
        statement = statement.where(models.Referrer.person_id == query.person_id)
    order = ORDERS.parse(query.order_by)
    wanted, columns = narrowed(statement, models.Referrer, "referrer", query.follow_up_state, order)
    page = await fetch_page(session, models.Referrer, wanted, query, order=order, columns=columns)
    following(page)
    people = await people_by_id(session, [row.person_id for row in page.rows])
    owed = await owed_to(session, [row.id for row in page.rows])
    data = [schemas.ReferrerRow.of(row, people[row.person_id], owed[row.id]) for row in page.rows]
    return schemas.ReferrerList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=responses(ReferrerExists, PersonExists, UnknownReference))
async def referrers_create(session: Writing, data: schemas.ReferrerCreate, tag: Tag) -> schemas.Referrer:
    """Make a person a referrer: a known one by `person_id`, or a new one by `person`.

    Where somebody has the new person's e-mail address already, `person_exists` names them: repeat with `person_id`.
    """
    now = await session.now()
    person = await person_for_role(session, data, now=now)
    referrer = await service.create_referrer(session, person, metadata=data.metadata, now=now)
    tag.created(f"/v1/referrers/{encode('referrer', referrer.id)}", referrer.version)
    return schemas.Referrer.of(referrer, person, NOTHING)


@router.get("/{referrer_id}", responses=responses(404))
async def referrers_retrieve(referrer_id: ReferrerId, session: Reading, tag: Tag) -> schemas.Referrer:
    """Retrieve a referrer."""
    referrer = await rows.find(session, models.Referrer, referrer_id)
    return await _shown(session, referrer, await rows.find(session, models.Person, referrer.person_id), tag)


@router.patch("/{referrer_id}", responses=responses(404, 412))
async def referrers_update(
    referrer_id: ReferrerId, session: Writing, data: schemas.ReferrerUpdate, tag: Tag
) -> schemas.Referrer:
    """Change a referrer's metadata. Name and address belong to the person."""
    referrer = await rows.lock(session, models.Referrer, referrer_id)
    tag.check(referrer.version)
    person = await rows.find(session, models.Person, referrer.person_id)
    await service.update_referrer(session, referrer, person, data, now=await session.now())
    return await _shown(session, referrer, person, tag)


async def _shown(
    session: WorkspaceSession, referrer: models.Referrer, person: models.Person, tag: Tag
) -> schemas.Referrer:
    shown = schemas.Referrer.of(referrer, person, await owing(session, referrer.id))
    tag(referrer.version, mark(shown))
    return shown
