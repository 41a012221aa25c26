"""Worker processes that are killed: the code of `championed worker`, forked from a warm process, so that many may die.

A worker may be told to die by its own hand at one point of its way, which the clock would hit too seldom.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console

from api.commands import serving
from api.platform.settings import Settings
from api.webhooks.sender import Answer, Call, Sender

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__])

LOCAL = {"webhook_allow_http": True, "webhook_allowed_networks": "127.0.0.0/8"}
"""Settings under which receivers on this machine are allowed."""
BRISK = {**LOCAL, "worker_poll_seconds": 0.05, "webhook_retry_seconds": "0,0.1,0.2,0.2,0.2,0.5,0.5,0.5,0.5,0.5,0.5,0.5"}
"""Also: a worker that looks again at once, and tries again soon."""

CLAIM, SETTLEMENT = "update deliveries d set lease_until = ", "insert into attempts"
"""What tells the transactions of a worker apart, in the SQL that it sends."""


def local(settings: Settings) -> Settings:
    """Settings of a test's service which allows receivers on this machine."""
    own = settings.model_dump(include={"key_cache_seconds", "secret_keys"})
    return Settings(rate_limit_per_minute=0, rate_limit_burst_per_second=0, **own, **LOCAL)


class Point(StrEnum):
    """Where on the way of a delivery a worker dies."""

    CLAIMING = "leased, not yet committed"
    CLAIMED = "leased, nothing sent"
    ANSWERED = "the receiver has answered, nothing is stored"
    SETTLING = "the result is stored, not yet committed"
    SETTLED = "the result is committed, nothing else done"


Reached = Callable[[], None]

AGAIN = {Point.ANSWERED, Point.SETTLING}
"""Where the receiver has it and the database does not know: it must be sent again."""


class Worker:
    """One `championed worker` on a database; what it says goes to a file."""

    def __init__(self, settings: Mapping[str, Any], folder: Path, dies: tuple[Point, int] | None = None) -> None:
        self.said = folder / "workers.log"
        self.process: BaseProcess = _FORKING.Process(target=_work, args=(dict(settings), self.said, dies), daemon=True)
        self.process.start()

    def kill(self) -> None:
        """`kill -9`, or nothing where it is dead already."""
        self.process.kill()
        self.process.join()

    def freeze(self) -> None:
        """Freeze it, as a machine that swaps does, or one whose lid is closed."""
        os.kill(self._pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on where it stopped."""
        os.kill(self._pid, signal.SIGCONT)

    async def died(self) -> None:
        """Wait until it has killed itself; fail, saying what it said, when it does not."""
        await asyncio.to_thread(self.process.join, 30)
        assert self.process.exitcode == -signal.SIGKILL, (self.process.exitcode, self.said.read_text()[-2000:])

    @property
    def is_dead(self) -> bool:
        """Whether it has ended."""
        return self.process.exitcode is not None

    @property
    def _pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid


async def let_leases_pass(url: str) -> None:
    """As if the minute had passed after which what dead workers had leased comes back; no worker may be alive."""
    await execute(url, "update deliveries set lease_until = now() where lease_until > now()")
    await let_time_pass(url)


async def let_time_pass(url: str) -> None:
    """As if the time had come to try everything again, endpoints that are being left alone too."""
    await execute(
        url,
        "update deliveries set next_attempt_at = now() where state = 'pending' and next_attempt_at > now()",
        "update webhook_endpoints set blocked_until = now() where blocked_until > now()",
    )


async def execute(url: str, *statements: str) -> None:
    """Change the database as its owner, behind everybody's back."""
    owner = await asyncpg.connect(url)
    try:
        for statement in statements:
            await owner.execute(statement)
    finally:
        await owner.close()


async def fetch(url: str, query: str) -> Sequence[asyncpg.Record]:
    """Look into the database as its owner."""
    owner = await asyncpg.connect(url)
    try:
        return list(await owner.fetch(query))
    finally:
        await owner.close()


def _work(settings: dict[str, Any], said: Path, dies: tuple[Point, int] | None) -> None:
    with said.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    if dies is not None:
        _arrange(*dies)
    with suppress(SystemExit):
        serving.work(Settings(**settings, log_level="warning"), Console(), once=False)


def _arrange(point: Point, times: int) -> None:
    """Let this process die when it comes to the point for the n-th time."""
    left = times

    def reached() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    if point in (Point.CLAIMED, Point.ANSWERED):
        _watch_sender(point, reached)
    else:
        _watch_commits(point, reached)


def _watch_sender(point: Point, reached: Reached) -> None:
    send = Sender.post

    async def post(sender: Sender, call: Call) -> Answer:
        if point is Point.CLAIMED:
            reached()
        answer = await send(sender, call)
        if point is Point.ANSWERED:
            reached()
        return answer

    Sender.post = post  # type: ignore[method-assign]  # this process is made to die


def _watch_commits(point: Point, reached: Reached) -> None:
    """Look at the statements on their way to the server."""
    wanted = CLAIM if point is Point.CLAIMING else SETTLEMENT
    within: set[int] = set()

    def watched(name: str) -> None:
        send = getattr(asyncpg.Connection, name)

        async def sending(connection: asyncpg.Connection, query: str, *arguments: Any, **options: Any) -> Any:
            is_end = query.strip(" ;").lower() == "commit" and id(connection) in within
            if wanted in " ".join(query.lower().split()):
                within.add(id(connection))
            if is_end and point is not Point.SETTLED:
                reached()
            answer = await send(connection, query, *arguments, **options)
            if is_end:
                within.remove(id(connection))
                if point is Point.SETTLED:
                    reached()
            return answer

        setattr(asyncpg.Connection, name, sending)

    for name in ("execute", "executemany", "fetch", "fetchrow", "fetchval"):
        watched(name)
