"""What was once found by attacking webhooks: endpoints, their deliveries, and the receivers that answer."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.platform.db import Databases
from api.webhooks.answers import retry_after_of
from tests.conftest import SetClock
from tests.webhooks.couriers import BASE, OK, Office, Receivers, refusal, until

DAY = 86_400


@pytest.fixture
def office(app: FastAPI, client: httpx.AsyncClient, databases: Databases) -> Office:
    """Acme and its receivers."""
    return Office(client, databases, app.state.sealer, Receivers())


async def _ask(office: Office, endpoint: str, verb: str = "", **body: Any) -> Any:
    path = f"/v1/webhook_endpoints/{endpoint}"
    answer = await (office.client.post(f"{path}/{verb}", json=body) if verb else office.client.patch(path, json=body))
    assert answer.is_success, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 99999999999999999999:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
    ],
)
def test_a_date_with_numbers_beyond_all_bounds_is_no_wish(date: str) -> None:
    """Else the call ends in an error of ours: no attempt is recorded, and it is repeated for ever, each minute."""
    assert retry_after_of({"retry-after": date}, datetime(2026, 3, 2, tzinfo=UTC)) is None


@pytest.mark.parametrize("change", ["resume", "address"])
async def test_an_answer_from_before_does_not_end_an_endpoint_that_began_anew(
    office: Office, clock: SetClock, change: str
) -> None:
    endpoint = await office.endpoint()
    await office.person()
    office.receivers.gate, office.receivers.answers["/a"] = asyncio.Event(), [refusal(410)]
    sending = asyncio.create_task(office.send())
    await until(lambda: office.receivers.calls, "a call")
    clock.advance(seconds=1)
    if change == "resume":
        await _ask(office, endpoint, "pause")
        await _ask(office, endpoint, "resume")
    else:
        await _ask(office, endpoint, url=f"{BASE}/b")
    office.receivers.gate.set()
    await sending
    assert (await office.health())["state"] == "active"
    clock.advance(seconds=6)
    assert await office.send() == 1
    assert [each["state"] for each in await office.deliveries()] == ["succeeded"]


async def test_nothing_is_held_for_an_endpoint_that_was_deleted_meanwhile(office: Office, clock: SetClock) -> None:
    endpoint = await office.endpoint()
    await office.person()
    office.receivers.gate, office.receivers.answers["/a"] = asyncio.Event(), [refusal(410)]
    sending = asyncio.create_task(office.send())
    await until(lambda: office.receivers.calls, "a call")
    assert (await office.client.delete(f"/v1/webhook_endpoints/{endpoint}")).status_code == 204
    office.receivers.gate.set()
    await sending
    clock.advance(seconds=6)
    await office.send()
    assert [each["state"] for each in await office.deliveries()] == ["canceled"]


async def test_what_waited_for_order_goes_when_order_is_given_up(office: Office) -> None:
    endpoint = await office.endpoint(ordering="per_subject", ordering_hold_seconds=DAY)
    ada = await office.person("Ada")
    await office.rename(ada, "Ada B", "Ada C")
    office.receivers.answers["/a"] = [refusal()]
    assert await office.send() == 1
    await _ask(office, endpoint, ordering="none")
    assert await office.send() == 2


async def test_a_shorter_hold_holds_for_what_waits_already(office: Office, clock: SetClock) -> None:
    endpoint = await office.endpoint(ordering="per_subject", ordering_hold_seconds=DAY)
    ada = await office.person("Ada")
    await office.rename(ada, "Ada B")
    office.receivers.answers["/a"] = [refusal(retry_after=DAY / 2)]
    assert await office.send() == 1
    await _ask(office, endpoint, ordering_hold_seconds=30)
    assert await office.send() == 0
    clock.advance(seconds=31)
    assert await office.send() == 1


async def test_what_waits_for_a_call_from_before_order_waits_a_minute_at_most(
    office: Office, second_worker: Databases, clock: SetClock
) -> None:
    """Whoever settles that call does not know that anything waits for it."""
    endpoint = await office.endpoint()
    ada = await office.person("Ada")
    office.receivers.gate = asyncio.Event()
    sending = asyncio.create_task(office.send())
    await until(lambda: office.receivers.calls, "a call")
    await _ask(office, endpoint, ordering="per_subject", ordering_hold_seconds=DAY)
    await office.rename(ada, "Ada B")
    assert await office.courier(second_worker).run_once() == 0
    office.receivers.gate.set()
    await sending
    clock.advance(seconds=61)
    await office.send()
    assert len(set(office.receivers.numbers())) == 2


async def test_a_resend_that_is_refused_locks_nothing(office: Office) -> None:
    """A task passes by what is locked: what it skipped would be held for ever, and its subject with it."""
    endpoint = await office.endpoint()
    await office.person()
    await _ask(office, endpoint, "pause")
    await office.send()
    listed = await office.client.get(f"/v1/webhook_endpoints/{endpoint}/deliveries")
    path = f"/v1/webhook_endpoints/{endpoint}/deliveries/{listed.json()['data'][0]['id']}/resend"
    async with office.databases.open_system() as connection:
        await connection.execute(text("select id from deliveries for update"))
        async with asyncio.timeout(1):
            assert (await office.client.post(path)).status_code == 409


async def test_a_receiver_that_repeats_what_it_was_sent_shows_no_password(office: Office) -> None:
    endpoint = await office.endpoint(headers={"Authorization": "Bearer hunter2hunter2", "X-Kind": "a"})
    await office.person()
    said = {"x-seen": "Bearer hunter2hunter2", "x-a": "a"}
    answer = replace(OK, http_status=200, response_headers=said, response_body='{"got":"Bearer hunter2hunter2"}')
    office.receivers.answers["/a"] = [answer]
    await office.send()
    listed = await office.client.get(f"/v1/webhook_endpoints/{endpoint}/deliveries")
    path = f"/v1/webhook_endpoints/{endpoint}/deliveries/{listed.json()['data'][0]['id']}/attempts"
    shown = (await office.client.get(path)).json()["data"][0]
    assert "hunter2" not in str(await office.fetch("select * from attempts"))
    assert shown["response_headers"] == {"x-seen": "Bearer [hidden]", "x-a": "a"}
    assert shown["response_body"] == '{"got":"Bearer [hidden]"}'


async def test_however_few_places_there_are_each_endpoint_has_its_turn(office: Office) -> None:
    """A backlog of some must not keep the places for those endpoints until it is gone."""
    for number in range(6):
        await office.endpoint(f"/{number}")
    for _ in range(8):
        await office.person()
    stop = asyncio.Event()
    running = asyncio.create_task(office.courier(concurrency=2).run(poll_seconds=0.2, stop=stop))
    await until(lambda: len(office.receivers.calls) == 48, "all calls")
    stop.set()
    await running
    assert {call.url for call in office.receivers.calls[:24]} == {f"{BASE}/{number}" for number in range(6)}
