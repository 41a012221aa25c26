"""Upserting people and candidates."""

from datetime import datetime

from api.candidates.schemas import Candidate as ShownCandidate
from api.candidates.schemas import CandidateUpdate
from api.candidates.service import update_candidate
from api.models import Candidate, Person
from api.people import schemas
from api.people.queries import dated_records
from api.platform import rows
from api.platform.deps import Tagger
from api.platform.sessions import WriteSession
from api.upserts import bodies, places
from api.upserts.mentions import Meant, Mention, bring_up_to_date, find_all
from api.upserts.refs import Ref


async def upsert_person(
    session: WriteSession, ref: Ref, data: bodies.PersonUpsert, tag: Tagger
) -> tuple[schemas.Person, bool]:
    """Make the person known whom the id names, or change what is known; whether they are new comes second.

    Raises DifferentPeople, PersonExists, PreconditionFailed and Unprocessable.
    """
    meant, moment = await _locked(session, Mention("person", data, ref, "#"))
    places.check(tag, None if meant.is_new else meant.person.version)
    await bring_up_to_date(session, [meant], today=moment.today, now=moment.now)
    known = await dated_records(session, [meant.person.id])
    return schemas.Person.of(meant.person, known[meant.person.id], moment.today), meant.is_new


async def upsert_candidate(
    session: WriteSession, ref: Ref, data: bodies.CandidateUpsert, tag: Tagger
) -> tuple[ShownCandidate, bool]:
    """Make the candidate whom the id names, or change what is known; whether they are new comes second.

    Raises DifferentPeople, PersonExists, PreconditionFailed and Unprocessable.
    """
    meant, moment = await _locked(session, Mention("candidate", data, ref, "#"))
    places.check(tag, None if meant.is_new else meant.role.version)
    await bring_up_to_date(session, [meant], today=moment.today, now=moment.now)
    candidate = await label_candidate(session, meant.role, meant.person, data, now=moment.now)
    return ShownCandidate.of(candidate, meant.person), meant.is_new


async def label_candidate(
    session: WriteSession, candidate: Candidate, person: Person, told: bodies.CandidateUpsert, *, now: datetime
) -> Candidate:
    """The locked candidate with the labels that were told; one whose person was anonymised gets none."""
    # A new name of the person has raised the version meanwhile.
    candidate = await rows.lock(session, Candidate, candidate.id)
    metadata = told.changes().get("metadata")
    if metadata and person.anonymized_at is None:
        await update_candidate(session, candidate, person, CandidateUpdate(metadata=metadata), now=now)
    return candidate


async def _locked(session: WriteSession, mention: Mention) -> tuple[Meant, places.Moment]:
    moment = await places.begin(session, [mention.ref] if mention.ref else [])
    (meant,) = (await find_all(session, [mention], today=moment.today, now=moment.now)).values()
    return meant, await places.lock_people(session, [meant])
