"""What the tests of calendars begin with."""

import httpx
import pytest

from api.platform.db import Databases
from tests.api.calendars.desk import Desk, make_desk
from tests.cast import Company


@pytest.fixture
async def desk(client: httpx.AsyncClient, databases: Databases, acme: Company) -> Desk:
    """Rita's desk at Acme."""
    return await make_desk(client, databases, acme.workspace)
