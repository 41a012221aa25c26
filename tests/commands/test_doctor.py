"""`doctor` tells when nobody sends what is due."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from api.commands import doctor
from api.platform.db import Databases
from api.platform.settings import Settings
from tests.conftest import SetClock
from tests.webhooks.couriers import Office, Receivers, refusal


@pytest.fixture
def office(
    app: FastAPI, client: httpx.AsyncClient, databases: Databases, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """Acme and its receivers, looked at ten minutes later."""
    monkeypatch.setattr(doctor, "real_time", lambda: clock.now + timedelta(minutes=10))
    return Office(client, databases, app.state.sealer, Receivers())


async def deliveries(settings: Settings, url: str) -> doctor.Finding:
    return next(each for each in await doctor.examine(settings, url) if each.subject == "Deliveries")


async def test_it_tells_when_nobody_sends_what_is_due(office: Office, settings: Settings, database_url: str) -> None:
    await office.endpoint()
    assert (await deliveries(settings, database_url)).is_well
    await office.person()
    found = await deliveries(settings, database_url)
    assert not found.is_well
    assert "championed worker" in found.mend
    await office.send()
    found = await deliveries(settings, database_url)
    assert found.is_well
    assert found.seen.startswith("1 active endpoints, 0 disabled")


async def test_it_says_nothing_of_endpoints_that_may_be_behind(
    office: Office, settings: Settings, database_url: str
) -> None:
    await office.endpoint(rate_limit=1)
    await office.person()
    assert (await deliveries(settings, database_url)).is_well


async def test_it_says_nothing_of_what_waits_to_be_tried_again(
    office: Office, settings: Settings, database_url: str
) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [refusal()]
    await office.send()
    assert (await deliveries(settings, database_url)).is_well
