"""The keys that seal secrets in the database: where they are, whether they fit, and sealing anew with the first."""

from collections.abc import Iterable, Mapping
from typing import Any

import asyncpg
import orjson
from sqlalchemy import text

from api.platform.db import Databases
from api.platform.sealing import KEY_FILE, Sealer, SecretKeyMissing
from api.platform.settings import Settings

SEALED = ("token", "secret", "former_secret")
"""The columns of a connection that are sealed."""
SIGNING = ("hmac", "ed25519")
"""What is sealed of each secret that an endpoint's deliveries are signed with."""

_CONNECTIONS = "select workspace_id, id, token, secret, former_secret from connections order by workspace_id, id"
_ENDPOINTS = """
select workspace_id, id, headers, cast(secrets as text) as secrets from webhook_endpoints
where state <> 'deleted' order by workspace_id, id
"""
_RENEW_CONNECTIONS = """
update connections set token = :token, secret = :secret, former_secret = :former_secret
where workspace_id = :workspace_id and id = :id
"""
_RENEW_ENDPOINTS = """
update webhook_endpoints set headers = :headers, secrets = cast(:secrets as jsonb)
where workspace_id = :workspace_id and id = :id
"""


async def renew(databases: Databases, sealer: Sealer) -> int:
    """Seal the secrets of every connection and webhook endpoint with the first key, and count those that have them.

    All or nothing: raises SecretKeyMissing, and has changed nothing, where none of the keys opens one.
    """
    async with databases.open_system() as connection:
        connections = (await connection.execute(text(f"{_CONNECTIONS} for update"))).mappings().all()
        endpoints = (await connection.execute(text(f"{_ENDPOINTS} for no key update"))).mappings().all()
        for statement, renewed in (
            (_RENEW_CONNECTIONS, [_renewed_connection(sealer, row) for row in connections]),
            (_RENEW_ENDPOINTS, [_renewed_endpoint(sealer, row) for row in endpoints]),
        ):
            if renewed:
                await connection.execute(text(statement), renewed)
    await databases.close()
    return len(connections) + len(endpoints)


def _renewed_connection(sealer: Sealer, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {**row, **{name: _renewed(sealer, row[name]) for name in SEALED}}


def _renewed_endpoint(sealer: Sealer, row: Mapping[Any, Any]) -> dict[str, Any]:
    entries = [
        {**entry, **{name: sealer.renew(entry[name].encode()).decode() for name in SIGNING}}
        for entry in orjson.loads(row["secrets"])
    ]
    return {**row, "headers": _renewed(sealer, row["headers"]), "secrets": orjson.dumps(entries).decode()}


def _renewed(sealer: Sealer, sealed: bytes | None) -> bytes | None:
    return None if sealed is None else sealer.renew(bytes(sealed))


async def closed_holders(owner: asyncpg.Connection, sealer: Sealer) -> tuple[int, int]:
    """How many connections and webhook endpoints there are, and how many hold a secret that none of the keys opens."""
    connections = [[row[name] for name in SEALED] for row in await owner.fetch(_CONNECTIONS)]
    endpoints = [[row["headers"], *_signing_of(row)] for row in await owner.fetch(_ENDPOINTS)]
    holders = connections + endpoints
    return len(holders), sum(not _opens(sealer, held) for held in holders)


def _signing_of(row: Any) -> list[bytes]:
    return [entry[name].encode() for entry in orjson.loads(row["secrets"]) for name in SIGNING]


def _opens(sealer: Sealer, held: Iterable[bytes | None]) -> bool:
    try:
        for sealed in held:
            if sealed is not None:
                sealer.open(sealed)
    except SecretKeyMissing:
        return False
    return True


def where_the_key_is(settings: Settings) -> str:
    """Where the key that seals secrets comes from, for people."""
    if settings.secret_keys is not None:
        return "given by CHAMPIONED_SECRET_KEYS"
    if settings.database_url is None:
        return f"in {settings.data_dir / KEY_FILE}, for its owner alone; keep a copy of it"
    return (
        "none, so neither connections nor webhook endpoints can be made; `championed secrets new-key` prints one for"
        " CHAMPIONED_SECRET_KEYS"
    )


def open_to_others(settings: Settings) -> bool:
    """Whether the key lies in a file that others than its owner may read."""
    path = settings.data_dir / KEY_FILE
    own = settings.secret_keys is None and settings.database_url is None
    return own and path.exists() and bool(path.stat().st_mode & 0o077)
