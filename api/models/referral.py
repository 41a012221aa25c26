"""Referrals and references: a name attached, and facts confirmed when asked."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field

from api.domain.vocabulary import (
    Basis,
    Consent,
    ReferenceState,
    ReferenceWord,
    ReferralState,
    ReferralWord,
    Relationship,
)
from api.models.base import Happened, Moment, Versioned, WorkspaceOwned, closed_set, json_map, refers


class Referral(Versioned, table=True):
    """A referrer attached their name to a candidate, usually for a job.

    `consent_on_entry` is a fact; `state`, `after_application`, `is_job_member` and `credit_position` were last
    announced. `recheck_at` serves only a referral linked to no application; a linked one is announced with it.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        refers("candidates", "candidate_id", "fk_referrals_candidate"),
        refers("referrers", "referrer_id", "fk_referrals_referrer"),
        refers("jobs", "job_id", "fk_referrals_job"),
        refers("applications", "application_id", "fk_referrals_application"),
        Index("ix_referrals_created_at", "workspace_id", "created_at", "id"),
        Index("ix_referrals_state", "workspace_id", "state", "created_at", "id"),
        Index("ix_referrals_job_id", "workspace_id", "job_id", "created_at", "id"),
        Index("ix_referrals_candidate_id", "workspace_id", "candidate_id", "created_at", "id"),
        Index("ix_referrals_referrer_id", "workspace_id", "referrer_id", "created_at", "id"),
        Index("ix_referrals_application_id", "workspace_id", "application_id", "created_at", "id"),
        Index(
            "ix_referrals_referrer_applications",
            "workspace_id",
            "referrer_id",
            "application_created_at",
            "application_id",
        ),
        Index("ix_referrals_recheck_at", "workspace_id", "recheck_at", postgresql_where=text("recheck_at is not null")),
    )

    candidate_id: UUID
    referrer_id: UUID
    job_id: UUID | None = None
    application_id: UUID | None = None
    application_created_at: datetime | None = Field(default=None, sa_type=Moment)
    submitted_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    recorded_by: UUID | None = None
    relationship: Relationship = Field(sa_column=closed_set("relationship", Relationship))
    worked_from: date | None = None
    worked_until: date | None = None
    consent_on_entry: Consent = Field(sa_column=closed_set("consent_on_entry", Consent))
    consent: Consent = Field(sa_column=closed_set("consent", Consent))
    consent_at: datetime | None = Field(default=None, sa_type=Moment)
    source: str | None = Field(default=None, sa_type=Text)
    is_documented: bool = False
    is_duplicate: bool = False
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())
    state: ReferralState = Field(sa_column=closed_set("state", ReferralState))
    after_application: bool = False
    is_job_member: bool = False
    credit_position: int | None = None
    recheck_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)


class ReferralReason(WorkspaceOwned, table=True):
    """A reason given with a referral; it becomes a reason of the application when the referral is linked."""

    __tablename__ = "referral_reasons"
    __table_args__ = (
        refers("referrals", "referral_id", "fk_referral_reasons_referral"),
        refers("reasons", "reason_id", "fk_referral_reasons_reason"),
        Index("ix_referral_reasons_referral_id", "workspace_id", "referral_id"),
    )

    referral_id: UUID
    position: int
    requirement: str = Field(sa_type=Text)
    claim: str = Field(sa_type=Text)
    basis: Basis = Field(sa_column=closed_set("basis", Basis))
    before_process: bool = False
    reason_id: UUID | None = None


class ReferralStatement(Happened, table=True):
    """What happened to a referral after it was made."""

    __tablename__ = "referral_statements"
    __table_args__ = (
        refers("referrals", "referral_id", "fk_referral_statements_referral"),
        Index("ix_referral_statements_referral_id", "workspace_id", "referral_id"),
    )

    referral_id: UUID
    word: ReferralWord = Field(sa_column=closed_set("word", ReferralWord))
    reason: str | None = Field(default=None, sa_type=Text)


class ReferralTransition(WorkspaceOwned, table=True):
    """An announced change of a referral's state."""

    __tablename__ = "referral_transitions"
    __table_args__ = (
        refers("referrals", "referral_id", "fk_referral_transitions_referral"),
        Index("ix_referral_transitions_referral_id", "workspace_id", "referral_id"),
    )

    referral_id: UUID
    from_state: ReferralState | None = Field(
        default=None, sa_column=closed_set("from_state", ReferralState, nullable=True)
    )
    to_state: ReferralState = Field(sa_column=closed_set("to_state", ReferralState))
    occurred_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)


class Reference(Versioned, table=True):
    """A person confirmed facts when asked. Shown beside the level, never in it."""

    __tablename__ = "references"
    __table_args__ = (
        refers("applications", "application_id", "fk_references_application"),
        refers("people", "person_id", "fk_references_person"),
        UniqueConstraint("workspace_id", "application_id", "person_id", name="uq_references_application_id_person_id"),
        Index("ix_references_created_at", "workspace_id", "created_at", "id"),
        Index("ix_references_application_id", "workspace_id", "application_id", "created_at", "id"),
        Index("ix_references_person_id", "workspace_id", "person_id", "created_at", "id"),
        Index("ix_references_state", "workspace_id", "state", "created_at", "id"),
    )

    application_id: UUID
    person_id: UUID
    relationship: Relationship | None = Field(
        default=None, sa_column=closed_set("relationship", Relationship, nullable=True)
    )
    worked_from: date | None = None
    worked_until: date | None = None
    praise: bool | None = None
    content: str | None = Field(default=None, sa_type=Text)
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())
    state: ReferenceState = Field(sa_column=closed_set("state", ReferenceState))


class ReferenceStatement(Happened, table=True):
    """What happened around a reference."""

    __tablename__ = "reference_statements"
    __table_args__ = (
        refers("references", "reference_id", "fk_reference_statements_reference"),
        Index("ix_reference_statements_reference_id", "workspace_id", "reference_id"),
    )

    reference_id: UUID
    word: ReferenceWord = Field(sa_column=closed_set("word", ReferenceWord))
    reason: str | None = Field(default=None, sa_type=Text)


class ReferenceTransition(WorkspaceOwned, table=True):
    """An announced change of a reference's state."""

    __tablename__ = "reference_transitions"
    __table_args__ = (
        refers("references", "reference_id", "fk_reference_transitions_reference"),
        Index("ix_reference_transitions_reference_id", "workspace_id", "reference_id"),
    )

    reference_id: UUID
    from_state: ReferenceState | None = Field(
        default=None, sa_column=closed_set("from_state", ReferenceState, nullable=True)
    )
    to_state: ReferenceState = Field(sa_column=closed_set("to_state", ReferenceState))
    occurred_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
