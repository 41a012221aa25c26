"""The fixed cast: two companies that must never see each other, and a sandbox. Made once, in the template database."""

from dataclasses import dataclass
from datetime import UTC, datetime

from api.platform.auth import Scope
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.workspaces.service import create_key, create_workspace

START = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
"""Monday noon in Berlin: when tests begin unless they say otherwise."""


@dataclass(frozen=True, slots=True)
class Company:
    """A workspace with a key of each scope."""

    workspace: WorkspaceRef
    read: str
    write: str
    admin: str

    def headers(self, scope: str = "admin") -> dict[str, str]:
        """What authenticates a request with the key of that scope."""
        return {"Authorization": f"Bearer {getattr(self, scope)}"}


@dataclass(frozen=True, slots=True)
class Cast:
    """Acme owns what tests make; Globex must see none of it; Sandbox has a clock that can be advanced."""

    acme: Company
    globex: Company
    sandbox: Company


async def make_cast(databases: Databases) -> Cast:
    """Create the three workspaces and their keys."""
    return Cast(
        acme=await _company(databases, "Acme", is_sandbox=False),
        globex=await _company(databases, "Globex", is_sandbox=False),
        sandbox=await _company(databases, "Sandbox", is_sandbox=True),
    )


async def _company(databases: Databases, name: str, *, is_sandbox: bool) -> Company:
    made_at = datetime(2026, 1, 1, tzinfo=UTC)
    async with databases.open_system() as connection:
        workspace = await create_workspace(
            connection, name, is_sandbox=is_sandbox, time_zone="Europe/Berlin", now=made_at
        )
        keys = [(await create_key(connection, workspace, [scope], expires_at=None, now=made_at))[1] for scope in Scope]
    return Company(workspace, *keys)
