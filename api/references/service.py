"""Recording references, and what is said about them afterwards. The caller holds the application's lock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.domain.errors import Conflict, Unprocessable
from api.domain.support import derive_support
from api.domain.vocabulary import ReferenceState, ReferenceWord
from api.models import Application, Candidate, Person, Reference, ReferenceStatement, ReferenceTransition
from api.people.finding import known_as, present
from api.platform import ids, outbox
from api.platform.moments import occurred
from api.platform.references import require_all
from api.platform.revisions import revise, touch
from api.platform.sessions import WriteSession
from api.references import schemas
from api.references.verbs import check_allowed
from api.support.locks import Locked
from api.support.queries import load_facts
from api.support.service import announce


class ReferenceExists(Conflict):
    """The application has a reference of this person already; `existing_id` names it."""

    code = "reference_exists"
    title = "The reference exists"


class SelfReference(Unprocessable):
    """The candidate gives no reference about themself."""

    code = "self_reference"
    title = "Nobody gives a reference about themself"


async def create_reference(
    session: WriteSession, locked: Locked, data: schemas.ReferenceCreate
) -> tuple[Reference, Person]:
    """Record a request, or a reference that was given; answers it with the person behind it.

    Raises InTheFuture, ReferenceExists, SelfReference and UnknownReference.
    """
    application, now = locked.application, locked.now
    moment = occurred(data.occurred_at, now, "#/occurred_at")
    person = await _giver(session, data)
    await _check_new(session, application, person)
    row = _row(data, person, now=now)
    session.add(row)
    await session.flush()
    word = ReferenceWord.GIVEN if data.given else ReferenceWord.REQUESTED
    session.add(_statement(row, word, moment, now=now, recorded_by=data.recorded_by))
    first = ReferenceTransition(reference_id=row.id, to_state=row.state, occurred_at=moment, recorded_at=now)
    session.add(first)
    await session.flush()
    _record(session, f"reference.{row.state}", row, occurred_at=moment, now=now)
    await announce(session, application, now=now)
    return row, person


async def say(
    session: WriteSession, locked: Locked, row: Reference, word: ReferenceWord, data: schemas.ReferenceSaid
) -> None:
    """Record a word about a reference, judged by the state of its own moment, and announce what it makes of it.

    Writes nothing where that is the state already. Raises InvalidStateTransition, InTheFuture and UnknownReference.
    """
    now = locked.now
    moment = occurred(data.occurred_at, now, "#/occurred_at")
    if data.recorded_by is not None:
        await require_all(session, Person, {"#/recorded_by": data.recorded_by})
    if row.state == word.value:
        return
    check_allowed(row.state if moment == now else await _state_at(session, row, moment, now=now), word)
    if isinstance(data, schemas.ReferenceGive):
        _note(row, data, now=now)
    reason = data.reason if isinstance(data, schemas.ReferenceDecline) else None
    session.add(_statement(row, word, moment, now=now, recorded_by=data.recorded_by, reason=reason))
    await session.flush()
    await announce(session, locked.application, now=now)
    event_type = f"reference.{word}"
    if not outbox.date_back(session, event_type, row.id, moment):
        # A word of the past that moves nothing by now is told all the same.
        _record(session, event_type, row, occurred_at=moment, now=now)


async def update_reference(
    session: WriteSession, application: Application, row: Reference, data: schemas.ReferenceUpdate, *, now: datetime
) -> None:
    """Change what was recorded about a reference; its state follows from what was said alone.

    Praise may let the service invite whoever gave it.
    """
    previous = revise(row, data.changes(), now=now)
    if previous:
        said = {name: value for name, value in previous.items() if name != "content"}
        _record(session, "reference.updated", row, occurred_at=now, now=now, previous=said)
    await session.flush()
    if "praise" in previous:
        await announce(session, application, now=now)


async def _giver(session: WriteSession, data: schemas.ReferenceCreate) -> Person:
    named = {"#/person_id": data.person_id}
    if data.recorded_by is not None:
        named["#/recorded_by"] = data.recorded_by
    return await present(session, (await require_all(session, Person, named))[data.person_id])


async def _check_new(session: WriteSession, application: Application, person: Person) -> None:
    known = (await known_as(session, [person.id]))[person.id]
    candidate = select(Candidate.person_id).where(Candidate.id == application.candidate_id)
    if (await session.execute(candidate)).scalar_one() in known:
        raise SelfReference("The person is the candidate; somebody else must be asked.", pointer="#/person_id")
    theirs = col(Reference.person_id).in_(known)
    same = select(Reference.id).where(Reference.application_id == application.id, theirs).limit(1)
    existing = (await session.execute(same)).scalar_one_or_none()
    if existing is not None:
        raise ReferenceExists(
            "This person has a reference for this application already; use that one.",
            existing_id=ids.encode("reference", existing),
        )


def _row(data: schemas.ReferenceCreate, person: Person, *, now: datetime) -> Reference:
    given = data.model_dump(exclude={"given", "occurred_at", "recorded_by", "metadata"}) | {"person_id": person.id}
    state = ReferenceState.GIVEN if data.given else ReferenceState.REQUESTED
    return Reference(**given, id=ids.new_id(), labels=data.metadata, state=state, created_at=now, updated_at=now)


def _note(row: Reference, data: schemas.ReferenceGive, *, now: datetime) -> None:
    if data.content is not None or data.praise is not None:
        row.content = data.content if data.content is not None else row.content
        row.praise = data.praise if data.praise is not None else row.praise
        touch(row, now=now)


def _statement(
    row: Reference,
    word: ReferenceWord,
    moment: datetime,
    *,
    now: datetime,
    recorded_by: UUID | None,
    reason: str | None = None,
) -> ReferenceStatement:
    return ReferenceStatement(
        reference_id=row.id, word=word, reason=reason, occurred_at=moment, recorded_at=now, recorded_by=recorded_by
    )


async def _state_at(session: WriteSession, row: Reference, moment: datetime, *, now: datetime) -> ReferenceState | None:
    """The state at an earlier moment by all that is known now; null before anybody was asked."""
    facts = (await load_facts(session, [row.application_id]))[row.application_id]
    derived = derive_support(facts, as_of=moment, known_at=now)
    return next((each.state for each in derived.references if each.id == row.id), None)


def _record(
    session: WriteSession,
    event_type: str,
    row: Reference,
    *,
    occurred_at: datetime,
    now: datetime,
    previous: dict[str, Any] | None = None,
) -> None:
    outbox.record(
        session,
        event_type,
        subject=("reference", row.id),
        version=row.version,
        application_id=row.application_id,
        occurred_at=occurred_at,
        recorded_at=now,
        data=schemas.event_data(row),
        previous=previous,
    )
