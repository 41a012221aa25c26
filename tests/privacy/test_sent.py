"""What receivers of webhooks get and have answered: nothing of a person who was anonymised, whenever it is sent."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.platform.db import Databases
from tests.conftest import SetClock, Work
from tests.privacy.cast import CAST
from tests.privacy.dump import traces
from tests.privacy.scene import Scene
from tests.webhooks.couriers import Office, Receivers

WINDOW = {"since": "2026-03-01T00:00:00Z"}


@pytest.fixture
def office(app: FastAPI, scene: Scene, databases: Databases) -> Office:
    """The receivers of the scene's workspace."""
    return Office(scene.client, databases, app.state.sealer, Receivers())


async def sent(office: Office) -> list[str]:
    """The bodies that are sent now, in the order of the feed, as the dump is read: without regard to case."""
    office.receivers.calls.clear()
    await office.send()
    return [call.body.decode().casefold() for call in office.receivers.calls]


async def ask(office: Office, work: Work, endpoint: str, verb: str, body: dict[str, Any]) -> None:
    """Ask for deliveries to be sent, and let the task be done."""
    answer = await office.client.post(f"/v1/webhook_endpoints/{endpoint}/{verb}", json=body)
    assert answer.is_success, answer.text
    await work()


@pytest.mark.parametrize("payload", ["full", "thin"])
async def test_nothing_that_is_replayed_names_who_was_anonymised(
    scene: Scene, office: Office, clock: SetClock, work: Work, payload: str
) -> None:
    endpoint = await office.endpoint(event_types=["*"], payload=payload)
    await ask(office, work, endpoint, "replay_missing", WINDOW)
    first = await sent(office)
    assert len(first) >= 40
    assert bool(traces("".join(first), CAST["candidate"])) == (payload == "full")
    await scene.anonymize(*CAST)
    clock.advance(seconds=31)
    await work()
    await sent(office)
    await ask(office, work, endpoint, "replay", WINDOW)
    again = await sent(office)
    assert len(again) > len(first)
    late = await office.endpoint("/late", event_types=["*"], payload=payload)
    await ask(office, work, late, "replay_missing", WINDOW)
    missing = await sent(office)
    assert len(missing) >= len(again)
    everything = "".join([*again, *missing])
    assert {who: found for who, each in CAST.items() if (found := traces(everything, each))} == {}


async def test_what_waits_to_be_sent_is_sent_without_them(
    scene: Scene, office: Office, clock: SetClock, work: Work
) -> None:
    endpoint = await office.endpoint(event_types=["*"])
    await ask(office, work, endpoint, "replay_missing", WINDOW)
    await scene.anonymize("candidate")
    clock.advance(seconds=31)
    await work()
    bodies = "".join(await sent(office))
    assert traces(bodies, CAST["candidate"]) == []
    assert traces(bodies, CAST["advocate"])


async def test_one_that_is_resent_by_hand_is_sent_without_them(
    scene: Scene, office: Office, clock: SetClock, work: Work
) -> None:
    endpoint = await office.endpoint(event_types=["person.created"])
    await ask(office, work, endpoint, "replay_missing", WINDOW)
    before = "".join(await sent(office))
    assert traces(before, CAST["candidate"])
    await scene.anonymize(*CAST)
    clock.advance(seconds=31)
    await work()
    await sent(office)
    listed = (await scene.get(f"/v1/webhook_endpoints/{endpoint}/deliveries"))["data"]
    for each in listed:
        answer = await scene.client.post(f"/v1/webhook_endpoints/{endpoint}/deliveries/{each['id']}/resend")
        assert answer.status_code == 200, answer.text
    bodies = "".join(await sent(office))
    assert len(office.receivers.calls) == len(listed)
    assert {who: found for who, each in CAST.items() if (found := traces(bodies, each))} == {}


async def test_what_was_answered_about_others_stays(
    scene: Scene, databases: Databases, clock: SetClock, work: Work
) -> None:
    await scene.anonymize("giver")
    clock.advance(seconds=31)
    await work()
    async with databases.open_system() as connection:
        found = await connection.execute(text("select response_body, response_headers, error_detail from attempts"))
        kept = [row._asdict() for row in found]
    said = str(kept).casefold()
    assert traces(said, CAST["giver"]) == []
    assert traces(said, CAST["candidate"])
    assert any(row["response_body"] for row in kept)
