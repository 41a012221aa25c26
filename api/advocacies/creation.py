"""Making advocacies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from api.advocacies import schemas
from api.advocacies.service import check_span, record
from api.domain import facts as f
from api.domain.derived import DerivedAdvocacy
from api.domain.errors import Conflict
from api.domain.identity import identities, recognise
from api.domain.support import derive_support
from api.domain.vocabulary import AdvocacyWord
from api.models import (
    Advocacy,
    AdvocacyStatement,
    AdvocacyTransition,
    Advocate,
    Application,
    Person,
    Reference,
    Referral,
    WorkspaceOwned,
)
from api.platform import ids
from api.platform.moments import occurred
from api.platform.references import require
from api.platform.sessions import WriteSession
from api.support.locks import Locked, lock_application
from api.support.queries import load_facts
from api.support.service import announce

_ORIGINS: Mapping[str, type[WorkspaceOwned]] = {"referral": Referral, "reference": Reference}


class AdvocacyExists(Conflict):
    """There is one advocacy per advocate and application; `existing_id` names it."""

    code = "advocacy_exists"
    title = "The advocacy exists"


class CandidateCannotAdvocate(Conflict):
    """Nobody is their own advocate: the advocate and the candidate are the same person."""

    code = "candidate_cannot_advocate"
    title = "The candidate cannot be their own advocate"


async def lock_for_advocacy(session: WriteSession, data: schemas.AdvocacyCreate) -> tuple[Locked, Person]:
    """Lock the person who is to advocate against changes, then the application; raises UnknownReference."""
    advocate = await require(session, Advocate, data.advocate_id, "#/advocate_id")
    await require(session, Application, data.application_id, "#/application_id")
    person = await share_person(session, advocate.person_id)
    return await lock_application(session, data.application_id), person


async def share_person(session: WriteSession, person_id: UUID) -> Person:
    """The person, locked against changes; others may share the lock. To be taken before the application's."""
    sharing = select(Person).where(col(Person.id) == person_id).with_for_update(read=True)
    return (await session.execute(sharing.execution_options(populate_existing=True))).scalar_one()


async def create_advocacy(
    session: WriteSession, application: Application, person: Person, data: schemas.AdvocacyCreate, *, now: datetime
) -> Advocacy:
    """Record an advocacy of the locked person for the locked application, with its first word.

    Raises AdvocacyExists, CandidateCannotAdvocate, InTheFuture, UnknownReference.
    """
    occurred_at = occurred(data.occurred_at, now, "#/occurred_at")
    check_span(data.worked_from, data.worked_until)
    await _check_references(session, data)
    facts = (await load_facts(session, [application.id]))[application.id]
    _check_new(facts, person.id, data.advocate_id, now=now)
    statement = AdvocacyStatement(
        advocacy_id=ids.new_id(),
        word=AdvocacyWord(data.word),
        occurred_at=occurred_at,
        recorded_at=now,
        recorded_by=data.recorded_by,
    )
    derived = _derive_new(facts, person.id, data, statement, now=now)
    row = _row(application, data, derived, now=now)
    session.add(row)
    await session.flush()
    transition = AdvocacyTransition(
        advocacy_id=row.id, from_state=None, to_state=row.state, occurred_at=occurred_at, recorded_at=now
    )
    session.add_all([statement, transition])
    await session.flush()
    record(session, "advocacy.created", row, occurred_at=occurred_at, now=now)
    await announce(session, application, now=now)
    return row


async def _check_references(session: WriteSession, data: schemas.AdvocacyCreate) -> None:
    if data.recorded_by is not None:
        await require(session, Person, data.recorded_by, "#/recorded_by")
    if data.origin is not None and data.origin.kind in _ORIGINS:
        origin_id = ids.decode(data.origin.kind, data.origin.id)
        await require(session, _ORIGINS[data.origin.kind], origin_id, "#/origin/id")


def _check_new(facts: f.ApplicationFacts, person_id: UUID, advocate_id: UUID, *, now: datetime) -> None:
    known = recognise(facts, known_at=now)
    person_id = identities(facts.merges, known_at=now)(person_id)
    if person_id == known.candidate_person_id:
        raise CandidateCannotAdvocate(
            "The advocate is the candidate of this application; record what candidates do by POST /v1/interactions."
        )
    theirs = (each for each in known.advocacies if advocate_id == each.advocate_id or person_id == each.person_id)
    existing = next((each.id for each in theirs), None)
    if existing is not None:
        raise AdvocacyExists(
            "This advocate has an advocacy for this application; record words and acts there.",
            existing_id=ids.encode("advocacy", existing),
        )


def _derive_new(
    facts: f.ApplicationFacts,
    person_id: UUID,
    data: schemas.AdvocacyCreate,
    statement: AdvocacyStatement,
    *,
    now: datetime,
) -> DerivedAdvocacy:
    """Where the advocacy stands from the beginning: what its first word makes of it, or concluded."""
    said = f.AdvocacyStatement(id=statement.id, occurred_at=statement.occurred_at, recorded_at=now, word=statement.word)
    added = f.AdvocacyFacts(
        id=statement.advocacy_id, advocate_id=data.advocate_id, person_id=person_id, statements=(said,)
    )
    support = derive_support(replace(facts, advocacies=(*facts.advocacies, added)), as_of=now, known_at=now)
    return next(each for each in support.advocacies if each.id == added.id)


def _row(
    application: Application, data: schemas.AdvocacyCreate, derived: DerivedAdvocacy, *, now: datetime
) -> Advocacy:
    return Advocacy(
        id=derived.id,
        application_id=application.id,
        application_created_at=application.created_at,
        advocate_id=data.advocate_id,
        relationship=data.relationship,
        worked_from=data.worked_from,
        worked_until=data.worked_until,
        basis=data.basis,
        outranks_decider=data.outranks_decider,
        origin_kind=data.origin.kind if data.origin else None,
        origin_id=data.origin.id if data.origin else None,
        labels=data.metadata,
        state=derived.state,
        championing=derived.championing,
        follow_through=derived.follow_through,
        is_volunteered=derived.is_volunteered,
        created_at=now,
        updated_at=now,
    )
