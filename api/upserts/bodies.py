"""What another tool sends about people, candidates and jobs. What is left out stays as it is."""

from typing import Any

from pydantic import MISSING, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from api.domain.vocabulary import JobKind, JobState, Power
from api.external_refs.schemas import ExternalId
from api.jobs.schemas import SHOWN
from api.people.time_zones import TIME_ZONE, TimeZone
from api.platform.ids import JobId, PersonId
from api.platform.revisions import MetadataPatch
from api.platform.schemas import EmailAddress, Flag, PatchModel, ShortText
from api.reasons.schemas import RequirementText

RECORDED_BY = "The person who told us, for the facts that this records."


class Named(PatchModel):
    """A person as the tool knows them. To be made known, they need a name or an address."""

    name: ShortText | MISSING = Field(default=MISSING, description="The name.", examples=["Ada Okafor"])
    email: EmailAddress | MISSING = Field(
        default=MISSING, description="The e-mail address, by which somebody is found whom the id does not name yet."
    )

    @field_validator("email", mode="before")
    @classmethod
    def _is_not_cleared(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError(
                "email_not_cleared",
                "Leave 'email' out to keep the address; to clear it, send null by PATCH /v1/people/{person_id}",
            )
        return value


class PersonUpsert(Named):
    """A person as the tool knows them."""

    time_zone: TimeZone | MISSING | None = Field(default=MISSING, description=TIME_ZONE)
    metadata: MetadataPatch | MISSING = Field(default=MISSING)


class UpsertedPerson(Named):
    """A person beside what is sent, with the tool's id for them as a person."""

    external_id: ExternalId | MISSING = Field(
        default=MISSING, description="The tool's id for this person.", examples=["4080"]
    )


class CandidateUpsert(Named):
    """A candidate as the tool knows them: the name and address of the person, and labels of the candidate."""

    metadata: MetadataPatch | MISSING = Field(default=MISSING)


class UpsertedCandidate(CandidateUpsert):
    """The candidate of an application, with the tool's id for them as a candidate."""

    external_id: ExternalId | MISSING = Field(
        default=MISSING, description="The tool's id for this candidate.", examples=["70231188"]
    )


class MemberUpsert(UpsertedPerson):
    """Somebody on a job, with the power they are to have from today on."""

    power: Power = Field(description="What they may do.", examples=["decides"])
    is_hiring_manager: Flag | MISSING = Field(
        default=MISSING,
        description="Whether they are the hiring manager; only somebody who decides can be.",
        examples=[True],
    )

    @model_validator(mode="after")
    def _decide(self) -> "MemberUpsert":
        if self.is_hiring_manager is True and self.power is not Power.DECIDES:
            raise PydanticCustomError("hiring_manager_decides", "Only a member who decides can be the hiring manager")
        return self


class JobParts(PatchModel):
    """A job as the tool knows it. To be made, it needs a title."""

    title: ShortText | MISSING = Field(
        default=MISSING, description="What the position is called.", examples=["Data engineer"]
    )
    kind: JobKind | MISSING = Field(default=MISSING, description="What it is.", examples=["hire"])
    state: JobState | MISSING = Field(default=MISSING, description="Where it is in its life.", examples=["open"])
    requirements: list[RequirementText] = Field(
        default=[],
        max_length=SHOWN,
        description="What it requires, in words; those it lacks are stated, and none is taken away.",
        examples=[["Runs a data platform"]],
    )
    members: list[MemberUpsert] = Field(
        default=[],
        max_length=SHOWN,
        description="Who is on it; who lacks the power is given it, and nobody is taken off.",
    )
    metadata: MetadataPatch | MISSING = Field(default=MISSING)

    @model_validator(mode="after")
    def _have_one_hiring_manager(self) -> "JobParts":
        if sum(member.is_hiring_manager is True for member in self.members) > 1:
            raise PydanticCustomError("one_hiring_manager", "At most one member can be the hiring manager")
        return self


class JobUpsert(JobParts):
    """A job as the tool knows it."""

    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class UpsertedJob(JobParts):
    """The job of an application: by the tool's id, by ours, or by both."""

    id: JobId | MISSING = Field(default=MISSING, description="Our id for the job.")
    external_id: ExternalId | MISSING = Field(
        default=MISSING, description="The tool's id for the job.", examples=["3020"]
    )

    @model_validator(mode="after")
    def _have_an_id(self) -> "UpsertedJob":
        if self.id is MISSING and self.external_id is MISSING:
            raise PydanticCustomError("job_without_id", "A job is known by external_id or by id; send one of them")
        return self
