"""Erasure and disclosure: what was done for a person's privacy, and how far it has got."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from api.domain.inbound import ErasureState
from api.models.base import Moment, Recorded, WorkspaceOwned, closed_set, refers


class Erasure(WorkspaceOwned, table=True):
    """A person was anonymised. `needles` are the names and addresses looked for, emptied when everything was searched.

    `table_name` and `after_id` say how far the search has got.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        refers("people", "person_id", "fk_erasures_person"),
        Index("ix_erasures_person_id", "workspace_id", "person_id"),
        Index("ix_erasures_due_at", "workspace_id", "due_at", postgresql_where=text("due_at is not null")),
    )

    person_id: UUID
    state: ErasureState = Field(sa_column=closed_set("state", ErasureState))
    needles: list[str] = Field(sa_column=Column("needles", JSONB, nullable=False))
    table_name: str | None = Field(default=None, sa_type=Text)
    after_id: UUID | None = None
    redacted: int = 0
    requested_at: datetime = Field(sa_type=Moment)
    completed_at: datetime | None = Field(default=None, sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)


class PrivacyRecord(Recorded, table=True):
    """Who anonymised, exported or was told what, and when: added to only."""

    __tablename__ = "privacy_records"
    __table_args__ = (
        refers("people", "person_id", "fk_privacy_records_person"),
        refers("people", "recorded_by", "fk_privacy_records_recorded_by"),
        Index("ix_privacy_records_person_id", "workspace_id", "person_id", "recorded_at", "id"),
        Index("ix_privacy_records_recorded_at", "workspace_id", "recorded_at", "id"),
    )

    person_id: UUID
    action: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    actor: dict[str, Any] = Field(sa_column=Column("actor", JSONB, nullable=False))
