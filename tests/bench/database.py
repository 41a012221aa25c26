"""The embedded PostgreSQL as operators get it, with 100,000 applications in one workspace and some in another."""

import asyncio
import pickle
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from api.platform.db import Databases, connect
from api.platform.migrations import migrate
from tests.bench.baselines import ROLE
from tests.cast import Cast, make_cast

_BULK = Path(__file__).parents[1] / "plans" / "bulk.sql"
_DRESS = Path(__file__).parent / "dress.sql"
_KEPT_ON = ("fsync", "synchronous_commit", "full_page_writes")


def filled(url: str, kept: Path) -> Cast:
    """Make the workspaces and their rows, or find those that an earlier run has left in the same folder."""
    if not kept.exists():
        kept.write_bytes(pickle.dumps(asyncio.run(_fill(url))))
    cast: Cast = pickle.loads(kept.read_bytes())
    return cast


async def _fill(url: str) -> Cast:
    await migrate(url, ROLE)
    databases = Databases(url, ROLE, clock=lambda: datetime.now(UTC))
    cast = await make_cast(databases)
    await databases.close()
    owner = await connect(url, None)
    # Foreign keys need no proof here, and proving them takes longer than the rows.
    await owner.execute("set session_replication_role = replica")
    for script in (_BULK, _DRESS):
        sql = script.read_text().replace("$OTHER", str(cast.globex.workspace.id))
        await owner.execute(sql.replace("$W", str(cast.acme.workspace.id)))
    await owner.execute("vacuum analyze")
    await owner.execute("checkpoint")
    await owner.close()
    return cast


async def description(url: str) -> dict[str, str | int]:
    """The server, its settings that make data safe, and how many applications there are."""
    owner: asyncpg.Connection = await connect(url, None)
    settings = {name: await owner.fetchval(f"show {name}") for name in ("server_version", *_KEPT_ON)}
    count = await owner.fetchval("select count(*) from applications")
    await owner.close()
    assert all(settings[name] == "on" for name in _KEPT_ON), settings
    return {**settings, "applications": count}
