"""Recording whether a person can be relied on and contacted, from a day on."""

from collections.abc import Sequence
from datetime import date, datetime

from api.domain.errors import Conflict, Unprocessable
from api.domain.people import holding
from api.domain.vocabulary import Availability
from api.models import AvailabilityRecord, Person
from api.people import schemas
from api.people.consequences import AvailabilityRecorded, consequences_of
from api.people.finding import known_as
from api.people.leaving import check_can_leave
from api.people.queries import DatedRecords, affiliation_records, availability_fact, availability_records
from api.people.records import require_teller, store
from api.platform.moments import planned_day
from api.platform.sessions import WriteSession


class DoNotContactStands(Conflict):
    """The person does not want to be contacted, and only their own word ends that.

    Send `recorded_by` with the person's id, or `is_own_word` where somebody passes their word on.
    """

    code = "do_not_contact_stands"
    title = "The person does not want to be contacted"


async def record_availability(
    session: WriteSession, person: Person, data: schemas.AvailabilityCreate, *, today: date, now: datetime
) -> AvailabilityRecorded:
    """Record the locked person's availability from a day on, with what it does to applications.

    Raises LeavingNotPossible, DoNotContactStands, TooFarAhead.
    """
    await require_teller(session, data.recorded_by)
    row = AvailabilityRecord(
        person_id=person.id,
        state=data.state,
        effective_on=planned_day(data.effective_on, today, "#/effective_on"),
        until=data.until and planned_day(data.until, today, "#/until"),
        is_own_word=data.is_own_word or data.recorded_by == person.id,
        recorded_by=data.recorded_by,
        recorded_at=now,
    )
    _check_until(row)
    known = (await known_as(session, [person.id]))[person.id]
    if row.state is Availability.LEFT:
        check_can_leave(await affiliation_records(session, known), row.effective_on)
    _check_wish(await availability_records(session, known), row)
    added = DatedRecords(availability=(availability_fact(row),))
    consequences = await consequences_of(session, person.id, added, effective_on=row.effective_on, now=now)
    await store(session, person, row, now=now)
    return AvailabilityRecorded(availability=schemas.AvailabilityRecord.of(row), consequences=consequences)


def _check_until(row: AvailabilityRecord) -> None:
    if row.until is None:
        return
    if row.state is not Availability.AWAY:
        raise Unprocessable("Only 'away' has an 'until'; leave it out.", pointer="#/until")
    if row.until <= row.effective_on:
        raise Unprocessable("'until' is the first day back; send a day after 'effective_on'.", pointer="#/until")


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
