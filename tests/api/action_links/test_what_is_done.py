"""What is done by a link: recorded as its person's, by the rules that hold for everybody."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from tests.api.action_links.links import (
    HEARD,
    SAW,
    Link,
    about,
    acts,
    asked_of_hana,
    make_link,
    options,
    words,
)
from tests.api.advocacies.scene import Scene, got, sent
from tests.conftest import SetClock


async def test_an_advocate_tells_what_they_did(scene: Scene, link: Link) -> None:
    page = await link.open()
    assert options(page, "to") == {"Hana (hiring manager)": scene.hana, "Rita": scene.rita}
    said = await link.send(answer="recorded", about=await about(link, SAW), said="Kept billing up.")
    assert "It is recorded" in said
    (act,) = await acts(scene)
    assert (act["recorded_by"], act["rung"], act["audience"], act["ask"]) == (
        scene.ada,
        "self_reported",
        [scene.hana],
        None,
    )
    assert (act["qualifies"], act["text"]) == (True, None)
    assert act["reasons"][0]["basis"] == "observed_directly"
    shown = await link.read()
    assert (shown["state"], shown["uses"], shown["answer"]) == ("open", 1, "recorded")
    assert shown["result"] == {"type": "act", "id": act["id"]}
    assert (await scene.read())["state"] == "active"


async def test_an_advocate_tells_again_and_asks(scene: Scene, link: Link, clock: SetClock) -> None:
    await link.send(answer="recorded", about=await about(link, HEARD), said="Kept billing up.")
    clock.advance(days=1)
    await link.send(answer="asked", to=scene.hana)
    first, second = await acts(scene)
    assert first["reasons"][0]["basis"] == "heard_from"
    assert (second["kind"], second["ask"]["kind"], second["ask"]["to"]) == ("asked", "interview", scene.hana)
    assert second["hiring_side"]


async def test_words_about_nothing_in_particular_are_text(scene: Scene, link: Link) -> None:
    await link.send(answer="recorded", to=scene.rita, said="Said hello.\nThen more.")
    (act,) = await acts(scene)
    assert (act["text"], act["reasons"], act["audience"]) == ("Said hello.\nThen more.", [], [scene.rita])


async def test_a_member_tells_what_they_saw_before_from_what_they_saw_now(app: FastAPI, scene: Scene) -> None:
    body = {"person_id": scene.ada, "power": "influences", "effective_on": "2026-02-01"}
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", body)
    link = await make_link(app, scene, "record_act", scene.ada, scene.advocacy)
    page = await link.open()
    assert scene.ada not in options(page, "to").values()
    assert "I saw it in this process" in page
    await link.send(answer="recorded", about=await about(link, SAW), said="Kept billing up.")
    assert (await acts(scene))[0]["reasons"][0]["before_process"]


async def test_words_that_do_not_belong_are_remarked_on(link: Link) -> None:
    assert "touch on health" in await link.send(answer="recorded", said="She was ill with cancer for a year.")


@pytest.mark.parametrize(("answer", "rung"), [("confirmed", "confirmed"), ("denied", "self_reported")])
async def test_a_listener_says_whether_it_happened(app: FastAPI, scene: Scene, answer: str, rung: str) -> None:
    act, link = await asked_of_hana(app, scene, "confirm_act")
    await link.send(answer=answer)
    shown = await got(scene.client, f"/v1/acts/{act['id']}")
    assert (shown["rung"], shown[f"{answer}_by"]) == (rung, [scene.hana])
    assert (await link.read())["state"] == "used"


@pytest.mark.parametrize("answer", ["granted", "refused", "deferred"])
async def test_an_ask_is_answered(app: FastAPI, scene: Scene, answer: str) -> None:
    act, link = await asked_of_hana(app, scene)
    await link.send(answer=answer)
    assert (await got(scene.client, f"/v1/acts/{act['id']}"))["ask"]["state"] == answer
    (told,) = await scene.events("ask.answered")
    assert told["data"]["recorded_by"] == scene.hana


async def test_who_decides_is_not_told_that_they_were_asked(app: FastAPI, scene: Scene) -> None:
    ask = (await scene.act(audience=[scene.rita], ask={"kind": "keep_open", "to": scene.rita}))["ask"]["id"]
    for person, asked in ((scene.rita, "asks you to keep"), (scene.hana, "asks to keep")):
        link = await make_link(app, scene, "answer_ask", person, ask)
        assert f"Ada Okafor {asked} the place open for Sam Reyes" in words(await link.open())
    await link.send(answer="granted")
    (told,) = await scene.events("ask.answered")
    assert told["data"]["recorded_by"] == scene.hana


@pytest.mark.parametrize(("answer", "state"), [("agreed", "agreed"), ("declined", "declined")])
async def test_yes_or_no_thank_you(app: FastAPI, scene: Scene, answer: str, state: str) -> None:
    link = await make_link(app, scene, "agree", scene.ada, scene.advocacy)
    await link.send(answer=answer)
    assert (await scene.read())["state"] == state


async def test_another_no_says_nothing_new(app: FastAPI, scene: Scene) -> None:
    await scene.say("withdraw")
    link = await make_link(app, scene, "agree", scene.ada, scene.advocacy)
    await link.send(answer="declined")
    assert (await scene.read())["state"] == "withdrawn"
    assert (await link.read())["answer"] == "declined"


async def test_a_colleague_is_suggested(app: FastAPI, scene: Scene) -> None:
    link = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)
    await link.send(answer="suggested", email="kim@example.com", name="Kim Ito")
    made = (await link.read())["result"]
    advocacy = await got(scene.client, f"/v1/advocacies/{made['id']}")
    assert (made["type"], advocacy["state"], advocacy["advocate"]["name"]) == ("advocacy", "proposed", "Kim Ito")


async def test_nobody_comes_to_mind(app: FastAPI, scene: Scene) -> None:
    link = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)
    await link.send(answer="nobody", email="half")
    shown = await link.read()
    assert (shown["answer"], shown["result"], shown["state"]) == ("nobody", None, "used")


async def test_who_speaks_up_already_is_not_told(app: FastAPI, scene: Scene) -> None:
    link = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)
    other = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)
    first = await link.send(answer="suggested", email="kim@example.com")
    assert await other.send(answer="suggested", email="KIM@example.com") == first
    assert (await other.read())["result"] is None


async def test_the_named_actor_says_it_was_not_them(app: FastAPI, scene: Scene) -> None:
    act = await scene.act(recorded_by=scene.rita)
    link = await make_link(app, scene, "not_me", scene.ada, act["id"])
    assert "recorded by Rita" in words(await link.open())
    await link.send(answer="disputed")
    shown = await got(scene.client, f"/v1/acts/{act['id']}")
    assert (shown["is_disputed"], shown["counts"]) == (True, False)


@pytest.mark.parametrize(("answer", "state"), [("nobody", "passed"), ("suggested", "open")])
async def test_a_no_passes_the_invitation_it_came_with(app: FastAPI, scene: Scene, answer: str, state: str) -> None:
    await scene.say("agree")
    body = {"person_id": scene.ada, "application_id": scene.application, "type": "hand_over", "asker_id": scene.rita}
    invitation = (await sent(scene.client, "/v1/invitations", body))["id"]
    link = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy, invitation=invitation)
    await link.send(answer=answer, email="kim@example.com")
    assert (await got(scene.client, f"/v1/invitations/{invitation}"))["state"] == state
    assert len(await scene.events("invitation.passed")) == (state == "passed")


async def test_a_no_passes_nothing_that_has_ended(app: FastAPI, scene: Scene, clock: SetClock) -> None:
    await scene.say("agree")
    body = {"person_id": scene.ada, "application_id": scene.application, "type": "hand_over", "asker_id": scene.rita}
    invitation = (await sent(scene.client, "/v1/invitations", body))["id"]
    expiry = (clock.now + timedelta(days=60)).isoformat()
    link = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy, invitation=invitation, expires_at=expiry)
    clock.advance(days=40)
    await link.send(answer="nobody")
    assert (await got(scene.client, f"/v1/invitations/{invitation}"))["state"] == "expired"
