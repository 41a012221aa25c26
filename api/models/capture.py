"""Captures: quick records of something said or sent, perhaps incomplete, and the addresses that mail comes in by."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from api.domain.inbound import CaptureState
from api.models.base import Moment, Versioned, closed_set, refers


class Capture(Versioned, table=True):
    """Somebody told us quickly that somebody spoke up. It counts for nothing until it has become an act.

    `given` is what was sent, as it was sent; `needs` names what is missing. `evidence_hash` is the SHA-256 of the link
    or message id that was given as evidence, and `given_hash` that of it with application and advocate as they were
    given: the same again is the same capture. Without evidence `given_hash` is that of all words and the day, and is
    dropped once the capture no longer waits. `recheck_at` serves only a capture of no known application.
    """

    __tablename__ = "captures"
    __table_args__ = (
        refers("applications", "application_id", "fk_captures_application"),
        refers("advocates", "advocate_id", "fk_captures_advocate"),
        refers("advocacies", "advocacy_id", "fk_captures_advocacy"),
        refers("acts", "act_id", "fk_captures_act"),
        refers("people", "recorded_by", "fk_captures_recorded_by"),
        refers("capture_addresses", "capture_address_id", "fk_captures_capture_address"),
        Index(
            "uq_captures_given_hash",
            "workspace_id",
            "given_hash",
            unique=True,
            postgresql_where=text("given_hash is not null"),
        ),
        Index(
            "uq_captures_evidence",
            "workspace_id",
            "application_id",
            "advocate_id",
            "evidence_hash",
            unique=True,
            postgresql_where=text("evidence_hash is not null and state = 'completed'"),
        ),
        Index("ix_captures_created_at", "workspace_id", "created_at", "id"),
        Index("ix_captures_state", "workspace_id", "state", "created_at", "id"),
        Index("ix_captures_application_id", "workspace_id", "application_id", "created_at", "id"),
        Index("ix_captures_recheck_at", "workspace_id", "recheck_at", postgresql_where=text("recheck_at is not null")),
    )

    state: CaptureState = Field(sa_column=closed_set("state", CaptureState))
    source: str = Field(sa_type=Text)
    given: dict[str, Any] = Field(sa_column=Column("given", JSONB, nullable=False))
    given_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    evidence_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    needs: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column("needs", JSONB, nullable=False))
    warnings: list[str] = Field(default_factory=list, sa_column=Column("warnings", JSONB, nullable=False))
    outcome: dict[str, Any] | None = Field(default=None, sa_column=Column("outcome", JSONB))
    application_id: UUID | None = None
    advocate_id: UUID | None = None
    advocacy_id: UUID | None = None
    act_id: UUID | None = None
    recorded_by: UUID | None = None
    capture_address_id: UUID | None = None
    discard_reason: str | None = Field(default=None, sa_type=Text)
    recheck_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)


class CaptureAddress(Versioned, table=True):
    """An address that people put in BCC or forward to. Its token is kept as a hash among the hook tokens."""

    __tablename__ = "capture_addresses"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name", name="uq_capture_addresses_name"),
        Index("ix_capture_addresses_created_at", "workspace_id", "created_at", "id"),
    )

    name: str = Field(sa_type=Text)
    keeps_text: bool = False
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
