"""Applications: the facts of their lifecycle, their reasons, and what was last announced about them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from api.domain.vocabulary import (
    ApplicationState,
    Championing,
    Confidence,
    Level,
    NextStepKind,
    Origin,
    Outcome,
    Owed,
    SeenByHiringManager,
    Stage,
    StageVerb,
    Waiting,
)
from api.models.base import Happened, Moment, Versioned, WorkspaceOwned, closed_set, json_map, refers


def _listed_by(*columns: str, order: str = "created_at", name: str | None = None) -> Index:
    """An index that serves a filter on `columns` in the order of `order`."""
    ending = "" if order == "created_at" else f"_{order}"
    return Index(f"ix_applications_{name or '_'.join(columns) + ending}", "workspace_id", *columns, order, "id")


_COUNTED = ("state", "stage", "level", "championing", "confidence", "exposed")
"""What the pipeline counts: an index that holds all of it is counted without reading the table."""


class Application(Versioned, table=True):
    """One candidate considered for one job: the root that is locked for whatever hangs on it.

    Everything below `seen_by_hiring_manager` is derived from facts and was last announced at `derived_at`; the names
    are copies, so that a list reads one table, and are refreshed whenever the application is announced. `recheck_at`
    is the next moment at which something announced may change without a request. `changed_at` is when state, stage,
    outcome, level or championing last became others, as they were announced. `followed` remembers which triggers
    have been decided without anything being owed, and since when those hold that come and go.
    """

    __tablename__ = "applications"
    __table_args__ = (
        refers("candidates", "candidate_id", "fk_applications_candidate"),
        refers("jobs", "job_id", "fk_applications_job"),
        refers("advocacies", "advocacy_id", "fk_applications_advocacy", use_alter=True),
        refers("applications", "transferred_from_id", "fk_applications_transferred_from"),
        refers("applications", "merged_into_id", "fk_applications_merged_into"),
        refers("people", "sourced_by_id", "fk_applications_sourced_by"),
        refers("follow_ups", "next_follow_up_id", "fk_applications_next_follow_up", use_alter=True),
        UniqueConstraint("workspace_id", "candidate_id", "job_id", name="uq_applications_candidate_id_job_id"),
        _listed_by(name="created_at"),
        _listed_by("job_id"),
        _listed_by("candidate_id"),
        _listed_by("state"),
        _listed_by("stage"),
        _listed_by("outcome"),
        _listed_by("level"),
        _listed_by("championing"),
        _listed_by("confidence"),
        _listed_by("exposed"),
        _listed_by("waiting"),
        _listed_by("follow_up_state"),
        _listed_by("job_id", "follow_up_state"),
        _listed_by("job_id", "waiting"),
        _listed_by("job_id", "state"),
        _listed_by("job_id", "stage"),
        _listed_by("job_id", "level"),
        _listed_by("state", "stage"),
        _listed_by("state", "level"),
        _listed_by("state", "exposed"),
        _listed_by("stage", "level"),
        _listed_by("job_id", "stage", "level"),
        _listed_by("state", "stage", "level"),
        _listed_by(order="updated_at", name="updated_at"),
        _listed_by("job_id", order="updated_at"),
        _listed_by(order="level_changed_at", name="level_changed_at"),
        _listed_by("job_id", order="level_changed_at"),
        _listed_by("level", order="level_changed_at"),
        _listed_by(order="next_change_at", name="next_change_at"),
        _listed_by("job_id", order="next_change_at"),
        _listed_by("level", order="next_change_at"),
        _listed_by(order="changed_at", name="changed_at"),
        _listed_by("job_id", order="changed_at"),
        Index(
            "ix_applications_job_id_exposed",
            "workspace_id",
            "job_id",
            "created_at",
            "id",
            postgresql_where=text("exposed and state = 'open'"),
        ),
        Index("ix_applications_counted", "workspace_id", *_COUNTED),
        Index("ix_applications_counted_by_job", "workspace_id", "job_id", *_COUNTED),
        Index(
            "ix_applications_recheck_at",
            "workspace_id",
            "recheck_at",
            postgresql_where=text("recheck_at is not null"),
        ),
    )

    candidate_id: UUID
    job_id: UUID
    origin: Origin = Field(sa_column=closed_set("origin", Origin))
    stage_label: str | None = Field(default=None, sa_type=Text)
    seen_by_hiring_manager: SeenByHiringManager = Field(
        sa_column=closed_set("seen_by_hiring_manager", SeenByHiringManager)
    )
    transferred_from_id: UUID | None = None
    merged_into_id: UUID | None = None
    sourced_by_id: UUID | None = None
    deleted_at_source: datetime | None = Field(default=None, sa_type=Moment)
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())

    candidate_name: str = Field(sa_type=Text)
    job_title: str = Field(sa_type=Text)
    advocate_name: str | None = Field(default=None, sa_type=Text)
    state: ApplicationState = Field(sa_column=closed_set("state", ApplicationState))
    stage: Stage = Field(sa_column=closed_set("stage", Stage))
    stage_entered_at: datetime = Field(sa_type=Moment)
    on_hold_until: date | None = None
    outcome: Outcome | None = Field(default=None, sa_column=closed_set("outcome", Outcome, nullable=True))
    outcome_at: datetime | None = Field(default=None, sa_type=Moment)
    next_step_at: datetime | None = Field(default=None, sa_type=Moment)
    next_step_kind: NextStepKind | None = Field(
        default=None, sa_column=closed_set("next_step_kind", NextStepKind, nullable=True)
    )
    last_act_at: datetime | None = Field(default=None, sa_type=Moment)
    level: Level = Field(sa_column=closed_set("level", Level))
    level_changed_at: datetime | None = Field(default=None, sa_type=Moment)
    changed_at: datetime | None = Field(default=None, sa_type=Moment)
    championing: Championing = Field(sa_column=closed_set("championing", Championing))
    confidence: Confidence | None = Field(default=None, sa_column=closed_set("confidence", Confidence, nullable=True))
    documented_level: Level = Field(sa_column=closed_set("documented_level", Level))
    since: datetime | None = Field(default=None, sa_type=Moment)
    advocacy_id: UUID | None = None
    advocate_id: UUID | None = None
    exposed: bool = False
    sole_advocate: bool = False
    heard_by_current_decider: bool | None = None
    next_change_at: datetime | None = Field(default=None, sa_type=Moment)
    waiting: Waiting = Field(default=Waiting.NONE, sa_column=closed_set("waiting", Waiting))
    waiting_since: datetime | None = Field(default=None, sa_type=Moment)
    waiting_changes_at: datetime | None = Field(default=None, sa_type=Moment)
    follow_up_state: Owed = Field(default=Owed.NONE, sa_column=closed_set("follow_up_state", Owed))
    next_follow_up_id: UUID | None = None
    next_follow_up_type: str | None = Field(default=None, sa_type=Text)
    next_follow_up_owner_id: UUID | None = None
    next_follow_up_due_at: datetime | None = Field(default=None, sa_type=Moment)
    followed: dict[str, Any] = Field(default_factory=dict, sa_column=Column("followed", JSONB, nullable=False))
    derived_at: datetime = Field(sa_type=Moment)
    policy_version: int
    recheck_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)


class StageChange(Happened, table=True):
    """A verb of an application's lifecycle, as it happened."""

    __tablename__ = "stage_changes"
    __table_args__ = (
        refers("applications", "application_id", "fk_stage_changes_application"),
        Index("ix_stage_changes_application_id", "workspace_id", "application_id"),
    )

    application_id: UUID
    verb: StageVerb = Field(sa_column=closed_set("verb", StageVerb))
    stage: Stage | None = Field(default=None, sa_column=closed_set("stage", Stage, nullable=True))
    hold_until: date | None = None
    outcome: Outcome | None = Field(default=None, sa_column=closed_set("outcome", Outcome, nullable=True))
    source: str | None = Field(default=None, sa_type=Text)


class NextStepChange(Happened, table=True):
    """A setting of an application's next step."""

    __tablename__ = "next_step_changes"
    __table_args__ = (
        refers("applications", "application_id", "fk_next_step_changes_application"),
        Index("ix_next_step_changes_application_id", "workspace_id", "application_id"),
    )

    application_id: UUID
    next_step_at: datetime | None = Field(default=None, sa_type=Moment)
    next_step_kind: NextStepKind | None = Field(
        default=None, sa_column=closed_set("next_step_kind", NextStepKind, nullable=True)
    )


class Reason(Versioned, table=True):
    """Why this candidate fits this job: one record per application, requirement and claim.

    `claim_hash` is the SHA-256 of the normalised claim, to find the same claim again.
    """

    __tablename__ = "reasons"
    __table_args__ = (
        refers("applications", "application_id", "fk_reasons_application"),
        refers("requirements", "requirement_id", "fk_reasons_requirement"),
        refers("candidates", "candidate_id", "fk_reasons_candidate"),
        UniqueConstraint(
            "workspace_id",
            "application_id",
            "requirement_id",
            "claim_hash",
            name="uq_reasons_requirement_id_claim_hash",
        ),
        Index("ix_reasons_candidate_id_claim_hash", "workspace_id", "candidate_id", "claim_hash"),
    )

    application_id: UUID
    requirement_id: UUID
    candidate_id: UUID
    claim: str = Field(sa_type=Text)
    claim_hash: bytes = Field(sa_type=LargeBinary)
    challenge: str | None = Field(default=None, sa_type=Text)
    action: str | None = Field(default=None, sa_type=Text)
    result: str | None = Field(default=None, sa_type=Text)
    link: str | None = Field(default=None, sa_type=Text)


class SupportChange(WorkspaceOwned, table=True):
    """What was announced about an application's support, when it differed from what had been announced before."""

    __tablename__ = "support_changes"
    __table_args__ = (
        refers("applications", "application_id", "fk_support_changes_application"),
        Index("ix_support_changes_application_id", "workspace_id", "application_id", "recorded_at", "id"),
    )

    application_id: UUID
    occurred_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    level: Level = Field(sa_column=closed_set("level", Level))
    previous_level: Level = Field(sa_column=closed_set("previous_level", Level))
    championing: Championing = Field(sa_column=closed_set("championing", Championing))
    confidence: Confidence | None = Field(default=None, sa_column=closed_set("confidence", Confidence, nullable=True))
    documented_level: Level = Field(sa_column=closed_set("documented_level", Level))
    since: datetime | None = Field(default=None, sa_type=Moment)
    advocacy_id: UUID | None = None
    advocate_id: UUID | None = None
    policy_version: int
