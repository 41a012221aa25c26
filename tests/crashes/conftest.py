"""The service on an embedded database of its own, with the settings that people's data has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.concurrency.servers import Server, postmasters


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose database servers, if any, do not outlive the test."""
    yield tmp_path
    for process in postmasters(tmp_path):
        process.kill()


@pytest.fixture
def service(folder: Path) -> Iterator[Server]:
    """`serve`, not yet started."""
    server = Server({"CHAMPIONED_DATA_DIR": str(folder / "data")}, folder)
    yield server
    server.kill()
