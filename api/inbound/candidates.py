"""The candidate of ours whom the vendor speaks of."""

from collections.abc import Mapping
from uuid import UUID

from api.candidates.service import find_or_make_candidate, present
from api.domain.erasure import REMOVED
from api.external_refs import service as external_refs
from api.inbound import merges, told
from api.inbound.changes import SourceCandidate
from api.inbound.locks import Kin
from api.inbound.refs import known
from api.inbound.work import Work
from api.models import Candidate, Person
from api.people.finding import by_email
from api.people.making import find_or_make_person
from api.people.schemas import PersonUpdate
from api.people.service import PersonExists, update_person
from api.platform import rows
from api.platform.schemas import normalise_email


async def settle_candidate(work: Work, kin: Kin, *, is_erased: bool) -> tuple[Candidate, Person] | None:
    """Find or make the candidate, with their person locked, and call them what they were called last.

    Null where nothing was said that makes one. Who is to be forgotten, or was, is called nothing any more.
    """
    merged = told.merges(kin.said)
    said = told.candidate_said(kin.said, gone={loser for loser, _ in merged})
    if said is None:
        return None
    if is_erased:
        said = SourceCandidate(external_id=said.external_id, name=REMOVED)
    await merges.settle_merges(work, merged)
    theirs = await known(work.session, work.system, "candidate", kin.candidates)
    candidate = await _ours(work, theirs) or await _made(work, said)
    for external_id in sorted(kin.candidates - theirs.keys()):
        await external_refs.attach(work.session, "candidate", candidate.id, work.system, external_id, now=work.now)
    person = await rows.lock(work.session, Person, candidate.person_id)
    if not is_erased and person.anonymized_at is None:
        await _call(work, person, said)
    return candidate, person


async def _ours(work: Work, theirs: Mapping[str, UUID]) -> Candidate | None:
    if not theirs:
        return None
    return await present(work.session, await rows.find(work.session, Candidate, theirs[min(theirs)]))


async def _made(work: Work, said: SourceCandidate) -> Candidate:
    person = None
    for address in said.emails:
        person = person or await by_email(work.session, address)
    if person is None:
        name = said.name or f"Candidate {said.external_id}"
        email = next(iter(said.emails), None)
        person, _ = await find_or_make_person(work.session, name=name, email=email, today=work.today, now=work.now)
    candidate, is_new = await find_or_make_candidate(work.session, person, now=work.now)
    if is_new:
        work.note("candidate", candidate.id, "created")
    return candidate


async def _call(work: Work, person: Person, said: SourceCandidate) -> None:
    """Give the person the name and the address said last. An address that is somebody else's is left to them."""
    changes: dict[str, str] = {}
    if said.name is not None and said.name != person.name:
        changes["name"] = said.name
    email = next(iter(said.emails), None)
    if email is not None and normalise_email(email) != person.email_normalised:
        changes["email"] = email
    if not changes:
        return
    try:
        await _update(work, person, changes)
    except PersonExists:
        await _update(work, person, {name: value for name, value in changes.items() if name != "email"})


async def _update(work: Work, person: Person, changes: dict[str, str]) -> None:
    before = person.version
    await update_person(work.session, person, PersonUpdate(**changes), today=work.today, now=work.now)  # type: ignore[arg-type]
    if person.version != before:
        work.note("person", person.id, "updated")
