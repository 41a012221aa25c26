"""API keys: `championed_live_<lookup>_<secret>`; the lookup part finds the row, only a hash of the secret is kept.

A key is a tool, not a person. Verified keys are remembered for a few seconds, so a revoked one may work that long.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic
from uuid import UUID

from api.platform.db import Databases
from api.platform.problems import Unauthorized
from api.platform.sessions import WorkspaceRef

_KEY = re.compile(r"championed_(?:live|test)_([a-z0-9]{16})_([A-Za-z0-9_-]{43})", re.ASCII)
_LOOKUP_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_REMEMBERED = 10_000
USE_NOTED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a key may do; `admin` includes `write`, and `write` includes `read`."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


IMPLIED: dict[Scope, frozenset[Scope]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.WRITE: frozenset({Scope.READ, Scope.WRITE}),
    Scope.ADMIN: frozenset(Scope),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a key of a workspace, with all scopes it has, implied ones included."""

    workspace: WorkspaceRef
    key_id: UUID
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class MintedKey:
    """A new key. `plain` is shown once and kept nowhere."""

    plain: str
    lookup: str
    secret_hash: bytes


def mint(*, is_sandbox: bool) -> MintedKey:
    """A fresh random key whose prefix tells a sandbox's (`test`) from another's (`live`)."""
    lookup = "".join(secrets.choice(_LOOKUP_ALPHABET) for _ in range(16))
    secret = secrets.token_urlsafe(32)
    kind = "test" if is_sandbox else "live"
    return MintedKey(f"championed_{kind}_{lookup}_{secret}", lookup, _hash(secret))


def key_from_header(authorization: str | None) -> str:
    """The key in a Bearer header, or the user name of a Basic one (RFC 7617). Raises Unauthorized."""
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[0]
        except ValueError:
            raise Unauthorized("The Basic credentials are not valid base64 of 'key:'.") from None
    raise Unauthorized("Send your API key as 'Authorization: Bearer <key>'.")


@dataclass(slots=True)
class _Verified:
    caller: Caller
    secret_hash: bytes
    checked: float
    expires_at: datetime | None


@dataclass(slots=True)
class Keyring:
    """Looks keys up and remembers the verified ones for `remember_seconds` (at most 5)."""

    databases: Databases
    remember_seconds: float
    _verified: dict[str, _Verified] = field(default_factory=dict)

    async def authenticate(self, authorization: str | None) -> Caller:
        """The caller behind an Authorization header. Raises Unauthorized where no valid key is behind it."""
        match = _KEY.fullmatch(key_from_header(authorization))
        if match is None:
            raise Unauthorized("This is not an API key of this service.")
        lookup, secret = match.groups()
        known = self._verified.get(lookup)
        if known is None or monotonic() - known.checked > self.remember_seconds:
            known = await self._look_up(lookup)
        if not hmac.compare_digest(known.secret_hash, _hash(secret)):
            raise Unauthorized("This API key is not valid.")
        if known.expires_at is not None and known.expires_at <= self.databases.clock():
            raise Unauthorized("This API key has expired; create another one.")
        return known.caller

    async def _look_up(self, lookup: str) -> _Verified:
        now = self.databases.clock()
        self._verified.pop(lookup, None)
        async with self.databases.open_global() as connection:
            row = await connection.fetchrow("select * from api_keys where lookup = $1", lookup)
            if row is None or row["revoked_at"] is not None:
                raise Unauthorized("This API key is not valid.")
            await connection.execute("select enter_workspace($1)", row["workspace_id"])
            workspace = await connection.fetchrow(
                "select id, public_id, is_sandbox from workspaces where id = $1", row["workspace_id"]
            )
            if workspace is None:
                raise Unauthorized("This API key is not valid.")
            if row["last_used_at"] is None or now - row["last_used_at"] >= USE_NOTED_EVERY:
                await connection.execute("update api_keys set last_used_at = $2 where id = $1", row["id"], now)
        scopes = frozenset[Scope]().union(*(IMPLIED[Scope(scope)] for scope in row["scopes"]))
        caller = Caller(
            WorkspaceRef(workspace["id"], workspace["public_id"], workspace["is_sandbox"]), row["id"], scopes
        )
        verified = _Verified(caller, row["secret_hash"], monotonic(), row["expires_at"])
        if len(self._verified) >= _REMEMBERED:
            self._verified.clear()
        self._verified[lookup] = verified
        return verified


def _hash(secret: str) -> bytes:
    # The secret is 256 random bits: a plain hash cannot be searched, and a slow one would only slow each request.
    return hashlib.sha256(secret.encode()).digest()
