"""Merging over HTTP."""

from fastapi import APIRouter

from api import models
from api.candidates.schemas import Candidate
from api.merging import schemas
from api.merging.locks import MergedAlready, MergedIntoItself, OwnSupporter
from api.merging.people import merge_candidates, merge_people
from api.people import queries
from api.people.schemas import Person
from api.platform import rows
from api.platform.deps import Administering, Tag
from api.platform.ids import CandidateId, PersonId
from api.platform.problems import responses
from api.platform.references import UnknownReference, require
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1", route_class=ServiceRoute)

REFUSALS = responses(404, MergedAlready, MergedIntoItself, OwnSupporter, UnknownReference)


@router.post("/people/{person_id}/merge", tags=["people"], responses=REFUSALS)
async def people_merge(session: Administering, person_id: PersonId, data: schemas.PersonMerge, tag: Tag) -> Person:
    """Merge a person into another: both records are one human, who goes by the other id from now on.

    Nothing that was recorded is rewritten: both records stay, and whatever names either names that human. Answers about
    a past moment as it was known then stay the same; by what is known from now on, acts are judged anew, so that
    somebody who spoke to themself was heard by nobody. The address of this record finds the other, and so do the ids
    that other systems have for it. If both are candidates, the candidates are merged as well. There is no way back.
    """
    person = await rows.find(session, models.Person, person_id)
    into = await require(session, models.Person, data.into, "#/into")
    await merge_people(session, person, into, recorded_by=data.recorded_by)
    tag(person.version)
    known = await queries.dated_records(session, [person.id])
    return Person.of(person, known[person.id], await queries.today(session, await session.now()))


@router.post("/candidates/{candidate_id}/merge", tags=["candidates"], responses=REFUSALS)
async def candidates_merge(
    session: Administering, candidate_id: CandidateId, data: schemas.CandidateMerge, tag: Tag
) -> Candidate:
    """Merge a candidate into another, and so the people behind them.

    Applications and referrals go to the other candidate. Where both applied for one job, the application of this one is
    kept with its history and put on hold, unless it has ended; it leads to the other's (`merged_into`), on which its
    advocates go on as `agreed`. There is no way back.
    """
    candidate = await rows.find(session, models.Candidate, candidate_id)
    into = await require(session, models.Candidate, data.into, "#/into")
    await merge_candidates(session, candidate, into, recorded_by=data.recorded_by)
    tag(candidate.version)
    return Candidate.of(candidate, await rows.find(session, models.Person, candidate.person_id))
