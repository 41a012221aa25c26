"""Limits of endpoints, which hold for all workers together, and the circuit breaker."""

import asyncio
from datetime import timedelta

from api.platform.db import Databases
from api.webhooks.claiming import claim
from tests.conftest import SetClock
from tests.webhooks.couriers import Office, refusal


async def test_no_more_calls_are_in_flight_than_the_endpoint_allows(office: Office, second_worker: Databases) -> None:
    await office.endpoint(max_in_flight=3)
    for _ in range(8):
        await office.person()
    await asyncio.gather(office.courier().run_once(), office.courier(second_worker).run_once())
    assert await office.send() == 0
    assert sorted(office.receivers.numbers()) == sorted(set(office.receivers.numbers()))
    assert len(office.receivers.calls) == 8
    assert office.receivers.most_at_once["/a"] <= 3


async def test_two_workers_that_claim_at_once_stay_within_the_limit(office: Office, second_worker: Databases) -> None:
    await office.endpoint(max_in_flight=3)
    for _ in range(8):
        await office.person()
    options = {"free": 50, "in_flight": {}}
    claims = await asyncio.gather(*(claim(each, 1, **options) for each in (office.databases, second_worker)))
    again = await claim(office.databases, 1, **options)
    assert sum(len(each.deliveries) for each in (*claims, again)) == 3
    assert again.is_full


async def test_the_rate_holds_for_each_second(office: Office, clock: SetClock, second_worker: Databases) -> None:
    await office.endpoint(rate_limit=2)
    for _ in range(5):
        await office.person()
    sent = []
    for _ in range(4):
        await asyncio.gather(office.courier().run_once(), office.courier(second_worker).run_once())
        sent.append(len(office.receivers.calls))
        clock.advance(seconds=1)
    assert sent == [2, 4, 5, 5]


async def test_the_rate_holds_for_every_second_wherever_it_begins(office: Office, clock: SetClock) -> None:
    await office.endpoint(rate_limit=5)
    for number in (1, 12):
        for _ in range(number):
            await office.person()
        await office.send()
        clock.advance(seconds=0.85)
    assert len(office.receivers.calls) == 5
    clock.advance(seconds=-0.85)
    sent = []
    for _ in range(5):
        sent.append(await office.send())
        clock.advance(seconds=0.25)
    assert sent == [0, 1, 0, 0, 4], "one as soon as the first is a second ago, the others after them"


async def test_a_clock_that_was_set_back_stalls_no_endpoint(office: Office, clock: SetClock) -> None:
    await office.endpoint(rate_limit=2)
    for hour in range(2):
        clock.advance(hours=-hour)
        for _ in range(3):
            await office.person()
        assert await office.send() == 2
        assert await office.send() == 0, "the limit of this second holds"


async def test_first_attempts_without_end_do_not_keep_retries_waiting(office: Office, clock: SetClock) -> None:
    await office.endpoint(rate_limit=1)
    office.receivers.answers["/a"] = [refusal()]
    late = await office.person("Late")
    sent = 0
    while [event["subject"]["id"] for event in office.receivers.told()].count(late) < 2:
        await office.person()
        await office.send()
        clock.advance(seconds=1)
        sent += 1
        assert sent < 30
    assert sent > 2, "the retry was not the next one all the same"


async def test_a_limited_endpoint_says_when_to_look_again(office: Office, clock: SetClock) -> None:
    await office.endpoint(rate_limit=2)
    for _ in range(3):
        await office.person()
    found = await claim(office.databases, 1, free=50, in_flight={})
    assert len(found.deliveries) == 2
    assert found.again_at == clock.now + timedelta(seconds=1)


async def test_a_failing_endpoint_is_left_alone_and_probed_one_at_a_time(office: Office, clock: SetClock) -> None:
    await office.endpoint(max_in_flight=10)
    for _ in range(13):
        await office.person()
    office.receivers.answers["/a"] = [refusal()] * 11
    assert await office.send() == 10
    assert (await office.health())["blocked_until"] == clock.now + timedelta(minutes=1)
    assert await office.send() == 0
    clock.advance(seconds=60)
    found = await claim(office.databases, 1, free=50, in_flight={})
    assert len(found.deliveries) == 1
    assert len((await claim(office.databases, 1, free=50, in_flight={})).deliveries) == 0
    clock.advance(seconds=61)
    assert await office.send() == 1, "the eleventh failure"
    assert (await office.health())["breaker_seconds"] == 120
    attempts = sum(each["attempts"] for each in await office.deliveries())
    clock.advance(seconds=119)
    assert await office.send() == 0
    assert sum(each["attempts"] for each in await office.deliveries()) == attempts, "waiting is no attempt"
    clock.advance(seconds=1)
    await office.send()
    assert {each["state"] for each in await office.deliveries()} == {"succeeded"}
    assert (await office.health())["consecutive_failures"] == 0


async def test_one_dead_endpoint_is_in_no_other_ones_way(office: Office) -> None:
    await office.endpoint("/dead")
    await office.endpoint("/well")
    office.receivers.answers["/dead"] = [refusal()] * 100
    for _ in range(12):
        await office.person()
    await office.courier(concurrency=4).run_once()
    assert len(office.receivers.told("/well")) == 12


async def test_an_endpoint_without_a_success_for_days_is_warned_and_then_disabled(
    office: Office, clock: SetClock
) -> None:
    await office.endpoint()
    office.receivers.answers["/a"] = [refusal()] * 1_000
    seen = {}
    for hour in range(0, 6 * 24, 6):
        await office.person()
        await office.send()
        for name in await office.operational():
            seen.setdefault(name, hour)
        clock.advance(hours=6)
    assert seen["webhook_endpoint.failing"] == 4 * 24
    assert seen["webhook_endpoint.disabled"] == 5 * 24
    assert (await office.operational()).count("webhook_endpoint.failing") == 1
    endpoint = await office.health()
    assert (endpoint["state"], endpoint["disabled_reason"]) == ("disabled", "failing")
    assert {each["state"] for each in await office.deliveries()} <= {"held", "failed"}


async def test_an_endpoint_that_another_worker_has_locked_is_left_to_it_for_a_moment(
    office: Office, clock: SetClock
) -> None:
    await office.endpoint()
    await office.person()
    async with office.databases.owner.begin() as connection:
        await connection.exec_driver_sql("select 1 from webhook_endpoints for no key update")
        found = await claim(office.databases, 1, free=50, in_flight={})
    assert not found.deliveries
    assert found.again_at == clock.now + timedelta(milliseconds=20)
