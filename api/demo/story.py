"""Telling the story: a sandbox whose clock begins two months ago, advanced from scene to scene."""

from datetime import datetime, timedelta
from itertools import groupby
from math import ceil

import httpx

from api.demo.plot import JOBS, LAST_DAY, MEMBERS, PEOPLE, SCENES
from api.demo.stage import Stage, StoryBroken
from api.main import attach, create_app
from api.platform.auth import Scope
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.platform.settings import Settings
from api.workspaces.service import create_key, create_workspace

TIME_ZONE = "Europe/Berlin"


async def tell(settings: Settings, databases: Databases, *, name: str) -> tuple[WorkspaceRef, str]:
    """Make a demo workspace and play the story in it; answers the workspace and its key, which is shown once.

    Everything goes through the service's routes and the sandbox's clock, nothing by inserts. Raises StoryBroken.
    """
    async with databases.open_system() as connection:
        now = databases.clock()
        workspace = await create_workspace(
            connection,
            name,
            is_sandbox=True,
            time_zone=TIME_ZONE,
            now=now - timedelta(days=LAST_DAY),
            clock_offset=-timedelta(days=LAST_DAY),
        )
        _, key = await create_key(connection, workspace, [Scope.ADMIN], expires_at=None, now=now)
    unlimited = settings.model_copy(update={"rate_limit_per_minute": 0, "rate_limit_burst_per_second": 0})
    app = create_app(unlimited)
    attach(app, databases, unlimited)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://demo", headers=headers) as client:
        arrived = await _play(Stage(client))
        await _catch_up(Stage(client), behind=databases.clock() - arrived)
    return workspace, key


async def _play(stage: Stage) -> datetime:
    """Play every scene; answers the sandbox's time at the end of the last day."""
    await _introduce(stage)
    today = 0
    for day, scenes in groupby(SCENES, key=lambda scene: scene[0]):
        await _advance(stage, day - today)
        today = day
        for _, application, line in scenes:
            await line.play(stage, application)
    ended = await stage.post("clock/advance", {"by": f"P{LAST_DAY - today}D"})
    return datetime.fromisoformat(ended["now"])


async def _catch_up(stage: Stage, *, behind: timedelta) -> None:
    """Advance by the seconds that the telling took: what happens now would lie in the sandbox's future otherwise."""
    if behind > timedelta(0):
        await stage.post("clock/advance", {"by": f"PT{ceil(behind.total_seconds()) + 1}S"})


async def _introduce(stage: Stage) -> None:
    for key, name in PEOPLE.items():
        person = {
            "name": name,
            "email": f"{name.lower().replace(' ', '.')}@example.com",
            "affiliation": {"affiliation": "employee"},
        }
        stage.people[key] = (await stage.post("people", person))["id"]
    for key, (title, requirements) in JOBS.items():
        members = [
            {"person_id": stage.people[person], "power": power, "is_hiring_manager": is_hiring_manager}
            for person, power, is_hiring_manager in MEMBERS[key]
        ]
        body = {"title": title, "requirements": list(requirements), "members": members}
        stage.jobs[key] = (await stage.post("jobs", body))["id"]


async def _advance(stage: Stage, days: int) -> None:
    if days > 0:
        await stage.post("clock/advance", {"by": f"P{days}D"})


__all__ = ["StoryBroken", "tell"]
