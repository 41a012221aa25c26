"""Counts on the wire how often a transaction waits for the database: a relay stands between the service and it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx

from api.main import attach, create_app
from api.platform.db import Databases
from api.platform.settings import Settings
from tests.bench.baselines import ROLE
from tests.bench.scenes import Scene

_SOCKET = ".s.PGSQL.5432"
_WARM = 8
"""So many acts before the one that counts: by then the driver knows every statement."""


@dataclass
class Relay:
    """Passes everything on, and notes each message on which the caller waits for an answer."""

    sent: list[str] = field(default_factory=list)

    async def serve(self, own: str, other: str) -> asyncio.Server:
        """Listen on one socket for what the server behind another answers."""

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, onward = await asyncio.open_unix_connection(other)
            await asyncio.gather(self._pass(there, writer), self._listen(reader, onward))

        return await asyncio.start_unix_server(meet, own)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The first message has no kind; of the others a query and a sync are answered with "ready"."""
        head = await reader.readexactly(4)
        writer.write(head + await reader.readexactly(int.from_bytes(head) - 4))
        try:
            while True:
                head = await reader.readexactly(5)
                body = await reader.readexactly(int.from_bytes(head[1:]) - 4)
                if head[:1] in (b"Q", b"S"):
                    self.sent.append(body.rstrip(b"\0").decode())
                writer.write(head + body)
        except asyncio.IncompleteReadError:
            writer.close()

    def last_transaction(self) -> int:
        """The round trips of the last transaction, BEGIN and COMMIT included."""
        words = [text.upper() for text in self.sent]
        ended = max(place for place, text in enumerate(words) if text.startswith("COMMIT"))
        begun = max(place for place, text in enumerate(words[:ended]) if text.startswith("BEGIN"))
        return ended - begun + 1


async def count(url: str, scene: Scene, key: str, folder: Path) -> dict[str, Any]:
    """The round trips from BEGIN to COMMIT of a request that records an act."""
    relay = Relay()
    query = parse_qs(urlsplit(url).query)
    server = await relay.serve(str(folder / _SOCKET), f"{query['host'][0]}/{_SOCKET}")
    databases = Databases(
        f"postgresql://postgres@/postgres?host={folder}&port=5432", ROLE, clock=lambda: datetime.now(UTC), pool_size=1
    )
    settings = Settings(rate_limit_per_minute=0, rate_limit_burst_per_second=0)
    app = create_app(settings)
    attach(app, databases, settings)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://bench", headers=headers
    ) as client:
        for _ in range(_WARM + 1):
            answer = await client.post(
                f"/v1/advocacies/{scene.advocacy}/acts", json=scene.act(), headers={"Idempotency-Key": f"{uuid4()}"}
            )
            assert answer.status_code == 201, answer.text
    await databases.close()
    server.close()
    return {"act": relay.last_transaction()}
