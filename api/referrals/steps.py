"""The background step that lets time act on referrals that are linked to no application."""

from datetime import datetime
from uuid import UUID

from api.models import Referral
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.support import lone_steps


async def recheck_due_referrals(databases: Databases) -> int:
    """Judge unlinked referrals that are due again, and announce what expired or is owed; answers how many.

    In three transactions, as `lone_steps.recheck_due` says: find workspaces, lease rows, and one for each row.
    """
    return await lone_steps.recheck_due(databases, Referral)


async def advance_referral(databases: Databases, workspace: WorkspaceRef, referral_id: UUID, until: datetime) -> None:
    """Let time pass for one unlinked referral of a sandbox up to `until`, as at the moment at which it is due."""
    await lone_steps.advance(databases, workspace, Referral, referral_id, until)
