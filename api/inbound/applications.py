"""Bringing one application of ours in line with what the vendor says of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import select

from api.applications import lifecycle
from api.applications.bodies import ApplicationCreate
from api.applications.queries import lock_named
from api.applications.service import create_application
from api.domain.facts import StageFact
from api.domain.vocabulary import Origin, StageVerb
from api.external_refs import service as external_refs
from api.inbound.reconciling import Assertion, Known, assertions, missing_facts
from api.inbound.refs import refs_of
from api.inbound.timeline import Histories, Point
from api.inbound.work import Work
from api.models import Application, Candidate, StageChange
from api.platform import ids
from api.support.locks import Locked, lock_application

_DONE = {
    StageVerb.CREATE: "begun_earlier",
    StageVerb.MOVE: "moved",
    StageVerb.HOLD: "held",
    StageVerb.RESUME: "resumed",
    StageVerb.CLOSE: "closed",
    StageVerb.REOPEN: "reopened",
}


class Place(NamedTuple):
    """A candidate for one job of ours, and how they stood for it at the vendor; never without a point."""

    candidate: Candidate
    job_id: UUID
    points: Sequence[Point]
    sourced_by_id: UUID | None


async def find_application(work: Work, candidate: Candidate, job_id: UUID) -> UUID | None:
    """The candidate's application for the job, or the one it was merged into."""
    statement = select(Application.id, Application.merged_into_id)
    found = await work.session.execute(
        statement.where(Application.candidate_id == candidate.id, Application.job_id == job_id)
    )
    row = found.one_or_none()
    return None if row is None else row.merged_into_id or row.id


async def settle_application(work: Work, place: Place, application_id: UUID | None) -> Locked:
    """Make the application if there is none, and add what is missing in it; answers it under its lock."""
    said = assertions(place.points, work.mapping.stage_of)
    if application_id is None:
        application_id = await _made(work, place, said[0])
    locked = await lock_application(work.session, application_id)
    changes = await _changes(work, application_id)
    known = [Known(_fact(row), row.source == work.system) for row in changes]
    added = missing_facts(known, said, zone=work.zone, now=locked.now, new_id=ids.new_id)
    shown = _shown(place, said, known, locked.application)
    was = locked.application.version
    await lifecycle.take_over(work.session, locked, added, source=work.system, shown=shown)
    for fact in added:
        work.note("application", application_id, _DONE[fact.verb])
    if not added and locked.application.version != was:
        work.note("application", application_id, "updated")
    return locked


async def _made(work: Work, place: Place, first: Assertion) -> UUID:
    standing = place.points[-1].standing
    is_referred = work.mapping.is_referral(standing.source)
    otherwise = Origin.SOURCED if standing.credited_to is not None else Origin.COLD
    data = ApplicationCreate(
        candidate_id=place.candidate.id,
        job_id=place.job_id,
        origin=Origin.REFERRED if is_referred else otherwise,
        stage=first.stage or first.first,
        stage_label=_label(place),
        occurred_at=min(first.moment, work.now),
        source=work.system,
    )
    named = await lock_named(work.session, data)
    made = await create_application(work.session, named, data, now=work.now)
    work.note("application", made.id, "created")
    return made.id


async def _changes(work: Work, application_id: UUID) -> Sequence[StageChange]:
    found = await work.session.execute(select(StageChange).where(StageChange.application_id == application_id))
    return found.scalars().all()


def _fact(row: StageChange) -> StageFact:
    members = ("id", "occurred_at", "recorded_at", "verb", "stage", "hold_until", "outcome")
    return StageFact(**{name: getattr(row, name) for name in members})


def _shown(
    place: Place, said: Sequence[Assertion], known: Sequence[Known], application: Application
) -> Mapping[str, Any]:
    """What the application shows beside its facts: the vendor's label, unless people moved it after the vendor did."""
    moved = [each.fact.occurred_at for each in known if not each.is_imported and each.fact.stage is not None]
    is_ours = bool(moved) and max(moved) >= said[-1].moment
    return {
        "stage_label": application.stage_label if is_ours else _label(place),
        "sourced_by_id": place.sourced_by_id,
        "deleted_at_source": _gone_since(place.points),
    }


def _label(place: Place) -> str | None:
    stage = place.points[-1].standing.stage
    return None if stage is None else stage.name


def _gone_since(points: Sequence[Point]) -> datetime | None:
    since = None
    for point in points:
        since = (since or point.moment) if point.standing.is_gone else None
    return since


def external_ids(histories: Histories, jobs: Collection[str]) -> set[str]:
    """The vendor's ids for an application of ours, which is for these of its jobs.

    The vendor's own id is that of the job named first; where an application is or was for several jobs, each has the
    id with the job's behind it.
    """
    found: set[str] = set()
    for external_id, points in histories.items():
        named = dict.fromkeys(job for point in points for job in point.standing.jobs)
        mine = [job for job in named if job in jobs]
        if points[-1].standing.jobs[:1] and points[-1].standing.jobs[0] in jobs:
            found.add(external_id)
        if len(named) > 1:
            found |= {f"{external_id}:{job}" for job in mine}
    return found


async def name_application(work: Work, application_id: UUID, names: Collection[str]) -> None:
    """Let the vendor's ids name the application, also those that named another one before."""
    refs = await refs_of(work.session, work.system, "application", names)
    for external_id in sorted(names):
        if external_id not in refs:
            await external_refs.attach(
                work.session, "application", application_id, work.system, external_id, now=work.now
            )
        else:
            refs[external_id].application_id = application_id
    await work.session.flush()
