from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from api.platform.db import Databases
from api.platform.hook_tokens import SHAPE
from tests.api.action_links.conftest import Unchanged
from tests.api.action_links.links import LINKS, Link, make_link
from tests.api.advocacies.scene import Answer, Scene, got, make_person, sent
from tests.api.captures.mails import is_kept
from tests.api.problem import places, problem
from tests.cast import START, Company
from tests.conftest import ClientFor, SetClock

ADA = {"purpose": "record_act"}


async def refused(scene: Scene, status: int, code: str, **members: object) -> Answer:
    body = {"purpose": "record_act", "person": scene.ada, "subject": scene.advocacy, **members}
    return problem(await scene.client.post(LINKS, json=body), status, code)


@pytest.fixture
async def link(app: FastAPI, scene: Scene) -> Link:
    return await make_link(app, scene, "record_act", scene.ada, scene.advocacy)


async def test_its_address_is_shown_once(scene: Scene, link: Link) -> None:
    made = link.made
    assert made["url"].startswith("http://127.0.0.1:8420/a/")
    assert SHAPE.fullmatch(made["url"].rpartition("/")[2])
    assert made["person"] == {"id": scene.ada, "name": "Ada Okafor"}
    assert (made["state"], made["uses"], made["is_single_use"], made["version"]) == ("open", 0, False, 1)
    assert (made["application_id"], made["advocacy_id"]) == (scene.application, scene.advocacy)
    assert made["expires_at"] == "2026-03-16T11:00:00Z"
    retrieved = await link.read()
    assert retrieved == {name: made[name] for name in made.keys() - {"url"}}
    assert (await got(scene.client, LINKS))["data"] == [retrieved]


async def test_its_token_is_kept_nowhere_and_told_to_nobody(
    scene: Scene, app: FastAPI, databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    made = await scene.client.post(
        LINKS, json={**ADA, "person": scene.ada, "subject": scene.advocacy}, headers={"Idempotency-Key": "k"}
    )
    link = Link(made.json(), (await make_link(app, scene, "agree", scene.ada, scene.advocacy)).browser, scene.client)
    token = link.path.rpartition("/")[2]
    await link.open()
    await link.send(answer="recorded")
    assert await is_kept(databases, "Ada Okafor")
    assert not await is_kept(databases, token)
    shown = [each for each in caplog.records if each.name == "championed.access"]
    assert any(each.__dict__["fields"]["route"] == "/a/{token}" for each in shown)
    assert token not in str([each.__dict__ for each in shown])


async def test_the_same_request_again_shows_no_secret(scene: Scene) -> None:
    body = {**ADA, "person": scene.ada, "subject": scene.advocacy}
    first = await scene.client.post(LINKS, json=body, headers={"Idempotency-Key": "k1"})
    again = await scene.client.post(LINKS, json=body, headers={"Idempotency-Key": "k1"})
    assert problem(again, 409, "secret_already_shown")["existing_id"] == first.json()["id"]
    assert len((await got(scene.client, LINKS))["data"]) == 1


async def test_an_application_stands_for_the_persons_advocacy(app: FastAPI, scene: Scene) -> None:
    link = await make_link(app, scene, "agree", scene.ada, scene.application)
    assert link.made["advocacy_id"] == scene.advocacy
    fault = await refused(scene, 422, "person_does_not_fit", person=scene.rita, subject=scene.application)
    assert places(fault) == ["#/person"]


@pytest.mark.parametrize("purpose", ["record_act", "agree", "hand_over"])
async def test_advocates_get_links_about_their_own_part(scene: Scene, unchanged: Unchanged, purpose: str) -> None:
    async with unchanged():
        for person in (scene.hana, scene.rita, scene.sam):
            await refused(scene, 422, "person_does_not_fit", purpose=purpose, person=person)


async def test_those_who_heard_an_act_get_links_to_confirm_it(app: FastAPI, scene: Scene) -> None:
    act = (await scene.act(audience=["hiring_manager"]))["id"]
    link = await make_link(app, scene, "confirm_act", scene.hana, act)
    assert (link.made["act_id"], link.made["is_single_use"]) == (act, True)
    for person in (scene.ada, scene.rita):
        await refused(scene, 422, "person_does_not_fit", purpose="confirm_act", person=person, subject=act)
    await make_link(app, scene, "not_me", scene.ada, act)
    await refused(scene, 422, "person_does_not_fit", purpose="not_me", person=scene.hana, subject=act)


async def test_the_addressee_and_those_who_decide_get_links_to_answer(app: FastAPI, scene: Scene) -> None:
    act = await scene.act(audience=[scene.rita], ask={"kind": "interview", "to": scene.rita})
    for person in (scene.rita, scene.hana):
        link = await make_link(app, scene, "answer_ask", person, act["ask"]["id"])
        assert (link.made["ask_id"], link.made["act_id"]) == (act["ask"]["id"], act["id"])
    ask = act["ask"]["id"]
    await refused(scene, 422, "person_does_not_fit", purpose="answer_ask", person=scene.ada, subject=ask)


async def test_what_a_link_is_about_fits_its_purpose(scene: Scene, unchanged: Unchanged) -> None:
    act = await scene.act()
    async with unchanged():
        assert places(await refused(scene, 422, "wrong_id_kind", subject=act["id"])) == ["#/subject"]
        for purpose in ("confirm_act", "answer_ask", "not_me"):
            await refused(scene, 422, "wrong_id_kind", purpose=purpose)
        await refused(scene, 422, "unknown_reference", subject=f"advocacy_{'0' * 32}")
        await refused(scene, 422, "unknown_reference", subject=f"application_{'0' * 32}")
        await refused(scene, 422, "unknown_reference", person=f"person_{'0' * 32}")
        await refused(scene, 422, "unknown_reference", invitation=f"invitation_{'0' * 32}")
        assert places(await refused(scene, 422, "invalid_request", subject="Sam")) == ["#/subject"]


async def test_an_invitation_is_the_persons_own(scene: Scene) -> None:
    await scene.say("agree")
    body = {"person_id": scene.ada, "application_id": scene.application, "type": "hand_over", "asker_id": scene.rita}
    invitation = (await sent(scene.client, "/v1/invitations", body))["id"]
    act = (await scene.act())["id"]
    other = {"purpose": "confirm_act", "person": scene.hana, "subject": act}
    fault = await refused(scene, 422, "person_does_not_fit", invitation=invitation, **other)
    assert places(fault) == ["#/invitation"]


async def test_nobody_gets_one_who_does_not_want_to_be_contacted(scene: Scene, unchanged: Unchanged) -> None:
    await sent(scene.client, f"/v1/people/{scene.ada}/availability", {"state": "do_not_contact"})
    async with unchanged():
        assert places(await refused(scene, 422, "do_not_contact")) == ["#/person"]


async def test_nobody_gets_one_who_was_anonymised(scene: Scene) -> None:
    await sent(scene.client, f"/v1/people/{scene.ada}/anonymize", {})
    await refused(scene, 409, "person_anonymized")


@pytest.mark.parametrize("days", [-1, 0, 91])
async def test_it_expires_within_ninety_days(scene: Scene, unchanged: Unchanged, days: int) -> None:
    async with unchanged():
        fault = await refused(scene, 422, "expiry_not_possible", expires_at=(START + timedelta(days=days)).isoformat())
        assert places(fault) == ["#/expires_at"]


async def test_none_is_made_for_what_is_done_or_over(scene: Scene) -> None:
    await scene.say("agree")
    await refused(scene, 409, "nothing_left_to_do", purpose="agree")
    act = await scene.act()
    await scene.on(act, "dispute", scene.ada)
    await refused(scene, 409, "nothing_left_to_do", purpose="not_me", subject=act["id"])
    await scene.on(act, "retract", scene.ada)
    await refused(scene, 409, "nothing_left_to_do", purpose="confirm_act", person=scene.hana, subject=act["id"])
    await scene.tell("close", outcome="rejected")
    await refused(scene, 409, "nothing_left_to_do")


async def test_revoking_is_at_once_and_for_good(scene: Scene, link: Link) -> None:
    path = f"{LINKS}/{link.made['id']}/revoke"
    stale = await scene.client.post(path, headers={"If-Match": '"7"'})
    problem(stale, 412, "precondition_failed")
    revoked = await sent(scene.client, path, {}, 200)
    assert (revoked["state"], revoked["revoked_at"], revoked["version"]) == ("revoked", "2026-03-02T11:00:00Z", 2)
    assert await sent(scene.client, path, {}, 200) == revoked
    await link.open(404)
    await link.send(404, answer="recorded")
    assert [each["type"] for each in await scene.events("action_link.revoked")] == ["action_link.revoked"]


async def test_expiring_shows_without_anything_being_written(
    scene: Scene, link: Link, clock: SetClock, unchanged: Unchanged
) -> None:
    clock.advance(days=14, seconds=-1)
    await link.open()
    clock.advance(seconds=1)
    async with unchanged():
        await link.open(410)
        await link.send(410, answer="recorded")
        shown = await link.read()
        assert (shown["state"], shown["version"]) == ("expired", 2)
        assert await sent(scene.client, f"{LINKS}/{link.made['id']}/revoke", {}, 200) == shown


async def test_links_are_listed_by_what_they_are(app: FastAPI, scene: Scene, clock: SetClock, link: Link) -> None:
    act = (await scene.act())["id"]
    used = await make_link(app, scene, "confirm_act", scene.hana, act)
    await used.send(answer="confirmed")
    revoked = await make_link(app, scene, "not_me", scene.ada, act)
    await sent(scene.client, f"{LINKS}/{revoked.made['id']}/revoke", {}, 200)
    clock.advance(days=14)
    fresh = await make_link(app, scene, "hand_over", scene.ada, scene.advocacy)

    async def listed(**query: str) -> list[str]:
        answer = await scene.client.get(LINKS, params={"order_by": "created_at", **query})
        return [each["id"] for each in answer.json()["data"]]

    of = {name: each.made["id"] for name, each in (("old", link), ("used", used), ("gone", revoked), ("new", fresh))}
    assert await listed() == [of["old"], of["used"], of["gone"], of["new"]]
    assert await listed(state="expired") == [of["old"]]
    assert await listed(state="used") == [of["used"]]
    assert await listed(state="revoked") == [of["gone"]]
    assert await listed(state="open") == [of["new"]]
    assert await listed(person=scene.hana) == [of["used"]]
    assert await listed(purpose="not_me") == [of["gone"]]
    assert len(await listed(application=scene.application)) == 4
    assert await listed(application=f"application_{'0' * 32}") == []


async def test_events_tell_of_links_without_names(scene: Scene, app: FastAPI) -> None:
    link = await make_link(app, scene, "agree", scene.ada, scene.advocacy)
    await link.send(answer="agreed")
    (made,), (used,), (agreed,) = [
        await scene.events(each) for each in ("action_link.created", "action_link.used", "advocacy.agreed")
    ]
    assert made["data"]["person"] == {"id": scene.ada}
    assert (used["data"]["answer"], used["data"]["state"], used["subject_version"]) == ("agreed", "used", 2)
    assert used["actor"] == agreed["actor"] == {"type": "action_link", "id": link.made["id"]}
    assert "url" not in made["data"]
    assert "Ada" not in str([made, used])


async def test_a_link_of_another_workspace_is_not_found(
    client_for: ClientFor, globex: Company, link: Link, unchanged: Unchanged
) -> None:
    other = client_for(globex)
    async with unchanged():
        problem(await other.get(f"{LINKS}/{link.made['id']}"), 404, "not_found")
        problem(await other.post(f"{LINKS}/{link.made['id']}/revoke"), 404, "not_found")
        assert (await got(other, LINKS))["data"] == []


async def test_whoever_was_merged_keeps_their_links(scene: Scene, app: FastAPI, client: httpx.AsyncClient) -> None:
    link = await make_link(app, scene, "agree", scene.ada, scene.advocacy)
    kept = await make_person(client, "Ada O.")
    await sent(client, f"/v1/people/{scene.ada}/merge", {"into": kept, "recorded_by": scene.rita}, 200)
    assert "Ada O." in await link.open()
    await link.send(answer="agreed")
    assert (await scene.read())["state"] == "agreed"
