"""Upserting applications, with their candidate, job and referral, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import MISSING

from api.applications.bodies import ApplicationCreate
from api.applications.queries import application_for, lock_named
from api.applications.service import create_application
from api.candidates.service import present as present_candidate
from api.domain.errors import Conflict, Unprocessable
from api.domain.vocabulary import Origin
from api.models import Application, Candidate, Job, Person
from api.people.finding import present as present_person
from api.platform import rows
from api.platform.deps import Tagger
from api.platform.ids import encode
from api.platform.references import require
from api.platform.sessions import WriteSession
from api.referrals.recording import SelfReferral
from api.support.locks import Locked, lock_application
from api.upserts import jobs, people, places, referrals, stages
from api.upserts.application_bodies import ApplicationUpsert
from api.upserts.bodies import Named, UpsertedJob
from api.upserts.mentions import Meant, Mention, bring_up_to_date, find_all
from api.upserts.places import Moment
from api.upserts.refs import Ref, ref_in

CANDIDATE, JOB, REFERRER = "#/candidate", "#/job", "#/referral/referrer"


class OtherApplication(Conflict):
    """The id names an application of another candidate, or for another job, than the body; `existing_id` names it.

    An application stays with its candidate and its job. Where the candidates are one person, merge them; where it is
    for another job now, transfer it; otherwise send it under an id of its own.
    """

    code = "other_application"
    title = "The id names an application of another candidate or for another job"


@dataclass(frozen=True, slots=True)
class _Upsert:
    """One call: the id, the application it names so far, the body, and whom the body means by pointer."""

    ref: Ref
    named: Application | None
    data: ApplicationUpsert
    meant: Mapping[str, Meant]
    moment: Moment

    @property
    def source(self) -> str:
        """Where its facts were learned."""
        return self.data.source or self.ref.system


async def upsert_application(
    session: WriteSession, ref: Ref, data: ApplicationUpsert, tag: Tagger
) -> tuple[Application, bool]:
    """Make the application that the id names, or change it; whether it is new comes second.

    Raises DifferentPeople, ExternalRefTaken, OtherApplication, InvalidStateTransition, ContradictsLaterFact,
    InTheFuture, PersonExists, PreconditionFailed, SelfReferral, UnknownReference and Unprocessable.
    """
    call = await _begin(session, ref, data)
    await bring_up_to_date(session, call.meant.values(), today=call.moment.today, now=call.moment.now)
    candidate = await _candidate(session, call)
    job = await _job(session, call)
    locked, is_new = await _locked(session, call, candidate, job, tag)
    if is_new:
        await stages.end(session, locked, data, source=call.source)
    else:
        await stages.follow(session, locked, data, source=call.source)
    if data.referral is not MISSING:
        referrer = _referrer(call)
        await referrals.record(session, locked, data.referral, referrer, source=call.source, teller=data.recorded_by)
    return locked.application, is_new


async def _begin(session: WriteSession, ref: Ref, data: ApplicationUpsert) -> _Upsert:
    """Find or make everybody the body means, and lock them."""
    mentions, job_ref = _mentions(ref.system, data), _job_ref(ref.system, data)
    refs = [ref, job_ref, *(mention.ref for mention in mentions)]
    moment = await places.begin(session, [each for each in refs if each is not None])
    if data.recorded_by is not None:
        await require(session, Person, data.recorded_by, "#/recorded_by")
    named = await _named(session, ref)
    meant = await find_all(session, mentions, today=moment.today, now=moment.now)
    if CANDIDATE not in meant:
        meant[CANDIDATE] = await _meant_by(session, named)
    return _Upsert(ref, named, data, meant, await places.lock_people(session, meant.values()))


def _mentions(system: str, data: ApplicationUpsert) -> list[Mention]:
    """Everybody in the body."""
    found = []
    if data.candidate is not MISSING:
        ref = ref_in("candidate", system, data.candidate)
        found.append(Mention("candidate", data.candidate, ref, CANDIDATE))
    if data.referral is not MISSING:
        referrer = data.referral.referrer
        found.append(Mention("person", referrer, ref_in("person", system, referrer), REFERRER))
    return found if data.job is MISSING else [*found, *jobs.mentions_in(data.job, system, JOB)]


def _job_ref(system: str, data: ApplicationUpsert) -> Ref | None:
    return None if data.job is MISSING else ref_in("job", system, data.job)


async def _named(session: WriteSession, ref: Ref) -> Application | None:
    """The application that the id names; where it was merged into another, that other."""
    row_id = await ref.find(session)
    seen: set[UUID] = set()
    while row_id is not None and row_id not in seen:
        seen.add(row_id)
        application = await rows.find(session, Application, row_id)
        row_id = application.merged_into_id
    return application if seen else None


async def _meant_by(session: WriteSession, named: Application | None) -> Meant:
    """The candidate of the application, where the body names none."""
    if named is None:
        raise Unprocessable("No application is known by this id; send its candidate and its job.", pointer=CANDIDATE)
    candidate = await present_candidate(session, await rows.find(session, Candidate, named.candidate_id))
    person = await present_person(session, await rows.find(session, Person, candidate.person_id))
    return Meant(Mention("candidate", Named(), None, CANDIDATE), person, candidate, is_new=False, changes={})


async def _candidate(session: WriteSession, call: _Upsert) -> Candidate:
    meant = call.meant[CANDIDATE]
    if call.data.candidate is MISSING:
        return meant.role
    return await people.label_candidate(session, meant.role, meant.person, call.data.candidate, now=call.moment.now)


async def _job(session: WriteSession, call: _Upsert) -> Job:
    """The job of the body, made or changed; else the one that the application has."""
    told = call.data.job
    if told is MISSING:
        if call.named is None:
            raise Unprocessable("No application is known by this id; send its job.", pointer=JOB)
        return await rows.find(session, Job, call.named.job_id)
    ref = ref_in("job", call.ref.system, told)
    job_id = await _job_id(session, told, ref)
    parts = jobs.Told(told, JOB, call.meant, call.data.recorded_by)
    if job_id is None:
        job = await jobs.make(session, parts, call.moment)
    else:
        job = await rows.lock(session, Job, job_id)
        await jobs.change(session, job, parts, call.moment)
    if ref is not None:
        await ref.attach(session, job.id, now=call.moment.now)
    return job


async def _job_id(session: WriteSession, told: UpsertedJob, ref: Ref | None) -> UUID | None:
    if told.id is not MISSING:
        return (await require(session, Job, told.id, f"{JOB}/id")).id
    return None if ref is None else await ref.find(session)


async def _locked(
    session: WriteSession, call: _Upsert, candidate: Candidate, job: Job, tag: Tagger
) -> tuple[Locked, bool]:
    """The application of the candidate for the job, under its lock; whether it is new comes second."""
    beginning = _beginning(call, candidate, job)
    existing = call.named or await application_for(session, beginning)
    if existing is None:
        places.check(tag, None)
        named = await lock_named(session, beginning)
        application = await create_application(session, named, beginning, now=call.moment.now)
        await call.ref.attach(session, application.id, now=call.moment.now)
        return Locked(application, call.moment.now), True
    if (existing.candidate_id, existing.job_id) != (candidate.id, job.id):
        raise OtherApplication(
            "This id names an application of another candidate or for another job; merge the candidates, transfer the"
            " application, or send it under another id.",
            existing_id=encode("application", existing.id),
        )
    if call.named is None:
        await call.ref.attach(session, existing.id, now=call.moment.now)
    places.check(tag, (await rows.lock(session, Application, existing.id)).version)
    return await lock_application(session, existing.id), False


def _beginning(call: _Upsert, candidate: Candidate, job: Job) -> ApplicationCreate:
    """The application as it would begin."""
    data = call.data
    members = ("stage", "stage_label", "next_step_at", "next_step_kind", "seen_by_hiring_manager", "origin")
    sent = {name: value for name, value in data.changes().items() if name in members}
    sent.setdefault("origin", Origin.COLD if data.referral is MISSING else Origin.REFERRED)
    labels = {} if data.metadata is MISSING else data.metadata
    return ApplicationCreate(
        candidate_id=candidate.id,
        job_id=job.id,
        metadata={name: text for name, text in labels.items() if text is not None},
        occurred_at=data.occurred_at,
        recorded_by=data.recorded_by,
        source=call.source,
        **sent,
    )


def _referrer(call: _Upsert) -> Person:
    """Who is said to have referred the candidate. Raises SelfReferral."""
    referrer = call.meant[REFERRER].person
    if referrer.id == call.meant[CANDIDATE].person.id:
        raise SelfReferral("The referrer is the candidate; somebody else must refer them.", pointer=REFERRER)
    return referrer
