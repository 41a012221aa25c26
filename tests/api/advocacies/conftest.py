import httpx
import pytest

from tests.api.advocacies.scene import Scene, make_scene


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Sam's application, and Ada who could advocate."""
    return await make_scene(client)
