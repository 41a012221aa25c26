"""Acts, the atoms of evidence: who heard them, which reasons they named, what they asked for, what was said of them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from api.domain.vocabulary import ActWord, AskKind, AskState, Basis
from api.models.base import Happened, Recorded, WorkspaceOwned, closed_set, refers


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
        Index("ix_act_statements_person_id", "workspace_id", "person_id"),
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
