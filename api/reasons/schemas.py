"""Reasons on the wire."""

from typing import Annotated, Any, Literal

from pydantic import MISSING, AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from api.models import Reason as ReasonRow
from api.models import Requirement
from api.platform.ids import ApplicationId, ReasonId, RequirementId
from api.platform.schemas import (
    Link,
    Listing,
    MediumText,
    Moment,
    PatchModel,
    RequestModel,
    ResponseModel,
    ShortText,
)
from api.reasons.wording import EVIDENCE, evidence_warnings, normalised

MAX_REQUIREMENT_LENGTH = 200


def _bounded(text: str) -> str:
    # Normalising can lengthen text many times over, and the normalised form stands in an index of limited width.
    if len(normalised(text)) > MAX_REQUIREMENT_LENGTH:
        raise PydanticCustomError("requirement_too_long", "The requirement is too long when normalised")
    return text


RequirementText = Annotated[ShortText, AfterValidator(_bounded)]
"""A requirement of a job in words; two that differ in case or white space only are the same one."""


class Evidence(ResponseModel):
    """What shows that a claim is true."""

    challenge: str | None = Field(
        description="What was hard, and for whom.", examples=["The nightly import failed twice a week."]
    )
    action: str | None = Field(
        description="What this person did.", examples=["She rewrote its scheduler and stayed on call for it."]
    )
    result: str | None = Field(
        description="What changed: a number with its unit and base, or something that can be seen.",
        examples=["No failed night in the nine months since."],
    )
    link: str | None = Field(
        description="Where it can be read.",
        examples=["https://example.com/postmortem"],
        json_schema_extra={"format": "uri"},
    )


class EvidenceCreate(RequestModel):
    """What shows that a claim is true. Every part is optional; a missing one is answered with a warning."""

    challenge: MediumText | None = Field(
        default=None, description="What was hard, and for whom.", examples=["The nightly import failed twice a week."]
    )
    action: MediumText | None = Field(
        default=None,
        description="What this person did.",
        examples=["She rewrote its scheduler and stayed on call for it."],
    )
    result: MediumText | None = Field(
        default=None,
        description="What changed: a number with its unit and base, or something that can be seen.",
        examples=["No failed night in the nine months since."],
    )
    link: Link | None = Field(
        default=None, description="Where it can be read.", examples=["https://example.com/postmortem"]
    )


class EvidenceUpdate(PatchModel):
    """A change to the evidence: a part left out stays, `null` clears it."""

    challenge: MediumText | MISSING | None = Field(
        default=MISSING, description="What was hard, and for whom.", examples=["The import failed twice a week."]
    )
    action: MediumText | MISSING | None = Field(
        default=MISSING, description="What this person did.", examples=["She rewrote its scheduler."]
    )
    result: MediumText | MISSING | None = Field(
        default=MISSING, description="What changed.", examples=["No failed night in the nine months since."]
    )
    link: Link | MISSING | None = Field(
        default=MISSING, description="Where it can be read.", examples=["https://example.com/postmortem"]
    )


class ReasonCreate(RequestModel):
    """A reason for a candidate: a requirement of the job, named in words or by its id, and a claim."""

    requirement: RequirementText | None = Field(
        default=None,
        description="What the job requires, in words; becomes a requirement of the job at its first use.",
        examples=["Runs systems in production"],
    )
    requirement_id: RequirementId | None = Field(
        default=None, description="A requirement of the job that exists, instead of `requirement`."
    )
    claim: MediumText = Field(
        description="What is said about the candidate.", examples=["Kept our billing import running for two years."]
    )
    evidence: EvidenceCreate | None = Field(default=None, description="What shows that it is true.")

    @model_validator(mode="after")
    def _name_one_requirement(self) -> "ReasonCreate":
        if (self.requirement is None) == (self.requirement_id is None):
            raise PydanticCustomError("one_requirement", "Send either requirement or requirement_id")
        return self


class ReasonUpdate(PatchModel):
    """A change to a reason. What it claims is what it is, so only its evidence may change."""

    evidence: EvidenceUpdate | MISSING | None = Field(
        default=MISSING, description="Merged into what is there, part by part; `null` clears all of it."
    )

    def parts(self) -> dict[str, str | None]:
        """The parts of the evidence that were sent, by name."""
        if self.evidence is None:
            return dict.fromkeys(EVIDENCE)
        return {} if self.evidence is MISSING else self.evidence.changes()


class NamedRequirement(ResponseModel):
    """A requirement of the job."""

    id: RequirementId = Field(description="The requirement.")
    text: str = Field(description="What the job requires.", examples=["Runs systems in production"])


class Reason(ResponseModel):
    """Why this candidate fits this job."""

    id: ReasonId = Field(description="The reason.")
    object: Literal["reason"] = Field(default="reason", description="Always `reason`.", examples=["reason"])
    application_id: ApplicationId = Field(description="The application it speaks for.")
    requirement: NamedRequirement = Field(description="The requirement that the claim is about.")
    claim: str = Field(
        description="What is said about the candidate.", examples=["Kept our billing import running for two years."]
    )
    evidence: Evidence | None = Field(description="What shows that it is true; null while nothing does.")
    warnings: list[str] = Field(
        description="What a reader may stumble over; never a block. Extensible enum: `challenge_missing`, "
        "`action_missing`, `result_missing`, `link_missing`, `action_says_only_we`, and `reason_copied` for a claim "
        "made for this candidate on more jobs than the policy's `reason_copies_warn`.",
        examples=[["result_missing"]],
    )
    created_at: Moment = Field(description="When the reason was first recorded.")
    updated_at: Moment = Field(description="When its evidence last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: ReasonRow, requirement: Requirement, *, candidate_name: str, is_copied: bool) -> "Reason":
        """The reason as it is stored, with what is noticed about its wording."""
        evidence = _evidence(row)
        warnings = evidence_warnings(evidence, candidate_name=candidate_name)
        return cls(
            id=row.id,
            application_id=row.application_id,
            requirement=NamedRequirement(id=requirement.id, text=requirement.text),
            claim=row.claim,
            evidence=Evidence(**evidence) if any(evidence.values()) else None,
            warnings=[*warnings, "reason_copied"] if is_copied else warnings,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )


class ReasonList(Listing[Reason]):
    """One page of an application's reasons, the oldest first."""


def event_data(row: ReasonRow, requirement: Requirement) -> dict[str, Any]:
    """What an event says about a reason: the resource without its warnings."""
    shown = Reason.of(row, requirement, candidate_name="", is_copied=False)
    return shown.model_dump(mode="json", exclude={"warnings"})


def _evidence(row: ReasonRow) -> dict[str, str | None]:
    return {part: getattr(row, part) for part in EVIDENCE}
