"""No, thank you."""

import asyncio

import httpx
import pytest

from tests.api.advocacies.scene import Answer, Scene, got, make_person, sent
from tests.api.invitations.guests import INVITATIONS, invite, listed, proposed
from tests.api.problem import places, problem
from tests.conftest import SetClock, Work


@pytest.fixture
async def invitation(scene: Scene) -> Answer:
    """An invitation to Ada to act, which the service proposed."""
    await scene.begin("agreed")
    (made,) = await proposed(scene, "act")
    return made


async def passed(scene: Scene, invitation: Answer, status: int = 200, **body: str) -> Answer:
    return await sent(scene.client, f"{INVITATIONS}/{invitation['id']}/pass", body or None, status)


async def test_it_needs_no_reason(scene: Scene, invitation: Answer, clock: SetClock) -> None:
    clock.advance(days=1)
    answer = await passed(scene, invitation)
    assert (answer["state"], answer["ended_at"]) == ("passed", "2026-03-03T11:00:00Z")
    assert (answer["ended_by"], answer["allowed_transitions"]) == (None, [])
    assert answer["version"] == invitation["version"] + 1
    assert await got(scene.client, f"{INVITATIONS}/{invitation['id']}") == answer


@pytest.mark.parametrize("who", ["ada", "rita"])
async def test_it_says_who_told_us(scene: Scene, invitation: Answer, who: str) -> None:
    person = getattr(scene, who)
    answer = await passed(scene, invitation, recorded_by=person)
    assert answer["ended_by"] == {"type": "person", "id": person}
    assert await got(scene.client, f"{INVITATIONS}/{invitation['id']}") == answer


async def test_it_is_told_once(scene: Scene, invitation: Answer) -> None:
    await passed(scene, invitation, recorded_by=scene.ada)
    (event,) = await scene.events("invitation.passed")
    assert event["subject"]["id"] == invitation["id"]
    assert event["subject_version"] == invitation["version"] + 1


async def test_a_second_pass_is_refused(scene: Scene, invitation: Answer) -> None:
    await passed(scene, invitation)
    answer = await scene.client.post(f"{INVITATIONS}/{invitation['id']}/pass")
    refused = problem(answer, 409, "invalid_state_transition")
    assert (refused["current_state"], refused["allowed_transitions"]) == ("passed", [])
    assert len(await scene.events("invitation.passed")) == 1


async def test_of_two_at_once_one_counts(scene: Scene, invitation: Answer) -> None:
    path = f"{INVITATIONS}/{invitation['id']}/pass"
    answers = await asyncio.gather(*(scene.client.post(path) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await scene.events("invitation.passed")) == 1


async def test_the_same_request_again_is_answered_alike(scene: Scene, invitation: Answer) -> None:
    path, key = f"{INVITATIONS}/{invitation['id']}/pass", {"Idempotency-Key": "k1"}
    first, again = [await scene.client.post(path, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (200, again.json())


async def test_what_was_taken_or_has_expired_is_not_passed(
    scene: Scene, invitation: Answer, clock: SetClock, work: Work
) -> None:
    await scene.act()
    taken = await scene.client.post(f"{INVITATIONS}/{invitation['id']}/pass")
    assert problem(taken, 409, "invalid_state_transition")["current_state"] == "taken"
    clock.advance(hours=1)
    other = await invite(scene)
    clock.advance(days=15)
    expired = await scene.client.post(f"{INVITATIONS}/{other['id']}/pass")
    assert problem(expired, 409, "invalid_state_transition")["current_state"] == "expired"


async def test_passing_has_no_consequence(scene: Scene, invitation: Answer) -> None:
    before = await scene.support()
    follow_ups = await got(scene.client, "/v1/follow_ups")
    advocacy = await scene.read()
    await passed(scene, invitation, recorded_by=scene.ada)
    assert await scene.support() == before
    assert await got(scene.client, "/v1/follow_ups") == follow_ups
    assert await scene.read() == advocacy


async def test_an_act_after_it_leaves_it_passed(scene: Scene, invitation: Answer) -> None:
    await passed(scene, invitation)
    await scene.act()
    assert (await got(scene.client, f"{INVITATIONS}/{invitation['id']}"))["state"] == "passed"


async def test_what_others_are_invited_to_stays(scene: Scene, invitation: Answer) -> None:
    other = await invite(scene, asker_id=scene.hana)
    await passed(scene, invitation)
    assert [each["id"] for each in await listed(scene, f"application={scene.application}&state=open")] == [other["id"]]


async def test_it_is_passed_under_the_id_that_the_person_had(scene: Scene, invitation: Answer) -> None:
    other = await make_person(scene.client, "A. Okafor")
    await sent(scene.client, f"/v1/people/{scene.ada}/merge", {"into": other})
    assert (await passed(scene, invitation, recorded_by=other))["state"] == "passed"


async def test_if_match_is_compared(scene: Scene, invitation: Answer) -> None:
    path = f"{INVITATIONS}/{invitation['id']}/pass"
    problem(await scene.client.post(path, headers={"If-Match": '"99"'}), 412, "precondition_failed")
    current = (await scene.client.get(f"{INVITATIONS}/{invitation['id']}")).headers["etag"]
    assert (await scene.client.post(path, headers={"If-Match": current})).status_code == 200


async def test_bad_input_changes_nothing(scene: Scene, invitation: Answer, client: httpx.AsyncClient) -> None:
    path = f"{INVITATIONS}/{invitation['id']}/pass"
    unknown = await client.post(path, json={"recorded_by": f"person_{'0' * 32}"})
    assert places(problem(unknown, 422, "unknown_reference")) == ["#/recorded_by"]
    problem(await client.post(path, json={"reason": "busy"}), 422, "invalid_request")
    problem(await client.post(f"{INVITATIONS}/invitation_{'0' * 32}/pass"), 404, "not_found")
    assert await got(client, f"{INVITATIONS}/{invitation['id']}") == invitation
