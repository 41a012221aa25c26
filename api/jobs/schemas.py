"""Jobs on the wire."""

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import MISSING, Field

from api import models
from api.domain.vocabulary import JobKind, JobState, Outcome, Power
from api.platform.ids import JobId, JobMemberId, PersonId, RequirementId
from api.platform.revisions import MetadataPatch
from api.platform.schemas import (
    Day,
    Flag,
    Listing,
    Metadata,
    Moment,
    PatchModel,
    RequestModel,
    ResponseModel,
    ShortText,
)
from api.reasons.schemas import RequirementText

SHOWN = 100
RECORDED_BY = "The person who told us; null when nobody in particular did."
HIRING_MANAGER = "Whether they are the hiring manager; only somebody who decides can be."


class Requirement(ResponseModel):
    """What a job requires. Reasons for candidates name it by its id."""

    id: RequirementId = Field(description="The requirement.")
    object: Literal["requirement"] = Field(
        default="requirement", description="Always `requirement`.", examples=["requirement"]
    )
    job_id: JobId = Field(description="The job.")
    text: str = Field(description="In words.", examples=["Runs a data platform"])
    is_stated: bool = Field(
        description="Whether it was stated on the job; if not, it was first named by a reason.", examples=[True]
    )

    @classmethod
    def of(cls, row: models.Requirement) -> "Requirement":
        """The requirement as stored."""
        return cls.model_validate(row, from_attributes=True)


class RequirementList(Listing[Requirement]):
    """One page of a job's requirements."""


class RequirementCreate(RequestModel):
    """A requirement to be stated on a job."""

    text: RequirementText = Field(description="In words.", examples=["Runs a data platform"])


class MemberPerson(ResponseModel):
    """The person who is a member."""

    id: PersonId = Field(description="The person.")
    name: str = Field(description="Their name.", examples=["Ada Okafor"])


class JobMember(ResponseModel):
    """A person's power on a job from a day on. Never edited: a correction is a new record."""

    id: JobMemberId = Field(description="The record.")
    object: Literal["job_member"] = Field(
        default="job_member", description="Always `job_member`.", examples=["job_member"]
    )
    job_id: JobId = Field(description="The job.")
    person: MemberPerson = Field(description="Who it is.")
    power: Power | None = Field(
        description="What they may do; null when the record ends the membership.", examples=["decides"]
    )
    is_hiring_manager: bool = Field(
        description="In a history: whether the record marks them as the hiring manager. Otherwise whether they are: "
        "the latest mark that holds counts.",
        examples=[True],
    )
    effective_on: Day = Field(description="The day from which it holds.")
    recorded_by: PersonId | None = Field(description=RECORDED_BY)
    recorded_at: Moment = Field(description="When it was recorded.")

    @classmethod
    def of(cls, row: models.JobMember, person: models.Person, *, is_hiring_manager: bool | None = None) -> "JobMember":
        """The record as stored; `is_hiring_manager` replaces its mark by what holds today."""
        return cls(
            id=row.id,
            job_id=row.job_id,
            person=MemberPerson(id=person.id, name=person.name),
            power=row.power,
            is_hiring_manager=row.is_hiring_manager if is_hiring_manager is None else is_hiring_manager,
            effective_on=row.effective_on,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
        )


class JobMemberList(Listing[JobMember]):
    """One page of a job's members."""


class JobMemberGrant(RequestModel):
    """A power to be given to a person on a job."""

    person_id: PersonId = Field(description="The person.")
    power: Power = Field(description="What they may do.", examples=["decides"])
    is_hiring_manager: Flag = Field(default=False, description=HIRING_MANAGER, examples=[True])
    effective_on: Day | None = Field(
        default=None, description="The day from which it holds, past or future; today when left out."
    )


class JobMemberCreate(JobMemberGrant):
    """A power to be given to a person on this job."""

    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class JobMemberEnd(RequestModel):
    """The end of a membership."""

    effective_on: Day | None = Field(
        default=None, description="The first day no longer a member, past or future; today when left out."
    )
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class JobRow(ResponseModel):
    """A job as a list shows it."""

    id: JobId = Field(description="The job.")
    object: Literal["job"] = Field(default="job", description="Always `job`.", examples=["job"])
    title: str = Field(description="What the position is called.", examples=["Data engineer"])
    kind: JobKind = Field(description="What it is.", examples=["hire"])
    state: JobState = Field(description="Where it is in its life; any state may follow any other.", examples=["open"])
    created_at: Moment = Field(description="When the job was made.")
    updated_at: Moment = Field(description="When the job, its requirements or members last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Job) -> "JobRow":
        """The job as stored."""
        return JobRow.model_validate(row, from_attributes=True)


class Job(JobRow):
    """A position that can be filled, with what it requires and who is on it today."""

    requirements: list[Requirement] = Field(
        max_length=SHOWN, description="What was stated on the job, the first 100; the list of requirements has all."
    )
    members: list[JobMember] = Field(
        max_length=SHOWN, description="Who is on it today, the first 100; the list of members has all."
    )
    metadata: Metadata

    @classmethod
    def full(
        cls, row: models.Job, requirements: Sequence[models.Requirement], members: list[JobMember], **more: Any
    ) -> Self:
        """The job with its parts; `more` is what a subclass adds."""
        return cls(
            **JobRow.of(row).model_dump(),
            requirements=[Requirement.of(requirement) for requirement in requirements],
            members=members,
            metadata=row.labels,
            **more,
        )


class JobList(Listing[JobRow]):
    """One page of jobs."""


class JobCreate(RequestModel):
    """A job to be made."""

    title: ShortText = Field(description="What the position is called.", examples=["Data engineer"])
    kind: JobKind = Field(default=JobKind.HIRE, description="What it is.", examples=["hire"])
    state: JobState = Field(default=JobState.OPEN, description="Where it is in its life.", examples=["open"])
    requirements: list[RequirementText] = Field(
        default=[], max_length=SHOWN, description="What it requires, in words.", examples=[["Runs a data platform"]]
    )
    members: list[JobMemberGrant] = Field(default=[], max_length=SHOWN, description="Who is on it, with which power.")
    metadata: Metadata = Field(default_factory=dict)
    recorded_by: PersonId | None = Field(default=None, description=f"For the members: {RECORDED_BY}")


class JobUpdate(PatchModel):
    """A change to a job."""

    title: ShortText | MISSING = Field(default=MISSING, description="The new title.", examples=["Data engineer"])
    kind: JobKind | MISSING = Field(default=MISSING, description="The new kind.", examples=["hire"])
    metadata: MetadataPatch | MISSING = Field(default=MISSING)


class JobSetState(RequestModel):
    """The state a job is to have."""

    state: JobState = Field(description="Any state may follow any other.", examples=["filled"])


class ProposedOutcome(ResponseModel):
    """An outcome that the job's state proposes for its open applications. A person decides; nothing is closed."""

    outcome: Outcome = Field(description="The outcome.", examples=["filled_by_other"])
    application_count: int = Field(description="How many open applications it is proposed for.", examples=[3])


class JobStateSet(Job):
    """A job whose state was set, and what that proposes."""

    proposed_outcomes: list[ProposedOutcome] = Field(
        max_length=1, description="With `filled` and `cancelled`: what to close the open applications with."
    )
