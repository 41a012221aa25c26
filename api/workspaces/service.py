"""Making workspaces and keys. Done by commands, as the owner: no workspace can make another."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from api.domain.errors import NotFound, Unprocessable
from api.domain.policy import Policy
from api.models import ApiKey, EventCounter, PolicyVersion, Workspace
from api.platform import ids
from api.platform.auth import Scope, mint
from api.platform.sessions import WorkspaceRef
from api.platform.time_zones import is_time_zone
from api.support.policies import stored


class UnknownTimeZone(Unprocessable):
    """The name is not in the IANA time zone database."""

    code = "unknown_time_zone"
    title = "There is no such time zone"


class ExpiresInThePast(Unprocessable):
    """The moment at which the key is to expire has passed, so that nobody could use it."""

    code = "expires_in_the_past"
    title = "The key would have expired already"


async def create_workspace(
    connection: AsyncConnection,
    name: str,
    *,
    is_sandbox: bool,
    time_zone: str,
    now: datetime,
    clock_offset: timedelta = timedelta(),
) -> WorkspaceRef:
    """A new empty workspace with the default policy in its time zone. Raises UnknownTimeZone.

    `now` is the workspace's own time; a sandbox's is real time plus `clock_offset`.
    """
    if not is_time_zone(time_zone):
        raise UnknownTimeZone(f"'{time_zone}' is not an IANA name such as Europe/Berlin.")
    public_id = ids.new_id()
    row = {
        "public_id": public_id,
        "name": name,
        "is_sandbox": is_sandbox,
        "clock_offset": clock_offset,
        "created_at": now,
    }
    inserted = await connection.execute(insert(Workspace).values(**row).returning(col(Workspace.id)))
    workspace_id: int = inserted.scalar_one()
    await connection.execute(insert(EventCounter).values(workspace_id=workspace_id, last=0))
    policy = {"workspace_id": workspace_id, "id": ids.new_id(), "version": 1, "recorded_at": now}
    await connection.execute(insert(PolicyVersion).values(**policy, values=stored(Policy(time_zone=time_zone))))
    return WorkspaceRef(workspace_id, public_id, is_sandbox)


async def find_workspace(connection: AsyncConnection, public_id: UUID) -> WorkspaceRef:
    """The workspace with this public id. Raises NotFound."""
    found = await connection.execute(
        select(col(Workspace.id), col(Workspace.is_sandbox)).where(col(Workspace.public_id) == public_id)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound("There is no such workspace.")
    return WorkspaceRef(row.id, public_id, row.is_sandbox)


async def list_workspaces(connection: AsyncConnection) -> Sequence[Workspace]:
    """All workspaces, the oldest first."""
    rows = await connection.execute(select(Workspace.__table__).order_by(col(Workspace.id)))  # type: ignore[attr-defined]
    return [Workspace(**row) for row in rows.mappings()]


async def create_key(
    connection: AsyncConnection,
    workspace: WorkspaceRef,
    scopes: Sequence[Scope],
    *,
    expires_at: datetime | None,
    now: datetime,
) -> tuple[UUID, str]:
    """A new key of the workspace: its id, and the plain key, which is shown once and kept nowhere.

    Raises ExpiresInThePast.
    """
    if expires_at is not None and expires_at <= now:
        raise ExpiresInThePast("Send a moment in the future, or none for a key that does not expire.")
    minted = mint(is_sandbox=workspace.is_sandbox)
    key_id = ids.new_id()
    row = {
        "id": key_id,
        "workspace_id": workspace.id,
        "lookup": minted.lookup,
        "secret_hash": minted.secret_hash,
        "scopes": [scope.value for scope in scopes],
        "created_at": now,
        "expires_at": expires_at,
    }
    await connection.execute(insert(ApiKey).values(**row))
    return key_id, minted.plain


async def list_keys(connection: AsyncConnection, workspace: WorkspaceRef) -> Sequence[ApiKey]:
    """The workspace's keys, revoked ones too, the oldest first."""
    rows = await connection.execute(
        select(ApiKey.__table__)  # type: ignore[attr-defined]
        .where(col(ApiKey.workspace_id) == workspace.id)
        .order_by(col(ApiKey.created_at), col(ApiKey.id))
    )
    return [ApiKey(**row) for row in rows.mappings()]


async def revoke_key(connection: AsyncConnection, key_id: UUID, *, now: datetime) -> None:
    """Make a key useless, within the seconds that verified keys are remembered. Raises NotFound."""
    revoked = await connection.execute(
        update(ApiKey).where(col(ApiKey.id) == key_id, col(ApiKey.revoked_at).is_(None)).values(revoked_at=now)
    )
    if revoked.rowcount == 0:
        raise NotFound("There is no such key, or it is revoked already.")
