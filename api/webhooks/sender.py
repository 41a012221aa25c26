"""One call to a receiver: connected to an address that may be sent to, in bounded time, read in bounds.

Redirects are never followed, proxies of the environment not used, cookies not kept; TLS is always verified. Knows no
database.
"""

import asyncio
import ssl
from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from api.domain.webhooks import AttemptError
from api.webhooks.addresses import Blocked, Guard, Unresolvable
from api.webhooks.answers import Answer, answer_of, failure_of
from api.webhooks.exchanges import Connection, Disconnected, NotHttp, Reply, TooLarge
from api.webhooks.kept_connections import KeptConnections
from api.webhooks.targets import Target, WebhookUrlRefused

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
_MOST_ADDRESSES = 4
_FAULTS = (WebhookUrlRefused, Blocked, Unresolvable, Disconnected, NotHttp, TooLarge, OSError)
"""What a call can end in; errors of TLS and running out of time are OSErrors, too."""


@dataclass(frozen=True, slots=True)
class Call:
    """What to send. `headers` are all but `host` and `content-length`, in ASCII and checked where they were chosen.

    Connections are reused among calls of one `key` and one origin: name the workspace and the endpoint in it. `at` is
    the real time at which the call begins; a date in `Retry-After` is counted from it.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    key: Hashable
    at: datetime


@dataclass(slots=True)
class _Course:
    """What is known of a call that runs: the address last connected to, or tried."""

    ip: str | None = None


class Sender:
    """Makes calls, any number at once, in one event loop. `ssl_context` is for receivers under a CA of one's own.

    By default TLS trusts what `SSL_CERT_FILE` or `SSL_CERT_DIR` names, else the CAs of the package `certifi`.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = guard
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds
        self._ssl_context = ssl_context or httpx.create_ssl_context()
        self._ssl_context.set_alpn_protocols(["http/1.1"])
        self._kept = KeptConnections()

    async def post(self, call: Call) -> Answer:
        """Make the call and say what came of it; raises nothing but CancelledError.

        Connecting may take `connect_seconds`, and all of it, name and answer included, `total_seconds`. An answer
        counts once it is whole, or once 8 KiB of its body have come. A call on a connection that was kept open and
        turns out closed before any answer came is made once more on a fresh one; should the receiver have taken it
        after all, it tells the two by their equal `webhook-id`.
        """
        loop = asyncio.get_running_loop()
        started, course = loop.time(), _Course()
        try:
            async with asyncio.timeout(self._total_seconds):
                outcome: Reply | Exception = await self._run(call, course)
        except _FAULTS as error:
            outcome = error
        seconds = loop.time() - started
        if isinstance(outcome, Reply):
            return answer_of(outcome, ip=course.ip, seconds=seconds, ended=call.at + timedelta(seconds=seconds))
        late = f"no whole answer within {self._total_seconds:g} seconds"
        return failure_of(_code_of(outcome), str(outcome) or late, ip=course.ip, seconds=seconds)

    async def close(self) -> None:
        """Close the connections that are kept open, and the guard. Calls that run are for the caller to end first."""
        self._kept.close()
        self._guard.close()

    async def _run(self, call: Call, course: _Course) -> Reply:
        target = self._guard.target(call.url)
        key = (call.key, target.is_https, target.host, target.port)
        request = _request(target, call)
        if kept := self._kept.take(key):
            course.ip = kept.ip
            try:
                return await self._exchange(kept, request, key)
            except Disconnected as error:
                if error.began:
                    raise
        return await self._exchange(await self._connect(target, course), request, key)

    async def _exchange(self, connection: Connection, request: bytes, key: Hashable) -> Reply:
        reply = await connection.exchange(request)
        if reply.reusable:
            self._kept.give(key, connection)
        return reply

    async def _connect(self, target: Target, course: _Course) -> Connection:
        addresses = (await self._guard.addresses(target.host))[:_MOST_ADDRESSES]
        for course.ip in addresses[:-1]:
            with suppress(OSError):
                return await self._open(course.ip, target, self._connect_seconds / len(addresses))
        course.ip = addresses[-1]
        return await self._open(course.ip, target, self._connect_seconds / len(addresses))

    async def _open(self, ip: str, target: Target, seconds: float) -> Connection:
        context = self._ssl_context if target.is_https else None
        name = target.host if target.is_https else None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    lambda: Connection(ip), ip, target.port, ssl=context, server_hostname=name
                )
        except TimeoutError:
            raise TimeoutError(f"no connection within {self._connect_seconds:g} seconds") from None
        return connection


def _request(target: Target, call: Call) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in call.headers.items())
    head = f"POST {target.path} HTTP/1.1\r\nhost: {target.authority}\r\n{lines}content-length: {len(call.body)}\r\n\r\n"
    return head.encode("ascii", "replace") + call.body


def _code_of(error: Exception) -> AttemptError:
    match error:
        case WebhookUrlRefused():
            return AttemptError.INVALID_URL
        case Blocked():
            return AttemptError.BLOCKED_ADDRESS
        case Unresolvable():
            return AttemptError.DNS
        case TooLarge():
            return AttemptError.TOO_LARGE
        case TimeoutError():
            return AttemptError.TIMEOUT
        case ssl.SSLError():
            return AttemptError.TLS
        case _:
            return AttemptError.CONNECT
