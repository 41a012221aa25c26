"""What callers send about applications."""

from typing import Any

from pydantic import MISSING, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from api.domain.vocabulary import NextStepKind, Origin, Outcome, SeenByHiringManager, Stage
from api.platform.ids import CandidateId, JobId, PersonId
from api.platform.revisions import MetadataPatch
from api.platform.schemas import Day, Metadata, Moment, PatchModel, RequestModel, ShortText

_SET_BY = {"state": "use hold, resume, close or reopen", "stage": "use move", "outcome": "use close"}


class Told(RequestModel):
    """When something happened and how we know: what every fact about an application may carry."""

    occurred_at: Moment | None = Field(
        default=None, description="When it happened: now when left out, never in the future."
    )
    recorded_by: PersonId | None = Field(default=None, description="The person who told us.")
    source: ShortText | None = Field(
        default=None, description="Where it was learned, such as the name of a system.", examples=["greenhouse"]
    )


class ApplicationCreate(Told):
    """A candidate to be considered for a job."""

    candidate_id: CandidateId = Field(description="Who is considered.")
    job_id: JobId = Field(description="For what.")
    origin: Origin = Field(
        default=Origin.COLD, description="How it came about; it cannot be changed later.", examples=["referred"]
    )
    stage: Stage = Field(default=Stage.IDENTIFIED, description="The stage it begins in.", examples=["applied"])
    stage_label: ShortText | None = Field(
        default=None, description="What you call the stage.", examples=["Phone screen"]
    )
    next_step_at: Moment | None = Field(default=None, description="When the next step is planned.")
    next_step_kind: NextStepKind | None = Field(
        default=None, description="What the next step is.", examples=["interview"]
    )
    seen_by_hiring_manager: SeenByHiringManager = Field(
        default=SeenByHiringManager.UNKNOWN,
        description="Whether the hiring manager looked at it at all.",
        examples=["unknown"],
    )
    metadata: Metadata = Field(default_factory=dict)


class NextStep(PatchModel):
    """The next step of an application: when, and what."""

    next_step_at: Moment | MISSING | None = Field(
        default=MISSING, description="When the next step is planned; `null` when none is."
    )
    next_step_kind: NextStepKind | MISSING | None = Field(
        default=MISSING, description="What the next step is.", examples=["interview"]
    )

    def next_step(self) -> dict[str, Any]:
        """The members of the next step that were sent."""
        sent = {"next_step_at": self.next_step_at, "next_step_kind": self.next_step_kind}
        return {name: value for name, value in sent.items() if value is not MISSING}


class ApplicationUpdate(NextStep):
    """A change to an application. State, stage and outcome are changed by verbs."""

    stage_label: ShortText | MISSING | None = Field(
        default=MISSING, description="What you call the stage.", examples=["Phone screen"]
    )
    seen_by_hiring_manager: SeenByHiringManager | MISSING = Field(
        default=MISSING, description="Whether the hiring manager looked at it at all.", examples=["yes"]
    )
    metadata: MetadataPatch | MISSING = Field(default=MISSING)

    @model_validator(mode="before")
    @classmethod
    def _point_at_the_verbs(cls, value: Any) -> Any:
        named = [name for name in _SET_BY if isinstance(value, dict) and name in value]
        if named:
            faults = [InitErrorDetails(type=_set_by_verb(name), loc=(name,), input=None) for name in named]
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return value

    def labels(self) -> dict[str, Any]:
        """The members that were sent and are no facts."""
        return {name: value for name, value in self.changes().items() if name not in NextStep.model_fields}


class ApplicationMove(Told, NextStep):
    """The stage that the application enters."""

    stage: Stage = Field(description="The stage, later or earlier than the present one.", examples=["interviewing"])
    stage_label: ShortText | None = Field(
        default=None, description="What you call the stage; the label of the one before goes.", examples=["On-site"]
    )


class ApplicationHold(Told):
    """A hold, with or without an end."""

    until: Day | None = Field(
        default=None, description="The day on which the hold ends by itself; left out where it is not known."
    )


class ApplicationResume(Told):
    """The end of a hold."""


class ApplicationClose(Told):
    """How the application ended."""

    outcome: Outcome = Field(description="The outcome.", examples=["hired"])


class ApplicationTransfer(Told):
    """The job for which the candidate is considered as well."""

    job_id: JobId = Field(description="Another job.")


class ApplicationReopen(Told):
    """The application goes on."""

    stage: Stage | None = Field(
        default=None,
        description="The stage it goes on in; when left out, the one before the outcome.",
        examples=["interviewing"],
    )


def _set_by_verb(name: str) -> PydanticCustomError:
    return PydanticCustomError("set_by_verb", "'{name}' cannot be set; {verb}", {"name": name, "verb": _SET_BY[name]})
