import httpx
import pytest

from tests.api.advocacies.scene import Scene, make_scene
from tests.cast import Cast
from tests.conftest import ClientFor


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Sam's application, with Ada's advocacy begun."""
    made = await make_scene(client)
    await made.begin()
    return made


@pytest.fixture
async def sandbox_scene(client_for: ClientFor, cast: Cast) -> Scene:
    """The same in the sandbox, whose clock can be advanced."""
    made = await make_scene(client_for(cast.sandbox))
    await made.begin()
    return made
