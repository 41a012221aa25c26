"""Advocacies, and what was said in them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from api.domain.vocabulary import (
    AdvocacyState,
    AdvocacyWord,
    Basis,
    Championing,
    FollowThrough,
    Relationship,
)
from api.models.base import Happened, Moment, Versioned, WorkspaceOwned, closed_set, json_map, refers


class Advocacy(Versioned, table=True):
    """One advocate's ongoing effort for one application.

    `state`, `championing`, `follow_through` and `is_volunteered` were last announced.
    """

    __tablename__ = "advocacies"
    __table_args__ = (
        refers("applications", "application_id", "fk_advocacies_application"),
        refers("advocates", "advocate_id", "fk_advocacies_advocate"),
        UniqueConstraint("workspace_id", "application_id", "advocate_id", name="uq_advocacies_application_id_advocate"),
        Index("ix_advocacies_created_at", "workspace_id", "created_at", "id"),
        Index("ix_advocacies_application_id", "workspace_id", "application_id", "created_at", "id"),
        Index("ix_advocacies_advocate_id", "workspace_id", "advocate_id", "created_at", "id"),
        Index("ix_advocacies_state", "workspace_id", "state", "created_at", "id"),
        Index("ix_advocacies_follow_through", "workspace_id", "follow_through", "created_at", "id"),
        Index(
            "ix_advocacies_advocate_applications",
            "workspace_id",
            "advocate_id",
            "application_created_at",
            "application_id",
        ),
    )

    application_id: UUID
    advocate_id: UUID
    application_created_at: datetime = Field(sa_type=Moment)
    relationship: Relationship | None = Field(
        default=None, sa_column=closed_set("relationship", Relationship, nullable=True)
    )
    worked_from: date | None = None
    worked_until: date | None = None
    basis: Basis | None = Field(default=None, sa_column=closed_set("basis", Basis, nullable=True))
    outranks_decider: bool = False
    origin_kind: str | None = Field(default=None, sa_type=Text)
    origin_id: str | None = Field(default=None, sa_type=Text)
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())
    state: AdvocacyState = Field(sa_column=closed_set("state", AdvocacyState))
    championing: Championing = Field(sa_column=closed_set("championing", Championing))
    follow_through: FollowThrough | None = Field(
        default=None, sa_column=closed_set("follow_through", FollowThrough, nullable=True)
    )
    is_volunteered: bool = False


class AdvocacyStatement(Happened, table=True):
    """Proposed, asked, agreed, declined or withdrawn."""

    __tablename__ = "advocacy_statements"
    __table_args__ = (
        refers("advocacies", "advocacy_id", "fk_advocacy_statements_advocacy"),
        Index("ix_advocacy_statements_advocacy_id", "workspace_id", "advocacy_id"),
    )

    advocacy_id: UUID
    word: AdvocacyWord = Field(sa_column=closed_set("word", AdvocacyWord))
    reason: str | None = Field(default=None, sa_type=Text)


class AdvocacyTransition(WorkspaceOwned, table=True):
    """An announced change of an advocacy's state."""

    __tablename__ = "advocacy_transitions"
    __table_args__ = (
        refers("advocacies", "advocacy_id", "fk_advocacy_transitions_advocacy"),
        Index("ix_advocacy_transitions_advocacy_id", "workspace_id", "advocacy_id"),
    )

    advocacy_id: UUID
    from_state: AdvocacyState | None = Field(
        default=None, sa_column=closed_set("from_state", AdvocacyState, nullable=True)
    )
    to_state: AdvocacyState = Field(sa_column=closed_set("to_state", AdvocacyState))
    occurred_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
