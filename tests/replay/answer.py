"""The shape of a replayed answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from api.domain.vocabulary import (
    AdvocacyState,
    ApplicationState,
    Championing,
    Confidence,
    FollowThrough,
    Level,
    Outcome,
    ReferenceState,
    ReferralState,
    Stage,
)


@dataclass(frozen=True, kw_only=True)
class ReplayedAct:
    """What one act is worth."""

    counts: bool
    qualifies: bool
    rung: Confidence


@dataclass(frozen=True, kw_only=True)
class ReplayedAdvocacy:
    """Where one advocacy stands."""

    state: AdvocacyState
    championing: Championing
    follow_through: FollowThrough | None
    elapsed: int | None
    lapsed_since: datetime | None
    lost_since: datetime | None
    acts: dict[UUID, ReplayedAct]


@dataclass(frozen=True, kw_only=True)
class ReplayedReferral:
    """Where one referral stands."""

    state: ReferralState
    credit_position: int | None


@dataclass(frozen=True, kw_only=True)
class ReplayedApplication:
    """Where the application stands."""

    state: ApplicationState
    stage: Stage
    hold_until: date | None
    outcome: Outcome | None
    outcome_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ReplayedSupport:
    """The members of an answer that deserve a second opinion."""

    level: Level
    championing: Championing
    confidence: Confidence | None
    documented_level: Level
    since: datetime | None
    advocacy_id: UUID | None
    next_change_at: datetime | None
    sole_advocate: bool
    exposed: bool
    heard_by_current_decider: bool | None
    application: ReplayedApplication | None
    advocacies: dict[UUID, ReplayedAdvocacy]
    referrals: dict[UUID, ReplayedReferral]
    references: dict[UUID, ReferenceState]
