"""What callers send about referrals."""

from typing import Self

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api.domain.vocabulary import Basis, Consent, Owed, ReferralState, Relationship
from api.owed.schemas import FILTER
from api.platform.ids import ApplicationId, CandidateId, JobId, PersonId, ReferrerId
from api.platform.queries import ListQuery
from api.platform.schemas import Day, Flag, MediumText, Metadata, Moment, RequestModel, ShortText
from api.reasons.schemas import RequirementText

RECORDED_BY = "The person who told us; null when nobody in particular did."
RELATIONSHIP = "How the referrer knows the candidate."


class ReferralsQuery(ListQuery):
    """Which referrals a list shows."""

    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`created_at`, with `desc` after it or not; the latest come first."
    )
    state: list[ReferralState] = Field(default=[], max_length=20, description="In any of these states.")
    job: JobId | SkipJsonSchema[None] = Field(default=None, description="For this job.")
    candidate: CandidateId | SkipJsonSchema[None] = Field(default=None, description="Of this candidate.")
    referrer: ReferrerId | SkipJsonSchema[None] = Field(default=None, description="By this referrer.")
    application: ApplicationId | SkipJsonSchema[None] = Field(default=None, description="Linked to this application.")
    follow_up_state: list[Owed] = Field(default=[], max_length=20, description=FILTER)


class ReferralReasonCreate(RequestModel):
    """A reason given with a referral."""

    requirement: RequirementText = Field(
        description="What the job requires, in words.", examples=["Runs systems in production"]
    )
    claim: MediumText = Field(
        description="What is said about the candidate.", examples=["Kept our billing import running for two years."]
    )
    basis: Basis = Field(description="What the referrer knows it from.", examples=["observed_directly"])
    before_process: Flag = Field(
        default=False,
        description="The work was seen before this application began; matters where the referrer is on the job.",
        examples=[False],
    )


class ReferralTold(RequestModel):
    """What is told of a referral, whoever it is of and by."""

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
    source: ShortText | None = Field(default=None, description="Where it came from.", examples=["Referral form"])
    from_form: Flag = Field(
        default=False,
        description="It came with a form or from an applicant tracking system, and so is documented.",
        examples=[True],
    )
    metadata: Metadata = Field(default={})

    @model_validator(mode="after")
    def _make_sense(self) -> Self:
        if self.worked_from and self.worked_until and self.worked_until < self.worked_from:
            raise PydanticCustomError("worked_backwards", "worked_until should not be before worked_from")
        if self.consent_at and self.consent not in (Consent.GIVEN, Consent.REFUSED):
            raise PydanticCustomError("consent_at_without_word", "consent_at goes with consent given or refused")
        return self


class ReferralCreate(ReferralTold):
    """A referrer attaches their name to a candidate."""

    candidate_id: CandidateId = Field(description="Who is referred.")
    referrer_id: ReferrerId = Field(description="Who refers them; never the candidate.")
    job_id: JobId | None = Field(
        default=None, description="For which job; without one, that of `application_id`, or no job in particular."
    )
    application_id: ApplicationId | None = Field(
        default=None,
        description="The candidate's application to link to; by itself a referral for a job finds the one for it.",
    )
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class ReferralSaid(RequestModel):
    """When something was said about a referral, and who told us."""

    occurred_at: Moment | None = Field(default=None, description="When; now when left out, never in the future.")
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class ReferralSaidWhy(ReferralSaid):
    """The same, with a reason."""

    reason: MediumText | None = Field(default=None, description="Why, if it was said.", examples=["Changed plans."])


class ReferralConsent(ReferralSaid):
    """The candidate's yes or no."""

    given: Flag = Field(description="Whether the candidate agrees to be referred.", examples=[True])


class ReferralIneligible(ReferralSaidWhy):
    """Why a referral is ineligible."""

    reason: MediumText = Field(description="Why.", examples=["The candidate was in the process already."])


class ReferralLink(ReferralSaid):
    """The application to link a referral to."""

    application_id: ApplicationId = Field(description="An application of the same candidate.")
