"""What tests of sending have."""

import httpx
import pytest
from fastapi import FastAPI

from api.platform.db import Databases
from tests.webhooks.couriers import Office, Receivers


@pytest.fixture
def office(app: FastAPI, client: httpx.AsyncClient, databases: Databases) -> Office:
    """Acme and its receivers."""
    return Office(client, databases, app.state.sealer, Receivers())
