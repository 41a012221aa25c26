"""Anonymising a person: at once what shows them, then in the background whatever else names them.

Nothing is removed by which a level or a number was derived: facts, ids, dates, bases and links between rows stay.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Text, cast, false, or_, update
from sqlmodel import col, select

from api.calendars.service import revoke_all_of
from api.domain.erasure import REMOVED
from api.domain.errors import NotFound
from api.domain.inbound import CaptureState, ErasureState
from api.models import Advocate, Candidate, Capture, ConnectionPerson, Erasure, Person, Referrer
from api.people.finding import known_as
from api.people.records import mark_reachable_by
from api.platform import outbox
from api.platform.ids import encode
from api.platform.revisions import touch
from api.platform.sessions import WorkspaceSession, WriteSession
from api.privacy import audit
from api.privacy.blanking import MOST_ROWS, blank
from api.privacy.needles import Needles, forms_of
from api.privacy.subject import Subject, load_subject

SETTLES_AFTER = timedelta(seconds=30)
"""Whoever read the name before it was removed has finished writing by then: no transaction is given that long."""


async def anonymize(
    session: WriteSession, person: Person, *, now: datetime, recorded_by: UUID | None = None, reason: str | None = None
) -> Erasure:
    """Anonymise the locked person and everybody who is the same by merges; answers how far the erasure is.

    Name, address and labels go at once, as does the free text that hangs on the person by ids, and their calendars stop
    working; within seconds nothing is owed or proposed to them any more. Mentions elsewhere are looked for in the
    background, from half a minute later on. Of somebody who was anonymised before nothing is written. Rows that the
    session has read before may be out of date afterwards, so this is the last thing to be done in it.
    """
    if person.anonymized_at is not None:
        return await erasure_of(session, person.id)
    people = await lock_same(session, person.id)
    subject = await load_subject(session, person.id)
    forms = sorted({form for each in people for form in forms_of(each.name, each.email)})
    blanked = await blank(session, subject, now=now)
    for each in people:
        if each.anonymized_at is None:
            _empty(session, each, now=now)
    await session.flush()
    await _empty_roles(session, subject, now=now)
    await revoke_all_of(session, subject.people, now=now)
    await mark_reachable_by(session, subject.people, now=now)
    await _redact_waiting(session, forms)
    said = None if reason is None else Needles(forms).in_text(reason, is_free=True)
    audit.record(session, person.id, audit.ANONYMIZED, now=now, recorded_by=recorded_by, reason=said)
    erasure = _erasure(person.id, forms, blanked, now=now)
    session.add(erasure)
    await session.flush()
    return erasure


async def erasure_of(session: WorkspaceSession, person_id: UUID) -> Erasure:
    """The latest erasure of an anonymised person, under whichever of their ids it was asked for."""
    same = (await known_as(session, [person_id]))[person_id]
    statement = select(Erasure).where(col(Erasure.person_id).in_(same)).order_by(col(Erasure.requested_at).desc())
    return (await session.execute(statement.limit(1))).scalar_one()


async def lock_same(session: WriteSession, person_id: UUID) -> Sequence[Person]:
    """The person and everybody who is the same by merges, locked in the order of their ids. Raises NotFound."""
    same = (await known_as(session, [person_id])).get(person_id)
    if same is None:
        raise NotFound("There is no such person.")
    statement = select(Person).where(col(Person.id).in_(same)).order_by(col(Person.id)).with_for_update(key_share=True)
    found = await session.execute(statement, execution_options={"populate_existing": True})
    return found.scalars().all()


def _empty(session: WriteSession, person: Person, *, now: datetime) -> None:
    person.name = REMOVED
    person.email = person.email_normalised = person.name_key = None
    person.labels = {}
    person.anonymized_at = now
    touch(person, now=now)
    outbox.record(
        session,
        "person.anonymized",
        subject=("person", person.id),
        version=person.version,
        occurred_at=now,
        recorded_at=now,
        data={"id": encode("person", person.id), "object": "person", "anonymized_at": outbox.moment(now)},
    )


async def _empty_roles(session: WriteSession, subject: Subject, *, now: datetime) -> None:
    """Labels of the person's roles, and what connected systems find them by when they know a name alone."""
    for role in (Candidate, Referrer, Advocate):
        await session.execute(
            update(role)
            .where(col(role.workspace_id) == session.workspace.id, col(role.person_id).in_(subject.people))
            .values(labels={}, version=role.version + 1, updated_at=now)
        )
    await session.execute(
        update(ConnectionPerson)
        .where(
            col(ConnectionPerson.workspace_id) == session.workspace.id,
            col(ConnectionPerson.person_id).in_(subject.people),
        )
        .values(name_hash=None)
    )


async def _redact_waiting(session: WriteSession, forms: Sequence[str]) -> None:
    """Captures that wait are not linked yet; whoever completes one later must not make the person known again."""
    written = cast(col(Capture.given), Text)
    naming = or_(false(), *(written.icontains(form, autoescape=True) for form in forms))
    waiting = select(Capture).where(Capture.state == CaptureState.NEEDS_DETAILS, naming).order_by(col(Capture.id))
    needles = Needles(forms)
    for capture in (await session.execute(waiting.limit(MOST_ROWS).with_for_update(key_share=True))).scalars():
        capture.given = needles.in_value(capture.given)
        capture.given_hash = None
    await session.flush()


def _erasure(person_id: UUID, forms: Iterable[str], redacted: int, *, now: datetime) -> Erasure:
    return Erasure(
        person_id=person_id,
        state=ErasureState.RUNNING,
        needles=list(forms),
        redacted=redacted,
        requested_at=now,
        due_at=now + SETTLES_AFTER,
    )
