"""A courier whose calls go to a stand-in, endpoints of a workspace, and something for them to be told."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import orjson

from api.domain.webhooks import AttemptError
from api.platform.db import Databases
from api.platform.sealing import Sealer
from api.webhooks.answers import Answer, Control
from api.webhooks.courier import Courier
from api.webhooks.sender import Call, Sender

BASE = "https://93.184.216.34"
OK = Answer(duration_ms=0, http_status=204, resolved_ip="93.184.216.34", response_headers={}, response_body="")

Body = dict[str, Any]


def refusal(status: int = 500, *, retry_after: float | None = None, control: Control | None = None) -> Answer:
    """An answer that is no success."""
    wait = None if retry_after is None else timedelta(seconds=retry_after)
    code = None if status < 300 else AttemptError.HTTP_STATUS
    return Answer(duration_ms=0, http_status=status, error_code=code, retry_after=wait, control=control)


def fault(code: AttemptError) -> Answer:
    """A call to which there was no answer."""
    return Answer(duration_ms=0, error_code=code, error_detail="as arranged")


@dataclass
class Receivers(Sender):
    """Stands for all receivers: by path what is answered next, 204 for want of anything else, and what was called."""

    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    calls: list[Call] = field(default_factory=list)
    gate: asyncio.Event | None = None
    most_at_once: Counter[str] = field(default_factory=Counter)
    at_once: Counter[str] = field(default_factory=Counter)

    async def post(self, call: Call) -> Answer:
        self.calls.append(call)
        path = call.url.removeprefix(BASE)
        self.at_once[path] += 1
        self.most_at_once[path] = max(self.most_at_once[path], self.at_once[path])
        try:
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(0)
        finally:
            self.at_once[path] -= 1
        return self.answers[path].pop(0) if self.answers[path] else OK

    async def close(self) -> None:
        """There is nothing to close."""

    def told(self, path: str = "/a") -> list[Body]:
        """The events that a path was told, in the order in which they came."""
        return [orjson.loads(call.body) for call in self.calls if call.url == BASE + path]

    def numbers(self, path: str = "/a") -> list[int]:
        """Their numbers."""
        return [event["number"] for event in self.told(path)]


@dataclass
class Office:
    """A workspace's client, its database and its receivers."""

    client: httpx.AsyncClient
    databases: Databases
    sealer: Sealer
    receivers: Receivers

    def courier(self, databases: Databases | None = None, **options: Any) -> Courier:
        """A courier, on connections of its own if given."""
        return Courier(databases or self.databases, self.receivers, self.sealer, product_version="0", **options)

    async def send(self) -> int:
        """Send all that is due; how many calls were made."""
        return await self.courier().run_once()

    async def endpoint(self, path: str = "/a", **options: Any) -> str:
        """An endpoint that is told of people, on a path of the stand-in; its id."""
        body = {"url": BASE + path, "event_types": ["person.*"], **options}
        answer = await self.client.post("/v1/webhook_endpoints", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def person(self, name: str = "Ada") -> str:
        """Somebody new, which is an event; the id."""
        answer = await self.client.post("/v1/people", json={"name": name})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def rename(self, person: str, *names: str) -> None:
        """Other names for somebody, each an event about the same subject."""
        for name in names:
            answer = await self.client.patch(f"/v1/people/{person}", json={"name": name})
            assert answer.status_code == 200, answer.text

    async def fetch(self, query: str) -> Sequence[dict[str, Any]]:
        """Look into the database as its owner."""
        async with self.databases.owner.connect() as connection:
            return [dict(row) for row in (await connection.exec_driver_sql(query)).mappings()]

    async def deliveries(self) -> Sequence[dict[str, Any]]:
        """The deliveries, the oldest first."""
        return await self.fetch("select * from deliveries order by event_number, id")

    async def health(self) -> dict[str, Any]:
        """The first endpoint's row."""
        return (await self.fetch("select * from webhook_endpoints order by id limit 1"))[0]

    async def operational(self) -> list[str]:
        """What was announced about endpoints and deliveries since they were made."""
        rows = await self.fetch(
            "select type from events where split_part(type, '.', 1) in ('delivery', 'webhook_endpoint') order by number"
        )
        return [row["type"] for row in rows if row["type"] != "webhook_endpoint.created"]


async def until(is_so: Callable[[], Awaitable[object]] | Callable[[], object], what: str, seconds: float = 10) -> None:
    """Wait until something holds, and fail when it never does."""
    async with asyncio.timeout(seconds):
        while True:
            found = is_so()
            if await found if isinstance(found, Awaitable) else found:
                return
            await asyncio.sleep(0.01)
