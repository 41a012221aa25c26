"""Acme, in which every text names everybody."""

import httpx
import pytest

from api.platform.db import Databases
from tests.conftest import Cast
from tests.privacy.scene import Scene, make_scene


@pytest.fixture
async def scene(client: httpx.AsyncClient, databases: Databases, cast: Cast) -> Scene:
    """The scene, before anybody was anonymised."""
    return await make_scene(client, databases, cast.acme.workspace)
