from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from api.platform.db import Databases
from tests.api.action_links.links import NEEDED, Link, make_link
from tests.api.advocacies.scene import Scene, make_scene, sent
from tests.contents import contents

Unchanged = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Sam's application, with Ada's advocacy, who was asked; the job states what it needs."""
    made = await make_scene(client)
    await made.begin("asked")
    await sent(client, f"/v1/jobs/{made.job}/requirements", {"text": NEEDED})
    return made


@pytest.fixture
def unchanged(databases: Databases) -> Unchanged:
    """A block in which nothing is written, in any table."""

    @asynccontextmanager
    async def block() -> AsyncIterator[None]:
        before = await contents(databases)
        yield
        assert await contents(databases) == before

    return block


@pytest.fixture
async def link(app: FastAPI, scene: Scene) -> Link:
    """Ada's, to tell what she did."""
    return await make_link(app, scene, "record_act", scene.ada, scene.advocacy)
