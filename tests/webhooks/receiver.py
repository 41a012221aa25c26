"""A receiver of webhooks, cheap and in a process of its own: `python -m tests.webhooks.receiver PORT FILE`.

It writes down every request as soon as it has read all of it and before it answers. The path says what is answered:
`/204/0.05/name` is status 204 after 0.05 s, `/204/inf/name` nothing ever, `/drip/0/name` one byte a second,
`/huge/0/name` a body without end; each pair of the query becomes a header.
"""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import isinf
from pathlib import Path
from time import time
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httptools
import orjson
import uvloop

from tests.concurrency.servers import ROOT, environment, free_port, until

KEPT = ("webhook-id", "webhook-timestamp", "webhook-signature", "x-championed-delivery-id", "x-championed-attempt")
CHUNK = b"x" * 65_536


class Receipt(NamedTuple):
    """One request as it came: the moment it had been read, its path, what tells of it in the headers, and its body."""

    at: float
    path: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        """The event's id, as the header says it."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """The body, read."""
        event: dict[str, Any] = orjson.loads(self.body)
        return event


class Line(asyncio.Protocol):
    """One kept connection of a sender."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._answering: asyncio.Task[None] | None = None
        self._begin()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answering is not None:
            self._answering.cancel()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode().lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Write the request down, then answer it."""
        path, headers = self._url.decode(), {name: self._headers.get(name, "") for name in KEPT}
        row = Receipt(time(), path, headers, b"".join(self._body).decode())
        os.write(self._file, orjson.dumps(tuple(row)) + b"\n")
        parts = urlsplit(path)
        status, after = parts.path.split("/")[1:3]
        self._begin()
        if status.isdecimal() and after == "0":
            self._transport.write(_answer(status, parts.query))
        else:
            self._answering = asyncio.get_running_loop().create_task(self._answer(status, float(after), parts.query))

    def _begin(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._url, self._headers, self._body = b"", dict[str, str](), list[bytes]()

    async def _answer(self, status: str, after: float, query: str) -> None:
        if isinf(after):
            return
        await asyncio.sleep(after)
        if status.isdecimal():
            self._transport.write(_answer(status, query))
            return
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
        while not self._transport.is_closing():
            if self._transport.get_write_buffer_size() < len(CHUNK):
                self._transport.write(CHUNK if status == "huge" else b"x")
            await asyncio.sleep(0.001 if status == "huge" else 1)


def _answer(status: str, query: str) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in parse_qsl(query))
    length = "" if status == "204" else "content-length: 0\r\n"
    return f"HTTP/1.1 {status} As Asked\r\n{length}{headers}\r\n".encode()


async def receive(port: int, path: str) -> None:
    """Answer on the port until killed, or until whoever started it is gone."""
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), os._exit, 0)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    server = await asyncio.get_running_loop().create_server(lambda: Line(file), "127.0.0.1", port, backlog=2_048)
    await server.serve_forever()


@dataclass
class Receiver:
    """The receiver as its user sees it; it can die and return, and remembers what it got."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> "Receiver":
        """Begin to listen; returns when connections are accepted."""
        command = [sys.executable, "-m", "tests.webhooks.receiver", str(self.port), str(self._file)]
        self.process = subprocess.Popen(command, env=environment({}), cwd=ROOT, stdin=subprocess.PIPE)
        until(self._listens, "the receiver listens")
        return self

    def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def url(self, name: str, status: int | str = 204, after: float = 0, **headers: str) -> str:
        """Where that is answered, after so many seconds, with these headers."""
        query = "&".join(f"{header.replace('_', '-')}={value}" for header, value in headers.items())
        return f"http://127.0.0.1:{self.port}/{status}/{after:g}/{name}" + (f"?{query}" if query else "")

    def receipts(self, name: str | None = None) -> Sequence[Receipt]:
        """Everything received so far, in order; with `name` only under it."""
        if not self._file.exists():
            return []
        whole, _, _ = self._file.read_bytes().rpartition(b"\n")
        rows = [Receipt(*orjson.loads(line)) for line in whole.splitlines()]
        return rows if name is None else [row for row in rows if urlsplit(row.path).path.endswith(f"/{name}")]

    def count(self) -> int:
        """How many requests were received so far."""
        return self._file.read_bytes().count(b"\n") if self._file.exists() else 0

    def forget(self) -> None:
        """Begin to remember anew."""
        if self._file.exists():
            os.truncate(self._file, 0)

    @property
    def _file(self) -> Path:
        return self.folder / f"received-{self.port}.jsonl"

    def _listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "the receiver has ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


if __name__ == "__main__":
    uvloop.run(receive(int(sys.argv[1]), sys.argv[2]))
