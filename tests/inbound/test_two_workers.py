"""Two workers of two processes at the same messages."""

from random import Random

import httpx
import pytest

from api.platform.db import Databases
from tests.cast import Cast
from tests.concurrency.house import House
from tests.conftest import SetClock
from tests.inbound.scene import Scene
from tests.inbound.vendor import BO, MARA, REFERRAL, Greenhouse

CANDIDATES = 4


def _tell(vendor: Greenhouse) -> None:
    """Everybody for the same job, credited to the same two, so that the workers meet."""
    for number in range(1, CANDIDATES + 1):
        vendor.apply(number, 70 + number, 7, source=REFERRAL, credit=MARA)
    for number in range(1, CANDIDATES + 1):
        vendor.move(number, "Phone Screen")
        vendor.credit(number, BO)
        vendor.move(number, "Offer")
        vendor.reject(number)


@pytest.mark.parametrize("seed", range(3))
async def test_together_they_make_what_one_makes(
    scene: Scene,
    vendor: Greenhouse,
    second_worker: Databases,
    clock: SetClock,
    client: httpx.AsyncClient,
    cast: Cast,
    seed: int,
) -> None:
    _tell(vendor)
    await scene.store(Random(seed).sample(vendor.sent, len(vendor.sent)))
    await scene.at_once(second_worker)
    while any(message.state == "received" for message in await scene.messages()):
        clock.advance(minutes=2)
        await scene.at_once(second_worker)
    assert {message.state for message in await scene.messages()} == {"processed"}
    records = await scene.records()
    assert [row[2:6] for row in records.applications] == [("offer", "Offer", "closed", "rejected")] * CANDIDATES
    withdrawn = [row for row in records.referrals if row[2:] == ("Mara Lindqvist", "mara@acme.example", "withdrawn", 1)]
    assert len(withdrawn) == CANDIDATES
    counts = await scene.counts()
    assert (counts["jobs"], counts["people"], counts["referrals"]) == (1, CANDIDATES + 2, 2 * CANDIDATES)
    assert await House(cast.acme.workspace, scene.databases, [client]).damage() == []


async def test_both_at_the_same_message_make_one_thing_of_it(
    scene: Scene, vendor: Greenhouse, second_worker: Databases
) -> None:
    """As when a lease ran out under a worker that was only slow."""
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    (message_id,) = await scene.store(vendor.sent)
    await scene.process_twice(message_id, second_worker)
    assert (await scene.counts())["referrals"] == 1
    (message,) = await scene.messages()
    assert [(effect["type"], effect["what"]) for effect in message.effects].count(("application", "created")) == 1
