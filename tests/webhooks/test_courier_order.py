"""Order per subject: what is behind a delivery waits for it, until that is over or has held it up for long enough."""

import asyncio
from datetime import timedelta

from api.platform.db import Databases
from tests.conftest import SetClock
from tests.webhooks.couriers import Office, refusal

NAMES = ("Ada B", "Ada C", "Ada D")


async def _in_order(office: Office, hold: int = 60) -> tuple[str, str]:
    await office.endpoint(ordering="per_subject", ordering_hold_seconds=hold)
    ada, bo = await office.person("Ada"), await office.person("Bo")
    await office.rename(ada, *NAMES)
    await office.rename(bo, "Bo B")
    return ada, bo


def _numbers_of(office: Office, person: str) -> list[int]:
    return [event["number"] for event in office.receivers.told() if event["subject"]["id"] == person]


async def test_events_about_one_subject_arrive_in_order(office: Office, second_worker: Databases) -> None:
    ada, bo = await _in_order(office)
    while any(each["state"] == "pending" for each in await office.deliveries()):
        await asyncio.gather(office.courier().run_once(), office.courier(second_worker).run_once())
    for person, number in ((ada, 4), (bo, 2)):
        assert _numbers_of(office, person) == sorted(_numbers_of(office, person))
        assert len(_numbers_of(office, person)) == number


async def test_a_failure_holds_up_its_own_subject_alone(office: Office, clock: SetClock) -> None:
    ada, bo = await _in_order(office)
    office.receivers.answers["/a"] = [refusal()]
    await office.send()
    assert len(_numbers_of(office, ada)) == 1
    assert len(_numbers_of(office, bo)) == 2
    clock.advance(seconds=6)
    await office.send()
    assert _numbers_of(office, ada)[1:] == sorted(_numbers_of(office, ada)[1:])
    assert len(set(_numbers_of(office, ada))) == 4


async def test_after_the_hold_it_is_waited_for_no_longer(office: Office, clock: SetClock) -> None:
    ada, _ = await _in_order(office, hold=30)
    begun = clock.now
    office.receivers.answers["/a"] = [refusal(), *[refusal(204)] * 2, refusal()]
    await office.send()
    clock.advance(seconds=6)
    await office.send()
    assert len(set(_numbers_of(office, ada))) == 1, "the second try failed as well"
    clock.now = begun + timedelta(seconds=29)
    assert await office.send() == 0
    clock.now = begun + timedelta(seconds=31)
    while await office.send():
        continue
    assert len(set(_numbers_of(office, ada))) == 4
    rest = [number for number in _numbers_of(office, ada) if number != min(_numbers_of(office, ada))]
    assert rest == sorted(rest)


async def test_one_that_is_given_up_lets_the_next_one_go(office: Office) -> None:
    ada, _ = await _in_order(office)
    office.receivers.answers["/a"] = [refusal()]
    await office.courier(schedule=()).run_once()
    assert len(set(_numbers_of(office, ada))) == 4


async def test_the_rest_of_a_subject_is_parked_and_looked_at_again(office: Office, clock: SetClock) -> None:
    """However long the line is, what waits is not looked at time and again."""
    await _in_order(office)
    office.receivers.answers["/a"] = [refusal()]
    await office.send()
    waiting = [each for each in await office.deliveries() if each["state"] == "pending" and not each["attempts"]]
    assert {each["next_attempt_at"] for each in waiting} == {clock.now + timedelta(seconds=60)}
    assert len(waiting) == len(NAMES)
