"""`listen`: the receiver for development, registered as an endpoint for as long as it runs."""

import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import uvicorn
from rich.console import Console
from sqlmodel import col, select

from api.commands.keys import chosen
from api.commands.receiving import Clock, Receiver
from api.commands.serving import PortTaken
from api.commands.writing import writing
from api.domain.errors import NotFound
from api.domain.webhooks import EVERYTHING, EndpointState
from api.main import guard_of, sealer_of
from api.models import WebhookEndpoint
from api.platform import ids
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef, WriteSession
from api.platform.settings import Settings
from api.platform.signing import decode_secret
from api.webhooks.bodies import WebhookEndpointCreate
from api.webhooks.endpoints import lock_endpoint
from api.webhooks.judged import Judged
from api.webhooks.service import create_endpoint, delete_endpoint

HOST = "127.0.0.1"
MADE_BY = {"made_by": "championed listen"}
_AT_ONCE = 100


class NotAllowedHere(Exception):
    """The settings forbid to send to this machine; the message names those that would allow it."""


class _Server(uvicorn.Server):
    """Says when it listens, and ends as a function does: what has to be put away afterwards still can be."""

    def __init__(self, config: uvicorn.Config, greeting: Callable[[], None]) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._greeting()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop when asked to. The framework's own would raise the signal once more, at whatever comes next."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        former = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


async def listen(console: Console, clock: Clock, port: int, secret: str, *, brief: bool = False) -> None:
    """Receive on the port what is signed with the `whsec_`, until told to stop; with `brief` show no bodies.

    Raises InvalidSecret, PortTaken.
    """
    decode_secret(secret)
    with _bound(port) as taken:
        await _receive(taken, Receiver(secret, console, clock, brief=brief), console, "Listening")


async def listen_registered(
    databases: Databases,
    settings: Settings,
    console: Console,
    port: int,
    workspace: str | None,
    types: Sequence[str],
    *,
    brief: bool = False,
) -> None:
    """The same as an endpoint for these types, none for all; it is deleted in the end.

    Raises NotAllowedHere, PortTaken, and what registering an endpoint raises.
    """
    registrar = Registrar(databases, await chosen(databases, workspace), settings)
    with _bound(port) as taken:
        url = f"http://{HOST}:{taken.getsockname()[1]}"
        async with registrar.registered(url, types or [EVERYTHING]) as (endpoint_id, secret):
            said = f"Listening as {ids.encode('webhook_endpoint', endpoint_id)}"
            await _receive(taken, Receiver(secret, console, databases.clock, brief=brief), console, said)
    await databases.close()


def require_allowed(settings: Settings) -> None:
    """Raise NotAllowedHere unless deliveries may go to this machine by plain http."""
    missing = [] if settings.webhook_allow_http else ["CHAMPIONED_WEBHOOK_ALLOW_HTTP=true"]
    if not guard_of(settings).is_allowed(HOST):
        missing.append(f"{HOST}/32 in CHAMPIONED_WEBHOOK_ALLOWED_NETWORKS")
    if missing:
        raise NotAllowedHere(
            f"Deliveries to http://{HOST} are refused. Set {' and '.join(missing)}, here and for what sends:"
            " `championed serve` or `championed worker`."
        )


@dataclass(frozen=True, slots=True)
class Registrar:
    """Registers receivers in a workspace."""

    databases: Databases
    workspace: WorkspaceRef
    settings: Settings

    @asynccontextmanager
    async def registered(self, url: str, types: Sequence[str]) -> AsyncIterator[tuple[UUID, str]]:
        """An endpoint and its secret, there as long as the block. One that was left there before is deleted first."""
        async with writing(self.databases, self.workspace) as session:
            await self._delete(session, await self._left_there(session, url))
            wanted = WebhookEndpointCreate(url=url, event_types=list(types), metadata=MADE_BY)
            made, secret = await create_endpoint(
                session,
                Judged(wanted, await guard_of(self.settings).refusal(url)),
                sealer_of(self.settings),
                most=self.settings.webhook_endpoints_per_workspace,
                now=await session.now(),
            )
        try:
            yield made.id, secret
        finally:
            async with writing(self.databases, self.workspace) as session:
                await self._delete(session, [made.id])

    async def _left_there(self, session: WriteSession, url: str) -> Sequence[UUID]:
        """The endpoints of earlier listeners on this port that had no time to delete them."""
        of_url = select(WebhookEndpoint.id).where(
            col(WebhookEndpoint.url) == url,
            col(WebhookEndpoint.state) != EndpointState.DELETED,
            col(WebhookEndpoint.labels) == MADE_BY,
        )
        return (await session.execute(of_url.order_by(col(WebhookEndpoint.id)))).scalars().all()

    async def _delete(self, session: WriteSession, endpoints: Sequence[UUID]) -> None:
        for endpoint_id in endpoints:
            try:
                row = await lock_endpoint(session, endpoint_id)
            except NotFound:
                continue
            await delete_endpoint(session, row, sealer_of(self.settings), now=await session.now())


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    """A socket on the port, so that nothing is registered that somebody else would get."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"Cannot listen on {HOST}:{port} ({error.strerror}); choose another with --port."
            ) from error
        yield taken


async def _receive(taken: socket.socket, receiver: Receiver, console: Console, said: str) -> None:
    config = uvicorn.Config(
        receiver,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=2,
    )
    address = f"http://{HOST}:{taken.getsockname()[1]}"
    await _Server(config, partial(console.print, f"{said} on {address} - stop with Ctrl-C.", soft_wrap=True)).serve(
        sockets=[taken]
    )
