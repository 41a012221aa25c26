"""The scene that the tests of interactions begin with."""

import httpx
import pytest

from tests.api.interactions.scene import Scene, make_scene


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """An application at Acme."""
    return await make_scene(client)
