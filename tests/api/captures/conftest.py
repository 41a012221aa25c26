import httpx
import pytest

from tests.api.captures.company import Office, open_office


@pytest.fixture
async def office(client: httpx.AsyncClient) -> Office:
    """The company, before anybody spoke up."""
    return await open_office(client)
