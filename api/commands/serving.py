"""`serve` and `worker`: the processes that run for long."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from types import FrameType

import uvicorn
from fastapi import FastAPI
from rich.console import Console
from uvicorn.loops.auto import auto_loop_factory

from api import worker
from api.commands.database import migrated_database
from api.commands.secrets import where_the_key_is
from api.commands.welcome import welcome
from api.main import connect, courier_of, create_app, serving
from api.platform import logs
from api.platform.db import Databases
from api.platform.settings import Settings
from api.platform.wakeups import Wakeups
from api.webhooks.courier import Courier


class PortTaken(Exception):
    """Something else listens on the port; the message says how to choose another."""


class _Server(uvicorn.Server):
    """Says when it listens; answers those who wait for events when it is told to stop, who would hold up its end."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, greeting: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._greeting()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        wakeups: Wakeups = self._app.state.wakeups
        wakeups.close()
        await super().shutdown(sockets)


def serve(settings: Settings, console: Console, *, demo: bool, with_worker: bool) -> None:
    """Run the service until it is told to stop: database, migrations, a first workspace, then the server."""
    _stop_on_terminate()
    _check_port(settings)
    logs.configure(level=settings.log_level, form=settings.log_format)
    _say_what_is_used(settings, console)
    with migrated_database(settings, console) as url:
        asyncio.run(welcome(settings, url, console, demo=demo))
        app = create_app(settings, lifespan=serving(settings, url, with_worker=with_worker))
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        greeting = partial(console.print, f"Listening on {settings.public_url} - stop with Ctrl-C.", soft_wrap=True)
        try:
            _Server(config, app, greeting).run()
        except KeyboardInterrupt:
            console.print("Stopped.")


def work(settings: Settings, console: Console, *, once: bool) -> None:
    """Run the background steps until told to stop; with `once`, until nothing is due."""
    _stop_on_terminate()
    logs.configure(level=settings.log_level, form=settings.log_format)
    _say_what_is_used(settings, console)
    with migrated_database(settings, console) as url:
        if not once:
            console.print("Working - stop with Ctrl-C.")
        try:
            with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
                done = runner.run(_work_once(settings, url) if once else _work(settings, url))
        except KeyboardInterrupt:
            done = None
        console.print("Stopped." if done is None else f"{done} done.")


async def _work_once(settings: Settings, url: str) -> int:
    async with _at_work(settings, url) as (databases, courier):
        return await worker.run_once(databases, courier)


async def _work(settings: Settings, url: str) -> None:
    """Work until a signal says to stop: then what is under way is ended well. A second one breaks it off."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    leaving = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def tell(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, leaving[signal.Signals(number)])
        loop.call_soon_threadsafe(stop.set)

    for number in leaving:
        signal.signal(number, tell)
    async with _at_work(settings, url) as (databases, courier):
        await worker.run(databases, courier, poll_seconds=settings.worker_poll_seconds, stop=stop)


@asynccontextmanager
async def _at_work(settings: Settings, url: str) -> AsyncIterator[tuple[Databases, Courier]]:
    databases = connect(settings, url)
    courier = courier_of(settings, databases)
    try:
        yield databases, courier
    finally:
        await courier.close()
        await databases.close()


def _say_what_is_used(settings: Settings, console: Console) -> None:
    place = f"embedded in {settings.data_dir}" if settings.database_url is None else "given by DATABASE_URL"
    console.print(f"PostgreSQL: {place}.", soft_wrap=True)
    console.print(f"Key of secrets: {where_the_key_is(settings)}.", soft_wrap=True)


def _stop_on_terminate() -> None:
    """Leave by an exception when terminated, so that everything is put away as after Ctrl-C."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, leave)


def _check_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(
                f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}); choose another with --port."
            ) from error
