"""A person leaves the company: who can, and the two records that say so."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from api.domain.errors import Conflict
from api.domain.people import affiliation_on, holding
from api.domain.vocabulary import Affiliation, Availability
from api.models import AffiliationRecord, AvailabilityRecord, Person
from api.people import schemas
from api.people.consequences import NO_CONSEQUENCES, PersonLeft, consequences_of
from api.people.finding import known_as
from api.people.queries import (
    DatedRecords,
    affiliation_fact,
    affiliation_records,
    availability_fact,
    availability_records,
)
from api.people.records import require_teller, store
from api.platform.moments import planned_day
from api.platform.sessions import WriteSession


class LeavingNotPossible(Conflict):
    """Only an employee, or somebody whose tie to the company is unknown, can leave it; `affiliation` says what holds.

    Record the affiliation first if it is wrong.
    """

    code = "leaving_not_possible"
    title = "This person is not in the company"


async def leave(
    session: WriteSession, person: Person, data: schemas.PersonLeave, *, today: date, now: datetime
) -> PersonLeft:
    """Record that the locked person leaves the company: `left`, and `alumnus` from the same day.

    Where both hold on that day already nothing is written. Raises LeavingNotPossible, TooFarAhead.
    """
    await require_teller(session, data.recorded_by)
    effective_on = planned_day(data.effective_on, today, "#/effective_on")
    known = (await known_as(session, [person.id]))[person.id]
    stays, ties = await availability_records(session, known), await affiliation_records(session, known)
    if (already := _already_left(stays, ties, effective_on)) is not None:
        return already
    check_can_leave(ties, effective_on)
    left, alumnus = _leaving(person, data.recorded_by, effective_on=effective_on, now=now)
    added = DatedRecords((availability_fact(left),), (affiliation_fact(alumnus),))
    consequences = await consequences_of(session, person.id, added, effective_on=effective_on, now=now)
    await store(session, person, left, alumnus, now=now)
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


def check_can_leave(ties: Sequence[AffiliationRecord], day: date) -> None:
    """Raise LeavingNotPossible unless these ties make somebody an employee on that day, or leave it unknown."""
    affiliation = affiliation_on(map(affiliation_fact, ties), day)
    if affiliation not in (None, Affiliation.EMPLOYEE):
        raise LeavingNotPossible(
            f"On {day} this person is '{affiliation}'; only an employee can leave.", affiliation=affiliation
        )
