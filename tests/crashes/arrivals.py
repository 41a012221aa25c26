"""People who are edited through the API, two endpoints that are told of it, and what must have arrived in the end."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import httpx

from tests.concurrency.servers import until
from tests.crashes.load import feed
from tests.crashes.sending import Point, Worker, fetch
from tests.webhooks.receiver import Receipt, Receiver

PEOPLE = 3
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 0.005
MOST_RECEIVED = 25
LONGEST_LIFE_SECONDS = 10
"""A worker that is killed at random dies after at most so many more requests, or so many seconds."""
ORDERED, LOOSE = "ordered", "loose"
EDITED = "person.updated"


@dataclass
class Arrivals:
    """One workspace, its two endpoints on one receiver, and workers that send to it."""

    client: httpx.AsyncClient
    receiver: Receiver
    settings: dict[str, Any]
    folder: Path
    people: list[str] = field(default_factory=list)
    _workers: list[Worker] = field(default_factory=list)
    _edits: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        """The database, as its owner."""
        return str(self.settings["database_url"])

    async def prepare(self, *, after: float = 0.02) -> None:
        """Make the people, and the endpoints, which answer after so many seconds."""
        for number in range(PEOPLE):
            self.people.append((await self._post("people", name=f"Person {number}"))["id"])
        for name, ordering in ((ORDERED, "per_subject"), (LOOSE, "none")):
            url = self.receiver.url(name, after=after)
            wanted = {
                "event_types": [EDITED],
                "ordering": ordering,
                "ordering_hold_seconds": 3_600,
                "max_in_flight": 100,
            }
            await self._post("webhook_endpoints", url=url, **wanted)

    async def edit(self, times: int) -> None:
        """Edit each person so many times, one after the other."""
        for _ in range(times):
            for person in self.people:
                await self._edit(person)

    @asynccontextmanager
    async def editing(self) -> AsyncIterator[None]:
        """All people are edited without pause while the block runs."""
        stopped = asyncio.Event()

        async def go_on(person: str) -> None:
            while not stopped.is_set():
                await self._edit(person)
                await asyncio.sleep(PAUSE_SECONDS)

        async with asyncio.TaskGroup() as tasks:
            for person in self.people:
                tasks.create_task(go_on(person))
            try:
                yield
            finally:
                stopped.set()

    async def worker(self, dies: tuple[Point, int] | None = None) -> Worker:
        """A worker that is well, or one that dies when it comes to a point for the n-th time."""
        made = await asyncio.to_thread(Worker, self.settings, self.folder, dies)
        self._workers.append(made)
        return made

    async def live_and_die(self, chance: Random) -> None:
        """Start a worker, and kill it when by chance so many requests were received: the last is not answered yet."""
        enough = self.receiver.count() + chance.randint(1, MOST_RECEIVED)
        worker = await self.worker()
        # What dead workers had leased may leave no more in flight than there is already.
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_LIFE_SECONDS):
                while True:
                    if self.receiver.count() >= enough:
                        break
                    await asyncio.sleep(0.005)
        worker.kill()

    def end(self) -> None:
        """Kill whichever workers still run."""
        while self._workers:
            self._workers.pop().kill()

    async def all_sent(self) -> None:
        """Wait until nothing is left to be sent, then end the workers."""
        await self._until_found("select 1 where not exists (select 1 from deliveries where state = 'pending')", 1)
        self.end()

    async def received(self, number: int) -> None:
        """Wait until so many requests were received."""
        await asyncio.to_thread(until, lambda: len(self.receiver.receipts()) >= number, f"{number} receipts")

    async def attempted(self, number: int) -> None:
        """Wait until so many attempts are on record."""
        await self._until_found("select 1 from attempts", number)

    async def check(self) -> None:
        """Each endpoint received what happened, all of it and nothing else, one in order; an id has one body."""
        happened = {event["id"]: event for event in await feed(self.client) if event["type"] == EDITED}
        assert happened
        for name in (ORDERED, LOOSE):
            receipts = self.receiver.receipts(name)
            assert {each.id for each in receipts} == happened.keys()
            for each in receipts:
                assert each.event == happened[each.id]
            assert len({(each.id, each.body) for each in receipts}) == len(happened), "one id with two bodies"
        check_order(self.receiver.receipts(ORDERED))

    def again(self) -> int:
        """How many requests repeated an earlier one."""
        return sum(
            number - 1
            for name in (ORDERED, LOOSE)
            for number in Counter(each.id for each in self.receiver.receipts(name)).values()
        )

    async def _until_found(self, query: str, number: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if len(await fetch(self.url, query)) >= number:
                    return
                await asyncio.sleep(0.05)

    async def _edit(self, person: str) -> None:
        answer = await self.client.patch(f"/v1/people/{person}", json={"name": f"Name {next(self._edits)}"})
        assert answer.status_code == 200, answer.text

    async def _post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.client.post(f"/v1/{path}", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


def check_order(receipts: Sequence[Receipt]) -> None:
    """No event about a subject came after a later one about it, not even again."""
    latest: dict[str, int] = {}
    for each in receipts:
        event = each.event
        subject = event["subject"]["id"]
        assert event["number"] >= latest.get(subject, 0), f"{subject}: {event['number']} after {latest[subject]}"
        latest[subject] = event["number"]
