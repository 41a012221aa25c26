"""Referrals on the wire."""

from typing import Any, Literal

from pydantic import Field

from api import models
from api.domain.vocabulary import Basis, Consent, ReferralState, Relationship
from api.owed.schemas import ShownNext, ShownState
from api.platform.ids import ApplicationId, CandidateId, JobId, PersonId, ReasonId, ReferralId, ReferrerId, encode
from api.platform.schemas import (
    Day,
    Listing,
    Moment,
    ResponseModel,
)
from api.referrals.bodies import RECORDED_BY, RELATIONSHIP


class ReferredCandidate(ResponseModel):
    """The candidate who is referred."""

    id: CandidateId = Field(description="The candidate.")
    name: str = Field(description="Their name.", examples=["Cleo Marsh"])


class NamedReferrer(ResponseModel):
    """The referrer."""

    id: ReferrerId = Field(description="The referrer.")
    name: str = Field(description="Their name.", examples=["Ravi Menon"])


class Credit(ResponseModel):
    """The place of a referral among those of its application that are valid for credit. Derived, never edited."""

    position: int | None = Field(
        description="From 1, by submission; null where it is not valid for credit.", examples=[1]
    )
    is_primary: bool = Field(description="Whether the position is 1.", examples=[True])
    after_application: bool = Field(
        description="Submitted after the candidate had applied, and so not valid for credit.", examples=[False]
    )
    job_member: bool = Field(
        description="The referrer is a member of the job, so that it is not valid for credit.", examples=[False]
    )


class ReferralReason(ResponseModel):
    """A reason given with the referral."""

    reason_id: ReasonId | None = Field(description="The application's reason that it became; null while not linked.")
    requirement: str = Field(description="What the job requires.", examples=["Runs systems in production"])
    claim: str = Field(
        description="What is said about the candidate.", examples=["Kept our billing import running for two years."]
    )
    basis: Basis = Field(description="What the referrer knows it from.", examples=["observed_directly"])
    before_process: bool = Field(description="Seen before this application began.", examples=[False])

    @classmethod
    def of(cls, row: models.ReferralReason) -> "ReferralReason":
        """The reason as it was given."""
        return cls.model_validate(row, from_attributes=True)


class ReferralShown(ResponseModel):
    """What an event says about a referral: ids, dates and states, no names and no free text."""

    id: ReferralId = Field(description="The referral.")
    object: Literal["referral"] = Field(default="referral", description="Always `referral`.", examples=["referral"])
    job_id: JobId | None = Field(description="The job it is for; null for none in particular.")
    application_id: ApplicationId | None = Field(description="The application it is linked to; gives no level before.")
    state: ReferralState = Field(
        description="Where it is in its life. *Live* means `submitted` or `acknowledged`.", examples=["submitted"]
    )
    submitted_at: Moment = Field(description="When it was made.")
    recorded_at: Moment = Field(description="When it was recorded.")
    recorded_by: PersonId | None = Field(description=RECORDED_BY)
    relationship: Relationship = Field(description=RELATIONSHIP, examples=["same_team"])
    worked_from: Day | None = Field(description="The day they began to work together.")
    worked_until: Day | None = Field(description="The day they ceased to.")
    consent: Consent = Field(description="Whether the candidate agrees to be referred.", examples=["given"])
    consent_at: Moment | None = Field(description="When the candidate said yes or no; null where not known.")
    is_documented: bool = Field(description="It came with a form or from an ATS.", examples=[True])
    is_duplicate: bool = Field(
        description="The same referrer had an earlier one for the same candidate and job.", examples=[False]
    )
    credit: Credit = Field(description="Its place for credit.")
    created_at: Moment = Field(description="When the record was made.")
    updated_at: Moment = Field(description="When it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @staticmethod
    def members_of(row: models.Referral) -> dict[str, Any]:
        """The members that its row holds, by name."""
        stored = ReferralShown.model_fields.keys() - {"object", "credit"}
        credit = Credit(
            position=row.credit_position,
            is_primary=row.credit_position == 1,
            after_application=row.after_application,
            job_member=row.is_job_member,
        )
        return {**{name: getattr(row, name) for name in stored}, "credit": credit}


class Referral(ReferralShown):
    """A referrer attached their name to a candidate, usually for a job."""

    candidate: ReferredCandidate = Field(description="Who is referred.")
    referrer: NamedReferrer = Field(description="Who attached their name.")
    reasons: list[ReferralReason] = Field(description="Why the candidate fits, as the referrer says it.")
    source: str | None = Field(description="Where it came from.", examples=["Referral form"])
    follow_up_state: ShownState
    next_follow_up: ShownNext
    allowed_transitions: list[str] = Field(
        description="The verbs that are possible now. Extensible enum: `acknowledge`, `consent`, `decline`, `link`, "
        "`mark_ineligible`, `withdraw`.",
        examples=[["acknowledge", "decline", "link", "mark_ineligible", "withdraw"]],
    )
    metadata: dict[str, str] = Field(description="The caller's own notes, by name.", examples=[{"ats_id": "42"}])


class ReferralCreated(Referral):
    """A referral that was just recorded, with what a caller may stumble over."""

    warnings: list[str] = Field(
        description="Never a block. Extensible enum: `duplicate_referral` where the same referrer's earlier one, "
        "`duplicate_of`, stands and this one counts for nothing. To add words, tell them to the recruiter as an act or "
        "a reason of the application; to replace the earlier one, `withdraw` it and refer again.",
        examples=[["duplicate_referral"]],
    )
    duplicate_of: ReferralId | None = Field(description="With that warning: the earlier referral, which stands.")


class ReferralList(Listing[Referral]):
    """One page of referrals."""


def event_data(row: models.Referral) -> dict[str, Any]:
    """What an event says about a referral."""
    shown = ReferralShown(**ReferralShown.members_of(row)).model_dump(mode="json")
    links = {
        "candidate_id": encode("candidate", row.candidate_id),
        "referrer_id": encode("referrer", row.referrer_id),
    }
    return {**shown, **links}
