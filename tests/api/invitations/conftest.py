"""The scene that the tests of invitations begin with."""

import httpx
import pytest

from tests.api.advocacies.scene import Scene, make_scene


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Sam applied for a job that Hana decides and Rita administers; Ada could speak up."""
    return await make_scene(client)
