"""Making people candidates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from api.candidates import schemas
from api.domain.errors import Conflict
from api.models import Candidate, Person
from api.people.finding import merged_into
from api.platform import outbox, rows
from api.platform.ids import encode
from api.platform.revisions import revise
from api.platform.sessions import WorkspaceSession, WriteSession
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


async def find_or_make_candidate(
    session: WriteSession, person: Person, *, now: datetime, metadata: dict[str, str] | None = None
) -> tuple[Candidate, bool]:
    """The candidate that a person is, or whom that one was merged into; else a new one, with these labels.

    Whether they are new comes second. Of two transactions that make the same one at once, one makes it.
    """
    found = await candidate_of(session, person.id)
    if found is None:
        try:
            return await create_candidate(session, person, metadata=metadata or {}, now=now), True
        except CandidateExists:
            found = await candidate_of(session, person.id)
            if found is None:
                raise
    return found, False


async def candidate_of(session: WorkspaceSession, person_id: UUID) -> Candidate | None:
    """The candidate that a person is, or was before they were merged; None for who is no candidate.

    Where candidates were merged it is the one that is left.
    """
    for known_as in [person_id, *await merged_into(session, person_id)]:
        found = await session.execute(select(Candidate).where(Candidate.person_id == known_as))
        if (candidate := found.scalar_one_or_none()) is not None:
            return await present(session, candidate)
    return None


async def present(session: WorkspaceSession, candidate: Candidate) -> Candidate:
    """The candidate, or whom they were merged into, however often."""
    seen: set[UUID] = set()
    while candidate.merged_into_id is not None and candidate.id not in seen:
        seen.add(candidate.id)
        candidate = await rows.find(session, Candidate, candidate.merged_into_id)
    return candidate


async def present_candidate_id(session: WorkspaceSession, candidate_id: UUID) -> UUID:
    """The id of the candidate, or of whom they were merged into, as it stands in the database at this moment."""
    into = select(Candidate.merged_into_id).where(Candidate.id == candidate_id)
    merged_into_id = (await session.execute(into)).scalar_one()
    return candidate_id if merged_into_id is None else await present_candidate_id(session, merged_into_id)


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
