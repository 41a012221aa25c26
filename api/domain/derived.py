"""What is derived about one application at a moment: the output of every derivation."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from api.domain.vocabulary import (
    AdvocacyState,
    ApplicationState,
    AskState,
    Championing,
    Confidence,
    FollowThrough,
    Level,
    NextStepKind,
    Outcome,
    ReferenceState,
    ReferralState,
    Rule,
    Stage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a level's rule: whether it holds, the ids of the facts that show it, or what is missing in words."""

    rule: Rule
    level: Level
    satisfied: bool
    evidence: tuple[UUID, ...] = ()
    missing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedAct:
    """What an act is worth: whether it counts and qualifies, its rung, and how its ask stands."""

    id: UUID
    counts: bool
    qualifies: bool
    is_hiring_side: bool
    rung: Confidence
    ask_state: AskState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedAdvocacy:
    """Where one advocacy stands.

    `follow_through` is null without a qualifying act, and `elapsed` and `window` (counted days) with it. A clock that
    has lapsed counts no further: then `elapsed` is null, too.
    `come_back_by` is the last day on which a started advocacy is within its window.
    """

    id: UUID
    advocate_id: UUID
    person_id: UUID
    state: AdvocacyState
    championing: Championing
    follow_through: FollowThrough | None
    elapsed: int | None
    window: int | None
    come_back_by: date | None
    lapsed_since: datetime | None
    lost_since: datetime | None
    last_hiring_side_at: datetime | None
    is_volunteered: bool
    is_gone: bool
    parts: tuple[Part, ...]
    acts: tuple[DerivedAct, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedReferral:
    """Where one referral stands; `credit_position` counts from 1 among those valid for credit, 1 being primary."""

    id: UUID
    state: ReferralState
    is_live: bool
    is_linked: bool
    after_application: bool
    is_job_member: bool
    credit_position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedReference:
    """Where one reference stands."""

    id: UUID
    state: ReferenceState


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedApplication:
    """Stage, hold and outcome as the facts give them. `hold_until` is null for a hold without a date."""

    state: ApplicationState
    stage: Stage
    stage_entered_at: datetime
    hold_until: date | None
    outcome: Outcome | None
    outcome_at: datetime | None
    next_step_at: datetime | None
    next_step_kind: NextStepKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOutcome:
    """The frozen answer while an outcome stands."""

    outcome: Outcome
    outcome_at: datetime
    level: Level
    championing: Championing
    confidence: Confidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How an application is backed at a moment, and why.

    `next_change_at` is the first later moment at which level, championing or confidence would differ by time and plans
    alone. `recheck_at` is the same for anything in this answer that is announced: those, and application state,
    exposure, and the state and follow-through of what hangs on the application. Both null: never.
    `application` is null before the first fact of the application.
    """

    level: Level
    championing: Championing
    confidence: Confidence | None
    documented_level: Level
    since: datetime | None
    advocacy_id: UUID | None
    advocate_id: UUID | None
    next_change_at: datetime | None
    recheck_at: datetime | None
    judged_at: datetime
    policy_version: int
    parts: tuple[Part, ...]
    advocacies: tuple[DerivedAdvocacy, ...]
    referrals: tuple[DerivedReferral, ...]
    references: tuple[DerivedReference, ...]
    application: DerivedApplication | None
    at_outcome: AtOutcome | None
    sole_advocate: bool
    exposed: bool
    heard_by_current_decider: bool | None
