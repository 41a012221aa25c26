"""Erasure and disclosure over HTTP."""

from fastapi import APIRouter

from api.models import Person
from api.people.paths import PersonForUpdate
from api.people.queries import dated_records, today
from api.people.records import require_teller
from api.people.schemas import Person as ShownPerson
from api.platform import rows
from api.platform.deps import Administering, Tag, Writing
from api.platform.ids import PersonId
from api.platform.moments import InTheFuture
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute
from api.privacy import audit, notices, schemas, service
from api.privacy.export import read_export
from api.privacy.export_schemas import PersonExport
from api.privacy.subject import load_subject

router = APIRouter(prefix="/v1/people", tags=["people"], route_class=ServiceRoute)


@router.post("/{person_id}/anonymize", responses=responses(404, UnknownReference, 412))
async def people_anonymize(
    person_id: PersonId, session: Administering, tag: Tag, data: schemas.PersonAnonymize | None = None
) -> schemas.AnonymizedPerson:
    """Take everything that says who a person is out of the workspace; scope `admin`. There is no way back.

    Name, address, labels and free text go. Ids, dates, counts and levels stay, for every past moment too. Copies that
    name the person (events, messages of connected systems, remembered answers) are redacted in the background:
    `erasure` says how far that is. Calling it again writes nothing.
    """
    people = {each.id: each for each in await service.lock_same(session, person_id)}
    person = people[person_id]
    tag.check(person.version)
    given = data or schemas.PersonAnonymize()
    await require_teller(session, given.recorded_by)
    now = await session.now()
    erasure = await service.anonymize(session, person, now=now, recorded_by=given.recorded_by, reason=given.reason)
    tag(person.version)
    records = (await dated_records(session, [person.id]))[person.id]
    members = ShownPerson.members(person, records, await today(session, now))
    return schemas.AnonymizedPerson(**members, erasure=schemas.Erasure.of(erasure))


@router.get("/{person_id}/export", responses=responses(404))
async def people_export(person_id: PersonId, session: Administering) -> PersonExport:
    """Everything that is recorded about a person, for them; scope `admin`.

    Opinions are personal data of the person they describe, and are part of it. So that it can be told later who was
    given what, each call is recorded in the audit; nothing else is written, and the same call may be repeated.
    """
    person = await rows.find(session, Person, person_id)
    now = await session.now()
    audit.record(session, person.id, audit.EXPORTED, now=now)
    await session.flush()
    sections, truncated = await read_export(session, await load_subject(session, person.id))
    records = (await dated_records(session, [person.id]))[person.id]
    shown = ShownPerson.of(person, records, await today(session, now))
    return PersonExport.model_validate({"exported_at": now, "person": shown, "truncated": truncated, **sections})


@router.post("/{person_id}/record_notice", responses=responses(404, InTheFuture, UnknownReference, 412))
async def people_record_notice(
    person: PersonForUpdate, session: Writing, tag: Tag, data: schemas.PersonRecordNotice | None = None
) -> ShownPerson:
    """Record that a person was told that data about them is kept here.

    Due a month after somebody else first told us of them: see `notice_due_at`. What was recorded first stands.
    """
    given = data or schemas.PersonRecordNotice()
    await require_teller(session, given.recorded_by)
    now = await session.now()
    await notices.record_notice(session, person, given, now=now)
    tag(person.version)
    records = (await dated_records(session, [person.id]))[person.id]
    return ShownPerson.of(person, records, await today(session, now))
