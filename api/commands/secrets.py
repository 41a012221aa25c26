"""The keys that seal secrets in the database: where they are, whether they fit, and sealing anew with the first."""

from typing import Any

import asyncpg
from sqlalchemy import text

from api.platform.db import Databases
from api.platform.sealing import KEY_FILE, Sealer, SecretKeyMissing
from api.platform.settings import Settings

SEALED = ("token", "secret", "former_secret")

_ALL = "select workspace_id, id, token, secret, former_secret from connections order by workspace_id, id"
_RENEW = """
update connections set token = :token, secret = :secret, former_secret = :former_secret
where workspace_id = :workspace_id and id = :id
"""


async def renew(databases: Databases, sealer: Sealer) -> int:
    """Seal the secrets of every connection with the first key, and count them.

    All or nothing: raises SecretKeyMissing, and has changed nothing, where none of the keys opens one.
    """
    async with databases.open_system() as connection:
        rows = (await connection.execute(text(f"{_ALL} for update"))).mappings().all()
        renewed = [{**row, **{name: _renewed(sealer, row[name]) for name in SEALED}} for row in rows]
        if renewed:
            await connection.execute(text(_RENEW), renewed)
    await databases.close()
    return len(renewed)


def _renewed(sealer: Sealer, sealed: bytes | None) -> bytes | None:
    return None if sealed is None else sealer.renew(bytes(sealed))


async def closed_connections(owner: asyncpg.Connection, sealer: Sealer) -> tuple[int, int]:
    """How many connections there are, and how many of them hold a secret that none of the keys opens."""
    rows = await owner.fetch(_ALL)
    return len(rows), sum(not _opens(sealer, row) for row in rows)


def _opens(sealer: Sealer, row: Any) -> bool:
    try:
        for name in SEALED:
            if row[name] is not None:
                sealer.open(row[name])
    except SecretKeyMissing:
        return False
    return True


def where_the_key_is(settings: Settings) -> str:
    """Where the key that seals secrets comes from, for people."""
    if settings.secret_keys is not None:
        return "given by CHAMPIONED_SECRET_KEYS"
    if settings.database_url is None:
        return f"in {settings.data_dir / KEY_FILE}, for its owner alone; keep a copy of it"
    return "none, so connections cannot be made; `championed secrets new-key` prints one for CHAMPIONED_SECRET_KEYS"


def open_to_others(settings: Settings) -> bool:
    """Whether the key lies in a file that others than its owner may read."""
    path = settings.data_dir / KEY_FILE
    own = settings.secret_keys is None and settings.database_url is None
    return own and path.exists() and bool(path.stat().st_mode & 0o077)
