"""Bringing our records in line with everything a vendor said about one candidate."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from api.inbound import told
from api.inbound.applications import (
    Place,
    external_ids,
    find_application,
    name_application,
    settle_application,
)
from api.inbound.candidates import settle_candidate
from api.inbound.changes import SourcePerson
from api.inbound.crediting import credited, spans, told_for
from api.inbound.erasing import settle_erasure
from api.inbound.jobs import settle_jobs
from api.inbound.locks import Kin
from api.inbound.people import settle_people
from api.inbound.referrals import settle_referrals
from api.inbound.timeline import Histories, Point, course, histories
from api.inbound.work import Work
from api.models import Candidate, Person


async def settle(work: Work, kin: Kin) -> None:
    """Add to our records what is missing for them to say what the vendor says. Doing it twice changes nothing.

    What comes out depends on what was said, not on the order in which it came. Never makes an advocacy or an act.
    """
    merged_away = {loser for loser, _ in told.merges(kin.said)}
    is_erased = told.is_erased(kin.said, kin.candidates - merged_away)
    found = await settle_candidate(work, kin, is_erased=is_erased)
    if found is None:
        return
    candidate, person = found
    known = histories(kin.said, now=kin.now)
    jobs = await settle_jobs(work, told.titles(kin.said))
    await _settle_applications(work, kin, candidate, person, known, jobs)
    await settle_erasure(work, kin, person, is_erased=is_erased)


async def _settle_applications(
    work: Work, kin: Kin, candidate: Candidate, person: Person, known: Histories, jobs: dict[str, UUID]
) -> None:
    theirs: dict[UUID, set[str]] = defaultdict(set)
    for external_id, job_id in jobs.items():
        theirs[job_id].add(external_id)
    courses = {job_id: course(known, named) for job_id, named in theirs.items()}
    found = {job_id: await find_application(work, candidate, job_id) for job_id in courses}
    # Those that are there are locked in the order of their ids; new ones are known to nobody yet.
    for job_id in sorted(courses, key=lambda each: (found[each] is None, found[each] or each)):
        if courses[job_id]:
            told_there = told_for(known, theirs[job_id])
            who = await _who(work, kin, person, courses[job_id], told_there)
            place = Place(candidate, job_id, courses[job_id], _sourced_by(work, courses[job_id], who))
            locked = await settle_application(work, place, found[job_id])
            await settle_referrals(work, locked, spans(told_there, who, work.mapping.is_referral), who)
            await name_application(work, locked.application.id, external_ids(known, theirs[job_id]))


async def _who(
    work: Work, kin: Kin, person: Person, points: Sequence[Point], told_there: Sequence[Sequence[Point]]
) -> dict[SourcePerson, UUID | None]:
    """Our people for whoever was credited with a referral, and for who is credited at last with whatever it is."""
    named = [*credited(told_there, work.mapping.is_referral), *_credited_at_last(points)]
    return await settle_people(work, named, told.people(kin.said), candidate=person)


def _sourced_by(work: Work, points: Sequence[Point], who: Mapping[SourcePerson, UUID | None]) -> UUID | None:
    """Whom the vendor credits with something that is no referral."""
    if work.mapping.is_referral(points[-1].standing.source):
        return None
    return next((who[person] for person in _credited_at_last(points)), None)


def _credited_at_last(points: Sequence[Point]) -> list[SourcePerson]:
    person = points[-1].standing.credited_to
    return [] if person is None else [person]
