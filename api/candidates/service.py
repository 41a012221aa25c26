"""Making people candidates."""

from datetime import datetime
from typing import Any

from sqlmodel import select

from api.candidates import schemas
from api.domain.errors import Conflict
from api.models import Candidate, Person
from api.platform import outbox
from api.platform.ids import encode
from api.platform.revisions import revise
from api.platform.sessions import WriteSession
from api.platform.uniqueness import Taken, unique


class CandidateExists(Conflict):
    """The person is a candidate already; `existing_id` names the candidate."""

    code = "candidate_exists"
    title = "The person is a candidate already"


async def create_candidate(
    session: WriteSession, person: Person, *, metadata: dict[str, str], now: datetime
) -> Candidate:
    """Make a person a candidate; raises CandidateExists."""
    candidate = Candidate(person_id=person.id, labels=metadata, created_at=now, updated_at=now)
    try:
        async with unique(session, "uq_candidates_person_id"):
            session.add(candidate)
    except Taken:
        raise await _exists(session, person) from None
    _say(session, "candidate.created", candidate, person, now=now)
    return candidate


async def update_candidate(
    session: WriteSession, candidate: Candidate, person: Person, data: schemas.CandidateUpdate, *, now: datetime
) -> None:
    """Change the labels of the locked candidate."""
    if previous := revise(candidate, data.changes(), now=now):
        await session.flush()
        _say(session, "candidate.updated", candidate, person, now=now, previous=previous)


async def _exists(session: WriteSession, person: Person) -> CandidateExists:
    found = await session.execute(select(Candidate.id).where(Candidate.person_id == person.id))
    return CandidateExists("This person is a candidate already.", existing_id=encode("candidate", found.scalar_one()))


def _say(
    session: WriteSession,
    event_type: str,
    candidate: Candidate,
    person: Person,
    *,
    now: datetime,
    previous: dict[str, Any] | None = None,
) -> None:
    shown = schemas.Candidate.of(candidate, person)
    outbox.record(
        session,
        event_type,
        subject=("candidate", candidate.id),
        version=candidate.version,
        occurred_at=now,
        recorded_at=now,
        data=shown.model_dump(mode="json", exclude={"person": {"name", "email"}}),
        previous=previous,
    )
