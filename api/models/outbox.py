"""Events: what happened, numbered without gaps per workspace, their bodies frozen as bytes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from api.models.base import Moment, WorkspaceOwned, refers


class Event(WorkspaceOwned, table=True):
    """One fact that happened. `number` is its place in commit order; `body` is what readers receive, byte for byte.

    `job_id` is the job it concerns, if any, and `level` what the application's level was announced as once it had
    happened; endpoints filter by both.
    """

    __tablename__ = "events"
    __table_args__ = (
        refers("applications", "application_id", "fk_events_application"),
        UniqueConstraint("workspace_id", "number", name="uq_events_number"),
        Index("ix_events_type_number", "workspace_id", "type", "number"),
        Index("ix_events_subject_id", "workspace_id", "subject_id"),
        Index("ix_events_recorded_at", "workspace_id", "recorded_at", "number"),
        Index("ix_events_application_id", "workspace_id", "application_id", "occurred_at", "number"),
    )

    number: int = Field(sa_type=BigInteger)
    type: str = Field(sa_type=Text)
    subject_type: str = Field(sa_type=Text)
    subject_id: UUID | None = None
    application_id: UUID | None = None
    job_id: UUID | None = None
    level: str | None = Field(default=None, sa_type=Text)
    occurred_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    body: bytes = Field(sa_type=LargeBinary)
