"""Recording contact between people, and that it did not arrive or did not happen."""

from datetime import datetime
from uuid import UUID

from api.captures.interactions import become_interaction
from api.domain.errors import InvalidStateTransition, Unprocessable
from api.domain.sensitive import sensitive_hints
from api.domain.vocabulary import Direction
from api.interactions import queries, schemas
from api.interactions.paths import LockedInteraction, Place
from api.models import Application, Interaction, Person
from api.people.finding import known_as, present
from api.people.queries import today
from api.platform import outbox
from api.platform.moments import occurred
from api.platform.references import require, require_all
from api.platform.sessions import WriteSession
from api.support.service import announce

COUNTERPART_NO_MEMBER = "counterpart_no_member"


async def record_interaction(
    session: WriteSession, place: Place, data: schemas.InteractionCreate
) -> schemas.InteractionRecorded:
    """Record a contact, complete the capture that it was, and announce what it closes.

    Raises InTheFuture, UnknownReference, and Unprocessable for a contact of somebody with themself.
    """
    application, now = place.application, place.now
    occurred_at = occurred(data.occurred_at, now, "#/occurred_at")
    person, counterpart = await _people(session, data)
    row = _row(data, person, counterpart, occurred_at=occurred_at, now=now)
    row.is_hiring_side = await _is_hiring_side(session, application, row)
    session.add(row)
    await session.flush()
    _say(session, "interaction.recorded", row, occurred_at=occurred_at, now=now)
    if place.capture is not None:
        await become_interaction(session, place.capture, row)
    if application is not None:
        await announce(session, application, now=now)
    members = schemas.Interaction.members(row, person, counterpart)
    return schemas.InteractionRecorded(**members, warnings=[*_warnings(row), *sensitive_hints(data.note)])


def _warnings(row: Interaction) -> list[str]:
    """That what looks like a contact with the hiring side is none."""
    reaches_person = row.direction is not Direction.FROM_PERSON and not row.is_automatic
    is_of_others = row.application_id is not None and not row.is_hiring_side
    return [COUNTERPART_NO_MEMBER] if is_of_others and reaches_person else []


async def bounce(session: WriteSession, locked: LockedInteraction, data: schemas.InteractionSaid) -> None:
    """Record that the contact did not arrive: from now on it is none. Writes nothing where that is known.

    Raises InvalidStateTransition for one that was taken back, and UnknownReference.
    """
    row = locked.row
    await require(session, Person, data.recorded_by, "#/recorded_by")
    if row.bounced_at is not None:
        return
    if row.retracted_at is not None:
        raise InvalidStateTransition("bounce", current_state="retracted", allowed=[])
    row.bounced_at, row.bounced_by = locked.now, data.recorded_by
    await _take_out(session, "interaction.bounced", locked)


async def retract(session: WriteSession, locked: LockedInteraction, data: schemas.InteractionSaid) -> None:
    """Take the contact back, for good. Writes nothing where that was done. Raises UnknownReference."""
    row = locked.row
    await require(session, Person, data.recorded_by, "#/recorded_by")
    if row.retracted_at is not None:
        return
    row.retracted_at, row.retracted_by = locked.now, data.recorded_by
    await _take_out(session, "interaction.retracted", locked)


async def _take_out(session: WriteSession, event_type: str, locked: LockedInteraction) -> None:
    """Announce what comes back now that the contact is one no longer."""
    await session.flush()
    _say(session, event_type, locked.row, occurred_at=locked.now, now=locked.now)
    if locked.application is not None:
        await announce(session, locked.application, now=locked.now)


async def _people(session: WriteSession, data: schemas.InteractionCreate) -> tuple[Person, Person | None]:
    """The two who took part, merges followed."""
    named = {"#/person_id": data.person_id, "#/recorded_by": data.recorded_by}
    if data.counterpart_id is not None:
        named["#/counterpart_id"] = data.counterpart_id
    people = await require_all(session, Person, named)
    person = await present(session, people[data.person_id])
    if data.counterpart_id is None:
        return person, None
    counterpart = await present(session, people[data.counterpart_id])
    if counterpart.id == person.id:
        raise Unprocessable("Nobody is in contact with themself; name two people.", pointer="#/counterpart_id")
    return person, counterpart


async def _is_hiring_side(session: WriteSession, application: Application | None, row: Interaction) -> bool:
    """Whether it was with the hiring side: with nobody named, or with a member of the job on that day.

    That the person is a member, too, as colleagues of the team who support a candidate are, changes nothing: what is
    owed to them as supporters is done by a contact like anybody's.
    """
    if application is None:
        return False
    if row.counterpart_id is None:
        return True
    known: dict[UUID, list[UUID]] = await known_as(session, [row.counterpart_id])
    day = await today(session, row.occurred_at)
    return await queries.was_member(session, application.job_id, known[row.counterpart_id], day)


def _row(
    data: schemas.InteractionCreate,
    person: Person,
    counterpart: Person | None,
    *,
    occurred_at: datetime,
    now: datetime,
) -> Interaction:
    same = ("application_id", "capture_id", "kind", "direction", "channel", "source_url", "note", "recorded_by")
    return Interaction(
        **{name: getattr(data, name) for name in same},
        person_id=person.id,
        counterpart_id=counterpart.id if counterpart else None,
        is_automatic=data.automatic,
        is_hiring_side=False,
        labels=data.metadata,
        occurred_at=occurred_at,
        recorded_at=now,
    )


def _say(session: WriteSession, event_type: str, row: Interaction, *, occurred_at: datetime, now: datetime) -> None:
    outbox.record(
        session,
        event_type,
        subject=("interaction", row.id),
        version=None,
        application_id=row.application_id,
        occurred_at=occurred_at,
        recorded_at=now,
        data=schemas.event_data(row),
    )
