"""Workspaces and their keys, for people at the command line."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from api.domain.errors import Unprocessable
from api.models import ApiKey, Workspace
from api.platform import ids
from api.platform.auth import Scope
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.workspaces import service


class WhichWorkspace(Unprocessable):
    """There is not exactly one workspace, so one has to be named."""

    code = "which_workspace"
    title = "Name a workspace"


async def make_workspace(databases: Databases, name: str, *, is_sandbox: bool, time_zone: str) -> tuple[UUID, str]:
    """A new workspace and an admin key of it: its public id and the plain key."""
    async with databases.open_system() as connection:
        now = databases.clock()
        made = await service.create_workspace(connection, name, is_sandbox=is_sandbox, time_zone=time_zone, now=now)
        _, key = await service.create_key(connection, made, [Scope.ADMIN], expires_at=None, now=now)
    await databases.close()
    return made.public_id, key


async def workspaces(databases: Databases) -> Sequence[Workspace]:
    """All workspaces."""
    async with databases.open_system() as connection:
        found = await service.list_workspaces(connection)
    await databases.close()
    return found


async def make_key(
    databases: Databases, workspace: str | None, scopes: Sequence[Scope], expires_at: datetime | None
) -> tuple[UUID, str]:
    """A new key: its id, and the plain key, which is shown once."""
    async with databases.open_system() as connection:
        ref = await chosen(databases, workspace)
        made = await service.create_key(connection, ref, scopes, expires_at=expires_at, now=databases.clock())
    await databases.close()
    return made


async def list_keys(databases: Databases, workspace: str | None) -> Sequence[ApiKey]:
    """The keys of a workspace."""
    async with databases.open_system() as connection:
        found = await service.list_keys(connection, await chosen(databases, workspace))
    await databases.close()
    return found


async def revoke_key(databases: Databases, key_id: str) -> None:
    """Make a key useless."""
    async with databases.open_system() as connection:
        await service.revoke_key(connection, ids.decode("api_key", key_id), now=databases.clock())
    await databases.close()


async def chosen(databases: Databases, workspace: str | None) -> WorkspaceRef:
    """The workspace with this id, or else the only one there is. Raises WhichWorkspace, NotFound and WrongIdKind."""
    async with databases.open_system() as connection:
        if workspace is not None:
            return await service.find_workspace(connection, ids.decode("workspace", workspace))
        found = await service.list_workspaces(connection)
    if len(found) != 1:
        raise WhichWorkspace("Name one with --workspace; `championed workspace list` shows them.")
    return WorkspaceRef(found[0].id, found[0].public_id, found[0].is_sandbox)
