"""Two workspaces filled alike, on which every route is called."""

from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from api.platform.db import Databases
from tests.api.world import World
from tests.cast import Cast
from tests.contract.checking import Contract


@dataclass(frozen=True, slots=True)
class Stage:
    """Acme and Globex, filled alike, in one database."""

    databases: Databases
    app: FastAPI
    contract: Contract
    cast: Cast
    acme: World
    globex: World

    def client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        """A client that sends these headers, and checks every answer against the document."""
        return client_of(self.app, headers, self.contract)


def client_of(app: FastAPI, headers: dict[str, str], contract: Contract) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url="http://test",
        headers=headers,
        event_hooks={"response": [contract.check]},
    )
