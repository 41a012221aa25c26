"""Advocacies and the acts they are made of."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from api.domain.vocabulary import (
    ActWord,
    AdvocacyState,
    AdvocacyWord,
    AskKind,
    AskState,
    Basis,
    Championing,
    FollowThrough,
    Relationship,
)
from api.models.base import Happened, Moment, Recorded, Versioned, WorkspaceOwned, closed_set, json_map, refers


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


class Act(Happened, table=True):
    """One dated thing an advocate did; the atom of evidence. Append-only."""

    __tablename__ = "acts"
    __table_args__ = (
        refers("advocacies", "advocacy_id", "fk_acts_advocacy"),
        refers("applications", "application_id", "fk_acts_application"),
        refers("people", "recorded_by", "fk_acts_recorded_by"),
        refers("asks", "chases_id", "fk_acts_chases", use_alter=True),
        Index("ix_acts_advocacy_id", "workspace_id", "advocacy_id", "occurred_at", "id"),
        Index("ix_acts_application_id", "workspace_id", "application_id", "occurred_at", "id"),
        Index("ix_acts_recorded_by", "workspace_id", "recorded_by"),
        Index("ix_acts_chases_id", "workspace_id", "chases_id"),
    )

    advocacy_id: UUID
    application_id: UUID
    kind: str = Field(sa_type=Text)
    channel: str | None = Field(default=None, sa_type=Text)
    chases_id: UUID | None = None
    evidence_url: str | None = Field(default=None, sa_type=Text)
    text: str | None = Field(default=None, sa_type=Text)


class ActListener(WorkspaceOwned, table=True):
    """Somebody addressed by an act; a null person stands for the role `hiring_manager`."""

    __tablename__ = "act_listeners"
    __table_args__ = (
        refers("acts", "act_id", "fk_act_listeners_act"),
        refers("people", "person_id", "fk_act_listeners_person"),
        Index("ix_act_listeners_act_id", "workspace_id", "act_id"),
        Index("ix_act_listeners_person_id", "workspace_id", "person_id"),
    )

    act_id: UUID
    person_id: UUID | None = None


class ActReason(WorkspaceOwned, table=True):
    """One use of a reason in an act, with its basis."""

    __tablename__ = "act_reasons"
    __table_args__ = (
        refers("acts", "act_id", "fk_act_reasons_act"),
        refers("reasons", "reason_id", "fk_act_reasons_reason"),
        Index("ix_act_reasons_act_id", "workspace_id", "act_id"),
        Index("ix_act_reasons_reason_id", "workspace_id", "reason_id"),
    )

    act_id: UUID
    reason_id: UUID
    basis: Basis = Field(sa_column=closed_set("basis", Basis))
    before_process: bool = False


class ActStatement(Recorded, table=True):
    """A confirmation, denial, dispute or retraction of an act, by a person."""

    __tablename__ = "act_statements"
    __table_args__ = (
        refers("acts", "act_id", "fk_act_statements_act"),
        refers("people", "person_id", "fk_act_statements_person"),
        Index("ix_act_statements_act_id", "workspace_id", "act_id"),
    )

    act_id: UUID
    person_id: UUID
    word: ActWord = Field(sa_column=closed_set("word", ActWord))
    reason: str | None = Field(default=None, sa_type=Text)


class Ask(WorkspaceOwned, table=True):
    """A request inside an act, addressed to one of its listeners; null stands for the role `hiring_manager`."""

    __tablename__ = "asks"
    __table_args__ = (
        refers("acts", "act_id", "fk_asks_act"),
        refers("people", "addressee_id", "fk_asks_addressee"),
        UniqueConstraint("workspace_id", "act_id", name="uq_asks_act_id"),
    )

    act_id: UUID
    kind: AskKind = Field(sa_column=closed_set("kind", AskKind))
    addressee_id: UUID | None = None


class AskAnswer(Happened, table=True):
    """An answer to an ask; the later one stands from its moment on."""

    __tablename__ = "ask_answers"
    __table_args__ = (
        refers("asks", "ask_id", "fk_ask_answers_ask"),
        refers("people", "recorded_by", "fk_ask_answers_recorded_by"),
        CheckConstraint("answer <> 'open'", name="answered"),
        Index("ix_ask_answers_ask_id", "workspace_id", "ask_id"),
    )

    ask_id: UUID
    answer: AskState = Field(sa_column=closed_set("answer", AskState))
