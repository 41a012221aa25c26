"""HTTP/1.1 as a sender of small requests needs it: one connection, one request at a time, the answer read in bounds.

Written on asyncio and the parser of the HTTP server, because sending is what the service does most: a client library
spends several times as long on each call.
"""

import asyncio
from dataclasses import dataclass
from typing import cast

import httptools

MOST_BODY = 8 * 1024
MOST_HEAD = 32 * 1024

Headers = list[tuple[bytes, bytes]]


class Disconnected(Exception):
    """The receiver closed the connection before its answer was whole; `began` says whether any of it had come."""

    def __init__(self, detail: str, *, began: bool) -> None:
        super().__init__(detail)
        self.began = began


class NotHttp(Exception):
    """What came is no answer in HTTP/1."""


class TooLarge(Exception):
    """The head of the answer, or what surrounds its body, is larger than 32 KiB."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its body up to 8 KiB, and whether more came. After a `reusable` one the connection takes another."""

    status: int
    headers: Headers
    body: bytes
    is_truncated: bool
    reusable: bool


class Connection(asyncio.Protocol):
    """A connection to a receiver; `ip` is the address it goes to."""

    def __init__(self, ip: str) -> None:
        self.ip = ip
        self.opened_at = 0.0
        self.is_open = False
        self._transport: asyncio.Transport
        self._reading: _Reading | None = None

    async def exchange(self, request: bytes) -> Reply:
        """Send the bytes of a request and read the answer. Raises Disconnected, NotHttp or TooLarge.

        After an error, or when it is cancelled, the connection is closed.
        """
        if not self.is_open:
            raise Disconnected("the connection was closed", began=False)
        self._reading = _Reading(asyncio.get_running_loop().create_future())
        try:
            self._transport.write(request)
            reply = await self._reading.waiter
        except BaseException:
            self.close()
            raise
        finally:
            self._reading = None
        if not reply.reusable:
            self.close()
        return reply

    def close(self) -> None:
        """Close at once; what was not sent yet is dropped."""
        self.is_open = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The event loop opened the connection."""
        self._transport = cast("asyncio.Transport", transport)
        self.opened_at = asyncio.get_running_loop().time()
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        """The receiver sent something: part of its answer, or what nobody asked for."""
        if self._reading is None:
            self.close()
        else:
            self._reading.feed(data)

    def eof_received(self) -> None:
        """The receiver sends no more."""
        self.is_open = False
        if self._reading is not None:
            self._reading.end()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed, by either side."""
        self.is_open = False
        if self._reading is not None:
            self._reading.lose(exc)


class _Reading:
    """One answer being read. The parser calls the methods that begin with `on_`."""

    def __init__(self, waiter: asyncio.Future[Reply]) -> None:
        self.waiter = waiter
        self._parser = httptools.HttpResponseParser(self)
        self._received = 0
        self._status = 0
        self._headers: Headers = []
        self._body = bytearray()
        self._length = 0
        self._is_whole = False
        self._is_last = True

    def feed(self, data: bytes) -> None:
        self._received += len(data)
        fault = self._parse(data)
        if self._is_whole:
            self._finish(is_truncated=self._length > MOST_BODY, reusable=fault is None and not self._is_last)
        elif fault is not None:
            self._fail(fault)
        elif self._length >= MOST_BODY:
            self._finish(is_truncated=True)
        elif self._received - self._length > MOST_HEAD:
            self._fail(TooLarge(f"the head of the answer is larger than {MOST_HEAD // 1024} KiB"))

    def end(self) -> None:
        """No more will come. That is how an answer ends which does not say how long it is."""
        if self._status and not self._says_its_length():
            self._finish()
        else:
            self.lose(None)

    def lose(self, error: Exception | None) -> None:
        why = str(error) if error else "the connection was closed before the answer was whole"
        self._fail(Disconnected(why, began=self._received > 0))

    def on_message_begin(self) -> None:
        # What follows a whole answer, whatever it is, must not be taken for the answer to the next request.
        self._is_last = True
        if not self._is_whole:
            self._headers.clear()

    def on_header(self, name: bytes, value: bytes) -> None:
        # Once the status is known the head is over: what comes now are trailers, which say nothing about the delivery.
        if not self._status:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        # Those below 200 announce another answer, but for one that leaves HTTP, after which none can come.
        if not self._is_whole and (status >= 200 or status == 101):
            self._status = status

    def on_body(self, data: bytes) -> None:
        if not self._is_whole:
            self._length += len(data)
            self._body += data[: MOST_BODY - len(self._body)]

    def on_message_complete(self) -> None:
        if self._status and not self._is_whole:
            self._is_whole = True
            self._is_last = not self._parser.should_keep_alive()

    def _parse(self, data: bytes) -> Exception | None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._is_whole = self._is_last = True
        except httptools.HttpParserError as error:
            return NotHttp(str(error))
        return None

    def _says_its_length(self) -> bool:
        names = {name.lower() for name, _ in self._headers}
        return not names.isdisjoint((b"content-length", b"transfer-encoding"))

    def _finish(self, *, is_truncated: bool = False, reusable: bool = False) -> None:
        if not self.waiter.done():
            self.waiter.set_result(Reply(self._status, self._headers, bytes(self._body), is_truncated, reusable))

    def _fail(self, error: Exception) -> None:
        if not self.waiter.done():
            self.waiter.set_exception(error)
