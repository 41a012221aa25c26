"""What another tool sends about an application, with all that hangs on it."""

from pydantic import MISSING, Field, model_validator
from pydantic_core import PydanticCustomError

from api.applications.bodies import Told
from api.domain.vocabulary import Consent, NextStepKind, Origin, Outcome, Relationship, SeenByHiringManager, Stage
from api.platform.revisions import MetadataPatch
from api.platform.schemas import Day, Flag, Metadata, Moment, PatchModel, RequestModel, ShortText
from api.referrals.bodies import RELATIONSHIP, ReferralReasonCreate
from api.upserts.bodies import UpsertedCandidate, UpsertedJob, UpsertedPerson


class ReferralUpsert(RequestModel):
    """Who referred the candidate for the job. It is recorded once."""

    referrer: UpsertedPerson = Field(description="Who refers the candidate.")
    submitted_at: Moment | None = Field(default=None, description="When; now when left out, the past is fine.")
    relationship: Relationship = Field(default=Relationship.NONE, description=RELATIONSHIP, examples=["same_team"])
    worked_from: Day | None = Field(default=None, description="The day they began to work together.")
    worked_until: Day | None = Field(default=None, description="The day they ceased to.")
    reasons: list[ReferralReasonCreate] = Field(
        default=[], max_length=20, description="Why the candidate fits, as the referrer says it."
    )
    consent: Consent = Field(
        default=Consent.UNKNOWN, description="Whether the candidate agrees to be referred.", examples=["given"]
    )
    consent_at: Moment | None = Field(default=None, description="When the candidate said yes or no.")
    source: ShortText | None = Field(
        default=None, description="Where it came from; the system when left out.", examples=["Referral form"]
    )
    from_form: Flag = Field(
        default=False,
        description="It came with a form or from an applicant tracking system, and so is documented.",
        examples=[True],
    )
    metadata: Metadata = Field(default={})

    @model_validator(mode="after")
    def _make_sense(self) -> "ReferralUpsert":
        if self.worked_from and self.worked_until and self.worked_until < self.worked_from:
            raise PydanticCustomError("worked_backwards", "worked_until should not be before worked_from")
        if self.consent_at and self.consent not in (Consent.GIVEN, Consent.REFUSED):
            raise PydanticCustomError("consent_at_without_word", "consent_at goes with consent given or refused")
        return self


class ApplicationUpsert(PatchModel, Told):
    """An application as the tool knows it. To be made, it needs a candidate and a job."""

    candidate: UpsertedCandidate | MISSING = Field(default=MISSING, description="Who is considered.")
    job: UpsertedJob | MISSING = Field(default=MISSING, description="For what.")
    referral: ReferralUpsert | MISSING = Field(default=MISSING, description="Who referred the candidate for it.")
    origin: Origin | MISSING = Field(
        default=MISSING,
        description="How it came about, when it is made: `referred` with a referral, else `cold`. Fixed from then on.",
        examples=["referred"],
    )
    stage: Stage | MISSING = Field(
        default=MISSING, description="The stage it is in at `occurred_at`.", examples=["interviewing"]
    )
    stage_label: ShortText | MISSING | None = Field(
        default=MISSING, description="What the tool calls the stage.", examples=["On-site"]
    )
    outcome: Outcome | MISSING | None = Field(
        default=MISSING,
        description="How it ended by `occurred_at`; `null` says that it has not ended, and reopens it.",
        examples=["hired"],
    )
    next_step_at: Moment | MISSING | None = Field(
        default=MISSING, description="When the next step is planned; `null` when none is."
    )
    next_step_kind: NextStepKind | MISSING | None = Field(
        default=MISSING, description="What the next step is.", examples=["interview"]
    )
    seen_by_hiring_manager: SeenByHiringManager | MISSING = Field(
        default=MISSING, description="Whether the hiring manager looked at it at all.", examples=["yes"]
    )
    metadata: MetadataPatch | MISSING = Field(default=MISSING)
