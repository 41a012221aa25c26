from typing import Any

from tests.api.advocacies.scene import Scene
from tests.conftest import SetClock


async def asked(scene: Scene, kind: str = "interview", **members: Any) -> dict[str, Any]:
    return await scene.act(ask={"kind": kind, "to": scene.hana}, **members)


async def test_it_grants_refuses_or_defers(scene: Scene) -> None:
    for answer in ("granted", "refused", "deferred"):
        ask = (await scene.on(await asked(scene), "answer", scene.hana, answer=answer))["ask"]
        assert (ask["state"], ask["answered_at"]) == (answer, "2026-03-02T11:00:00Z")


async def test_it_champions_by_a_grant_on_the_first_day(scene: Scene) -> None:
    act = await asked(scene)
    assert (await scene.support())["level"] == "recommended"
    await scene.on(act, "answer", scene.hana, answer="granted")
    assert (await scene.support())["level"] == "championed"


async def test_it_does_not_champion_by_a_grant_to_consider(scene: Scene) -> None:
    await scene.on(await asked(scene, "consider"), "answer", scene.hana, answer="granted")
    assert (await scene.support())["level"] == "recommended"


async def test_it_lets_a_later_answer_stand_from_its_moment_on(scene: Scene, clock: SetClock) -> None:
    act = await asked(scene)
    await scene.on(act, "answer", scene.hana, answer="deferred")
    clock.advance(days=1)
    assert (await scene.on(act, "answer", scene.rita, answer="granted"))["ask"]["state"] == "granted"
    clock.advance(days=1)
    earlier = await scene.on(act, "answer", scene.rita, answer="refused", occurred_at="2026-03-03T10:00:00Z")
    assert (earlier["ask"]["state"], earlier["ask"]["answered_at"]) == ("granted", "2026-03-03T11:00:00Z")


async def test_it_refuses_the_actor_answering_their_own_ask(scene: Scene) -> None:
    problem = await scene.on(await asked(scene), "answer", scene.ada, 409, answer="granted")
    assert problem["code"] == "actor_cannot_answer"


async def test_it_refuses_an_answer_where_nothing_was_asked(scene: Scene) -> None:
    problem = await scene.on(await scene.act(), "answer", scene.hana, 409, answer="granted")
    assert problem["code"] == "act_has_no_ask"


async def test_it_refuses_to_answer_open(scene: Scene) -> None:
    problem = await scene.on(await asked(scene), "answer", scene.hana, 422, answer="open")
    assert problem["errors"][0]["pointer"] == "#/answer"


async def test_it_refuses_an_answer_of_the_future_or_from_before_the_ask(scene: Scene) -> None:
    act = await asked(scene)
    late = await scene.on(act, "answer", scene.hana, 422, answer="granted", occurred_at="2027-01-01T00:00:00Z")
    assert late["code"] == "in_the_future"
    early = await scene.on(act, "answer", scene.hana, 422, answer="granted", occurred_at="2026-03-01T00:00:00Z")
    assert (early["code"], early["errors"][0]["pointer"]) == ("answer_before_ask", "#/occurred_at")


async def test_it_writes_nothing_when_the_answer_stands_already(scene: Scene) -> None:
    act = await asked(scene)
    first = await scene.on(act, "answer", scene.hana, answer="granted")
    assert await scene.on(act, "answer", scene.hana, answer="granted") == first
    assert await scene.event_types("ask.") == ["ask.answered"]


async def test_it_records_the_answer_as_an_event(scene: Scene) -> None:
    act = await asked(scene)
    await scene.on(act, "answer", scene.rita, answer="deferred")
    (event,) = await scene.events("ask.answered")
    assert event["subject"]["id"] == act["id"]
    assert (event["data"]["ask_id"], event["data"]["answer"]) == (act["ask"]["id"], "deferred")
    assert event["data"]["recorded_by"] == scene.rita


async def test_it_loses_its_grant_with_its_act(scene: Scene, clock: SetClock) -> None:
    act = await asked(scene)
    await scene.on(act, "answer", scene.hana, answer="granted")
    clock.advance(minutes=1)
    await scene.act()
    await scene.on(act, "retract", scene.ada)
    assert (await scene.support())["level"] == "recommended"
