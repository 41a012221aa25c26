"""Storing what holds of a person from a day on."""

from datetime import date, datetime
from uuid import UUID

from api.models import AffiliationRecord, AvailabilityRecord, Person
from api.people import schemas
from api.people.finding import known_as
from api.people.queries import applications_relying_on
from api.platform import outbox
from api.platform.moments import planned_day
from api.platform.references import require
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.support.service import mark_for_recheck


async def record_affiliation(
    session: WriteSession, person: Person, data: schemas.AffiliationCreate, *, today: date, now: datetime
) -> AffiliationRecord:
    """Record the locked person's tie to the company from a day on. Raises UnknownReference, TooFarAhead, TooLongAgo."""
    await require_teller(session, data.recorded_by)
    row = AffiliationRecord(
        person_id=person.id,
        affiliation=data.affiliation,
        effective_on=planned_day(data.effective_on, today, "#/effective_on"),
        recorded_by=data.recorded_by,
        recorded_at=now,
    )
    await store(session, person, row, now=now)
    return row


async def require_teller(session: WriteSession, recorded_by: UUID | None) -> None:
    """Whoever is named as having told us must be a person of the workspace; raises UnknownReference."""
    if recorded_by is not None:
        await require(session, Person, recorded_by, "#/recorded_by")


async def store(
    session: WriteSession, person: Person, *rows: AvailabilityRecord | AffiliationRecord, now: datetime
) -> None:
    """Add records, raise the person's version, and have the applications that rely on the person judged again."""
    touch(person, now=now)
    for row in rows:
        session.add(row)
        say_recorded(session, person, row, now=now)
    await session.flush()
    known = (await known_as(session, [person.id]))[person.id]
    await mark_for_recheck(session, await applications_relying_on(session, known), now=now)


def say_recorded(
    session: WriteSession, person: Person, row: AvailabilityRecord | AffiliationRecord, *, now: datetime
) -> None:
    """Record the event of a dated record."""
    shown: schemas.AvailabilityRecord | schemas.AffiliationRecord
    if isinstance(row, AvailabilityRecord):
        event_type, shown = "person.availability.recorded", schemas.AvailabilityRecord.of(row)
    else:
        event_type, shown = "person.affiliation.recorded", schemas.AffiliationRecord.of(row)
    outbox.record(
        session,
        event_type,
        subject=("person", person.id),
        version=person.version,
        occurred_at=now,
        recorded_at=now,
        data=shown.model_dump(mode="json"),
    )
