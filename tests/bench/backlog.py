"""A database with endpoints and as many pending deliveries as are asked for, and what it costs to claim among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from time import perf_counter
from typing import Any

import asyncpg
import orjson

from api.main import real_time
from api.models import WebhookEndpoint
from api.platform.db import Databases, connect
from api.platform.migrations import migrate
from api.platform.outbox import CHANNEL
from api.platform.postgres import create_database
from api.platform.sealing import Sealer, new_key
from api.webhooks.claiming import claim
from api.webhooks.due import workspaces_with_deliveries_due
from api.webhooks.secrets import minted
from tests.bench.baselines import ROLE
from tests.bench.figures import of_rounds, ratio
from tests.cast import Cast, make_cast
from tests.webhooks.happening import SHOWN

FEW, MANY, AMONG = 1_000, 1_000_000, 20
CLAIMS, WARM, AT_ONCE = 20, 10, 100
"""Claims a round, those before the first round, and how many deliveries each takes."""

# Ids and times are in the order in which things happened, a millisecond apart, as they are in life.
_EVENTS = """
insert into events (workspace_id, id, number, type, subject_type, subject_id, occurred_at, recorded_at, body)
select $1, timely_id($2 + n), $2 + n, 'person.updated', 'person', gen_random_uuid(), now(), now(), $4
from generate_series(1, $3::int) n
"""
_DELIVERIES = """
insert into deliveries (workspace_id, id, endpoint_id, event_id, event_number, event_type, subject_id, state, trigger,
    priority, attempts, tries, created_at, next_attempt_at)
select $1, timely_id(v.number), e.id, v.id, v.number, v.type, v.subject_id, 'pending', 'schedule', 1, 0, 0, at, at
from events v cross join webhook_endpoints e
cross join lateral (select timestamptz '2026-01-01' + v.number * interval '1 millisecond' as at) happened
where v.workspace_id = $1 and v.number > $2 and e.workspace_id = $1 and e.state = 'active' order by v.number
"""
_TIMELY_ID = """
create function timely_id(n bigint) returns uuid language sql volatile as
$$ select (lpad(to_hex(n), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid $$
"""


@dataclass(frozen=True)
class Stage:
    """The database, the companies in it, and the key that seals the endpoints' secrets."""

    url: str
    cast: Cast
    key: str

    @property
    def settings(self) -> dict[str, str]:
        """What a process of the service is started with."""
        return {
            "DATABASE_URL": self.url,
            "CHAMPIONED_SECRET_KEYS": self.key,
            "CHAMPIONED_WEBHOOK_ALLOW_HTTP": "true",
            "CHAMPIONED_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        }

    @property
    def job(self) -> dict[str, Any]:
        """What a process that makes events is told."""
        workspace = self.cast.acme.workspace
        return {"url": self.url, "workspace": workspace.id, "public_id": str(workspace.public_id)}

    @cached_property
    def body(self) -> bytes:
        """A body as events have them."""
        return orjson.dumps(SHOWN)

    async def tell(self, urls: Sequence[str]) -> None:
        """Let these and no other addresses be endpoints of the first company."""
        databases, now = Databases(self.url, ROLE, clock=real_time), real_time()
        async with databases.open_system() as connection:
            await connection.exec_driver_sql("update webhook_endpoints set state = 'deleted'")
        sealer = Sealer.of([self.key])
        async with databases.open_writing(self.cast.acme.workspace, actor={}) as session:
            for url in urls:
                entry, _ = minted(sealer, None, now)
                made = {"created_at": now, "updated_at": now, "enabled_at": now, "event_types": ["*"]}
                session.add(WebhookEndpoint(url=url, secrets=[entry], **made))
            await session.commit()
        await databases.close()

    async def fill(self, events: int) -> None:
        """Commit that many events with a pending delivery for each endpoint, and notify of them."""
        owner, workspace = await self._owner(), self.cast.acme.workspace.id
        async with owner.transaction():
            last = await owner.fetchval(
                "select coalesce(max(number), 0) from events where workspace_id = $1", workspace
            )
            await owner.execute(_EVENTS, workspace, last, events, self.body)
            await owner.execute(_DELIVERIES, workspace, last, timeout=600)
            await owner.execute("update event_counters set last = $2 where workspace_id = $1", workspace, last + events)
            await owner.execute("select pg_notify($1, $2)", CHANNEL, str(workspace))
        await owner.close()

    async def clear(self) -> None:
        """Let nothing be pending."""
        owner = await self._owner()
        await owner.execute("update deliveries set state = 'succeeded', lease_until = null where state = 'pending'")
        await owner.close()

    async def settle_down(self) -> None:
        """Let the server have done what it does in the background."""
        owner = await self._owner()
        await owner.execute("vacuum analyze")
        await owner.execute("checkpoint")
        await owner.close()

    async def _owner(self) -> asyncpg.Connection:
        """A connection for which foreign keys need no proof: proving them takes longer than the rows."""
        owner = await connect(self.url, None)
        await owner.execute("set session_replication_role = replica")
        return owner


async def made_stage(server_url: str, name: str) -> Stage:
    """A fresh database in the server, with the cast."""
    url = await create_database(server_url, f"championed_bench_{name}")
    await migrate(url, ROLE)
    databases = Databases(url, ROLE, clock=real_time)
    cast = await make_cast(databases)
    await databases.close()
    owner = await connect(url, None)
    await owner.execute(_TIMELY_ID)
    await owner.close()
    return Stage(url, cast, new_key())


async def measure_claims(server_url: str, *, rounds: int) -> dict[str, Any]:
    """Milliseconds of finding the workspace and claiming in it, among a thousand pending and a million, in turns."""
    stages = {"few": await _backlog(server_url, "few", FEW), "many": await _backlog(server_url, "many", MANY)}
    for stage in stages.values():
        await _claims(stage, WARM)
    taken = [{f"{name}_ms": await _claims(stage, CLAIMS) for name, stage in stages.items()} for _ in range(rounds)]
    times = ratio([each["many_ms"] for each in taken], [each["few_ms"] for each in taken])
    return {**of_rounds(taken), "times": times, "few": FEW, "many": MANY, "at_once": AT_ONCE, "rounds": taken}


async def _backlog(server_url: str, name: str, pending: int) -> Stage:
    stage = await made_stage(server_url, name)
    await stage.tell([f"http://127.0.0.1:9/{place}" for place in range(AMONG)])
    await stage.fill(pending // AMONG)
    await stage.settle_down()
    return stage


async def _claims(stage: Stage, number: int) -> float:
    """The median of some claims; what is claimed is given back after each."""
    databases = Databases(stage.url, ROLE, clock=real_time)
    owner = await connect(stage.url, None)
    taken = []
    for _ in range(number):
        begun = perf_counter()
        (workspace,) = await workspaces_with_deliveries_due(databases)
        claimed = await claim(databases, workspace, free=2 * AT_ONCE, most=AT_ONCE, in_flight={})
        taken.append((perf_counter() - begun) * 1_000)
        assert len(claimed.deliveries) == AT_ONCE, claimed
        await owner.execute("update deliveries set lease_until = null where lease_until is not null")
    await databases.close()
    await owner.close()
    return median(taken)
