"""Which application is meant: by an id, by another system's id, or by its candidate and job."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from api.candidates.service import candidate_of, present
from api.captures.bodies import Given
from api.captures.meanings import Address, ExternalId, Meaning, Name, OurId, meant
from api.captures.schemas import Need
from api.captures.systems import unknown_external_id
from api.domain.vocabulary import ApplicationState
from api.external_refs import service as external_refs
from api.models import Application, Candidate
from api.people.finding import by_email, by_name
from api.platform.ids import encode
from api.platform.sessions import WorkspaceSession
from api.reasons.wording import normalised

MOST_SUGGESTIONS = 10
_MISSING = Need(
    name="application",
    code="missing",
    detail="Say which application: its id, system:external_id, or the candidate's e-mail address.",
    suggestions=[],
)


@dataclass(frozen=True, slots=True)
class Match:
    """An application, and by what it was found."""

    application: Application
    matched_by: str


WantedJob: TypeAlias = UUID | str | None
"""The job of the wanted application: its id, its title evened out, or any."""


async def find_application(session: WorkspaceSession, given: Given, may_be: Sequence[str] = ()) -> Match | Need:
    """The application that is meant, if it is beyond doubt; else what is needed to tell.

    `may_be` are the ids of several that may be meant as long as nothing says which.
    """
    candidate = given.candidate
    if given.application is not None:
        meaning = meant(given.application, ["application"])
        if isinstance(meaning, OurId | ExternalId):
            return await _by_id(session, meaning)
        candidate = candidate or given.application
    if candidate is None:
        return _several(may_be) if may_be else _MISSING
    job = None if given.job is None else await _job(session, meant(given.job, ["job"]))
    if isinstance(job, Need):
        return job
    meaning = meant(candidate, ["candidate", "person"])
    candidates = await _candidates(session, meaning)
    if isinstance(candidates, Need):
        return candidates
    return await _one_of(session, candidates, job, meaning)


async def _by_id(session: WorkspaceSession, meaning: OurId | ExternalId) -> Match | Need:
    if isinstance(meaning, OurId):
        application_id, matched_by = meaning.id, "id"
    else:
        found = await external_refs.find(session, "application", meaning.system, meaning.external_id)
        if found is None:
            return await unknown_external_id(session, "application", meaning)
        application_id, matched_by = found, "external_id"
    application = await _present(session, application_id)
    if application is None:
        return Need(name="application", code="unknown", detail="There is no such application here.", suggestions=[])
    return Match(application, matched_by)


async def _present(session: WorkspaceSession, application_id: UUID | None) -> Application | None:
    """The application, or the one that its candidate's other application was merged into."""
    application = None
    while application_id is not None:
        found = await session.execute(select(Application).where(col(Application.id) == application_id))
        application = found.scalar_one_or_none()
        application_id = application.merged_into_id if application else None
    return application


async def _job(session: WorkspaceSession, meaning: Meaning) -> UUID | str | Need:
    match meaning:
        case OurId(id=job_id):
            return job_id
        case ExternalId(system=system, external_id=external_id):
            found = await external_refs.find(session, "job", system, external_id)
            return found or await unknown_external_id(session, "job", meaning)
        case Address(email=title) | Name(name=title):
            return normalised(title)


async def _candidates(session: WorkspaceSession, meaning: Meaning) -> Collection[UUID] | Need:
    """The candidates who may be meant; none where nobody is."""
    match meaning:
        case OurId("candidate", candidate_id):
            return await _present_candidates(session, col(Candidate.id) == candidate_id)
        case ExternalId(system, external_id):
            found = await external_refs.find(session, "candidate", system, external_id)
            if found is None:
                return await unknown_external_id(session, "candidate", meaning)
            return await _present_candidates(session, col(Candidate.id) == found)
        case OurId(_, person_id):
            candidate = await candidate_of(session, person_id)
        case Address(email):
            person = await by_email(session, email)
            candidate = await candidate_of(session, person.id) if person else None
        case Name(name):
            named = [person.id for person in await by_name(session, name)]
            return await _present_candidates(session, col(Candidate.person_id).in_(named))
    return [candidate.id] if candidate else []


async def _present_candidates(session: WorkspaceSession, condition: ColumnElement[bool]) -> Collection[UUID]:
    found = (await session.execute(select(Candidate).where(condition))).scalars().all()
    return {(await present(session, each)).id for each in found}


async def _one_of(
    session: WorkspaceSession, candidates: Collection[UUID], job: WantedJob, meaning: Meaning
) -> Match | Need:
    statement = select(Application).where(
        col(Application.candidate_id).in_(candidates), col(Application.merged_into_id).is_(None)
    )
    every = (await session.execute(statement.order_by(col(Application.created_at)))).scalars().all()
    wanted = [each for each in every if job in (None, each.job_id, normalised(each.job_title))]
    still_open = [each for each in wanted if each.state is not ApplicationState.CLOSED]
    matched_by = {OurId: "id", ExternalId: "external_id", Address: "email", Name: "name"}[type(meaning)]
    if len(still_open) == 1:
        return Match(still_open[0], matched_by)
    # Who is named with the job of an ended application means that one; a mere name is too little for it.
    if len(wanted) == 1 and job is not None and not isinstance(meaning, Name):
        return Match(wanted[0], matched_by)
    return _doubt(candidates, still_open or every, is_several=len(still_open) > 1, has_job=job is not None)


def _doubt(candidates: Collection[UUID], suggested: Sequence[Application], *, is_several: bool, has_job: bool) -> Need:
    ids = [encode("application", each.id) for each in suggested[:MOST_SUGGESTIONS]]
    if not candidates:
        detail = "No candidate goes by this address or name; send the application."
        return Need(name="application", code="unknown", detail=detail, suggestions=[])
    if is_several:
        return _several(ids)
    where = " for this job" if has_job else ""
    detail = f"The candidate has no open application{where}; send the application."
    return Need(name="application", code="no_open_application", detail=detail, suggestions=ids)


def _several(ids: Sequence[str]) -> Need:
    detail = "There are several applications that may be meant; send the one."
    return Need(name="application", code="several", detail=detail, suggestions=list(ids[:MOST_SUGGESTIONS]))
