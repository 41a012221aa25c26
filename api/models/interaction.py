"""Contact between people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from api.domain.vocabulary import Direction
from api.models.base import Happened, Moment, closed_set, json_map, refers


class Interaction(Happened, table=True):
    """A contact with a person, never evidence. `counterpart_id` is who of us it was with, null where nobody is named.

    `is_hiring_side`: it was between the hiring side and the person, so it may close what is owed. `bounced_at` is when
    it became known that it did not arrive, `retracted_at` that it did not happen, each with the person who told us so.
    """

    __tablename__ = "interactions"
    __table_args__ = (
        refers("applications", "application_id", "fk_interactions_application"),
        refers("people", "person_id", "fk_interactions_person"),
        refers("people", "counterpart_id", "fk_interactions_counterpart"),
        refers("people", "recorded_by", "fk_interactions_recorded_by"),
        refers("people", "bounced_by", "fk_interactions_bounced_by"),
        refers("people", "retracted_by", "fk_interactions_retracted_by"),
        refers("captures", "capture_id", "fk_interactions_capture"),
        Index("ix_interactions_application_id", "workspace_id", "application_id", "occurred_at", "id"),
        Index("ix_interactions_person_id", "workspace_id", "person_id", "occurred_at", "id"),
        Index("ix_interactions_counterpart_id", "workspace_id", "counterpart_id", "occurred_at", "id"),
        Index("ix_interactions_kind", "workspace_id", "kind", "occurred_at", "id"),
        Index("ix_interactions_direction", "workspace_id", "direction", "occurred_at", "id"),
        Index("ix_interactions_occurred_at", "workspace_id", "occurred_at", "id"),
    )

    application_id: UUID | None = None
    person_id: UUID
    counterpart_id: UUID | None = None
    capture_id: UUID | None = None
    kind: str = Field(sa_type=Text)
    direction: Direction = Field(sa_column=closed_set("direction", Direction))
    channel: str | None = Field(default=None, sa_type=Text)
    is_automatic: bool = False
    is_hiring_side: bool
    bounced_at: datetime | None = Field(default=None, sa_type=Moment)
    bounced_by: UUID | None = None
    retracted_at: datetime | None = Field(default=None, sa_type=Moment)
    retracted_by: UUID | None = None
    source_url: str | None = Field(default=None, sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())
