"""What people say about an act afterwards: confirm, deny, dispute, withdraw the dispute, retract."""

import pytest

from tests.api.advocacies.scene import SEEN, Scene, got, make_person, sent
from tests.conftest import SetClock

VERBS = ("confirm", "deny", "dispute", "withdraw_dispute", "retract")


async def test_it_climbs_to_confirmed_by_the_word_of_a_listener(scene: Scene) -> None:
    act = await scene.act()
    confirmed = await scene.on(act, "confirm", scene.hana)
    assert (confirmed["rung"], confirmed["confirmed_by"]) == ("confirmed", [scene.hana])
    assert (await scene.support())["confidence"] == "confirmed"


async def test_it_lets_only_the_audience_confirm_or_deny(scene: Scene) -> None:
    act = await scene.act()
    for verb in ("confirm", "deny"):
        for stranger in (scene.rita, scene.sam):
            problem = await scene.on(act, verb, stranger, 409)
            assert (problem["code"], problem["allowed_people"]) == ("not_in_audience", [scene.hana])


async def test_it_never_lets_the_actor_confirm_their_own_act(scene: Scene) -> None:
    act = await scene.act(audience=[scene.ada, scene.hana])
    problem = await scene.on(act, "confirm", scene.ada, 409)
    assert (problem["code"], problem["allowed_people"]) == ("not_in_audience", [scene.hana])


async def test_it_lets_the_hiring_manager_of_that_day_speak_for_the_role(scene: Scene, clock: SetClock) -> None:
    act = await scene.act(audience=["hiring_manager"])
    clock.advance(days=2)
    cleo = await make_person(scene.client, "Cleo")
    body = {"person_id": cleo, "power": "decides", "is_hiring_manager": True}
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", body)
    assert (await scene.on(act, "confirm", cleo, 409))["allowed_people"] == [scene.hana]
    assert (await scene.on(act, "confirm", scene.hana))["rung"] == "confirmed"


async def test_it_takes_whoever_denies_out_of_the_audience_until_they_confirm(scene: Scene, clock: SetClock) -> None:
    act = await scene.act()
    denied = await scene.on(act, "deny", scene.hana, reason="I was on leave.")
    assert (denied["counts"], denied["qualifies"], denied["denied_by"]) == (True, False, [scene.hana])
    assert (await scene.read())["state"] == "agreed"
    clock.advance(minutes=1)
    confirmed = await scene.on(act, "confirm", scene.hana)
    assert (confirmed["qualifies"], confirmed["denied_by"], confirmed["rung"]) == (True, [], "confirmed")
    assert (await scene.read())["state"] == "active"


async def test_it_stops_counting_while_the_actor_disputes_it(scene: Scene, clock: SetClock) -> None:
    act = await scene.act(recorded_by=scene.rita)
    disputed = await scene.on(act, "dispute", scene.ada)
    assert (disputed["counts"], disputed["is_disputed"]) == (False, True)
    assert ((await scene.read())["state"], (await scene.support())["level"]) == ("proposed", "none")
    clock.advance(minutes=1)
    taken_back = await scene.on(act, "withdraw_dispute", scene.ada)
    assert (taken_back["counts"], taken_back["is_disputed"]) == (True, False)
    assert (await scene.support())["level"] == "recommended"


async def test_it_lets_only_the_actor_dispute(scene: Scene) -> None:
    act = await scene.act(recorded_by=scene.rita)
    for verb in ("dispute", "withdraw_dispute"):
        problem = await scene.on(act, verb, scene.rita, 409)
        assert (problem["code"], problem["allowed_people"]) == ("not_the_actor", [scene.ada])


async def test_it_is_retracted_for_good_by_recorder_or_actor(scene: Scene) -> None:
    for person in (scene.rita, scene.ada):
        act = await scene.act(recorded_by=scene.rita)
        retracted = await scene.on(act, "retract", person)
        assert (retracted["counts"], retracted["is_retracted"]) == (False, True)
    assert (await scene.read())["state"] == "proposed"
    assert len((await got(scene.client, f"/v1/advocacies/{scene.advocacy}/acts"))["data"]) == 2


async def test_it_is_not_retracted_by_others(scene: Scene) -> None:
    act = await scene.act(recorded_by=scene.rita)
    problem = await scene.on(act, "retract", scene.hana, 409)
    assert problem["code"] == "not_recorder_nor_actor"
    assert sorted(problem["allowed_people"]) == sorted([scene.rita, scene.ada])


async def test_it_says_nothing_more_after_a_retraction(scene: Scene) -> None:
    act = await scene.act(ask={"kind": "interview", "to": scene.hana})
    await scene.on(act, "retract", scene.ada)
    for verb, person in {"confirm": scene.hana, "deny": scene.hana, "dispute": scene.ada}.items():
        assert (await scene.on(act, verb, person, 409))["code"] == "act_retracted"
    assert (await scene.on(act, "withdraw_dispute", scene.ada, 409))["code"] == "act_retracted"
    assert (await scene.on(act, "answer", scene.hana, 409, answer="granted"))["code"] == "act_retracted"
    assert (await scene.on(act, "retract", scene.ada))["is_retracted"] is True


async def test_it_writes_nothing_when_a_word_is_repeated(scene: Scene) -> None:
    act = await scene.act()
    await scene.on(act, "withdraw_dispute", scene.ada)
    for verb, person in {"confirm": scene.hana, "dispute": scene.ada, "retract": scene.ada}.items():
        first = await scene.on(act, verb, person)
        assert await scene.on(act, verb, person) == first
    types = await scene.event_types("act.")
    assert types == ["act.recorded", "act.confirmed", "act.disputed", "act.retracted"]


async def test_it_records_who_said_what_without_the_reason(scene: Scene) -> None:
    act = await scene.act()
    await scene.on(act, "deny", scene.hana, reason="I was on leave.")
    (event,) = await scene.events("act.denied")
    assert (event["data"]["id"], event["data"]["word"]) == (act["id"], "denied")
    assert event["data"]["person_id"] == scene.hana
    assert "leave" not in str(event)


async def test_it_tells_the_truth_of_the_past_as_it_was_known_then(scene: Scene, clock: SetClock) -> None:
    act = await scene.act(reasons=[SEEN])
    then = clock.now.isoformat().replace("+00:00", "Z")
    clock.advance(days=1)
    await scene.on(act, "retract", scene.ada)
    path = f"/v1/applications/{scene.application}/support"
    assert (await got(scene.client, f"{path}?as_of={then}&known_at={then}"))["level"] == "recommended"
    assert (await got(scene.client, f"{path}?as_of={then}"))["level"] == "none"


@pytest.mark.parametrize("verb", VERBS)
async def test_it_refuses_a_person_who_does_not_exist(scene: Scene, verb: str) -> None:
    act = await scene.act()
    problem = await scene.on(act, verb, "person_" + "0" * 32, 422)
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("unknown_reference", "#/recorded_by")


@pytest.mark.parametrize("verb", VERBS)
async def test_it_needs_to_know_whose_word_it_is(scene: Scene, verb: str) -> None:
    act = await scene.act()
    assert (await sent(scene.client, f"/v1/acts/{act['id']}/{verb}", {}, 422))["errors"][0]["code"] == "missing"


@pytest.mark.parametrize("verb", VERBS)
async def test_it_is_not_found_where_there_is_no_act(scene: Scene, verb: str) -> None:
    assert (await scene.on({"id": "act_" + "0" * 32}, verb, scene.ada, 404))["code"] == "not_found"
