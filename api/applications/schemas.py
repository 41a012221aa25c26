"""Applications as we send them."""

from typing import Any, Literal

from pydantic import Field

from api import models
from api.domain.stages import allowed_verbs
from api.domain.vocabulary import (
    ApplicationState,
    NextStepKind,
    Origin,
    Outcome,
    SeenByHiringManager,
    Stage,
    StageVerb,
    Waiting,
)
from api.owed.schemas import MEMBERS, NextFollowUp, ShownNext, ShownState
from api.platform import ids
from api.platform.ids import ApplicationId, CandidateId, JobId, PersonId, StageChangeId
from api.platform.schemas import Day, Listing, Metadata, Moment, ResponseModel
from api.support.schemas import AnnouncedSupport


class NamedCandidate(ResponseModel):
    """The candidate beside an application."""

    id: CandidateId = Field(description="The candidate.")
    name: str = Field(description="Their name.", examples=["Sam Reyes"])


class NamedJob(ResponseModel):
    """The job beside an application."""

    id: JobId = Field(description="The job.")
    title: str = Field(description="Its title.", examples=["Data engineer"])


class ApplicationRow(ResponseModel):
    """An application as lists show it. Everything derived is as it was last announced."""

    id: ApplicationId = Field(description="The application.")
    object: Literal["application"] = Field(
        default="application", description="Always `application`.", examples=["application"]
    )
    candidate: NamedCandidate = Field(description="Who is considered.")
    job: NamedJob = Field(description="For what.")
    state: ApplicationState = Field(description="Whether it is open, on hold or closed.", examples=["open"])
    stage: Stage = Field(description="The stage it is in, or was in when it was closed.", examples=["screening"])
    stage_label: str | None = Field(
        description="What you or your applicant tracking system call the stage.", examples=["Phone screen"]
    )
    stage_entered_at: Moment = Field(description="When it entered the stage.")
    on_hold_until: Day | None = Field(description="The day on which a hold ends by itself; null without such a day.")
    outcome: Outcome | None = Field(description="How it ended; null while it has not.", examples=["hired"])
    origin: Origin = Field(description="How it came about; fixed at the start.", examples=["referred"])
    next_step_at: Moment | None = Field(description="When the next step is planned.")
    next_step_kind: NextStepKind | None = Field(description="What the next step is.", examples=["interview"])
    last_act_at: Moment | None = Field(description="When an advocate last did something for the candidate.")
    support: AnnouncedSupport = Field(description="How it is backed.")
    waiting: Waiting = Field(
        description="Whether the candidate has been without recorded contact past the first or the second limit of the"
        " stage, as last announced; never an outcome.",
        examples=["none"],
    )
    waiting_since: Moment | None = Field(
        description="From when the first limit of the stage was passed without one; null where nobody waits."
    )
    waiting_changes_at: Moment | None = Field(
        description="The next moment at which `waiting` differs if nothing more happens; null for never."
    )
    follow_up_state: ShownState
    next_follow_up: ShownNext
    merged_into: ApplicationId | None = Field(
        description="The same candidate's application for the same job that goes on in place of this one."
    )
    created_at: Moment = Field(description="When it was recorded.")
    updated_at: Moment = Field(description="When anything in it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])


class Application(ApplicationRow):
    """One candidate considered for one job."""

    seen_by_hiring_manager: SeenByHiringManager = Field(
        description="Whether the hiring manager looked at it at all.", examples=["unknown"]
    )
    transferred_from: ApplicationId | None = Field(description="The application for another job that it came out of.")
    outcome_at: Moment | None = Field(description="When it ended; a correction of the outcome keeps the moment.")
    exposed: bool = Field(
        description="Whether the only advocate is gone, leaving, away too long or slipping.", examples=[False]
    )
    sole_advocate: bool = Field(description="Whether exactly one person stands up for the candidate.", examples=[True])
    heard_by_current_decider: bool | None = Field(
        description="Whether somebody who decides now heard it; null without a qualifying act.", examples=[True]
    )
    allowed_transitions: list[str] = Field(
        description="The verbs that its state allows: `move`, `hold`, `resume`, `close`, `reopen`.",
        examples=[["close", "hold", "move"]],
    )
    sourced_by: PersonId | None = Field(
        description="Whom a connected system credits with the candidate, where that makes no referral."
    )
    deleted_at_source: Moment | None = Field(
        description="When a connected system deleted the application; it then rests here, without an outcome."
    )
    metadata: Metadata

    @classmethod
    def of(cls, row: models.Application) -> "Application":
        """The application, with what was last announced about it."""
        derived: dict[str, Any] = {
            "candidate": NamedCandidate(id=row.candidate_id, name=row.candidate_name),
            "job": NamedJob(id=row.job_id, title=row.job_title),
            "support": AnnouncedSupport.announced(row),
            "next_follow_up": _next_follow_up(row),
            "merged_into": row.merged_into_id,
            "transferred_from": row.transferred_from_id,
            "allowed_transitions": allowed_verbs(row.state),
            "sourced_by": row.sourced_by_id,
            "metadata": row.labels,
        }
        plain = cls.model_fields.keys() - derived.keys() - {"object"}
        return cls(**{name: getattr(row, name) for name in plain}, **derived)


def _next_follow_up(row: models.Application) -> NextFollowUp | None:
    if row.next_follow_up_id is None or row.next_follow_up_type is None or row.next_follow_up_due_at is None:
        return None
    return NextFollowUp(
        id=row.next_follow_up_id,
        type=row.next_follow_up_type,
        owner_id=row.next_follow_up_owner_id,
        due_at=row.next_follow_up_due_at,
    )


class StageChange(ResponseModel):
    """A verb of an application's lifecycle, as it happened. Never edited."""

    id: StageChangeId = Field(description="The fact.")
    object: Literal["stage_change"] = Field(
        default="stage_change", description="Always `stage_change`.", examples=["stage_change"]
    )
    application_id: ApplicationId = Field(description="The application.")
    verb: StageVerb = Field(description="What happened.", examples=["move"])
    stage: Stage | None = Field(
        description="The stage entered by `create`, `move` and `reopen`.", examples=["interviewing"]
    )
    hold_until: Day | None = Field(description="The day on which a `hold` ends by itself.")
    outcome: Outcome | None = Field(description="The outcome that a `close` gave.", examples=["rejected"])
    source: str | None = Field(description="Where it was learned.", examples=["greenhouse"])
    recorded_by: PersonId | None = Field(description="The person who told us.")
    occurred_at: Moment = Field(description="When it happened.")
    recorded_at: Moment = Field(description="When it was recorded.")

    @classmethod
    def of(cls, row: models.StageChange) -> "StageChange":
        """The fact as it was recorded."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields.keys() - {"object"}})


class StageChangeList(Listing[StageChange]):
    """One page of an application's stage changes, in the order in which they happened."""


def event_data(row: models.Application) -> dict[str, Any]:
    """What an event says about an application: ids and no names.

    Its support, waiting and what is owed have events of their own.
    """
    waits = {"waiting", "waiting_since", "waiting_changes_at"}
    told_elsewhere = {"candidate", "job", "support", "allowed_transitions", *waits, *MEMBERS}
    shown = Application.of(row).model_dump(mode="json", exclude=told_elsewhere)
    candidate_id, job_id = ids.encode("candidate", row.candidate_id), ids.encode("job", row.job_id)
    return {**shown, "candidate_id": candidate_id, "job_id": job_id}
