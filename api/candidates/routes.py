"""Candidates over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import select

from api import models
from api.candidates import schemas, service
from api.candidates.service import CandidateExists
from api.people.queries import people_by_id
from api.people.roles import RolesQuery, person_for_role
from api.people.service import PersonExists
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import CandidateId, encode
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/candidates", tags=["candidates"], route_class=ServiceRoute)

ORDERS = Orders("candidates", {"created_at": datetime}, default="created_at desc")


@router.get("")
async def candidates_list(
    query: Annotated[RolesQuery, Query()], session: Reading, following: Following
) -> schemas.CandidateList:
    """List candidates, the latest first unless `order_by` says otherwise."""
    statement = select(models.Candidate)
    if query.person_id is not None:
        statement = statement.where(models.Candidate.person_id == query.person_id)
    page = await fetch_page(session, models.Candidate, statement, query, order=ORDERS.parse(query.order_by))
    following(page)
    people = await people_by_id(session, [row.person_id for row in page.rows])
    data = [schemas.CandidateRow.of(row, people[row.person_id]) for row in page.rows]
    return schemas.CandidateList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=responses(CandidateExists, PersonExists, UnknownReference))
async def candidates_create(session: Writing, data: schemas.CandidateCreate, tag: Tag) -> schemas.Candidate:
    """Make a person a candidate: a known one by `person_id`, or a new one by `person`.

    Where somebody has the new person's e-mail address already, `person_exists` names them: repeat with `person_id`.
    """
    now = await session.now()
    person = await person_for_role(session, data, now=now)
    candidate = await service.create_candidate(session, person, metadata=data.metadata, now=now)
    tag.created(f"/v1/candidates/{encode('candidate', candidate.id)}", candidate.version)
    return schemas.Candidate.of(candidate, person)


@router.get("/{candidate_id}", responses=responses(404))
async def candidates_retrieve(candidate_id: CandidateId, session: Reading, tag: Tag) -> schemas.Candidate:
    """Retrieve a candidate."""
    candidate = await rows.find(session, models.Candidate, candidate_id)
    tag(candidate.version)
    return schemas.Candidate.of(candidate, await rows.find(session, models.Person, candidate.person_id))


@router.patch("/{candidate_id}", responses=responses(404, 412))
async def candidates_update(
    candidate_id: CandidateId, session: Writing, data: schemas.CandidateUpdate, tag: Tag
) -> schemas.Candidate:
    """Change a candidate's metadata. Name and address belong to the person."""
    candidate = await rows.lock(session, models.Candidate, candidate_id)
    tag.check(candidate.version)
    person = await rows.find(session, models.Person, candidate.person_id)
    await service.update_candidate(session, candidate, person, data, now=await session.now())
    tag(candidate.version)
    return schemas.Candidate.of(candidate, person)
