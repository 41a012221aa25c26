from collections.abc import Awaitable, Callable

import httpx
import pytest
from sqlalchemy import text

from api.platform.db import Databases
from tests.api.advocacies.scene import Scene, make_scene


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Sam's application with Ada's advocacy, in which she was only proposed."""
    made = await make_scene(client)
    await made.begin()
    return made


@pytest.fixture
def become_candidate(databases: Databases) -> Callable[[Scene], Awaitable[None]]:
    """Make the advocate the candidate, which no request can do."""

    async def run(scene: Scene) -> None:
        people = {"sam": scene.sam.partition("_")[2], "ada": scene.ada.partition("_")[2]}
        async with databases.open_system() as connection:
            statement = "update advocates set person_id = cast(:sam as uuid) where person_id = cast(:ada as uuid)"
            await connection.execute(text(statement), people)

    return run
