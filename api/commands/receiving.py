"""A receiver of webhooks for development: says of each delivery what it is, and whether its signature is right."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.platform import signing

MOST_BYTES = 1_000_000
BODY_SECONDS = 10.0
_LONGEST = 100

Clock = Callable[[], datetime]


class Receiver:
    """An ASGI application that answers 204 to a delivery that is verified, and refuses everything else.

    `secret` is the endpoint's `whsec_`. Each delivery is a line on the console.
    """

    def __init__(self, secret: str, console: Console, clock: Clock) -> None:
        self._secret = secret
        self._console = console
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        response = Response(status_code=await self._take(Request(scope, receive)))
        await response(scope, receive, send)

    async def _take(self, request: Request) -> int:
        """The status to answer; what was sent is shown unless it is no delivery at all."""
        if request.method != "POST":
            return 405
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _bounded(request)
        except (TimeoutError, ClientDisconnect):
            return 408
        if body is None:
            return 413
        fault = self._fault(request.headers, body)
        self._console.print(line(self._clock(), request.headers, body, fault), soft_wrap=True)
        return 400 if fault else 204

    def _fault(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Why the delivery is not verified; None when it is."""
        try:
            signing.verify(headers, body, self._secret, self._clock())
        except signing.NotVerified as error:
            return str(error)
        return None


async def _bounded(request: Request) -> bytes | None:
    """The body; None for one that is longer than any delivery."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def line(now: datetime, headers: Mapping[str, str], body: bytes, fault: str | None) -> Text:
    """What is shown of a delivery: time, type, number, subject, attempt, and whether it is verified or why not."""
    event = _event(body)
    subject = event.get("subject")
    parts = (
        (f"{now.astimezone():%H:%M:%S}", "dim"),
        (_plain(event.get("type", "no event")), "cyan"),
        (f"#{_plain(event.get('number'))}{' test' if event.get('test') is True else ''}", "bold"),
        (_plain(subject.get("id") if isinstance(subject, dict) else None), ""),
        (f"attempt {_plain(headers.get('x-championed-attempt'))}", "dim"),
        (f"not verified: {fault}", "red") if fault else ("verified", "green"),
    )
    return Text("  ").join(Text(*part) for part in parts)


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _plain(value: object) -> str:
    """A value as one short run of printable characters: what is not verified must not steer a terminal."""
    if value is None:
        return "-"
    return "".join(each if each.isprintable() else "?" for each in str(value)[:_LONGEST])
