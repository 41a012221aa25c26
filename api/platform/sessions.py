"""Sessions that live inside one workspace.

Row-level security shows a transaction the rows of the one workspace it has entered and nothing before that. It is the
net, not the filter: the session adds the workspace to every ORM statement and to every new row; statements written as
SQL name it themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import ClauseElement, visitors

from api.domain.errors import Conflict
from api.domain.facts import PolicyVersion
from api.models import WorkspaceOwned

Clock = Callable[[], datetime]


class ClockAdvancing(Conflict):
    """The sandbox's clock is being moved; nothing is written meanwhile."""

    code = "clock_advancing"
    title = "The clock is advancing"


@dataclass(frozen=True, slots=True)
class WorkspaceRef:
    """Whose data a transaction works on."""

    id: int
    public_id: UUID
    is_sandbox: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEvent:
    """An event that waits for its number; `data` and `previous` are JSON-ready."""

    type: str
    subject_type: str
    subject_id: UUID | None
    subject_version: int | None
    application_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]
    previous: dict[str, Any] | None


class _ScopedSession(Session):
    """Carries the workspace's internal id in `info`."""


class WorkspaceSession(AsyncSession):
    """A session inside one workspace. `actor` is who causes what happens in it, as events show it."""

    sync_session_class = _ScopedSession

    workspace: WorkspaceRef
    actor: dict[str, Any]
    events: list[PendingEvent]
    clock: Clock
    policies: dict[int, tuple[PolicyVersion, ...]]
    """What the process remembers of policies, by workspace."""
    merging: set[int]
    """The workspaces of which the process knows that people were merged there."""

    async def now(self) -> datetime:
        """The workspace's time. Only routes and steps ask, once per transaction, when its locks are held.

        A sandbox's time is real time plus its offset.
        """
        if not self.workspace.is_sandbox:
            return self.clock()
        offset, _ = await self.clock_setting()
        return self.clock() + offset

    async def clock_setting(self) -> tuple[timedelta, datetime | None]:
        """The sandbox's offset, and the moment it is being advanced to, if it is."""
        row = await self.execute(
            text("select clock_offset, advancing_to from workspaces where id = :id"), {"id": self.workspace.id}
        )
        offset, advancing_to = row.one()
        return offset, advancing_to


class ReadSession(WorkspaceSession):
    """A session in a read-only transaction."""


class WriteSession(WorkspaceSession):
    """A session in a transaction that its edge commits."""

    async def now(self) -> datetime:
        """The workspace's time, for what is written now. Raises ClockAdvancing while a sandbox's clock is moved."""
        if not self.workspace.is_sandbox:
            return self.clock()
        offset, advancing_to = await self.clock_setting()
        if advancing_to is not None:
            raise ClockAdvancing("The sandbox's clock is being advanced; try again when that has ended.")
        return self.clock() + offset


@event.listens_for(_ScopedSession, "do_orm_execute")
def _name_the_workspace(state: ORMExecuteState) -> None:
    workspace_id = state.session.info.get("workspace_id")
    if workspace_id is None or state.is_column_load or state.is_relationship_load:
        return
    # A subselect is no part of the statement's own mappers, and must name the workspace as well.
    elements = visitors.iterate(state.statement) if isinstance(state.statement, ClauseElement) else ()
    entities = (element._annotations.get("parententity") for element in elements)
    owned = {entity.mapper.class_ for entity in entities if entity is not None}
    owned = {cls for cls in owned if issubclass(cls, WorkspaceOwned)}
    state.statement = state.statement.options(
        *(with_loader_criteria(cls, cls.workspace_id == workspace_id, include_aliases=True) for cls in owned)
    )


@event.listens_for(_ScopedSession, "before_flush")
def _fill_the_workspace(session: Session, *_: object) -> None:
    for row in session.new:
        if isinstance(row, WorkspaceOwned) and row.workspace_id is None:
            row.workspace_id = session.info["workspace_id"]
