"""Leases: what a worker that died had claimed is sent by another, and who was too slow changes nothing."""

import asyncio

from api.platform.claims import LEASE
from api.platform.db import Databases
from api.webhooks.claiming import claim
from api.webhooks.settling_steps import settle
from tests.conftest import SetClock
from tests.webhooks.couriers import Office, refusal, until


async def test_two_workers_send_each_delivery_once(office: Office, second_worker: Databases) -> None:
    await office.endpoint(max_in_flight=100)
    for _ in range(20):
        await office.person()
    await asyncio.gather(office.courier().run_once(), office.courier(second_worker).run_once())
    await office.send()
    assert sorted(office.receivers.numbers()) == sorted(set(office.receivers.numbers()))
    assert len(office.receivers.calls) == 20


async def test_what_a_dead_worker_had_claimed_is_sent_by_another(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.person()
    await claim(office.databases, 1, free=10, in_flight={})
    assert await office.send() == 0
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert await office.send() == 1


async def test_who_settles_after_the_lease_keeps_the_record_alone(
    office: Office, clock: SetClock, second_worker: Databases
) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.gate = asyncio.Event()
    office.receivers.answers["/a"] = [refusal(204), refusal(410)]
    slow = asyncio.create_task(office.courier().run_once())
    await until(lambda: office.receivers.calls, "the slow one sends")
    clock.advance(seconds=LEASE.total_seconds() + 1)
    quick = asyncio.create_task(office.courier(second_worker).run_once())
    await until(lambda: len(office.receivers.calls) == 2, "the other one sends, too")
    office.receivers.gate.set()
    assert (await slow, await quick) == (1, 1)
    (delivery,) = await office.deliveries()
    attempts = await office.fetch("select number, http_status from attempts order by http_status")
    assert [each["http_status"] for each in attempts] == [204, 410]
    assert delivery["last_http_status"] == 410
    assert delivery["lease_token"] is None


async def test_what_cannot_end_within_the_lease_is_not_begun(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.person()
    found = await claim(office.databases, 1, free=10, in_flight={})
    clock.advance(seconds=LEASE.total_seconds() - 14)
    assert await office.courier().delivering.send(found.deliveries[0]) is None
    assert office.receivers.calls == []


async def test_settling_twice_is_settling_once(office: Office) -> None:
    await office.endpoint()
    await office.person()
    found = await claim(office.databases, 1, free=10, in_flight={})
    ended = [await office.courier().delivering.send(each) for each in found.deliveries]
    outcomes = [each for each in ended if each is not None]
    for _ in range(2):
        await settle(office.databases, office.sealer, outcomes)
    (delivery,) = await office.deliveries()
    assert (delivery["state"], delivery["attempts"]) == ("succeeded", 1)
    assert len(await office.fetch("select id from attempts")) == 1
