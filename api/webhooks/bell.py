"""Hearing of new deliveries at once, by a connection of its own that listens. A hint: what is missed is found later."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from api.platform.database_errors import DATABASE_ERRORS
from api.platform.db import connect
from api.platform.outbox import CHANNEL

AGAIN_SECONDS = 1.0
CHECK_SECONDS = 30.0
ANSWER_SECONDS = 5.0

_log = logging.getLogger("championed.webhooks")


async def listen(url: str, heard: Callable[[int], None], joined: Callable[[], None]) -> None:
    """Call `heard` with the internal id of a workspace that has new deliveries, until cancelled.

    `joined` is called whenever it begins to hear, since what was told before was missed. A lost connection is replaced.
    The url must lead to PostgreSQL itself or to a pooler that keeps sessions.
    """
    while True:
        try:
            await _listen(url, heard, joined)
        except DATABASE_ERRORS as error:
            _log.warning("cannot listen for deliveries", extra={"fields": {"error": type(error).__name__}})
        await asyncio.sleep(AGAIN_SECONDS)


async def _listen(url: str, heard: Callable[[int], None], joined: Callable[[], None]) -> None:
    connection, lost = await connect(url, None), asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, lambda _connection, _process, _channel, said: heard(int(said)))
        joined()
        while not lost.is_set():
            await _wait_or_check(connection, lost)
    finally:
        with suppress(*DATABASE_ERRORS):
            await connection.close(timeout=ANSWER_SECONDS)


async def _wait_or_check(connection: asyncpg.Connection, lost: asyncio.Event) -> None:
    """Wait for the end of the connection; ask now and then, because a line may go dead without a word."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await lost.wait()
    except TimeoutError:
        await connection.execute("select 1", timeout=ANSWER_SECONDS)
