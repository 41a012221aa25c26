"""The scene that the tests of referrals begin with."""

import httpx
import pytest

from tests.api.referrals.scene import Scene, make_scene


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """A candidate, a job and a referrer at Acme."""
    return await make_scene(client)
