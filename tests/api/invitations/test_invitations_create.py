"""Inviting by hand."""

import httpx
import pytest

from tests.api.advocacies.scene import SEEN, Scene, got, make_person, sent
from tests.api.invitations.guests import INVITATIONS, invite, listed, proposed
from tests.api.problem import places, problem
from tests.conftest import ClientFor, SetClock


async def test_it_is_open_and_never_owed(scene: Scene, clock: SetClock) -> None:
    await scene.begin("agreed")
    clock.advance(days=1)
    note = "Hana would like to hear it from you."
    made = await invite(scene, asker_id=scene.rita, note=note)
    assert (made["object"], made["type"], made["state"], made["by_hand"]) == ("invitation", "act", "open", True)
    assert made["person"] == {"id": scene.ada, "name": "Ada Okafor"}
    assert made["asker"] == {"id": scene.rita, "name": "Rita"}
    assert (made["application_id"], made["advocacy_id"]) == (scene.application, scene.advocacy)
    assert (made["invited_at"], made["expires_at"]) == ("2026-03-03T11:00:00Z", "2026-03-17T23:00:00Z")
    assert (made["ended_at"], made["ended_by"], made["note"]) == (None, None, note)
    assert made["allowed_transitions"] == ["pass"]
    assert await got(scene.client, f"{INVITATIONS}/{made['id']}") == made


async def test_it_enters_no_follow_up_state(scene: Scene) -> None:
    await scene.begin("agreed")
    before = await got(scene.client, f"/v1/applications/{scene.application}")
    await invite(scene, asker_id=scene.hana)
    after = await got(scene.client, f"/v1/applications/{scene.application}")
    assert (after["follow_up_state"], after["next_follow_up"]) == (before["follow_up_state"], before["next_follow_up"])


async def test_it_has_a_location_and_an_etag(scene: Scene) -> None:
    await scene.begin("agreed")
    body = {"type": "act", "person_id": scene.ada, "application_id": scene.application}
    answer = await scene.client.post(INVITATIONS, json=body)
    assert answer.headers["location"] == f"{INVITATIONS}/{answer.json()['id']}"
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'


async def test_it_is_told_without_its_note(scene: Scene) -> None:
    await scene.begin("agreed")
    made = await invite(scene, note="Between us.", asker_id=scene.rita)
    events = await scene.events("invitation.created")
    event = next(each for each in events if each["subject"]["id"] == made["id"])
    assert event["data"]["application_id"] == scene.application
    assert "Between us." not in str(events)
    assert "Ada" not in str(event)


async def test_the_same_request_again_makes_no_second(scene: Scene) -> None:
    await scene.begin("agreed")
    body = {"type": "act", "person_id": scene.ada, "application_id": scene.application}
    first, again = [
        await scene.client.post(INVITATIONS, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    ]
    assert first.json() == again.json()


async def test_limits_do_not_restrain_people(scene: Scene) -> None:
    await scene.begin("agreed")
    assert len(await proposed(scene, "act")) == 1
    for _ in range(3):
        await invite(scene, asker_id=scene.rita)
    assert len(await listed(scene, f"application={scene.application}&type=act&state=open")) == 4


async def test_it_is_taken_by_what_it_proposes(scene: Scene, clock: SetClock) -> None:
    await scene.begin("agreed")
    made = await invite(scene)
    clock.advance(hours=1)
    act = await scene.act()
    taken = await got(scene.client, f"{INVITATIONS}/{made['id']}")
    assert (taken["state"], taken["ended_at"]) == ("taken", "2026-03-02T12:00:00Z")
    assert taken["ended_by"] == {"type": "act", "id": act["id"]}
    assert taken["allowed_transitions"] == []


async def test_to_confirm_names_an_act_and_one_who_heard_it(scene: Scene) -> None:
    await scene.begin("agreed")
    act = await scene.act()
    made = await invite(scene, type="confirm", person_id=scene.hana, act_id=act["id"])
    assert (made["act_id"], made["advocacy_id"]) == (act["id"], scene.advocacy)
    await scene.on(act, "confirm", by=scene.hana)
    taken = await got(scene.client, f"{INVITATIONS}/{made['id']}")
    assert (taken["state"], taken["ended_by"]["type"]) == ("taken", "act_statement")


async def test_whoever_did_not_hear_it_cannot_confirm(scene: Scene) -> None:
    await scene.begin("agreed")
    act = await scene.act()
    body = {"type": "confirm", "person_id": scene.rita, "application_id": scene.application, "act_id": act["id"]}
    refused = problem(await scene.client.post(INVITATIONS, json=body), 409, "not_in_audience")
    assert refused["allowed_people"] == [scene.hana]


async def test_to_advocate_goes_to_anybody_but_the_candidate(scene: Scene) -> None:
    made = await invite(scene, type="become_advocate")
    assert made["advocacy_id"] is None
    body = {"type": "become_advocate", "person_id": scene.sam, "application_id": scene.application}
    problem(await scene.client.post(INVITATIONS, json=body), 409, "candidate_cannot_advocate")
    await scene.begin("agreed")
    taken = await got(scene.client, f"{INVITATIONS}/{made['id']}")
    assert (taken["state"], taken["ended_by"]) == ("taken", {"type": "advocacy", "id": scene.advocacy})


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"type": "dance"}, "#/type"),
        ({"type": "confirm"}, "#/act_id"),
        ({"type": "act", "person_id": "hana"}, "#/person_id"),
        ({"type": "hand_over", "person_id": "hana"}, "#/person_id"),
    ],
)
async def test_what_makes_no_sense_is_refused(scene: Scene, members: dict[str, str], place: str) -> None:
    await scene.begin("agreed")
    person = {"person_id": getattr(scene, members["person_id"])} if "person_id" in members else {}
    refused = problem(await _post(scene, **{**members, **person}), 422, "invalid_request")
    assert places(refused) == [place]
    assert len(await listed(scene)) == len(await proposed(scene, "act")) == 1


async def test_an_act_belongs_to_confirmations_alone(scene: Scene) -> None:
    await scene.begin("agreed")
    act = await scene.act()
    assert places(problem(await _post(scene, act_id=act["id"]), 422, "invalid_request")) == ["#/act_id"]


@pytest.mark.parametrize("place", ["person_id", "application_id", "asker_id", "act_id"])
async def test_unknown_ids_are_refused(scene: Scene, place: str) -> None:
    await scene.begin("agreed")
    members = {"type": "confirm"} if place == "act_id" else {}
    unknown = f"{'person' if place == 'asker_id' else place.removesuffix('_id')}_{'0' * 32}"
    refused = await _post(scene, **members, **{place: unknown})
    assert places(problem(refused, 422, "unknown_reference")) == [f"#/{place}"]


async def test_an_act_of_another_application_is_refused(scene: Scene) -> None:
    await scene.begin("agreed")
    act = await scene.act()
    job = (await sent(scene.client, "/v1/jobs", {"title": "Analyst"}))["id"]
    candidate = (await sent(scene.client, "/v1/candidates", {"person": {"name": "Kim Doe"}}))["id"]
    other = (await sent(scene.client, "/v1/applications", {"candidate_id": candidate, "job_id": job}))["id"]
    refused = await _post(scene, type="confirm", person_id=scene.hana, application_id=other, act_id=act["id"])
    assert places(problem(refused, 422, "unknown_reference")) == ["#/act_id"]


@pytest.mark.parametrize("type_", ["act", "become_advocate"])
async def test_who_does_not_want_to_be_contacted_is_not_invited(scene: Scene, type_: str) -> None:
    await scene.begin("agreed")
    await sent(scene.client, f"/v1/people/{scene.ada}/availability", {"state": "do_not_contact"})
    refused = await _post(scene, type=type_)
    assert places(problem(refused, 422, "do_not_contact")) == ["#/person_id"]


async def test_that_wish_counts_under_every_id(scene: Scene) -> None:
    other = await make_person(scene.client, "A. Okafor")
    await sent(scene.client, f"/v1/people/{other}/availability", {"state": "do_not_contact"})
    await sent(scene.client, f"/v1/people/{other}/merge", {"into": scene.ada})
    for person in (scene.ada, other):
        refused = await _post(scene, type="become_advocate", person_id=person)
        problem(refused, 422, "do_not_contact")


async def test_it_goes_to_whom_the_person_was_merged_into(scene: Scene) -> None:
    other = await make_person(scene.client, "A. Okafor")
    await sent(scene.client, f"/v1/people/{other}/merge", {"into": scene.ada})
    await scene.begin("agreed")
    assert (await invite(scene, person_id=other))["person"]["id"] == scene.ada


async def test_the_anonymised_are_not_invited(scene: Scene) -> None:
    gone = await make_person(scene.client, "Gwen Foss")
    await sent(scene.client, f"/v1/people/{gone}/anonymize")
    problem(await _post(scene, type="become_advocate", person_id=gone), 409, "person_anonymized")


@pytest.mark.parametrize("why", ["closed", "not_agreed", "taken", "confirmed", "there_is_a_second"])
async def test_there_is_nothing_to_invite_to(scene: Scene, why: str) -> None:
    await scene.begin("proposed" if why == "not_agreed" else "agreed")
    members = {}
    if why == "closed":
        await scene.tell("close", outcome="rejected")
    elif why == "taken":
        members = {"type": "become_advocate"}
    elif why == "confirmed":
        act = await scene.act()
        await scene.on(act, "confirm", by=scene.hana)
        members = {"type": "confirm", "person_id": scene.hana, "act_id": act["id"]}
    elif why == "there_is_a_second":
        other = (await sent(scene.client, "/v1/advocates", {"person": {"name": "Bo Lind"}}))["id"]
        body = {"application_id": scene.application, "advocate_id": other, "word": "agreed"}
        await sent(scene.client, "/v1/advocacies", body)
        members = {"type": "hand_over"}
    before = await listed(scene)
    problem(await _post(scene, **members), 409, "nothing_to_invite_to")
    assert await listed(scene) == before


async def test_it_needs_the_scope_write(scene: Scene, client_for: ClientFor, acme: object) -> None:
    reader = client_for(acme, "read")
    body = {"type": "become_advocate", "person_id": scene.ada, "application_id": scene.application}
    problem(await reader.post(INVITATIONS, json=body), 403, "forbidden")


async def test_a_referral_by_hand_is_no_ground_to_end_it(scene: Scene) -> None:
    referrer = (await sent(scene.client, "/v1/referrers", {"person_id": scene.ada}))["id"]
    candidate = (await got(scene.client, f"/v1/applications/{scene.application}"))["candidate"]["id"]
    body = {"candidate_id": candidate, "referrer_id": referrer, "job_id": scene.job}
    referral = await sent(scene.client, "/v1/referrals", {**body, "relationship": "same_team", "reasons": [SEEN]})
    (by_service,) = await listed(scene, f"referral={referral['id']}")
    by_hand = await invite(scene, type="become_advocate")
    await sent(scene.client, f"/v1/referrals/{referral['id']}/withdraw", {})
    states = {each["id"]: each["state"] for each in await listed(scene, f"person={scene.ada}")}
    assert (states[by_service["id"]], states[by_hand["id"]]) == ("expired", "open")


async def _post(scene: Scene, **members: object) -> httpx.Response:
    body = {"type": "act", "person_id": scene.ada, "application_id": scene.application, **members}
    return await scene.client.post(INVITATIONS, json=body)
