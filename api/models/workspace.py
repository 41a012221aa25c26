"""Workspaces, their keys, policies and remembered answers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, Interval, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from api.models.base import Moment, WorkspaceOwned


class Workspace(SQLModel, table=True):
    """One customer's data. `id` is internal and small; `public_id` is what callers see.

    A sandbox's clock is real time plus `clock_offset`, which only grows; `advancing_to` is set while it is moved, and
    `advancing_lease_until` (real time) says how long whoever moves it is waited for.
    """

    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("public_id", name="uq_workspaces_public_id"),)

    id: int = Field(default=None, sa_column=Column(Integer, Identity(), primary_key=True))
    public_id: UUID = Field(default_factory=uuid7)
    name: str = Field(sa_type=Text)
    is_sandbox: bool
    clock_offset: timedelta = Field(default=timedelta(), sa_type=Interval)
    advancing_to: datetime | None = Field(default=None, sa_type=Moment)
    advancing_lease_until: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)


class ApiKey(SQLModel, table=True):
    """A key of a program. Global: it is looked up before the workspace is known, and holds no name.

    `lookup` is the public part; only a hash of the secret part is kept. Its times are real time.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        UniqueConstraint("lookup", name="uq_api_keys_lookup"),
        Index("ix_api_keys_workspace_id", "workspace_id"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    workspace_id: int = Field(foreign_key="workspaces.id")
    lookup: str = Field(sa_type=Text)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    last_used_at: datetime | None = Field(default=None, sa_type=Moment)


class PolicyVersion(WorkspaceOwned, table=True):
    """One version of the workspace's numbers, in force from `recorded_at` until the next.

    Until `is_spread`, open applications are being marked for recheck, in the order of their ids, up to `spread_after`.
    """

    __tablename__ = "policies"
    __table_args__ = (
        UniqueConstraint("workspace_id", "version", name="uq_policies_version"),
        Index("ix_policies_unspread", "workspace_id", postgresql_where=text("not is_spread")),
    )

    version: int
    values: dict[str, Any] = Field(sa_column=Column("values", JSONB, nullable=False))
    recorded_at: datetime = Field(sa_type=Moment)
    is_spread: bool = True
    spread_after: UUID | None = None


class IdempotencyKey(WorkspaceOwned, table=True):
    """A caller's key and the answer it got. Its time is real time."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key", name="uq_idempotency_keys_key"),
        Index("ix_idempotency_keys_created_at", "workspace_id", "created_at"),
    )

    key: str = Field(sa_type=Text)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=Moment)
    status: int | None = None
    headers: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB))
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    resume: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB))


class EventCounter(SQLModel, table=True):
    """The number of the workspace's latest event; the last lock a transaction takes.

    Events up to `thinned` have lost the payload of their bodies to retention.
    """

    __tablename__ = "event_counters"

    workspace_id: int = Field(primary_key=True, foreign_key="workspaces.id")
    last: int = Field(default=0, sa_type=BigInteger)
    thinned: int = Field(default=0, sa_type=BigInteger)
