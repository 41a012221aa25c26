"""What is told of referrals and of references."""

from typing import Literal

from pydantic import Field

from api.domain.vocabulary import ReferenceState, ReferralState
from api.event_types.declaring import Declared
from api.event_types.told import Told, former, partly, told
from api.platform.ids import ApplicationId, CandidateId, JobId, PersonId, ReferenceId, ReferralId, ReferrerId
from api.references.schemas import Reference, ReferenceShown
from api.referrals.schemas import ReferralShown

_EXAMPLE = "0192f3a4b5c67d8e9f00112233445566"


class ReferralStateTold(Told):
    """What is derived of a referral: its state, and its place for credit."""

    id: ReferralId = Field(description="The referral.")
    object: Literal["referral"] = Field(default="referral", description="Always `referral`.", examples=["referral"])
    application_id: ApplicationId | None = Field(description="The application it is linked to.")
    candidate_id: CandidateId = Field(description="Who is referred.")
    job_id: JobId | None = Field(description="The job it is for; null for none in particular.")
    referrer_id: ReferrerId = Field(description="Who attached their name.")
    state: ReferralState = Field(description="Where it is in its life.", examples=["submitted"])
    after_application: bool = Field(description="Submitted after the candidate had applied.", examples=[False])
    is_job_member: bool = Field(description="The referrer is a member of the job.", examples=[False])
    credit_position: int | None = Field(
        description="From 1, by submission; null where it is not valid for credit.", examples=[1]
    )


ReferralTold = told(
    "ReferralTold",
    ReferralShown,
    "A referral by ids, dates and states, without names and free text.",
    candidate_id=(CandidateId, Field(description="Who is referred.")),
    referrer_id=(ReferrerId, Field(description="Who attached their name.")),
)
ReferralWordTold = partly(
    "ReferralWordTold",
    told(
        "ReferralInFull",
        ReferralTold,
        "A referral with what is derived of it.",
        after_application=(bool, ReferralStateTold.model_fields["after_application"]),
        is_job_member=(bool, ReferralStateTold.model_fields["is_job_member"]),
        credit_position=(int | None, ReferralStateTold.model_fields["credit_position"]),
    ),
    "A referral after a word about it: what is derived of it, or, where a word of the past moves nothing by now, the "
    "referral as it is.",
    always=("id", "object", "application_id", "candidate_id", "job_id", "referrer_id", "state"),
)
ReferralBefore = former(
    "ReferralBefore", ReferralStateTold, "state", "after_application", "is_job_member", "credit_position"
)


class ReferenceStateTold(Told):
    """What is derived of a reference: its state."""

    id: ReferenceId = Field(description="The reference.")
    object: Literal["reference"] = Field(default="reference", description="Always `reference`.", examples=["reference"])
    application_id: ApplicationId = Field(description="The application.")
    person_id: PersonId = Field(description="Who was asked.")
    state: ReferenceState = Field(description="Where it is in its life.", examples=["no_answer"])


ReferenceTold = told(
    "ReferenceTold",
    ReferenceShown,
    "A reference, without a name and without what was said.",
    person_id=(PersonId, Field(description="Who is asked.")),
)
ReferenceWordTold = partly(
    "ReferenceWordTold",
    ReferenceTold,
    "A reference after a word about it: its state, and all of it where it is new or the word is of the past.",
    always=("id", "object", "application_id", "person_id", "state"),
)
ReferenceBefore = former("ReferenceBefore", ReferenceTold, "state")
ReferenceNotesBefore = former("ReferenceNotesBefore", Reference, "praise", "metadata")

_LINKED = {"application_id": f"application_{_EXAMPLE}", "job_id": f"job_{_EXAMPLE}"}


def _came(state: str, was: str) -> Declared:
    """A state that only what is derived leads to."""
    return Declared(ReferralStateTold, ReferralBefore, shown={**_LINKED, "state": state}, was={"state": was})


def _word(state: str, was: str) -> Declared:
    """A state that a word leads to."""
    return Declared(
        ReferralWordTold,
        ReferralBefore,
        shown={**_LINKED, "state": state},
        was={"state": was},
        usual=ReferralStateTold,
    )


def _said(state: str, was: str) -> Declared:
    return Declared(
        ReferenceWordTold, ReferenceBefore, shown={"state": state}, was={"state": was}, usual=ReferenceStateTold
    )


REFERRALS = {
    "referral.created": Declared(ReferralTold, shown={"job_id": f"job_{_EXAMPLE}"}),
    "referral.consent.recorded": Declared(ReferralTold, shown=_LINKED),
    "referral.submitted": _came("submitted", "consent_pending"),
    "referral.acknowledged": _word("acknowledged", "submitted"),
    "referral.declined": _word("declined", "consent_pending"),
    "referral.withdrawn": _word("withdrawn", "submitted"),
    "referral.ineligible": _word("ineligible", "submitted"),
    "referral.expired": _came("expired", "consent_pending"),
    "referral.closed": _came("closed", "acknowledged"),
    "referral.reopened": _came("acknowledged", "closed"),
    "referral.linked": Declared(ReferralTold, shown=_LINKED),
    "referral.credit.changed": Declared(ReferralStateTold, ReferralBefore, shown=_LINKED, was={"credit_position": 2}),
    "reference.requested": Declared(ReferenceWordTold, ReferenceBefore, usual=ReferenceTold),
    "reference.agreed": _said("agreed", "requested"),
    "reference.given": _said("given", "agreed"),
    "reference.declined": _said("declined", "requested"),
    "reference.no_answer": Declared(ReferenceStateTold, ReferenceBefore, was={"state": "requested"}),
    "reference.updated": Declared(ReferenceTold, ReferenceNotesBefore, was={"praise": None}),
}
"""The types about referrals and references."""
