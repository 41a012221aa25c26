"""Reading the feed while others write: every number once, in order, without a gap."""

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, text

from api.models import Event
from api.platform import outbox
from api.platform.sessions import WriteSession
from tests.concurrency.house import Answer, Call, House, at_once

WRITERS = 8
EACH = 6
PATIENCE_SECONDS = 20


def _writers(house: House) -> list[Call[None]]:
    """Each makes people, one after the other; every other one makes advocates, which is two events in one commit."""

    async def write(number: int) -> None:
        for count in range(EACH):
            person = {"name": f"Person {number}.{count}"}
            path, body = ("/v1/advocates", {"person": person}) if number % 2 else ("/v1/people", person)
            answer = await house.through(number).post(path, json=body)
            assert answer.status_code == 201, answer.text

    return [partial(write, number) for number in range(WRITERS)]


async def _read_until(house: House, written: asyncio.Event, number: int, **parameters: Any) -> list[Answer]:
    """What a reader sees who asks again and again from where it was told to continue, and once more at the end."""
    seen: list[Answer] = []
    after, is_last = 0, False
    while True:
        response = await house.through(number).get("/v1/events", params={"after": after, "limit": 7, **parameters})
        page = response.json()
        seen, after = seen + page["data"], page["next_after"]
        if is_last and not page["data"]:
            return seen
        is_last = written.is_set() and not page["has_more"]


async def _read_while_written(house: House) -> tuple[list[Answer], list[Answer]]:
    """What a reader of everything and a reader of one type have seen."""
    written = asyncio.Event()
    everything = asyncio.create_task(_read_until(house, written, 0))
    advocates = asyncio.create_task(_read_until(house, written, 1, types="advocate.created"))
    await at_once(*_writers(house))
    written.set()
    return await everything, await advocates


def _numbers(events: list[Answer]) -> list[int]:
    return [event["number"] for event in events]


async def test_a_reader_beside_writers_sees_every_number_once_and_in_order(house: House) -> None:
    everything, advocates = await _read_while_written(house)
    assert _numbers(everything) == list(range(1, len(everything) + 1))
    people = [event for event in everything if event["type"] == "person.created"]
    assert len(people) == WRITERS * EACH
    assert advocates == [event for event in everything if event["type"] == "advocate.created"]
    assert len(advocates) == WRITERS * EACH // 2


async def test_one_who_waits_is_answered_when_the_other_process_writes(house: House) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        for number in range(2):
            after = (await house.get("/v1/events"))["next_after"]
            waiting = asyncio.create_task(house.through(0).get("/v1/events", params={"after": after, "wait": 30}))
            made = await house.through(number).post("/v1/people", json={"name": "Ada"})
            page = (await waiting).json()
            assert [event["subject"]["id"] for event in page["data"]] == [made.json()["id"]]
            assert page["next_after"] == after + 1


def _event(session: WriteSession, row: dict[str, Any]) -> dict[str, Any]:
    names = {"ids": "id", "numbers": "number", "types": "type", "subject_types": "subject_type", "bodies": "body"}
    moments = {"occurred": "occurred_at", "recorded": "recorded_at"}
    columns = {column: row[name] for name, column in (names | moments).items()}
    return {"workspace_id": session.workspace.id, **columns}


async def test_with_numbers_given_before_the_end_a_reader_misses_some(
    unprotected_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: numbers are handed out as by a sequence, and a reader overtakes unfinished writers."""
    house = unprotected_house

    async def finish(session: WriteSession) -> None:
        statement = text("update event_counters set last = last + :n where workspace_id = :w returning last")
        counted = {"n": len(session.events), "w": session.workspace.id}
        async with house.databases.open_system() as connection:
            last: int = (await connection.execute(statement, counted)).scalar_one()
        rows = outbox._rows(session, session.events, first=last - len(session.events) + 1)
        await session.execute(insert(Event).values([_event(session, row) for row in rows]))

    monkeypatch.setattr(outbox, "finish", finish)
    everything, _ = await _read_while_written(house)
    assert len(everything) < len(await house.feed())
