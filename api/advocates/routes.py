"""Advocates over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import select

from api import models
from api.advocates import schemas, service
from api.advocates.service import AdvocateExists
from api.owed.queries import narrowed, owed_to, owing
from api.owed.schemas import NOTHING, mark
from api.people.queries import people_by_id
from api.people.roles import OwedRolesQuery, person_for_role
from api.people.service import PersonExists
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import AdvocateId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.sessions import WorkspaceSession
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/advocates", tags=["advocates"], route_class=ServiceRoute)

ORDERS = Orders("advocates", {"created_at": datetime}, default="created_at desc")


@router.get("")
async def advocates_list(
    query: Annotated[OwedRolesQuery, Query()], session: Reading, following: Following
) -> schemas.AdvocateList:
    """List advocates, the latest first unless `order_by` says otherwise."""
    statement = select(models.Advocate)
    if query.person_id is not None:
        statement = statement.where(models.Advocate.person_id == query.person_id)
    order = ORDERS.parse(query.order_by)
    wanted, columns = narrowed(statement, models.Advocate, "advocate", query.follow_up_state, order)
    page = await fetch_page(session, models.Advocate, wanted, query, order=order, columns=columns)
    following(page)
    people = await people_by_id(session, [row.person_id for row in page.rows])
    owed = await owed_to(session, [row.id for row in page.rows])
    data = [schemas.AdvocateRow.of(row, people[row.person_id], owed[row.id]) for row in page.rows]
    return schemas.AdvocateList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=responses(AdvocateExists, PersonExists, UnknownReference))
async def advocates_create(session: Writing, data: schemas.AdvocateCreate, tag: Tag) -> schemas.Advocate:
    """Make a person an advocate: a known one by `person_id`, or a new one by `person`.

    Where somebody has the new person's e-mail address already, `person_exists` names them: repeat with `person_id`.
    """
    now = await session.now()
    person = await person_for_role(session, data, now=now)
    advocate = await service.create_advocate(session, person, metadata=data.metadata, now=now)
    tag.created(f"/v1/advocates/{encode('advocate', advocate.id)}", advocate.version)
    return schemas.Advocate.of(advocate, person, NOTHING)


@router.get("/{advocate_id}", responses=responses(404))
async def advocates_retrieve(advocate_id: AdvocateId, session: Reading, tag: Tag) -> schemas.Advocate:
    """Retrieve an advocate."""
    advocate = await rows.find(session, models.Advocate, advocate_id)
    return await _shown(session, advocate, await rows.find(session, models.Person, advocate.person_id), tag)


@router.patch("/{advocate_id}", responses=responses(404, 412))
async def advocates_update(
    advocate_id: AdvocateId, session: Writing, data: schemas.AdvocateUpdate, tag: Tag
) -> schemas.Advocate:
    """Change an advocate's metadata. Name and address belong to the person."""
    advocate = await rows.lock(session, models.Advocate, advocate_id)
    tag.check(advocate.version)
    person = await rows.find(session, models.Person, advocate.person_id)
    await service.update_advocate(session, advocate, person, data, now=await session.now())
    return await _shown(session, advocate, person, tag)


async def _shown(
    session: WorkspaceSession, advocate: models.Advocate, person: models.Person, tag: Tag
) -> schemas.Advocate:
    shown = schemas.Advocate.of(advocate, person, await owing(session, advocate.id))
    tag(advocate.version, mark(shown))
    return shown
