"""The feed and the stored histories: every change was told once, and one follows from the other."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import httpx
from sqlmodel import col, select

from api.models import (
    Advocacy,
    AdvocacyTransition,
    Reference,
    ReferenceTransition,
    Referral,
    ReferralTransition,
    SupportChange,
)
from api.platform.ids import decode
from tests.properties.house import House
from tests.properties.sight import Sight

Event = dict[str, Any]

LIVES: Sequence[tuple[type[Any], type[Any], str]] = (
    (Advocacy, AdvocacyTransition, "advocacy_id"),
    (Referral, ReferralTransition, "referral_id"),
    (Reference, ReferenceTransition, "reference_id"),
)
SUPPORT = ("level", "championing", "confidence", "documented_level")


async def judge_the_feed(house: House, seen: dict[UUID, Sight]) -> None:
    """Nothing is missing, nothing is told twice, and the last word is what holds."""
    events = await read_feed(house.client)
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    for application_id, sight in seen.items():
        changes = [
            event
            for event in events
            if event["type"] == "application.support.changed"
            and decode("application", event["subject"]["id"]) == application_id
        ]
        _judge_chain(changes, sight)
        await _judge_history(house, application_id, changes, sight)
    await _judge_lives(house)


async def read_feed(client: httpx.AsyncClient) -> list[Event]:
    """All events of the workspace."""
    events: list[Event] = []
    while True:
        last = events[-1]["number"] if events else 0
        response = await client.get("/v1/events", params={"after": last, "limit": 100})
        assert response.status_code == 200, response.text
        page = response.json()["data"]
        if not page:
            return events
        events += page


def _judge_chain(changes: Iterable[Event], sight: Sight) -> None:
    standing: dict[str, Any] = {"level": "none", "championing": "none", "confidence": None, "documented_level": "none"}
    for event in changes:
        told = {name: event["data"][name] for name in SUPPORT}
        changed = {name: standing[name] for name in SUPPORT if told[name] != standing[name]}
        assert {name: value for name, value in event["previous"].items() if name in SUPPORT} == changed
        assert event["previous"], "an event without a change"
        standing = told
    assert standing == {name: getattr(sight.support, name) for name in SUPPORT}


async def _judge_history(house: House, application_id: UUID, events: Sequence[Event], sight: Sight) -> None:
    async with house.stage.databases.open_reading(house.workspace) as session:
        rows = await session.execute(
            select(SupportChange).where(SupportChange.application_id == application_id).order_by(col(SupportChange.id))
        )
        history = rows.scalars().all()
    assert len(history) == len(events)
    last_of_moment = {row.occurred_at: row for row in history}
    for moment, row in last_of_moment.items():
        then = sight.at(moment).support
        assert {name: getattr(row, name) for name in SUPPORT} == {name: getattr(then, name) for name in SUPPORT}


async def _judge_lives(house: House) -> None:
    """Each transition starts where the one before ended, and the last one ends where the record stands."""
    async with house.stage.databases.open_reading(house.workspace) as session:
        for model, transition, owner in LIVES:
            rows = (await session.execute(select(model))).scalars().all()
            steps = (await session.execute(select(transition).order_by(transition.id))).scalars().all()
            for row in rows:
                own = [step for step in steps if getattr(step, owner) == row.id]
                assert [step.from_state for step in own] == [None, *(step.to_state for step in own[:-1])]
                assert all(step.from_state != step.to_state for step in own)
                assert own[-1].to_state == row.state
