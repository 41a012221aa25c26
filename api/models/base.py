"""What every table shares: naming, ownership by a workspace, closed sets, moments."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Moment = DateTime(timezone=True)


class ClosedSet(TypeDecorator[StrEnum]):
    """A StrEnum stored as text: an index on an enum type cannot serve a filter under row-level security."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | str | None, _dialect: Dialect) -> str | None:
        """Write the text of the member; anything that is no member is a ValueError."""
        return None if value is None else self.members(value).value

    def process_literal_param(self, value: StrEnum | str | None, _dialect: Dialect) -> str:
        """The text of the member, for a value that stands in the statement itself."""
        return "null" if value is None else self.members(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """Read the member back."""
        return None if value is None else self.members(value)


def closed_set(name: str, members: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    """A text column with a named CHECK over the members of a closed set."""
    listed = ", ".join(f"'{member.value}'" for member in members)
    return Column(name, ClosedSet(members), CheckConstraint(f"{name} in ({listed})", name=name), nullable=nullable)


def json_map() -> Column[Any]:
    """The caller's own labels of a resource."""
    return Column("metadata", JSONB, nullable=False)


def refers(table: str, column: str, name: str, *, use_alter: bool = False) -> ForeignKeyConstraint:
    """A reference inside one workspace: both keys, so that a link into another workspace is an integrity error."""
    return ForeignKeyConstraint(
        ["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"], name=name, use_alter=use_alter
    )


class WorkspaceOwned(SQLModel):
    """A row of exactly one workspace. The session fills `workspace_id` and adds it to every ORM statement."""

    workspace_id: int = Field(default=None, primary_key=True)
    id: UUID = Field(default_factory=uuid7, primary_key=True)


class Recorded(WorkspaceOwned):
    """A fact: append-only. `recorded_by` is the person who told us, where that matters."""

    recorded_at: datetime = Field(sa_type=Moment)
    recorded_by: UUID | None = None


class Happened(Recorded):
    """A fact with a moment of its own."""

    occurred_at: datetime = Field(sa_type=Moment)


class Versioned(WorkspaceOwned):
    """A resource that changes: `version` starts at 1 and is its ETag."""

    version: int = Field(default=1)
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
