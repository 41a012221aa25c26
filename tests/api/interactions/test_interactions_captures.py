"""A capture that turns out to be a contact."""

import pytest

from tests.api.applications.scene import Answer, events
from tests.api.interactions.scene import Scene
from tests.api.problem import places, problem


async def captured(scene: Scene, **members: object) -> Answer:
    body = {"application": scene.application, "advocate": "rita@example.com", **members}
    response = await scene.client.post("/v1/captures", json=body)
    assert response.status_code == 202, response.text
    answer: Answer = response.json()
    return answer


async def again(scene: Scene, capture: Answer) -> Answer:
    answer: Answer = (await scene.client.get(f"/v1/captures/{capture['id']}")).json()
    return answer


async def test_it_completes_the_capture(scene: Scene) -> None:
    capture = await captured(scene)
    made = await scene.record(capture_id=capture["id"])
    assert made["capture_id"] == capture["id"]
    done = await again(scene, capture)
    assert (done["state"], done["interaction_id"], done["act_id"]) == ("completed", made["id"], None)
    assert (done["needs"], done["made"], done["recorded_by"]) == ([], ["interaction"], scene.rita)
    assert [each["type"] for each in await events(scene.client, "capture.")] == ["capture.created", "capture.completed"]


@pytest.mark.parametrize("application", ["known", "Nobody Known"])
async def test_what_was_owed_about_it_is_done(scene: Scene, application: str) -> None:
    known = scene.application if application == "known" else application
    capture = await captured(scene, application=known)
    (owed,) = await scene.owed("complete_capture")
    assert (owed["state"], owed["capture_id"]) == ("open", capture["id"])
    await scene.record(capture_id=capture["id"])
    (done,) = await scene.owed("complete_capture")
    assert done["state"] == "completed"


async def test_one_of_which_nobody_knew_the_application_gets_it(scene: Scene) -> None:
    capture = await captured(scene, application="Nobody Known")
    assert capture["application_id"] is None
    await scene.record(capture_id=capture["id"])
    assert (await again(scene, capture))["application_id"] == scene.application


async def test_it_is_about_the_same_application(scene: Scene) -> None:
    capture = await captured(scene)
    answer = await scene.refused(capture_id=capture["id"], application_id=None)
    assert places(problem(answer, 422, "invalid_request")) == ["#/application_id"]
    assert (await again(scene, capture))["state"] == "needs_details"


@pytest.mark.parametrize("verb", ["discard", "record"])
async def test_a_capture_that_waits_no_longer_stays_what_it_is(scene: Scene, verb: str) -> None:
    capture = await captured(scene)
    if verb == "discard":
        await scene.client.post(f"/v1/captures/{capture['id']}/discard")
    else:
        await scene.record(capture_id=capture["id"])
    before = await again(scene, capture)
    problem(await scene.refused(capture_id=capture["id"]), 409, "invalid_state_transition")
    assert await again(scene, capture) == before
