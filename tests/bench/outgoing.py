"""Processes around the measurements of webhooks: `python -m tests.bench.outgoing KIND` takes a job a line.

`happen` commits events at a steady rate; `poll` is a bare loop that asks the database and posts, without end; `post`
posts with the service's own client and nothing else, `httpx` with that one. Each job is answered in a line.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psutil
import uvloop

from api.main import real_time
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.webhooks.addresses import Guard
from api.webhooks.sender import Call, Sender
from tests.bench import machine
from tests.bench.baselines import ROLE
from tests.webhooks.happening import happen

POLL_SECONDS = 0.01
TAKEN_AT_ONCE = 100
AT_ONCE = 16
"""Transactions under way at the same time, at most."""

HEADERS = {"content-type": "application/json"}

Job = dict[str, Any]

_TAKE = """
with due as (
    select workspace_id, id from deliveries where state = 'pending' and lease_until is null
    order by next_attempt_at limit $1 for update skip locked)
update deliveries d set lease_until = now() + interval '1 minute' from due, events v, webhook_endpoints e
where (d.workspace_id, d.id) = (due.workspace_id, due.id) and (v.workspace_id, v.id) = (d.workspace_id, d.event_id)
    and (e.workspace_id, e.id) = (d.workspace_id, d.endpoint_id)
returning d.id, d.endpoint_id, e.url, v.body
"""
_DONE = "update deliveries set state = 'succeeded', lease_until = null where id = $1"


async def happening(job: Job) -> Job:
    """Commit `rate` events a second for `seconds`, whether or not the last one is done; the moment of each COMMIT."""
    workspace = WorkspaceRef(job["workspace"], UUID(job["public_id"]), is_sandbox=False)
    databases = Databases(job["url"], ROLE, clock=real_time, pool_size=AT_ONCE)
    begun, made = perf_counter(), []
    async with asyncio.TaskGroup() as tasks:
        for place in range(round(job["rate"] * job["seconds"])):
            await asyncio.sleep(max(0.0, begun + place / job["rate"] - perf_counter()))
            made.append(tasks.create_task(happen(databases, workspace)))
    await databases.close()
    return {"happened": dict(task.result() for task in made), "took_s": perf_counter() - begun}


async def polling(job: Job) -> Job:
    """Take what is due, post it, note it; ask again at once, or in a moment when there was nothing. Until killed.

    It ends with whoever started it, too.
    """
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), os._exit, 0)
    sender = local_sender()
    async with asyncpg.create_pool(job["url"], min_size=1, max_size=4) as pool, asyncio.TaskGroup() as tasks:

        async def deliver(row: asyncpg.Record) -> None:
            answer = await sender.post(_call(row["url"], row["body"], row["endpoint_id"]))
            assert answer.error_code is None, answer
            await pool.execute(_DONE, row["id"])

        while True:
            rows = await pool.fetch(_TAKE, TAKEN_AT_ONCE)
            for row in rows:
                tasks.create_task(deliver(row))
            if not rows:
                await asyncio.sleep(POLL_SECONDS)


async def posting(job: Job) -> Job:
    """Post by the service's own client."""
    sender, body = local_sender(), b"x" * job["bytes"]

    async def post(url: str) -> bool:
        return (await sender.post(_call(url, body, url))).error_code is None

    return await _repeated(post, job)


async def posting_by_httpx(job: Job) -> Job:
    """Post by httpx, as most would."""
    body, limits = b"x" * job["bytes"], httpx.Limits(max_connections=None, max_keepalive_connections=None)

    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def post(url: str) -> bool:
            return (await client.post(url, content=body, headers=HEADERS)).is_success

        return await _repeated(post, job)


async def _repeated(post: Callable[[str], Awaitable[bool]], job: Job) -> Job:
    """Post `number` times, `at_once` at the same time, to receivers in turn."""
    left = iter(range(job["number"]))

    async def go_on() -> None:
        for place in left:
            assert await post(job["urls"][place % len(job["urls"])])

    begun = perf_counter()
    await asyncio.gather(*(go_on() for _ in range(job["at_once"])))
    return {"per_second": job["number"] / (perf_counter() - begun)}


def local_sender() -> Sender:
    """The service's client, allowed to call this machine."""
    return Sender(Guard(allow_http=True, allowed_networks=[ip_network("127.0.0.0/8")]))


def _call(url: str, body: bytes, key: Any) -> Call:
    return Call(url=url, headers=HEADERS, body=body, key=key, at=real_time())


KINDS: dict[str, Callable[[Job], Awaitable[Job]]] = {
    "happen": happening,
    "poll": polling,
    "post": posting,
    "httpx": posting_by_httpx,
}


class Process:
    """One of these, on any core, as its user sees it."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __enter__(self) -> "Process":
        command = [sys.executable, "-m", "tests.bench.outgoing", self._kind]
        self.process = psutil.Popen(
            command,
            env=machine.environment({}),
            cwd=machine.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def begin(self, job: Job) -> None:
        """Give it a job, without waiting for what it finds."""
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()

    def find(self, job: Job) -> Job:
        """What it finds when it has done a job."""
        self.begin(job)
        answer: Job = json.loads(self.process.stdout.readline())
        return answer


def main() -> None:
    """Do the jobs of the standard input."""
    for line in sys.stdin:
        found = uvloop.run(KINDS[sys.argv[1]](json.loads(line)))  # type: ignore[arg-type]  # each is a coroutine
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
