"""Recording what holds of a person from a day on: availability and affiliation, and both at once when they leave."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from api.domain.errors import Conflict, Unprocessable
from api.domain.people import affiliation_on, holding
from api.domain.vocabulary import Affiliation, Availability
from api.models import AffiliationRecord, AvailabilityRecord, Person
from api.people import schemas
from api.people.consequences import NO_CONSEQUENCES, AvailabilityRecorded, PersonLeft, consequences_of
from api.people.queries import (
    DatedRecords,
    affiliation_fact,
    affiliation_records,
    applications_relying_on,
    availability_fact,
    availability_records,
)
from api.platform import outbox
from api.platform.references import require
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.support.service import mark_for_recheck


class LeavingNotPossible(Conflict):
    """Only an employee, or somebody whose tie to the company is unknown, can leave it; `affiliation` says what holds.

    Record the affiliation first if it is wrong.
    """

    code = "leaving_not_possible"
    title = "This person is not in the company"


class DoNotContactStands(Conflict):
    """The person does not want to be contacted, and only their own word ends that.

    Send `recorded_by` with the person's id, or `is_own_word` where somebody passes their word on.
    """

    code = "do_not_contact_stands"
    title = "The person does not want to be contacted"


async def record_availability(
    session: WriteSession, person: Person, data: schemas.AvailabilityCreate, *, today: date, now: datetime
) -> AvailabilityRecorded:
    """Record the locked person's availability from a day on; raises LeavingNotPossible or DoNotContactStands."""
    await _require_teller(session, data.recorded_by)
    row = AvailabilityRecord(
        person_id=person.id,
        state=data.state,
        effective_on=data.effective_on or today,
        until=data.until,
        is_own_word=data.is_own_word or data.recorded_by == person.id,
        recorded_by=data.recorded_by,
        recorded_at=now,
    )
    _check_until(row)
    if row.state is Availability.LEFT:
        _check_can_leave(await affiliation_records(session, [person.id]), row.effective_on)
    _check_wish(await availability_records(session, [person.id]), row)
    added = DatedRecords(availability=(availability_fact(row),))
    consequences = await consequences_of(session, person.id, added, effective_on=row.effective_on, now=now)
    await _store(session, person, row, now=now)
    return AvailabilityRecorded(availability=schemas.AvailabilityRecord.of(row), consequences=consequences)


async def record_affiliation(
    session: WriteSession, person: Person, data: schemas.AffiliationCreate, *, today: date, now: datetime
) -> AffiliationRecord:
    """Record the locked person's tie to the company from a day on."""
    await _require_teller(session, data.recorded_by)
    row = AffiliationRecord(
        person_id=person.id,
        affiliation=data.affiliation,
        effective_on=data.effective_on or today,
        recorded_by=data.recorded_by,
        recorded_at=now,
    )
    await _store(session, person, row, now=now)
    return row


async def leave(
    session: WriteSession, person: Person, data: schemas.PersonLeave, *, today: date, now: datetime
) -> PersonLeft:
    """Record that the locked person leaves the company: `left`, and `alumnus` from the same day.

    Where both hold on that day already nothing is written. Raises LeavingNotPossible.
    """
    await _require_teller(session, data.recorded_by)
    effective_on = data.effective_on or today
    stays, ties = await availability_records(session, [person.id]), await affiliation_records(session, [person.id])
    if (already := _already_left(stays, ties, effective_on)) is not None:
        return already
    _check_can_leave(ties, effective_on)
    left, alumnus = _leaving(person, data.recorded_by, effective_on=effective_on, now=now)
    added = DatedRecords((availability_fact(left),), (affiliation_fact(alumnus),))
    consequences = await consequences_of(session, person.id, added, effective_on=effective_on, now=now)
    await _store(session, person, left, alumnus, now=now)
    return PersonLeft(
        availability=schemas.AvailabilityRecord.of(left),
        affiliation=schemas.AffiliationRecord.of(alumnus),
        consequences=consequences,
    )


def _leaving(
    person: Person, recorded_by: UUID | None, *, effective_on: date, now: datetime
) -> tuple[AvailabilityRecord, AffiliationRecord]:
    left = AvailabilityRecord(
        person_id=person.id,
        state=Availability.LEFT,
        effective_on=effective_on,
        is_own_word=recorded_by == person.id,
        recorded_by=recorded_by,
        recorded_at=now,
    )
    alumnus = AffiliationRecord(
        person_id=person.id,
        affiliation=Affiliation.ALUMNUS,
        effective_on=effective_on,
        recorded_by=recorded_by,
        recorded_at=now,
    )
    return left, alumnus


def _already_left(
    stays: Sequence[AvailabilityRecord], ties: Sequence[AffiliationRecord], day: date
) -> PersonLeft | None:
    stay, tie = holding(map(availability_fact, stays), day), holding(map(affiliation_fact, ties), day)
    if stay is None or stay.state is not Availability.LEFT or tie is None or tie.affiliation is not Affiliation.ALUMNUS:
        return None
    left = next(row for row in stays if row.id == stay.id)
    alumnus = next(row for row in ties if row.id == tie.id)
    return PersonLeft(
        availability=schemas.AvailabilityRecord.of(left),
        affiliation=schemas.AffiliationRecord.of(alumnus),
        consequences=NO_CONSEQUENCES,
    )


async def _require_teller(session: WriteSession, recorded_by: UUID | None) -> None:
    if recorded_by is not None:
        await require(session, Person, recorded_by, "#/recorded_by")


def _check_until(row: AvailabilityRecord) -> None:
    if row.until is None:
        return
    if row.state is not Availability.AWAY:
        raise Unprocessable("Only 'away' has an 'until'; leave it out.", pointer="#/until")
    if row.until <= row.effective_on:
        raise Unprocessable("'until' is the first day back; send a day after 'effective_on'.", pointer="#/until")


def _check_can_leave(ties: Sequence[AffiliationRecord], day: date) -> None:
    affiliation = affiliation_on(map(affiliation_fact, ties), day)
    if affiliation not in (None, Affiliation.EMPLOYEE):
        raise LeavingNotPossible(
            f"On {day} this person is '{affiliation}'; only an employee can leave.", affiliation=affiliation
        )


def _check_wish(stays: Sequence[AvailabilityRecord], row: AvailabilityRecord) -> None:
    # An absence with an end makes a person available by itself on that day.
    makes_available = row.state is Availability.AVAILABLE or row.until is not None
    if makes_available and not row.is_own_word and _wish_stands(stays, row.effective_on):
        raise DoNotContactStands("Only the person's own word ends 'do_not_contact'.")


def _wish_stands(stays: Sequence[AvailabilityRecord], day: date) -> bool:
    """Whether the person's wish not to be contacted stands on a day, whatever was recorded about them since."""
    words = (
        availability_fact(row)
        for row in stays
        if row.state is Availability.DO_NOT_CONTACT or (row.state is Availability.AVAILABLE and row.is_own_word)
    )
    last = holding(words, day)
    return last is not None and last.state is Availability.DO_NOT_CONTACT


async def _store(
    session: WriteSession, person: Person, *rows: AvailabilityRecord | AffiliationRecord, now: datetime
) -> None:
    """Add records, raise the person's version, and have the applications that rely on the person judged again."""
    touch(person, now=now)
    for row in rows:
        session.add(row)
        say_recorded(session, person, row, now=now)
    await session.flush()
    await mark_for_recheck(session, await applications_relying_on(session, person.id), now=now)


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
