"""Upserts over HTTP: `PUT .../by_ref/{system}/{external_id}`."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.applications.schemas import Application
from api.candidates.schemas import Candidate
from api.domain.errors import DomainError, InvalidStateTransition
from api.domain.stages import ContradictsLaterFact
from api.external_refs.schemas import ExternalId, System
from api.external_refs.service import ExternalRefTaken
from api.jobs.schemas import Job
from api.people.schemas import Person
from api.people.service import PersonExists
from api.platform.deps import Tag, Writing
from api.platform.ids import encode
from api.platform.moments import InTheFuture
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.schemas import ResponseModel
from api.platform.transactions import ServiceRoute
from api.referrals.recording import SelfReferral
from api.upserts import application_bodies, applications, bodies, jobs, people
from api.upserts.applications import OtherApplication
from api.upserts.mentions import DifferentPeople
from api.upserts.refs import Ref

router = APIRouter(prefix="/v1", route_class=ServiceRoute)

BY_REF = "by_ref/{system}/{external_id:path}"

SystemInPath = Annotated[System, Path(description="The name of the other system.")]
ExternalIdInPath = Annotated[
    ExternalId, Path(description="Its id, percent-encoded where it must be; a slash may stand as it is.")
]


def _answers(model: type[ResponseModel], *errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """What an upsert may answer, beside 200."""
    refusals = responses(DifferentPeople, ExternalRefTaken, PersonExists, 412, *errors)
    return {201: {"model": model, "description": "Made."}, **refusals}


@router.put(f"/people/{BY_REF}", tags=["people"], responses=_answers(Person))
async def people_upsert(
    system: SystemInPath,
    external_id: ExternalIdInPath,
    session: Writing,
    data: bodies.PersonUpsert,
    tag: Tag,
    response: Response,
) -> Person:
    """Make a person known under another system's id, or change what is known.

    Who is not known by the id yet is found by e-mail address, and then has the id too. What is left out stays; sent
    again, nothing is written. Where id and address name different people, 409 `different_people` names both. Somebody
    who was anonymised stays without name and address.
    """
    shown, is_new = await people.upsert_person(session, Ref("person", system, external_id), data, tag)
    _tell(response, tag, f"/v1/people/{encode('person', shown.id)}", shown.version, is_new=is_new)
    return shown


@router.put(f"/candidates/{BY_REF}", tags=["candidates"], responses=_answers(Candidate))
async def candidates_upsert(
    system: SystemInPath,
    external_id: ExternalIdInPath,
    session: Writing,
    data: bodies.CandidateUpsert,
    tag: Tag,
    response: Response,
) -> Candidate:
    """Make somebody a candidate under another system's id, or change what is known of them.

    Name and address are the person's, `metadata` is the candidate's. Who is not known by the id yet is found by e-mail
    address, as a candidate or as another person, and then has the id too. What is left out stays; sent again, nothing
    is written.
    """
    shown, is_new = await people.upsert_candidate(session, Ref("candidate", system, external_id), data, tag)
    _tell(response, tag, f"/v1/candidates/{encode('candidate', shown.id)}", shown.version, is_new=is_new)
    return shown


@router.put(f"/jobs/{BY_REF}", tags=["jobs"], responses=_answers(Job, UnknownReference))
async def jobs_upsert(
    system: SystemInPath,
    external_id: ExternalIdInPath,
    session: Writing,
    data: bodies.JobUpsert,
    tag: Tag,
    response: Response,
) -> Job:
    """Make a job under another system's id, or change it.

    What is left out stays; sent again, nothing is written. Requirements and members are added, and members are given
    another power from today on; none is taken away. Members are found by the system's id for them or by e-mail address,
    or else made known.
    """
    shown, is_new = await jobs.upsert_job(session, Ref("job", system, external_id), data, tag)
    _tell(response, tag, f"/v1/jobs/{encode('job', shown.id)}", shown.version, is_new=is_new)
    return shown


@router.put(
    f"/applications/{BY_REF}",
    tags=["applications"],
    responses=_answers(
        Application,
        OtherApplication,
        InvalidStateTransition,
        ContradictsLaterFact,
        InTheFuture,
        SelfReferral,
        UnknownReference,
    ),
)
async def applications_upsert(
    system: SystemInPath,
    external_id: ExternalIdInPath,
    session: Writing,
    data: application_bodies.ApplicationUpsert,
    tag: Tag,
    response: Response,
) -> Application:
    """Make an application under another system's id, or change it: with candidate, job, members and referral.

    All of it happens or nothing. Each `external_id` inside is of the same system. What is left out stays; sent again,
    nothing is written. One candidate has one application a job: a second id for both names the same application.

    Stage and outcome are compared with where the application stood at `occurred_at`, so that what is older moves
    nothing back. `outcome: null` reopens; without `outcome`, another stage of a closed application is a 409. The
    referral is recorded once; it makes no advocacy.
    """
    application, is_new = await applications.upsert_application(
        session, Ref("application", system, external_id), data, tag
    )
    path = f"/v1/applications/{encode('application', application.id)}"
    _tell(response, tag, path, application.version, is_new=is_new)
    return Application.of(application)


def _tell(response: Response, tag: Tag, path: str, version: int, *, is_new: bool) -> None:
    """Status, ETag, and where what is new can be found."""
    if is_new:
        response.status_code = 201
        tag.created(path, version)
    else:
        tag(version)
