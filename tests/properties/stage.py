"""The service on a database of its own, driven from outside of any event loop."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from fastapi import FastAPI

from api import worker
from api.main import attach
from api.platform.auth import Scope
from api.platform.db import Databases
from api.platform.postgres import create_database, drop_database
from api.platform.sessions import WorkspaceRef
from api.platform.settings import Settings
from api.workspaces.service import create_key, create_workspace
from tests.cast import START
from tests.conftest import ROLE, SetClock
from tests.contract.checking import Contract

T = TypeVar("T")


class Stage:
    """One database; each history has a workspace of its own in it."""

    def __init__(self, server_url: str, template: str, app: FastAPI, contract: Contract, settings: Settings) -> None:
        self.loop = asyncio.new_event_loop()
        self.clock = SetClock(START)
        self.app, self.contract, self.settings = app, contract, settings
        self._server_url, self._name = server_url, f"histories_{uuid4().hex}"
        url = self.run(create_database(server_url, self._name, template=template))
        # Histories are judged by payloads of events, also of those from months ago.
        self.databases = Databases(url, ROLE, clock=self.clock, pool_size=5, retention=timedelta(days=365))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for what a coroutine answers."""
        return self.loop.run_until_complete(work)

    def close(self) -> None:
        """Give everything back."""
        self.run(self.databases.close())
        self.run(drop_database(self._server_url, self._name))
        self.loop.close()

    def open(self, *, time_zone: str, is_sandbox: bool, since: datetime) -> tuple[WorkspaceRef, httpx.AsyncClient]:
        """A new workspace and a client of it; the clock begins anew."""
        self.clock.now = START
        attach(self.app, self.databases, self.settings)
        workspace, key = self.run(self._open(time_zone, is_sandbox, since))
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url="http://test",
            headers={"Authorization": f"Bearer {key}"},
            event_hooks={"response": [self.contract.check]},
        )
        return workspace, client

    async def _open(self, time_zone: str, is_sandbox: bool, since: datetime) -> tuple[WorkspaceRef, str]:
        async with self.databases.open_system() as connection:
            workspace = await create_workspace(
                connection, "Histories", is_sandbox=is_sandbox, time_zone=time_zone, now=since
            )
            minted = await create_key(connection, workspace, list(Scope), expires_at=None, now=since)
        return workspace, minted[1]

    async def work(self) -> int:
        """Let the worker do everything that is due."""
        return await worker.run_once(self.databases)
