"""A workspace under concurrent use, and what must be true of it afterwards."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest
from rich.progress import Progress
from sqlalchemy import text
from sqlmodel.sql.expression import SelectOfScalar

from api import worker
from api.commands import rebuilding
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef

T = TypeVar("T")
Answer = dict[str, Any]
Call = Callable[[], Awaitable[T]]


async def at_once(*calls: Call[T]) -> list[T]:
    """What the calls answer, all let go by one barrier."""
    barrier = asyncio.Barrier(len(calls))

    async def run(call: Call[T]) -> T:
        await barrier.wait()
        return await call()

    return await asyncio.gather(*(run(call) for call in calls))


def is_in_use(response: httpx.Response) -> bool:
    """Whether an equal request is still running."""
    return response.status_code == 409 and response.json()["code"] == "idempotency_key_in_use"


def take_row_locks_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """For this process and test: every SELECT ... FOR UPDATE, of whatever strength, is a plain SELECT."""
    monkeypatch.setattr(SelectOfScalar, "with_for_update", lambda statement, **strength: statement)


@dataclass
class House:
    """A workspace, a worker's connections to its database, and a client to each process of the service."""

    workspace: WorkspaceRef
    databases: Databases
    clients: Sequence[httpx.AsyncClient]

    @property
    def client(self) -> httpx.AsyncClient:
        """The client for what is done by one caller alone."""
        return self.clients[0]

    def through(self, number: int) -> httpx.AsyncClient:
        """The clients in turn."""
        return self.clients[number % len(self.clients)]

    def post(self, number: int, path: str, body: Answer | None = None, **headers: str) -> Call[httpx.Response]:
        """A POST through one of the processes, to be made later."""
        return lambda: self.through(number).post(path, json=body or {}, headers=headers)

    async def insist(self, number: int, path: str, body: Answer | None = None) -> Answer:
        """The answer to a POST that is repeated, as the service asks for, while it is busy; it has one effect."""
        key = {"Idempotency-Key": f"{uuid4()}"}
        while True:
            response = await self.through(number).post(path, json=body or {}, headers=key)
            if response.status_code != 503 and not is_in_use(response):
                break
        assert response.is_success, response.text
        answer: Answer = response.json()
        return answer

    async def get(self, path: str, **parameters: Any) -> Answer:
        """The answer to a GET that must succeed."""
        response = await self.client.get(path, params=parameters)
        assert response.status_code == 200, response.text
        answer: Answer = response.json()
        return answer

    async def feed(self, **parameters: Any) -> list[Answer]:
        """All events, in order."""
        events: list[Answer] = []
        page: Answer = {"has_more": True, "next_after": 0}
        while page["has_more"]:
            page = await self.get("/v1/events", after=page["next_after"], limit=100, **parameters)
            events += page["data"]
        return events

    async def work(self) -> None:
        """Let a worker do everything that is due."""
        await worker.run_once(self.databases)

    async def rows(self, statement: str) -> list[Any]:
        """What a query finds; `:w` is the workspace."""
        async with self.databases.open_reading(self.workspace) as session:
            return list((await session.execute(text(statement), {"w": self.workspace.id})).all())

    async def damage(self) -> list[str]:
        """What is wrong with what was announced, in words; empty where all is well."""
        found = [*await self._wrong_announcements(), *await self._torn_histories(), *self._gaps(await self.feed())]
        return [*found, *await self._lost_updates()]

    async def _wrong_announcements(self) -> list[str]:
        count = await rebuilding.check(self.databases, Progress(disable=True))
        return [f"{count} announced values differ from what the facts give"] if count else []

    async def _torn_histories(self) -> list[str]:
        """Each change begins where the one before ended, and the last ends in what the row says."""
        torn = []
        for name, statement in HISTORIES.items():
            steps = await self.rows(statement)
            inner = [(one, two) for one, two in pairwise(steps) if one.owner == two.owner]
            torn += [f"{name} went to {a.after}, then on from {b.before}" for a, b in inner if a.after != b.before]
            last = {step.owner: step for step in steps}
            torn += [f"{name} ended in {s.after}, shown is {s.shown}" for s in last.values() if s.after != s.shown]
        return torn

    async def _lost_updates(self) -> list[str]:
        """No version of an application is announced by two transactions: the later would have lost the earlier's."""
        twice = await self.rows(
            "select count(distinct recorded_at) as times from events"
            " where workspace_id = :w and type = 'application.support.changed'"
            " group by subject_id, convert_from(body, 'UTF8')::json ->> 'subject_version'"
            " having count(distinct recorded_at) > 1"
        )
        return [f"one version was announced by {row.times} transactions" for row in twice]

    def _gaps(self, feed: Sequence[Answer]) -> list[str]:
        numbers = [event["number"] for event in feed]
        return [] if numbers == list(range(1, len(numbers) + 1)) else [f"the feed's numbers are {numbers}"]


_TRANSITIONS = (
    "select t.{name}_id as owner, t.from_state as before, t.to_state as after, o.state as shown"
    " from {name}_transitions t join {table} o on o.workspace_id = t.workspace_id and o.id = t.{name}_id"
    " where t.workspace_id = :w order by t.{name}_id, t.recorded_at, t.id"
)
HISTORIES = {
    "the level": "select c.application_id as owner, c.previous_level as before, c.level as after, a.level as shown"
    " from support_changes c join applications a on a.workspace_id = c.workspace_id and a.id = c.application_id"
    " where c.workspace_id = :w order by c.application_id, c.recorded_at, c.id",
    "an advocacy": _TRANSITIONS.format(name="advocacy", table="advocacies"),
    "a referral": _TRANSITIONS.format(name="referral", table="referrals"),
}
"""Queries for the steps of each history in order, beside what the thing itself shows."""
