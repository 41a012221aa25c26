"""Clients that write without pause, and remember what they sent and what was acknowledged."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from api.platform import postgres
from tests.api.advocacies.scene import SEEN, Scene, make_scene
from tests.concurrency.servers import Server

CLIENTS = 6
ENOUGH = 25
IMPATIENCE_SECONDS = 0.05
"""How long a refused client waits before it repeats its request: less than the service asks for."""

Answer = dict[str, Any]


def key_of(service: Server) -> str:
    """The API key that the service showed at its first start."""
    shown = re.search(r"API key \(shown only now\): (\S+)", service.said)
    assert shown, service.said
    return shown[1]


def caller(service: Server) -> httpx.AsyncClient:
    """A client of the service, whichever life of it is running."""
    headers = {"Authorization": f"Bearer {key_of(service)}"}
    return httpx.AsyncClient(base_url=service.url, headers=headers, timeout=30)


class Load:
    """Acts on one application, each with an Idempotency-Key that is also its text."""

    def __init__(self, service: Server) -> None:
        self.service = service
        self.sent: dict[str, Answer] = {}
        self.acknowledged: dict[str, Answer] = {}
        self.refused: list[httpx.Response] = []
        self._changed = asyncio.Condition()

    async def prepare(self) -> None:
        """Make the application and the advocacy."""
        async with caller(self.service) as client:
            self.scene: Scene = await make_scene(client)
            await self.scene.begin()

    @asynccontextmanager
    async def pressing(self) -> AsyncIterator[None]:
        """The clients write while the block runs, repeating what is refused; each gives up when its line breaks."""
        stopped = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(CLIENTS):
                tasks.create_task(self._write(stopped))
            yield
            stopped.set()

    async def until_more_acknowledged(self) -> None:
        """Wait for a number of further acknowledgements."""
        await self._until_more(self.acknowledged, ENOUGH)

    async def until_more_refused(self) -> None:
        """Wait for a further refusal of each client."""
        await self._until_more(self.refused, CLIENTS)

    async def repeat_all(self) -> None:
        """Send every request again with its key; the acknowledged ones must be answered as before."""
        async with caller(self.service) as client:
            for key, body in self.sent.items():
                response = await self._post(client, key, body)
                assert response.status_code == 201, response.text
                if key in self.acknowledged:
                    assert response.headers["Idempotent-Replayed"] == "true"
                    assert response.json() == self.acknowledged[key]
                self.acknowledged[key] = response.json()

    async def check_nothing_lost_nothing_twice(self) -> None:
        """Every act sent exists once, with its acknowledged id, in the list and in the gapless feed."""
        async with caller(self.service) as client:
            acts = await everything(client, f"/v1/advocacies/{self.scene.advocacy}/acts")
            events = await feed(client)
        assert Counter(act["text"] for act in acts) == dict.fromkeys(self.sent, 1)
        assert {act["text"]: act["id"] for act in acts} == {key: act["id"] for key, act in self.acknowledged.items()}
        assert [event["number"] for event in events] == list(range(1, len(events) + 1))
        told = Counter(event["subject"]["id"] for event in events if event["type"] == "act.recorded")
        assert told == dict.fromkeys((act["id"] for act in acts), 1)

    async def _until_more(self, counted: dict[str, Answer] | list[httpx.Response], number: int) -> None:
        before = len(counted)
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: len(counted) >= before + number)

    async def _write(self, stopped: asyncio.Event) -> None:
        async with caller(self.service) as client:
            while not stopped.is_set():
                key = f"{uuid4()}"
                self.sent[key] = self._act(key)
                while key not in self.acknowledged and not stopped.is_set():
                    try:
                        response = await self._post(client, key, self.sent[key])
                    except httpx.TransportError:
                        return
                    await self._note(key, response)

    async def _note(self, key: str, response: httpx.Response) -> None:
        async with self._changed:
            if response.is_success:
                self.acknowledged[key] = response.json()
            else:
                self.refused.append(response)
            self._changed.notify_all()
        if not response.is_success:
            await asyncio.sleep(IMPATIENCE_SECONDS)

    def _act(self, key: str) -> Answer:
        said = {"kind": "spoke", "audience": [self.scene.hana], "reasons": [SEEN], "text": key}
        return {**said, "recorded_by": self.scene.ada}

    async def _post(self, client: httpx.AsyncClient, key: str, body: Answer) -> httpx.Response:
        path = f"/v1/advocacies/{self.scene.advocacy}/acts"
        return await client.post(path, json=body, headers={"Idempotency-Key": key})


async def everything(client: httpx.AsyncClient, path: str) -> list[Answer]:
    """All rows of a list, page by page."""
    rows: list[Answer] = []
    parameters: dict[str, Any] = {"limit": 100}
    while True:
        page = (await client.get(path, params=parameters)).json()
        rows += page["data"]
        if not page["has_more"]:
            return rows
        parameters["cursor"] = page["next_cursor"]


async def feed(client: httpx.AsyncClient) -> list[Answer]:
    """All events, the earliest first."""
    events: list[Answer] = []
    page: Answer = {"has_more": True, "next_after": 0}
    while page["has_more"]:
        page = (await client.get("/v1/events", params={"after": page["next_after"], "limit": 100})).json()
        events += page["data"]
    return events


async def as_owner(service: Server, *statements: str) -> None:
    """Change the service's embedded database behind its back."""
    database = postgres.start(Path(service.settings["CHAMPIONED_DATA_DIR"]), None)
    owner = await asyncpg.connect(database.owner_url)
    try:
        for statement in statements:
            await owner.execute(statement)
    finally:
        await owner.close()
        database.stop()


async def let_leases_run_out(service: Server, *tables: str) -> None:
    """As if the minute had passed after which what a killed worker had leased comes back."""
    await as_owner(service, *(f"update {table} set lease_until = now() where lease_until > now()" for table in tables))
