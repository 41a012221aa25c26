"""The service as it runs, and the two clients as their generators make them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.sdk.generated import Generated, python_client, typescript_client
from tests.webhooks.running import Running, running


@pytest.fixture(scope="session")
async def service(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(server_url, tmp_path_factory.mktemp("service")) as made:
        yield made


@pytest.fixture(scope="session")
def python(run_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return python_client(run_dir, tmp_path_factory.mktemp("python"))


@pytest.fixture(scope="session")
def typescript(run_dir: Path) -> Generated:
    return typescript_client(run_dir)
