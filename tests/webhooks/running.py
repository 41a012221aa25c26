"""The service as an operator runs it, allowed to send to this machine, and a receiver that keeps what it is sent."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import httpx

from api.platform.postgres import create_database, drop_database
from api.platform.sealing import new_key
from tests.concurrency.servers import Server, until

ALLOWED = {"CHAMPIONED_WEBHOOK_ALLOW_HTTP": "true", "CHAMPIONED_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.1/32"}


@dataclass
class Running:
    """A `serve` process on a new database, and the key of its first workspace."""

    server: Server
    key: str
    client: httpx.AsyncClient

    async def post(self, path: str, body: Any = None) -> Any:
        """The answer to a POST that must succeed."""
        answer = await self.client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def endpoint(self, url: str, *types: str, **members: Any) -> Any:
        """A new endpoint, with its secret."""
        return await self.post("/v1/webhook_endpoints", {"url": url, "event_types": types or ["*"], **members})


@asynccontextmanager
async def running(server_url: str, folder: Path) -> AsyncIterator[Running]:
    """The service on a database of its own, which is dropped in the end."""
    name = f"test_{uuid4().hex}"
    url = await create_database(server_url, name)
    server = Server({"DATABASE_URL": url, "CHAMPIONED_SECRET_KEYS": new_key(), **ALLOWED}, folder)
    try:
        await asyncio.to_thread(server.start().await_ready)
        key = str(re.search(r"championed_live_\S+", server.said)[0])  # type: ignore[index]  # a first start shows one
        authorization = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=server.url, headers=authorization, timeout=60) as client:
            yield Running(server, key, client)
    finally:
        server.kill()
        await drop_database(server_url, name)


@dataclass
class Taken:
    """A request as it came over the wire; names of headers in lower case."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class Recorder:
    """Answers 204 to every POST and keeps it."""

    url: str
    taken: list[Taken] = field(default_factory=list)

    async def take(self, count: int) -> list[Taken]:
        """The first so many, once they have come."""
        await asyncio.to_thread(until, lambda: len(self.taken) >= count, f"{count} deliveries")
        return self.taken[:count]


@contextmanager
def recording() -> Iterator[Recorder]:
    """A recorder on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            recorder.taken.append(Taken({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorder = Recorder(f"http://127.0.0.1:{server.server_port}/")
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield recorder
        server.shutdown()
        thread.join()
