"""Twenty writers on one application: its lock makes them take turns, so nothing is lost and nothing wrong announced."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest

from tests.api.advocacies.scene import HEARD, SEEN, Scene, make_scene, sent
from tests.concurrency.house import Answer, House, at_once, take_row_locks_away

Write = Callable[[], Awaitable[Answer]]
ROUNDS = 5
"""Enough that unguarded writers are sure to meet; most do in the first."""


async def _advocate(house: House, name: str) -> str:
    return str((await sent(house.client, "/v1/advocates", {"person": {"name": name}}))["id"])


async def _begin(house: House, scene: Scene, advocate: str) -> str:
    body = {"application_id": scene.application, "advocate_id": advocate, "word": "agreed"}
    return str((await sent(house.client, "/v1/advocacies", body))["id"])


def _act(house: House, scene: Scene, advocacy: str, days: int) -> Answer:
    moment = (house.databases.clock() - timedelta(days=days)).isoformat()
    reasons = [SEEN, HEARD] if days % 2 else [SEEN]
    said = {"kind": "spoke", "audience": [scene.hana], "reasons": reasons}
    return {**said, "recorded_by": scene.hana, "occurred_at": moment}


async def _hold_and_resume(house: House, path: str) -> Answer:
    await house.insist(0, f"{path}/hold")
    return await house.insist(1, f"{path}/resume")


async def _writers(house: House, scene: Scene) -> list[Write]:
    """Ten acts of two advocates, four new advocacies, two referrals, four words about the application."""
    application = f"/v1/applications/{scene.application}"
    advocacies = [await _begin(house, scene, await _advocate(house, name)) for name in ("Ada", "Ben")]
    candidate = (await house.get(application))["candidate"]["id"]
    writes: list[Write] = []
    for number in range(10):
        advocacy = advocacies[number % 2]
        body = _act(house, scene, advocacy, number)
        writes.append(partial(house.insist, number // 2, f"/v1/advocacies/{advocacy}/acts", body))
    for number in range(4):
        body = {"application_id": scene.application, "advocate_id": await _advocate(house, f"Volunteer {number}")}
        writes.append(partial(house.insist, number, "/v1/advocacies", body))
    for number in range(2):
        referrer = (await sent(house.client, "/v1/referrers", {"person": {"name": f"Referrer {number}"}}))["id"]
        body = {"candidate_id": candidate, "job_id": scene.job, "referrer_id": referrer}
        writes.append(partial(house.insist, number, "/v1/referrals", body))
    for number, stage in enumerate(("screening", "interviewing", "offer")):
        writes.append(partial(house.insist, number, f"{application}/move", {"stage": stage}))
    return [*writes, partial(_hold_and_resume, house, application)]


async def _write_at_once(house: House) -> tuple[Scene, list[Answer]]:
    scene = await make_scene(house.client)
    writers = await _writers(house, scene)
    assert len(writers) == 20
    return scene, await at_once(*writers)


async def _facts(house: House, scene: Scene) -> list[str]:
    """The ids of what hangs on the application, in the tables and not in what is announced."""
    rows = await house.rows(
        "select 'act_' || replace(id::text, '-', '') as id from acts where workspace_id = :w"
        " union all select 'advocacy_' || replace(id::text, '-', '') from advocacies where workspace_id = :w"
        " union all select 'referral_' || replace(id::text, '-', '') from referrals where workspace_id = :w"
    )
    return sorted(row.id for row in rows)


async def test_twenty_writers_lose_nothing(house: House) -> None:
    scene, answers = await _write_at_once(house)
    made = {answer["id"] for answer in answers if answer["object"] != "application"}
    facts = await _facts(house, scene)
    assert len(made) == 16
    assert made <= set(facts)
    assert len(facts) == 16 + 2, "the two advocacies that were there before, and nothing twice"
    recorded = [event["subject"]["id"] for event in await house.feed(types=["act.recorded"])]
    assert sorted(recorded) == [each for each in facts if each.startswith("act_")]


async def test_twenty_writers_leave_what_the_facts_give(house: House) -> None:
    scene, _ = await _write_at_once(house)
    assert await house.damage() == []
    announced = (await house.get(f"/v1/applications/{scene.application}"))["support"]
    derived = await house.get(f"/v1/applications/{scene.application}/support")
    assert {name: derived[name] for name in announced if name != "derived_at"} == {
        name: value for name, value in announced.items() if name != "derived_at"
    }
    stages = await house.get(f"/v1/applications/{scene.application}/stage_changes", limit=100)
    words = sorted(change["verb"] for change in stages["data"])
    assert words[:2] == ["create", "hold"]
    assert words.count("move") == 3


async def test_without_the_lock_they_announce_what_is_wrong(
    unprotected_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: the same writers leave damage, which shows that the tests above would notice."""
    take_row_locks_away(monkeypatch)
    damage: list[str] = []
    for _ in range(ROUNDS):
        await _write_at_once(unprotected_house)
        damage += await unprotected_house.damage()
        if damage:
            break
    assert damage
