"""Bringing the database up before a command works on it."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from urllib.parse import urlsplit

from rich.console import Console

from api.main import connect
from api.platform import postgres
from api.platform.db import Databases
from api.platform.db import connect as open_connection
from api.platform.migrations import migrate
from api.platform.settings import Settings
from api.platform.tenancy import require_protection

LOOK_AGAIN_SECONDS = 1.0

_log = logging.getLogger("championed.database")


@contextmanager
def running_database(settings: Settings) -> Iterator[str]:
    """The owner's URL of a running database, the given one or the embedded one, which stops with its last user."""
    database = postgres.start(settings.data_dir, settings.database_url)
    try:
        with _kept_alive(database):
            yield database.owner_url
    finally:
        database.stop()


@contextmanager
def _kept_alive(database: postgres.Database) -> Iterator[None]:
    """While the block runs, an embedded server that dies is started again; a given one is its operator's business."""
    if not database.is_embedded:
        yield
        return
    ended = Event()
    watch = Thread(target=_watch, args=(database, ended), daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()


def _watch(database: postgres.Database, ended: Event) -> None:
    while not ended.wait(LOOK_AGAIN_SECONDS):
        try:
            database.revive()
        except (postgres.DatabaseNotStarted, OSError) as error:
            _log.warning(
                "the database has died and could not be started again yet", extra={"fields": {"error": str(error)}}
            )


@contextmanager
def migrated_database(settings: Settings, console: Console) -> Iterator[str]:
    """The same, brought to the schema of this release."""
    with running_database(settings) as url:
        before, after = asyncio.run(_prepare(settings, url))
        if before != after:
            console.print(f"Migrated from {before or 'an empty database'} to revision {after}.")
        yield url


async def _prepare(settings: Settings, url: str) -> tuple[str | None, str]:
    """Migrate, and make sure that row-level security binds whoever requests work as. Raises Unprotected."""
    login = urlsplit(settings.service_database_url or "").username
    revisions = await migrate(url, login or settings.service_role, is_login=login is not None)
    role, is_pooled = None if login else settings.service_role, settings.service_database_pooled
    service = await open_connection(settings.service_database_url or url, role, is_pooled=is_pooled)
    try:
        async with service.transaction():
            await require_protection(service)
    finally:
        await service.close()
    return revisions


@contextmanager
def connections(settings: Settings, console: Console) -> Iterator[Databases]:
    """The service's connections to a migrated database, for one event loop."""
    with migrated_database(settings, console) as url:
        yield connect(settings, url)
