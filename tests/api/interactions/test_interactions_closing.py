"""What a contact closes, and that nothing else does."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.api.applications.scene import sent
from tests.api.interactions.scene import Scene
from tests.conftest import SetClock, Work


@pytest.fixture
async def waits(scene: Scene) -> Scene:
    """Cleo applied three weeks ago and has heard nothing."""
    body = {"stage": "applied", "occurred_at": "2026-02-09T09:00:00Z"}
    await sent(scene.client, f"/v1/applications/{scene.application}/move", body)
    assert await standing(scene) == ("waiting", "open")
    return scene


async def standing(scene: Scene) -> tuple[str, str]:
    """Whether Cleo waits, and the state of the last answer owed to her."""
    owed = await scene.owed("answer_candidate")
    return str((await scene.application_now())["waiting"]), str(owed[-1]["state"])


@pytest.mark.parametrize("direction", ["to_person", "both_ways"])
async def test_a_contact_ends_waiting_and_what_was_owed(waits: Scene, direction: str) -> None:
    made = await waits.record(direction=direction)
    assert await standing(waits) == ("none", "completed")
    (owed,) = await waits.owed("answer_candidate")
    assert owed["closed_by"] == {"type": "interaction", "id": made["id"]}


@pytest.mark.parametrize(
    "members",
    [
        {"direction": "from_person"},
        {"kind": "candidate_effort", "direction": "from_person"},
        {"automatic": True},
        {"counterpart_id": "ada"},
        {"application_id": None},
        {"person_id": "ada"},
        {"occurred_at": "2026-02-09T08:59:59Z"},
    ],
)
async def test_anything_else_closes_nothing(waits: Scene, members: Mapping[str, Any]) -> None:
    await waits.record(**{name: waits.ada if value == "ada" else value for name, value in members.items()})
    assert await standing(waits) == ("waiting", "open")


@pytest.mark.parametrize("verb", ["bounce", "retract"])
async def test_what_did_not_reach_them_leaves_them_waiting(waits: Scene, clock: SetClock, verb: str) -> None:
    made = await waits.record(kind="mail")
    clock.advance(hours=1)
    assert (await waits.tell(made, verb)).status_code == 200
    assert (await waits.application_now())["waiting"] == "waiting"


async def test_waiting_begins_anew_after_a_contact(waits: Scene, clock: SetClock, work: Work) -> None:
    await waits.record()
    clock.advance(days=14)
    await work()
    assert await standing(waits) == ("none", "completed")
    clock.advance(days=1)
    await work()
    assert await standing(waits) == ("waiting", "open")


async def test_who_helped_is_thanked_after_the_end(scene: Scene) -> None:
    referrer = await sent(scene.client, "/v1/referrers", {"person_id": scene.ada})
    candidate = (await scene.application_now())["candidate"]["id"]
    body = {"candidate_id": candidate, "referrer_id": referrer["id"], "job_id": scene.job}
    await sent(scene.client, "/v1/referrals", body)
    await sent(scene.client, f"/v1/applications/{scene.application}/close", {"outcome": "rejected"})
    (owed,) = await scene.owed("thank_supporters")
    assert (owed["state"], owed["person"]["id"]) == ("open", scene.ada)
    await scene.record(person_id=scene.ada, kind="mail")
    assert {each["state"] for each in await scene.owed("thank_supporters")} == {"completed"}
