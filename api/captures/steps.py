"""The background step that lets time act on captures of which nobody knows the application."""

from datetime import datetime
from uuid import UUID

from api.models import Capture
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.support import lone_steps


async def recheck_due_captures(databases: Databases) -> int:
    """Judge such captures that are due again, and announce how what is owed about them stands; answers how many.

    In three transactions, as `lone_steps.recheck_due` says: find workspaces, lease rows, and one for each row.
    """
    return await lone_steps.recheck_due(databases, Capture)


async def advance_capture(databases: Databases, workspace: WorkspaceRef, capture_id: UUID, until: datetime) -> None:
    """Let time pass for one such capture of a sandbox up to `until`, as at the moment at which it is due."""
    await lone_steps.advance(databases, workspace, Capture, capture_id, until)
