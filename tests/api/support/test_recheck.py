"""What time alone changes is announced by the worker: each crossing once, at its own moment."""

from tests.api.advocacies.scene import Scene
from tests.conftest import SetClock, Work

CHANGED = "application.support.changed"


async def championed(scene: Scene, clock: SetClock) -> None:
    await scene.act(ask={"kind": "interview", "to": scene.hana})
    clock.advance(days=2)
    await scene.act(reasons=[])


async def test_it_announces_each_crossing_once_at_its_moment(scene: Scene, clock: SetClock, work: Work) -> None:
    await championed(scene, clock)
    clock.advance(days=30)
    assert await work() == 1
    assert await work() == 0
    told = [(each["timestamp"], each["data"]["championing"]) for each in await scene.events(CHANGED)]
    assert told[-2:] == [("2026-03-11T23:00:00Z", "at_risk"), ("2026-03-18T23:00:00Z", "lapsed")]


async def test_it_records_later_what_it_hears_of_later(scene: Scene, clock: SetClock, work: Work) -> None:
    await championed(scene, clock)
    now = clock.advance(days=30)
    await work()
    last = (await scene.events(CHANGED))[-1]
    assert last["recorded_at"] == now.isoformat().replace("+00:00", "Z")


async def test_a_write_announces_first_what_was_due(scene: Scene, clock: SetClock) -> None:
    await championed(scene, clock)
    clock.advance(days=30)
    await scene.act(reasons=[])
    assert [each["data"]["championing"] for each in await scene.events(CHANGED)][-3:] == [
        "at_risk",
        "lapsed",
        "on_track",
    ]


async def test_nothing_is_due_before_its_moment(scene: Scene, clock: SetClock, work: Work) -> None:
    await championed(scene, clock)
    clock.now = clock.now.replace(day=11, hour=22, minute=59, second=59)
    await work()
    assert await work() == 0
    clock.advance(seconds=1)
    assert await work() == 1


async def test_a_new_policy_reaches_open_applications(scene: Scene, clock: SetClock, work: Work) -> None:
    await championed(scene, clock)
    clock.advance(days=5)
    await scene.client.patch("/v1/policy", json={"window_applied": 3})
    await work()
    assert (await scene.events(CHANGED))[-1]["data"]["championing"] == "at_risk"
    assert (await scene.events(CHANGED))[-1]["data"]["policy_version"] == 2


async def test_a_new_policy_moves_no_closed_application(scene: Scene, clock: SetClock, work: Work) -> None:
    await championed(scene, clock)
    clock.advance(minutes=1)
    await scene.tell("close", outcome="rejected")
    clock.advance(minutes=1)
    before = len(await scene.events(CHANGED))
    await scene.client.patch("/v1/policy", json={"min_act_days": 5})
    await work()
    assert len(await scene.events(CHANGED)) == before
    assert (await scene.support())["level"] == "championed"
