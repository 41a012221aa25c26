"""What may be said in which state: the advocate's words, and the time that passes without one."""

import httpx
import pytest

from tests.api.advocacies.scene import Scene
from tests.conftest import SetClock

TABLE = {
    "proposed": {"ask": "asked", "agree": "agreed", "decline": "declined", "withdraw": "withdrawn"},
    "asked": {"ask": "asked", "agree": "agreed", "decline": "declined", "withdraw": "withdrawn"},
    "agreed": {"agree": "agreed", "decline": "declined", "withdraw": "withdrawn"},
    "declined": {"agree": "agreed", "decline": "declined"},
}


@pytest.mark.parametrize("state", TABLE)
@pytest.mark.parametrize("verb", ["ask", "agree", "decline", "withdraw"])
async def test_it_keeps_to_the_table_of_words(scene: Scene, state: str, verb: str) -> None:
    await scene.begin(state)
    if wanted := TABLE[state].get(verb):
        assert (await scene.say(verb))["state"] == wanted
    else:
        problem = await scene.say(verb, 409)
        assert (problem["code"], problem["current_state"]) == ("invalid_state_transition", state)
        assert problem["allowed_transitions"] == (await scene.read())["allowed_transitions"]


async def test_it_accepts_a_yes_after_a_withdrawal(scene: Scene) -> None:
    await scene.begin("agreed")
    await scene.say("withdraw", reason="Too busy.")
    assert (await scene.say("ask", 409))["current_state"] == "withdrawn"
    assert (await scene.say("agree"))["state"] == "agreed"


async def test_it_accepts_a_verb_without_a_body(scene: Scene) -> None:
    await scene.begin()
    response = await scene.client.post(f"/v1/advocacies/{scene.advocacy}/agree")
    assert (response.status_code, response.headers["etag"]) == (200, '"2"')


async def test_it_writes_nothing_when_the_state_holds_already(scene: Scene) -> None:
    await scene.begin("agreed")
    assert (await scene.say("agree"))["version"] == 1
    assert await scene.event_types("advocacy.") == ["advocacy.created"]


async def test_it_records_the_event_of_each_word(scene: Scene) -> None:
    await scene.begin()
    for verb in ("ask", "agree", "withdraw"):
        await scene.say(verb)
    words = ["advocacy.created", "advocacy.asked", "advocacy.agreed", "advocacy.withdrawn"]
    assert await scene.event_types("advocacy.") == words


async def test_it_turns_no_answer_by_time_and_takes_a_late_yes(scene: Scene, clock: SetClock) -> None:
    await scene.begin("asked")
    clock.advance(days=15)
    assert (await scene.say("agree"))["state"] == "agreed"
    assert await scene.event_types("advocacy.") == ["advocacy.created", "advocacy.no_answer", "advocacy.agreed"]


async def test_it_asks_again_after_no_answer(scene: Scene, clock: SetClock) -> None:
    await scene.begin("asked")
    clock.advance(days=15)
    assert (await scene.say("ask"))["state"] == "asked"


async def test_it_judges_a_word_by_the_state_of_its_own_moment(scene: Scene, clock: SetClock) -> None:
    await scene.begin()
    clock.advance(days=1)
    yesterday = clock.now.isoformat()
    clock.advance(days=1)
    await scene.say("decline")
    assert (await scene.say("ask", 409))["current_state"] == "declined"
    assert (await scene.say("ask", occurred_at=yesterday))["state"] == "declined"


async def test_it_refuses_a_word_while_an_outcome_stands(scene: Scene) -> None:
    await scene.begin()
    await scene.tell("close", outcome="rejected")
    problem = await scene.say("agree", 409)
    assert (problem["current_state"], problem["allowed_transitions"]) == ("concluded", [])


async def test_it_is_what_it_was_after_a_reopening(scene: Scene, clock: SetClock) -> None:
    await scene.begin("agreed")
    await scene.tell("close", outcome="rejected")
    assert (await scene.read())["state"] == "concluded"
    clock.advance(days=1)
    await scene.tell("reopen")
    assert (await scene.read())["state"] == "agreed"


async def test_it_refuses_to_agree_where_the_advocate_is_active(scene: Scene) -> None:
    await scene.begin()
    await scene.act()
    assert (await scene.say("agree", 409))["current_state"] == "active"
    assert (await scene.say("decline", 409))["current_state"] == "active"
    assert (await scene.say("withdraw"))["state"] == "withdrawn"


async def test_it_refuses_the_future(scene: Scene) -> None:
    await scene.begin()
    assert (await scene.say("agree", 422, occurred_at="2030-01-01T00:00:00Z"))["code"] == "in_the_future"


async def test_it_refuses_an_unknown_teller_and_another_version(scene: Scene) -> None:
    await scene.begin()
    unknown = await scene.say("agree", 422, recorded_by="person_" + "0" * 32)
    assert unknown["errors"][0]["pointer"] == "#/recorded_by"
    path = f"/v1/advocacies/{scene.advocacy}/agree"
    stale: httpx.Response = await scene.client.post(path, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
