"""A receiver of webhooks for development: shows each delivery, and says whether its signature is right."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.platform import signing

MOST_BYTES = 1_000_000
BODY_SECONDS = 10.0
MOST_SHOWN = 20_000
"""So many characters of an event are shown at most."""
_LONGEST = 100
_COLOURED = JSONHighlighter()

Clock = Callable[[], datetime]


class Receiver:
    """An ASGI application that answers 204 to a delivery that is verified, and refuses everything else.

    `secret` is the endpoint's `whsec_`. Each delivery is a line on the console, and unless `brief` its event after it.
    """

    def __init__(self, secret: str, console: Console, clock: Clock, *, brief: bool = False) -> None:
        self._secret = secret
        self._console = console
        self._clock = clock
        self._brief = brief

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
        self._show(request.headers, _event(body), fault)
        return 400 if fault else 204

    def _show(self, headers: Mapping[str, str], event: Mapping[str, Any], fault: str | None) -> None:
        self._console.print(line(self._clock(), headers, event, fault), soft_wrap=True)
        if event and not self._brief:
            is_unicode = self._console.encoding.startswith("utf")
            self._console.print(indented(event, ascii_only=not is_unicode), soft_wrap=True)

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


def line(now: datetime, headers: Mapping[str, str], event: Mapping[str, Any], fault: str | None) -> Text:
    """What a delivery is: time, type, number, subject, attempt, and whether it is verified or why not."""
    subject = event.get("subject")
    parts = (
        (f"{now.astimezone():%H:%M:%S}", "dim"),
        (plain(event.get("type", "no event")), "cyan"),
        (f"#{plain(event.get('number'))}{' test' if event.get('test') is True else ''}", "bold"),
        (plain(subject.get("id") if isinstance(subject, dict) else None), ""),
        (f"attempt {plain(headers.get('x-championed-attempt'))}", "dim"),
        (f"not verified: {fault}", "red") if fault else ("verified", "green"),
    )
    return Text("  ").join(Text(*part) for part in parts)


def indented(event: Mapping[str, Any], *, ascii_only: bool = False) -> Text:
    """The event as JSON on lines of its own, cut where it is very long; what does not print is escaped."""
    pieces = json.JSONEncoder(indent=2, ensure_ascii=ascii_only).iterencode(event)
    shown = "".join(
        each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1]
        for each in "".join(_first(pieces, MOST_SHOWN + 1))
    )
    coloured = _COLOURED(shown[:MOST_SHOWN])
    return coloured if len(shown) <= MOST_SHOWN else coloured.append("\n... and more, which is not shown", "dim")


def _first(pieces: Iterator[str], most: int) -> Iterator[str]:
    """The text as far as so many characters go; the rest is not even made."""
    left = most
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def plain(value: object, longest: int = _LONGEST) -> str:
    """A value as at most so many printable characters: what others wrote must not steer a terminal."""
    if value is None:
        return "-"
    return "".join(each if each.isprintable() else "?" for each in str(value)[:longest])
