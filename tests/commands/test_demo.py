"""The demo: a sandbox that tells the whole story, made through the service."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from rich.progress import Progress
from sqlalchemy import text

from api.commands import rebuilding
from api.demo.story import tell
from api.main import attach
from api.platform.db import Databases
from api.platform.settings import Settings
from tests.conftest import SetClock

Page = dict[str, Any]


@pytest.fixture
async def demo(bare_app: FastAPI, databases: Databases, settings: Settings) -> httpx.AsyncClient:
    """A client of a freshly told demo."""
    _, key = await tell(settings, databases, name="Demo")
    attach(bare_app, databases, settings)
    transport = httpx.ASGITransport(app=bare_app)
    return httpx.AsyncClient(transport=transport, base_url="http://demo", headers={"Authorization": f"Bearer {key}"})


async def test_it_tells_every_part_of_the_story(demo: httpx.AsyncClient) -> None:
    rows = (await demo.get("/v1/applications", params={"limit": 100})).json()["data"]
    levels = Counter(row["support"]["level"] for row in rows)
    assert len(rows) >= 30
    assert set(levels) == {"none", "referred", "referred_with_context", "recommended", "championed"}
    standing = {row["support"]["championing"] for row in rows}
    assert standing >= {"started", "on_track", "awaiting_answer", "lapsed", "lost", "none"}
    assert {row["outcome"] for row in rows} >= {None, "hired", "rejected"}
    assert len({row["job"]["id"] for row in rows}) == 4


async def test_its_announcements_are_what_the_facts_give(demo: httpx.AsyncClient, databases: Databases) -> None:
    with Progress(disable=True) as progress:
        assert await rebuilding.check(databases, progress) == 0


async def test_somebody_lapses_when_its_clock_is_advanced(demo: httpx.AsyncClient) -> None:
    moved = (await demo.post("/v1/clock/advance", json={"by": "P30D"})).json()
    assert "lapsed" in {change["championing"] for change in moved["changes"]}
    assert moved["change_count"] == len(moved["changes"])


async def test_an_act_raises_a_level(demo: httpx.AsyncClient) -> None:
    rows = (await demo.get("/v1/applications", params={"limit": 100, "championing": "started"})).json()["data"]
    support = (await demo.get(f"/v1/applications/{rows[0]['id']}/support")).json()
    acts = (await demo.get(f"/v1/advocacies/{support['advocacy_id']}/acts")).json()["data"]
    heard = next(act for act in acts if act["ask"])
    body = {"kind": "spoke", "audience": heard["audience"], "recorded_by": heard["recorded_by"]}
    answer = (await demo.post(f"/v1/advocacies/{support['advocacy_id']}/acts", json=body)).json()
    assert answer["support"]["before"]["level"] == "recommended"
    assert answer["support"]["after"]["level"] == "championed"


async def test_its_time_is_not_behind_however_long_the_telling_takes(
    settings: Settings, databases: Databases, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ticking() -> datetime:
        clock.advance(milliseconds=1)
        return clock()

    monkeypatch.setattr(databases, "clock", ticking)
    await tell(settings, databases, name="Demo")
    async with databases.open_system() as connection:
        offset = await connection.scalar(text("select clock_offset from workspaces where name = 'Demo'"))
    assert timedelta(0) <= offset <= timedelta(seconds=2)
