"""People over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from sqlmodel import select

from api.models import AffiliationRecord, AvailabilityRecord, Person
from api.people import availability, leaving, queries, records, schemas, service
from api.people.availability import DoNotContactStands
from api.people.consequences import AvailabilityRecorded, PersonLeft
from api.people.leaving import LeavingNotPossible
from api.people.paths import PersonForUpdate, PersonFromPath
from api.people.service import PersonAnonymized, PersonExists
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import encode
from api.platform.listing import Following, fetch_page
from api.platform.moments import TooFarAhead
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import ListQuery
from api.platform.references import UnknownReference
from api.platform.schemas import EmailAddress, Moment, normalise_email
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/people", tags=["people"], route_class=ServiceRoute)

ORDERS = Orders("people", {"created_at": datetime, "updated_at": datetime}, default="created_at desc")
AVAILABILITY_ORDER = Orders("availability", {"recorded_at": datetime}, default="recorded_at desc").parse(None)
AFFILIATIONS_ORDER = Orders("affiliations", {"recorded_at": datetime}, default="recorded_at desc").parse(None)


DUE_NOTICE = Orders("people_due_notice", {"notice_due_at": datetime}, default="notice_due_at")


class PeopleQuery(ListQuery):
    """Which people, in which order."""

    email: EmailAddress | SkipJsonSchema[None] = Field(
        default=None, description="Only the person with this address, ignoring case."
    )
    notice_due_before: Moment | SkipJsonSchema[None] = Field(
        default=None,
        description="Only those who are to be told before this moment that data about them is kept, and were not told.",
    )
    order_by: str | SkipJsonSchema[None] = Field(
        default=None,
        max_length=200,
        description="`created_at` or `updated_at`, with ` desc` after it for the latest first; with "
        "`notice_due_before` only `notice_due_at`, which is the default then.",
        examples=["updated_at desc"],
    )


@router.get("")
async def people_list(
    query: Annotated[PeopleQuery, Query()], session: Reading, following: Following
) -> schemas.PersonList:
    """List people, the latest first unless `order_by` says otherwise."""
    statement = select(Person)
    if query.email is not None:
        statement = statement.where(Person.email_normalised == normalise_email(query.email))
    orders = ORDERS
    if query.notice_due_before is not None:
        orders = DUE_NOTICE
        statement = statement.where(*queries.owed_notice(query.notice_due_before))
    page = await fetch_page(session, Person, statement, query, order=orders.parse(query.order_by))
    following(page)
    known = await queries.dated_records(session, [row.id for row in page.rows])
    today = await queries.today(session, await session.now())
    data = [schemas.PersonRow.of(row, known[row.id], today) for row in page.rows]
    return schemas.PersonList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=responses(PersonExists))
async def people_create(session: Writing, data: schemas.PersonCreate, tag: Tag) -> schemas.Person:
    """Make a person known to the workspace.

    People are matched by e-mail address, ignoring case; a name is only a hint. A person may then be a candidate, a
    referrer, an advocate, or several of these.
    """
    now = await session.now()
    today = await queries.today(session, now)
    person, known = await service.create_person(session, data, today=today, now=now)
    tag.created(f"/v1/people/{encode('person', person.id)}", person.version)
    return schemas.Person.of(person, known, today)


@router.get("/{person_id}", responses=responses(404))
async def people_retrieve(person: PersonFromPath, session: Reading, response: Response) -> schemas.Person:
    """Retrieve a person, with the tie to the company and the availability of today and what is planned."""
    # Days change the answer without raising the version, so If-None-Match is not honoured here.
    response.headers["ETag"] = f'"{person.version}"'
    known = await queries.dated_records(session, [person.id])
    return schemas.Person.of(person, known[person.id], await queries.today(session, await session.now()))


@router.patch("/{person_id}", responses=responses(404, PersonAnonymized, PersonExists, 412))
async def people_update(
    person: PersonForUpdate, session: Writing, data: schemas.PersonUpdate, tag: Tag
) -> schemas.Person:
    """Change a person's name, e-mail address, time zone or metadata.

    Lists of applications show a new name within seconds, and what the person owes keeps the new working hours.
    """
    now = await session.now()
    today = await queries.today(session, now)
    changed, known = await service.update_person(session, person, data, today=today, now=now)
    tag(changed.version)
    return schemas.Person.of(changed, known, today)


@router.get("/{person_id}/availability", responses=responses(404))
async def people_list_availability(
    person: PersonFromPath, query: Annotated[ListQuery, Query()], session: Reading, following: Following
) -> schemas.AvailabilityList:
    """List a person's availability records, the latest recorded first. Records are never edited."""
    statement = select(AvailabilityRecord).where(AvailabilityRecord.person_id == person.id)
    within = {"person": str(person.id)}
    page = await fetch_page(session, AvailabilityRecord, statement, query, order=AVAILABILITY_ORDER, within=within)
    following(page)
    data = [schemas.AvailabilityRecord.of(row) for row in page.rows]
    return schemas.AvailabilityList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post(
    "/{person_id}/availability",
    status_code=201,
    responses=responses(404, DoNotContactStands, LeavingNotPossible, TooFarAhead, UnknownReference, 412),
)
async def people_record_availability(
    person: PersonForUpdate, session: Writing, data: schemas.AvailabilityCreate, tag: Tag
) -> AvailabilityRecorded:
    """Record a person's availability from a day on, past or future.

    The record with the latest `effective_on` by a day holds on that day; of two with the same day, the later recorded.
    `left` is for employees and people whose tie is unknown. `do_not_contact` is the person's wish, recorded by anybody,
    and ended only by the person's own word. The answer lists what the record does to applications, and which follow-ups
    arise.
    """
    now = await session.now()
    today = await queries.today(session, now)
    recorded = await availability.record_availability(session, person, data, today=today, now=now)
    tag.created(f"/v1/people/{encode('person', person.id)}/availability")
    return recorded


@router.get("/{person_id}/affiliations", responses=responses(404))
async def people_list_affiliations(
    person: PersonFromPath, query: Annotated[ListQuery, Query()], session: Reading, following: Following
) -> schemas.AffiliationList:
    """List a person's ties to the company, the latest recorded first. Records are never edited."""
    statement = select(AffiliationRecord).where(AffiliationRecord.person_id == person.id)
    within = {"person": str(person.id)}
    page = await fetch_page(session, AffiliationRecord, statement, query, order=AFFILIATIONS_ORDER, within=within)
    following(page)
    data = [schemas.AffiliationRecord.of(row) for row in page.rows]
    return schemas.AffiliationList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post("/{person_id}/affiliations", status_code=201, responses=responses(404, UnknownReference, 412))
async def people_record_affiliation(
    person: PersonForUpdate, session: Writing, data: schemas.AffiliationCreate, tag: Tag
) -> schemas.AffiliationRecord:
    """Record a person's tie to the company from a day on, past or future. The latest by a day holds on it."""
    now = await session.now()
    today = await queries.today(session, now)
    row = await records.record_affiliation(session, person, data, today=today, now=now)
    tag.created(f"/v1/people/{encode('person', person.id)}/affiliations")
    return schemas.AffiliationRecord.of(row)


@router.post("/{person_id}/leave", responses=responses(404, LeavingNotPossible, TooFarAhead, UnknownReference, 412))
async def people_leave(
    person: PersonForUpdate, session: Writing, data: schemas.PersonLeave | None = None
) -> PersonLeft:
    """Record that a person leaves the company: availability `left`, and affiliation `alumnus` from the same day.

    The answer lists the open applications that lose by it, before it happens, and which follow-ups arise. Where both
    hold already on that day, nothing is written.
    """
    now = await session.now()
    today = await queries.today(session, now)
    return await leaving.leave(session, person, data or schemas.PersonLeave(), today=today, now=now)
