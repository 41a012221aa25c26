"""An open stream of events, read piece by piece: the usual client in tests takes an answer only as a whole."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI

PATIENCE_SECONDS = 20
END = b""


@dataclass(frozen=True, slots=True)
class Told:
    """One server-sent event as a reader takes it (WHATWG HTML, 9.2.6)."""

    id: str
    event: str
    data: str


class Stream:
    """A GET whose answer stays open; leaving the block hangs up."""

    def __init__(self, app: FastAPI, path: str, headers: Mapping[str, str]) -> None:
        self._app = app
        self._url = urlsplit(path)
        self._sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue()
        self._hung_up = asyncio.Event()
        self._buffer = b""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.begun = asyncio.Event()

    async def __aenter__(self) -> "Stream":
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": self._url.path,
            "raw_path": self._url.path.encode(),
            "root_path": "",
            "query_string": self._url.query.encode(),
            "headers": [(b"host", b"test"), *self._sent],
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
        }
        self.call = asyncio.create_task(self._app(scope, self._receive, self._send))  # type: ignore[arg-type]
        await asyncio.wait_for(self.begun.wait(), PATIENCE_SECONDS)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hung_up.set()
        await asyncio.wait_for(self.call, PATIENCE_SECONDS)

    async def _receive(self) -> dict[str, Any]:
        await self._hung_up.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.begun.set()
            return
        if message["body"]:
            self._pieces.put_nowait(message["body"])
        if not message.get("more_body"):
            self._pieces.put_nowait(END)

    async def block(self) -> str | None:
        """What comes before the next empty line, comments included; None at the end of the answer."""
        while b"\n\n" not in self._buffer:
            piece = await asyncio.wait_for(self._pieces.get(), PATIENCE_SECONDS)
            if piece == END:
                return None
            self._buffer += piece
        block, _, self._buffer = self._buffer.partition(b"\n\n")
        return block.decode()

    async def next(self) -> Told | None:
        """The next event; None at the end of the answer."""
        while (block := await self.block()) is not None:
            fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
            if fields:
                return Told(fields["id"], fields["event"], fields["data"])
        return None

    async def take(self, count: int) -> list[Told]:
        """So many events, which must come."""
        taken = [await self.next() for _ in range(count)]
        assert None not in taken, "the answer ended"
        return [each for each in taken if each is not None]
