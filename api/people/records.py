"""Storing what holds of a person from a day on."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from api.models import AffiliationRecord, AvailabilityRecord, Person
from api.people import schemas
from api.people.finding import known_as
from api.people.queries import applications_owing_with_member, applications_relying_on
from api.platform import outbox
from api.platform.moments import planned_day
from api.platform.references import require
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.support.alone import mark_lone_referrals
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
    await mark_reachable_by(session, (await known_as(session, [person.id]))[person.id], now=now)


async def mark_reachable_by(session: WriteSession, known: Collection[UUID], *, now: datetime) -> None:
    """Have whatever may be judged otherwise, now that somebody with these ids may be reached or not, judged again.

    Where they do not want to be contacted, or did not, that is also what they own themselves.
    """
    relying = {*await applications_relying_on(session, known)}
    if await _may_own_otherwise(session, known):
        relying |= {*await applications_owing_with_member(session, known)}
    await mark_for_recheck(session, [*relying], now=now)
    await mark_lone_referrals(session, known, now=now)


async def _may_own_otherwise(session: WriteSession, known: Collection[UUID]) -> bool:
    found = await session.execute(
        text(
            "select exists (select 1 from availability_records where workspace_id = :w and person_id = any(:ids)"
            " and state = 'do_not_contact') or exists (select 1 from people p where p.workspace_id = :w"
            " and p.id = any(:ids) and p.anonymized_at is not null)"
        ),
        {"w": session.workspace.id, "ids": list(known)},
    )
    return bool(found.scalar_one())


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
