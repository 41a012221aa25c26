"""Tokens of addresses that others use: the secret is the address itself, in a URL or before the @ of mail.

Only a hash of each is kept. Found tokens are remembered for a few seconds, so a revoked one may work that long.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from api.models import HookToken
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef, WriteSession

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
# 50 of 36 characters are 258 random bits; a local part has at most 64 characters, and the case of it may get lost.
_LENGTH = 50
SHAPE = re.compile(rf"[a-z0-9]{{{_LENGTH}}}", re.ASCII)
_REMEMBERED = 10_000
_FIND = """
select t.token_hash, t.purpose, t.target_id, t.workspace_id
from hook_tokens t where t.token_hash = any($1::bytea[]) and t.revoked_at is null
"""


class Purpose(StrEnum):
    """What a token is the address of."""

    CONNECTION = "connection"
    CAPTURE_ADDRESS = "capture_address"
    ACTION_LINK = "action_link"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class HookTarget:
    """What a token belongs to: a connection, a capture address or a calendar of a workspace."""

    workspace: WorkspaceRef
    purpose: Purpose
    target_id: UUID


def mint() -> str:
    """A fresh token of over 256 random bits: 50 lower-case letters and digits, fit for a URL and a mail address."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def keep(session: WriteSession, token: str, *, purpose: Purpose, target_id: UUID, now: datetime) -> None:
    """Make the token work from the end of the transaction on; its hash alone is kept."""
    workspace_id = session.workspace.id
    row = HookToken(
        workspace_id=workspace_id, token_hash=_hash(token), purpose=purpose, target_id=target_id, created_at=now
    )
    session.add(row)


async def revoke(session: WriteSession, target_id: UUID, *, now: datetime) -> None:
    """Let no token of the target work any longer. Processes that have just seen one forget it within seconds."""
    statement = update(HookToken).where(
        col(HookToken.workspace_id) == session.workspace.id,
        col(HookToken.target_id) == target_id,
        col(HookToken.revoked_at).is_(None),
    )
    await session.execute(statement.values(revoked_at=now), execution_options={"synchronize_session": False})


@dataclass(slots=True)
class _Found:
    target: HookTarget
    checked: float


@dataclass(slots=True)
class HookTokens:
    """Looks tokens up and remembers those that were found for `remember_seconds` (at most 5)."""

    databases: Databases
    remember_seconds: float
    _found: dict[bytes, _Found] = field(default_factory=dict)

    async def find(self, token: str) -> HookTarget | None:
        """What the token belongs to; None where it is unknown or revoked."""
        return await self.find_first([token])

    async def find_first(self, tokens: Iterable[str]) -> HookTarget | None:
        """The same for the first of several that is known, in one statement; what cannot be a token is passed over."""
        hashes = list(dict.fromkeys(_hash(token) for token in tokens if SHAPE.fullmatch(token)))
        known = {each: self._found[each].target for each in hashes if self._remembers(each)}
        if unknown := [each for each in hashes if each not in known]:
            known |= await self._look_up(unknown)
        return next((known[each] for each in hashes if each in known), None)

    def _remembers(self, token_hash: bytes) -> bool:
        found = self._found.get(token_hash)
        return found is not None and monotonic() - found.checked < self.remember_seconds

    async def _look_up(self, hashes: Sequence[bytes]) -> dict[bytes, HookTarget]:
        for each in hashes:
            self._found.pop(each, None)
        async with self.databases.open_global() as connection:
            rows = await connection.fetch(_FIND, hashes)
            targets = [(row["token_hash"], await _target(connection, row)) for row in rows]
        known = {token_hash: target for token_hash, target in targets if target is not None}
        if len(self._found) + len(known) > _REMEMBERED:
            self._found.clear()
        self._found |= {token_hash: _Found(target, monotonic()) for token_hash, target in known.items()}
        return known


async def _target(connection: Any, row: Any) -> HookTarget | None:
    await connection.execute("select enter_workspace($1)", row["workspace_id"])
    workspace = await connection.fetchrow(
        "select id, public_id, is_sandbox from workspaces where id = $1", row["workspace_id"]
    )
    if workspace is None:
        return None
    ref = WorkspaceRef(workspace["id"], workspace["public_id"], workspace["is_sandbox"])
    return HookTarget(ref, Purpose(row["purpose"]), row["target_id"])


def _hash(token: str) -> bytes:
    # The token is 256 random bits: a plain hash cannot be searched, and a slow one would only slow each request.
    return hashlib.sha256(token.encode()).digest()
