"""A scene for each test."""

import httpx
import pytest

from tests.api.advocacies.scene import Scene, make_scene


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Sam applied; Ada could speak up to Hana."""
    return await make_scene(client)
