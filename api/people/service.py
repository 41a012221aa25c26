"""Making people known and changing who they are."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from api.domain.errors import Conflict
from api.models import Advocate, AffiliationRecord, Candidate, Person, Referrer
from api.people import schemas
from api.people.finding import known_as, name_key, present
from api.people.queries import (
    DatedRecords,
    affiliation_fact,
    applications_naming,
    applications_owing_with_member,
    dated_records,
)
from api.people.records import say_recorded
from api.platform import outbox
from api.platform.ids import encode
from api.platform.moments import planned_day
from api.platform.revisions import revise
from api.platform.schemas import normalise_email
from api.platform.sessions import WriteSession
from api.platform.uniqueness import Taken, unique
from api.support.service import mark_for_recheck

EMAIL = "uq_people_email_normalised"


class PersonExists(Conflict):
    """A person of the workspace has this e-mail address already; `existing_id` names them.

    Addresses are compared ignoring case. Where a role was to be made, repeat with `person_id`.
    """

    code = "person_exists"
    title = "A person with this e-mail address exists"


class PersonAnonymized(Conflict):
    """The person was anonymised, which is for good: nothing that says who they were is recorded again."""

    code = "person_anonymized"
    title = "The person was anonymised"


class KnownPerson(NamedTuple):
    """A person and what was recorded about them."""

    person: Person
    records: DatedRecords


async def create_person(
    session: WriteSession, data: schemas.PersonCreate, *, today: date, now: datetime, pointer: str = "#"
) -> KnownPerson:
    """Make a person known, with their tie to the company if it is given.

    Raises PersonExists at the address; `pointer` says where in the body the person stands.
    """
    person = Person(
        name=data.name,
        email=data.email,
        email_normalised=_normalised(data.email),
        name_key=name_key(data.name),
        time_zone=data.time_zone,
        labels=data.metadata,
        created_at=now,
        updated_at=now,
    )
    try:
        async with unique(session, EMAIL):
            session.add(person)
    except Taken:
        raise await _person_exists(session, data.email, pointer=f"{pointer}/email") from None
    tie = _first_tie(person, data.affiliation, f"{pointer}/affiliation", today=today, now=now)
    records = DatedRecords(affiliations=(affiliation_fact(tie),) if tie else ())
    known = KnownPerson(person, records)
    _say(session, "person.created", known, today=today, now=now)
    if tie is not None:
        session.add(tie)
        say_recorded(session, person, tie, now=now)
        await session.flush()
    return known


def _first_tie(
    person: Person, data: schemas.FirstAffiliation | None, pointer: str, *, today: date, now: datetime
) -> AffiliationRecord | None:
    if data is None:
        return None
    effective_on = planned_day(data.effective_on, today, f"{pointer}/effective_on")
    return AffiliationRecord(
        person_id=person.id, affiliation=data.affiliation, effective_on=effective_on, recorded_at=now
    )


async def update_person(
    session: WriteSession, person: Person, data: schemas.PersonUpdate, *, today: date, now: datetime
) -> KnownPerson:
    """Change what is known of the locked person; raises PersonAnonymized and PersonExists.

    Whatever shows the name elsewhere follows: the person's roles at once, applications within seconds. So does what
    the person owes, when their working hours move with the time zone.
    """
    if person.anonymized_at is not None:
        raise PersonAnonymized("The person was anonymised; make a new one for somebody else.")
    known = KnownPerson(person, (await dated_records(session, [person.id]))[person.id])
    changes = data.changes()
    email = changes.get("email")
    try:
        async with unique(session, EMAIL):
            previous = revise(person, _columns(changes), now=now)
    except Taken:
        raise await _person_exists(session, email, pointer="#/email") from None
    previous.pop("email_normalised", None)
    previous.pop("name_key", None)
    if not previous:
        return known
    if previous.keys() & {"name", "email"}:
        await _show_in_roles(session, person.id, now=now)
    if "name" in previous:
        await mark_for_recheck(session, await applications_naming(session, person.id), now=now)
    if "time_zone" in previous:
        known_by = (await known_as(session, [person.id]))[person.id]
        await mark_for_recheck(session, await applications_owing_with_member(session, known_by), now=now)
    _say(session, "person.updated", known, today=today, now=now, previous=previous)
    return known


def _columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    columns = dict(changes)
    if "email" in changes:
        columns["email_normalised"] = _normalised(changes["email"])
    if "name" in changes:
        columns["name_key"] = name_key(changes["name"])
    return columns


def _normalised(email: str | None) -> str | None:
    return None if email is None else normalise_email(email)


async def _person_exists(session: WriteSession, email: str | None, *, pointer: str) -> PersonExists:
    statement = select(Person).where(Person.email_normalised == _normalised(email))
    existing = await present(session, (await session.execute(statement)).scalar_one())
    return PersonExists(
        "There is a person with this e-mail address.", pointer=pointer, existing_id=encode("person", existing.id)
    )


async def _show_in_roles(session: WriteSession, person_id: UUID, *, now: datetime) -> None:
    """Raise the versions of the person's roles, which show name and address."""
    for role in (Candidate, Referrer, Advocate):
        await session.execute(
            update(role)
            .where(col(role.workspace_id) == session.workspace.id, col(role.person_id) == person_id)
            .values(version=role.version + 1, updated_at=now)
        )


def _say(
    session: WriteSession,
    event_type: str,
    known: KnownPerson,
    *,
    today: date,
    now: datetime,
    previous: dict[str, Any] | None = None,
) -> None:
    outbox.record(
        session,
        event_type,
        subject=("person", known.person.id),
        version=known.person.version,
        occurred_at=now,
        recorded_at=now,
        data=schemas.Person.of(known.person, known.records, today).model_dump(mode="json"),
        previous=previous,
    )
