"""Acme, connected to the vendor."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from fastapi import FastAPI

from api.platform.db import Databases
from api.platform.settings import Settings
from tests.cast import START, Cast
from tests.conftest import SetClock
from tests.contract.checking import Contract
from tests.inbound.scene import Scene
from tests.inbound.vendor import Greenhouse
from tests.properties.conftest import chosen
from tests.properties.stage import Stage

__all__ = ["chosen"]


class RunningClock(SetClock):
    """A clock that goes on a little whenever it is read, as real ones do."""

    def __call__(self) -> datetime:
        return self.advance(milliseconds=1)


@pytest.fixture
def clock() -> SetClock:
    """Real time, as the service sees it."""
    return RunningClock(START)


@pytest.fixture(scope="module")
def stage(
    server_url: str, template: tuple[str, Cast], bare_app: FastAPI, contract: Contract, settings: Settings
) -> Iterator[Stage]:
    """One database for all histories of a module, in which time goes on."""
    made = Stage(server_url, template[0], bare_app, contract, settings)
    made.clock = made.databases.clock = RunningClock(START)
    yield made
    made.close()


@pytest.fixture
async def scene(databases: Databases, cast: Cast) -> Scene:
    """Acme's connection."""
    return await Scene(databases, cast.acme.workspace).connect()


@pytest.fixture
def vendor() -> Greenhouse:
    """The vendor, in which nothing has happened yet."""
    return Greenhouse()
