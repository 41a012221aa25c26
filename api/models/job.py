"""Jobs, what they require, and who is on them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from api.domain.vocabulary import JobKind, JobState, Power
from api.models.base import Recorded, Versioned, WorkspaceOwned, closed_set, json_map, refers


class Job(Versioned, table=True):
    """A position that can be filled."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_created_at", "workspace_id", "created_at", "id"),
        Index("ix_jobs_state", "workspace_id", "state", "created_at", "id"),
    )

    title: str = Field(sa_type=Text)
    kind: JobKind = Field(sa_column=closed_set("kind", JobKind))
    state: JobState = Field(sa_column=closed_set("state", JobState))
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())


class Requirement(WorkspaceOwned, table=True):
    """What a job requires, named once; rules compare ids, so that erasing the text changes no level."""

    __tablename__ = "requirements"
    __table_args__ = (
        refers("jobs", "job_id", "fk_requirements_job"),
        UniqueConstraint("workspace_id", "job_id", "text_normalised", name="uq_requirements_text_normalised"),
    )

    job_id: UUID
    text: str = Field(sa_type=Text)
    text_normalised: str = Field(sa_type=Text)
    is_stated: bool = False


class JobMember(Recorded, table=True):
    """A person's power on a job from `effective_on` on; null power ends the membership."""

    __tablename__ = "job_members"
    __table_args__ = (
        refers("jobs", "job_id", "fk_job_members_job"),
        refers("people", "person_id", "fk_job_members_person"),
        Index("ix_job_members_job_id", "workspace_id", "job_id", "person_id", "effective_on"),
        Index("ix_job_members_person_id", "workspace_id", "person_id", "job_id", "effective_on"),
    )

    job_id: UUID
    person_id: UUID
    power: Power | None = Field(default=None, sa_column=closed_set("power", Power, nullable=True))
    is_hiring_manager: bool = False
    effective_on: date
