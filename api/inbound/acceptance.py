"""Taking a delivery in: whose it is, whether it is genuine, and stored before anything is made of it.

What is looked up for an address is remembered for a few seconds, opened secrets included, so that a delivery costs one
round trip to the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson

from api.domain.errors import NotFound
from api.inbound.providers.provider import Provider
from api.inbound.providers.registry import PROVIDERS
from api.platform.db import Databases
from api.platform.hook_tokens import HookTokens, Purpose
from api.platform.ids import new_id
from api.platform.problems import HttpError
from api.platform.sealing import Sealer
from api.platform.sessions import WorkspaceRef

KEPT_HEADERS = frozenset({"content-type", "content-length", "date", "user-agent"})
LONGEST_HEADER = 500
COUNTED_EVERY_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 1.0
_REMEMBERED = 1_000

_LOOK_UP = """
select c.id, c.provider, c.secret, c.former_secret, c.former_secret_until, w.clock_offset
from connections c join workspaces w on w.id = c.workspace_id where c.workspace_id = $1 and c.id = $2
"""
# Autocommit: the workspace is entered by the part that yields the only row, so before a row is made of it. The
# connection is locked, so that whoever pauses or resumes it finds every delivery that came before.
_STORE = """
with entered as materialized (select enter_workspace($1))
insert into inbound_messages
    (workspace_id, id, connection_id, delivery_key, received_at, headers, body, effects, attempts, state, due_at)
select $1, $2, $3, $4, $5::timestamptz, $6::jsonb, $7, '[]', 0,
    case standing when 'paused' then 'held' when 'active' then 'received' end,
    case standing when 'active' then $5::timestamptz end
from (
    select (select c.state from connections c where c.workspace_id = $1 and c.id = $3 for share) as standing
    from entered offset 0
) connection
on conflict (workspace_id, connection_id, delivery_key) do nothing
returning id
"""
_FIND = "select id from inbound_messages where workspace_id = $1 and connection_id = $2 and delivery_key = $3"
_REFUSED = "update connections set refused = refused + $3, refused_at = $4 where workspace_id = $1 and id = $2"


class SignatureRefused(HttpError):
    """A delivery did not carry the signature that the connection's secret gives it. Nothing of it was kept."""

    status = 401
    code = "signature_refused"
    title = "The signature does not fit"
    headers = MappingProxyType({"WWW-Authenticate": "Signature"})


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection with its secrets opened, as it was `at` a moment of the process's own clock."""

    id: UUID
    workspace: WorkspaceRef
    provider: Provider
    secret: str
    former_secret: str | None
    former_secret_until: datetime | None
    clock_offset: timedelta
    at: float

    def secrets(self, real_now: datetime) -> tuple[str, ...]:
        """The secrets that sign now."""
        until = self.former_secret_until
        if self.former_secret is None or until is None or until <= real_now:
            return (self.secret,)
        return (self.secret, self.former_secret)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: the message, and whether it had been stored before."""

    message_id: UUID
    is_duplicate: bool


@dataclass(slots=True)
class _Refusals:
    written: float
    uncounted: int = 0


@dataclass(slots=True)
class Door:
    """Where deliveries come in."""

    databases: Databases
    sealer: Sealer
    tokens: HookTokens
    remember_seconds: float
    _opened: dict[UUID, Opened] = field(default_factory=dict)
    _refusals: dict[UUID, _Refusals] = field(default_factory=dict)

    async def connection_at(self, provider: str, token: str) -> Opened:
        """The connection that an address belongs to. Raises NotFound; SecretKeyMissing where it cannot be opened."""
        target = await self.tokens.find(token)
        if target is None or target.purpose is not Purpose.CONNECTION:
            raise _nothing_here()
        known = self._opened.get(target.target_id)
        if known is None or monotonic() - known.at > self.remember_seconds:
            known = await self._look_up(target.workspace, target.target_id)
        if known.provider.name != provider:
            raise _nothing_here()
        return known

    async def accept(self, connection: Opened, headers: Mapping[str, str], body: bytes) -> Receipt:
        """Store a genuine delivery, once; raises SignatureRefused for any other."""
        if not await self._is_genuine(connection, headers, body):
            await self._count_refusal(connection)
            raise SignatureRefused("The delivery was not accepted.")
        key = connection.provider.delivery_key(headers, body)
        received_at = self.databases.clock() + connection.clock_offset
        kept = orjson.dumps(_kept(headers, connection.provider)).decode()
        where = (connection.workspace.id, new_id(), connection.id, key)
        async with self.databases.open_appending() as database:
            stored = await database.fetchval(_STORE, *where, received_at, kept, body)
        if stored is not None:
            return Receipt(stored, is_duplicate=False)
        return Receipt(await self._stored_before(connection, key), is_duplicate=True)

    async def _is_genuine(self, connection: Opened, headers: Mapping[str, str], body: bytes) -> bool:
        now = self.databases.clock()
        if connection.provider.verify(headers, body, connection.secrets(now)):
            return True
        if monotonic() - connection.at <= LOOK_AGAIN_SECONDS:
            return False
        # The secret may have been replaced since it was looked up.
        fresh = await self._look_up(connection.workspace, connection.id)
        return connection.provider.verify(headers, body, fresh.secrets(now))

    async def _look_up(self, workspace: WorkspaceRef, connection_id: UUID) -> Opened:
        async with self.databases.open_global() as database:
            await database.execute("select enter_workspace($1)", workspace.id)
            row = await database.fetchrow(_LOOK_UP, workspace.id, connection_id)
        if row is None or row["provider"] not in PROVIDERS:
            raise _nothing_here()
        opened = self._open(workspace, row)
        if len(self._opened) >= _REMEMBERED:
            self._opened.clear()
        # The clock of a sandbox may be moved at any moment.
        if not workspace.is_sandbox:
            self._opened[connection_id] = opened
        return opened

    def _open(self, workspace: WorkspaceRef, row: Any) -> Opened:
        former = row["former_secret"]
        return Opened(
            id=row["id"],
            workspace=workspace,
            provider=PROVIDERS[row["provider"]],
            secret=self.sealer.open(row["secret"]),
            former_secret=None if former is None else self.sealer.open(former),
            former_secret_until=row["former_secret_until"],
            clock_offset=row["clock_offset"],
            at=monotonic(),
        )

    async def _stored_before(self, connection: Opened, key: str) -> UUID:
        async with self.databases.open_global() as database:
            await database.execute("select enter_workspace($1)", connection.workspace.id)
            found: UUID = await database.fetchval(_FIND, connection.workspace.id, connection.id, key)
        return found

    async def _count_refusal(self, connection: Opened) -> None:
        """Add to the connection's count, at most once every few seconds: nobody makes us write by guessing."""
        refusals = self._refusals.setdefault(connection.id, _Refusals(written=-COUNTED_EVERY_SECONDS))
        refusals.uncounted += 1
        if monotonic() - refusals.written < COUNTED_EVERY_SECONDS:
            return
        count, refusals.uncounted, refusals.written = refusals.uncounted, 0, monotonic()
        now = self.databases.clock() + connection.clock_offset
        async with self.databases.open_global() as database:
            await database.execute("select enter_workspace($1)", connection.workspace.id)
            await database.execute(_REFUSED, connection.workspace.id, connection.id, count, now)


def _kept(headers: Mapping[str, str], provider: Provider) -> dict[str, str]:
    """The headers that are stored: none that proves who sent it."""
    names = KEPT_HEADERS | provider.kept_headers
    return {name: headers[name][:LONGEST_HEADER] for name in sorted(names) if name in headers}


def _nothing_here() -> NotFound:
    return NotFound("There is nothing at this address.")
