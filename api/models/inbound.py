"""What comes in from other systems: their ids for our rows, the connections, and every message as it arrived."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from api.domain.inbound import ConnectionState, MessageState
from api.models.base import Moment, Versioned, WorkspaceOwned, closed_set, refers


class ExternalRef(WorkspaceOwned, table=True):
    """The id that another system has for one of our rows. A row may have several; each names one row of its kind.

    Of `person_id`, `candidate_id`, `job_id` and `application_id` the one that `kind` names is set. One that `is_merged`
    named a row that was merged into the one it names now.
    """

    __tablename__ = "external_refs"
    __table_args__ = (
        refers("people", "person_id", "fk_external_refs_person"),
        refers("candidates", "candidate_id", "fk_external_refs_candidate"),
        refers("jobs", "job_id", "fk_external_refs_job"),
        refers("applications", "application_id", "fk_external_refs_application"),
        CheckConstraint("num_nonnulls(person_id, candidate_id, job_id, application_id) = 1", name="one_resource"),
        UniqueConstraint("workspace_id", "system", "external_id", "kind", name="uq_external_refs_system_external_id"),
        Index("ix_external_refs_created_at", "workspace_id", "created_at", "id"),
        Index("ix_external_refs_external_id", "workspace_id", "external_id", "created_at", "id"),
        Index("ix_external_refs_person_id", "workspace_id", "person_id"),
        Index("ix_external_refs_candidate_id", "workspace_id", "candidate_id"),
        Index("ix_external_refs_job_id", "workspace_id", "job_id"),
        Index("ix_external_refs_application_id", "workspace_id", "application_id"),
    )

    system: str = Field(sa_type=Text)
    external_id: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    person_id: UUID | None = None
    candidate_id: UUID | None = None
    job_id: UUID | None = None
    application_id: UUID | None = None
    is_merged: bool = False
    created_at: datetime = Field(sa_type=Moment)


class HookToken(SQLModel, table=True):
    """A secret in an address that others use. Global: it is looked up before the workspace is known.

    Only its SHA-256 is kept. `purpose` is the kind of thing it is the address of, and `target_id` the row of that
    kind.
    """

    __tablename__ = "hook_tokens"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_hook_tokens_token_hash"),
        Index("ix_hook_tokens_target_id", "workspace_id", "target_id"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    workspace_id: int = Field(foreign_key="workspaces.id")
    token_hash: bytes = Field(sa_type=LargeBinary)
    purpose: str = Field(sa_type=Text)
    target_id: UUID
    created_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class Connection(Versioned, table=True):
    """An applicant tracking system that sends us what happens in it. Its secrets are sealed with the service's key.

    `former_secret` is still accepted until `former_secret_until` (real time). The refusals count deliveries whose
    signature was wrong; what was accepted is in the messages.
    """

    __tablename__ = "connections"
    __table_args__ = (
        UniqueConstraint("workspace_id", "system", name="uq_connections_system"),
        Index("ix_connections_created_at", "workspace_id", "created_at", "id"),
    )

    provider: str = Field(sa_type=Text)
    system: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    state: ConnectionState = Field(sa_column=closed_set("state", ConnectionState))
    token: bytes = Field(sa_type=LargeBinary)
    secret: bytes = Field(sa_type=LargeBinary)
    former_secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    former_secret_until: datetime | None = Field(default=None, sa_type=Moment)
    mapping: dict[str, Any] = Field(default_factory=dict, sa_column=Column("mapping", JSONB, nullable=False))
    refused: int = 0
    refused_at: datetime | None = Field(default=None, sa_type=Moment)


class InboundSubject(WorkspaceOwned, table=True):
    """Something at the other system, such as `candidate:70231188`: the row that is locked for all that is said of it.

    `due_at` is set while what is known about it must be worked through again. Of a job, `said_at` is the vendor's time
    of the title that ours has.
    """

    __tablename__ = "inbound_subjects"
    __table_args__ = (
        refers("connections", "connection_id", "fk_inbound_subjects_connection"),
        UniqueConstraint("workspace_id", "connection_id", "subject", name="uq_inbound_subjects_subject"),
        Index("ix_inbound_subjects_due_at", "workspace_id", "due_at", postgresql_where=text("due_at is not null")),
    )

    connection_id: UUID
    subject: str = Field(sa_type=Text)
    said_at: datetime | None = Field(default=None, sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)


class InboundMessage(WorkspaceOwned, table=True):
    """One delivery as it arrived: some headers and the raw bytes. Stored before anything is made of it.

    `parsed` is what the vendor's part read out of it, `subjects` in it what it is about (at most two), `effects` what
    it changed: type and id of each. `due_at` is set while it waits to be worked on.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (
        refers("connections", "connection_id", "fk_inbound_messages_connection"),
        UniqueConstraint("workspace_id", "connection_id", "delivery_key", name="uq_inbound_messages_delivery_key"),
        Index("ix_inbound_messages_due_at", "workspace_id", "due_at", postgresql_where=text("due_at is not null")),
        Index("ix_inbound_messages_received_at", "workspace_id", "received_at", "id"),
        Index("ix_inbound_messages_connection_id", "workspace_id", "connection_id", "received_at", "id"),
        Index("ix_inbound_messages_state", "workspace_id", "connection_id", "state", "received_at", "id"),
        Index(
            "ix_inbound_messages_event",
            "workspace_id",
            "connection_id",
            "event",
            "received_at",
            "id",
            postgresql_where=text("event is not null"),
        ),
        Index(
            "ix_inbound_messages_subject",
            "workspace_id",
            "connection_id",
            "subject",
            postgresql_where=text("subject is not null"),
        ),
        Index(
            "ix_inbound_messages_other_subject",
            "workspace_id",
            "connection_id",
            "other_subject",
            postgresql_where=text("other_subject is not null"),
        ),
    )

    connection_id: UUID
    delivery_key: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=Moment)
    headers: dict[str, Any] = Field(sa_column=Column("headers", JSONB, nullable=False))
    body: bytes = Field(sa_type=LargeBinary)
    state: MessageState = Field(sa_column=closed_set("state", MessageState))
    event: str | None = Field(default=None, sa_type=Text)
    subject: str | None = Field(default=None, sa_type=Text)
    other_subject: str | None = Field(default=None, sa_type=Text)
    happened_at: datetime | None = Field(default=None, sa_type=Moment)
    parsed: dict[str, Any] | None = Field(default=None, sa_column=Column("parsed", JSONB))
    effects: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column("effects", JSONB, nullable=False))
    reason: str | None = Field(default=None, sa_type=Text)
    attempts: int = 0
    processed_at: datetime | None = Field(default=None, sa_type=Moment)
    redacted_at: datetime | None = Field(default=None, sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)


class ConnectionPerson(WorkspaceOwned, table=True):
    """A person whom a connected system knows by name alone. `name_hash` is the SHA-256 of the normalised name.

    It is null once the person is anonymised.
    """

    __tablename__ = "connection_people"
    __table_args__ = (
        refers("connections", "connection_id", "fk_connection_people_connection"),
        refers("people", "person_id", "fk_connection_people_person"),
        UniqueConstraint("workspace_id", "connection_id", "name_hash", name="uq_connection_people_name_hash"),
        Index("ix_connection_people_person_id", "workspace_id", "person_id"),
    )

    connection_id: UUID
    person_id: UUID
    name_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
