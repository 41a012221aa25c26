"""What another tool sends about an application, with all that hangs on it."""

from pydantic import MISSING, Field

from api.applications.bodies import Told
from api.domain.vocabulary import NextStepKind, Origin, Outcome, SeenByHiringManager, Stage
from api.platform.revisions import MetadataPatch
from api.platform.schemas import Moment, PatchModel, ShortText
from api.referrals.bodies import ReferralTold
from api.upserts.bodies import UpsertedCandidate, UpsertedJob, UpsertedPerson


class ReferralUpsert(ReferralTold):
    """Who referred the candidate for the job. It is recorded once."""

    referrer: UpsertedPerson = Field(description="Who refers the candidate.")
    source: ShortText | None = Field(
        default=None, description="Where it came from; the system when left out.", examples=["Referral form"]
    )


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
