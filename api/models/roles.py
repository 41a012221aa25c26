"""Candidates, referrers and advocates: three distinct entities, each a person in that role."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from api.models.base import Versioned, json_map, refers


class Candidate(Versioned, table=True):
    """A person who is considered for jobs. One merged into another stays, and leads to that one."""

    __tablename__ = "candidates"
    __table_args__ = (
        refers("people", "person_id", "fk_candidates_person"),
        refers("candidates", "merged_into_id", "fk_candidates_merged_into"),
        UniqueConstraint("workspace_id", "person_id", name="uq_candidates_person_id"),
        Index("ix_candidates_created_at", "workspace_id", "created_at", "id"),
    )

    person_id: UUID
    merged_into_id: UUID | None = None
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())


class Referrer(Versioned, table=True):
    """A person who attaches their name to candidates."""

    __tablename__ = "referrers"
    __table_args__ = (
        refers("people", "person_id", "fk_referrers_person"),
        UniqueConstraint("workspace_id", "person_id", name="uq_referrers_person_id"),
        Index("ix_referrers_created_at", "workspace_id", "created_at", "id"),
    )

    person_id: UUID
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())


class Advocate(Versioned, table=True):
    """A person who speaks up for candidates to those who decide."""

    __tablename__ = "advocates"
    __table_args__ = (
        refers("people", "person_id", "fk_advocates_person"),
        UniqueConstraint("workspace_id", "person_id", name="uq_advocates_person_id"),
        Index("ix_advocates_created_at", "workspace_id", "created_at", "id"),
    )

    person_id: UUID
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())
