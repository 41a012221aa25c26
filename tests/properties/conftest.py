"""The stage on which random histories are played. `--hypothesis-profile=hunt` plays many, with new seeds."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings

from api.platform.settings import Settings
from tests.cast import Cast
from tests.contract.checking import Contract
from tests.properties.stage import Stage

COMMON = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck), "print_blob": False}

settings.register_profile(
    "brief", max_examples=8, stateful_step_count=25, derandomize=True, phases=[Phase.generate], **COMMON
)
settings.register_profile("hunt", max_examples=40, stateful_step_count=40, phases=[Phase.generate], **COMMON)
settings.register_profile("thorough", max_examples=60, stateful_step_count=50, **COMMON)


@pytest.fixture(scope="module")
def stage(
    server_url: str, template: tuple[str, Cast], bare_app: FastAPI, contract: Contract, settings: Settings
) -> Iterator[Stage]:
    """One database for all histories of a module, and a loop of its own: hypothesis drives from outside."""
    made = Stage(server_url, template[0], bare_app, contract, settings)
    yield made
    made.close()


@pytest.fixture(scope="session")
def chosen() -> settings:
    """How many histories, and how long."""
    name = settings.get_current_profile_name()
    return settings.get_profile("brief" if name == "default" else name)
