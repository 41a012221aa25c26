from tests.api.referrals.scene import REASON, Scene, event_types, read, sent
from tests.conftest import SetClock


async def test_a_person_links_a_referral_without_a_job(scene: Scene) -> None:
    made = await scene.refer(job_id=None, relationship="same_team", reasons=[REASON])
    application = await scene.apply()
    assert application["support"]["level"] == "none"
    told = await scene.told(made, "link", application_id=application["id"])
    assert (told["application_id"], told["job_id"]) == (application["id"], None)
    assert told["reasons"][0]["reason_id"] is not None
    assert await scene.level(application) == "referred_with_context"
    assert "referral.linked" in await event_types(scene.client, "referral.")


async def test_linked_once_more_it_stays_as_it_is(scene: Scene) -> None:
    made = await scene.refer(job_id=None)
    application = await scene.apply()
    told = await scene.told(made, "link", application_id=application["id"])
    assert await scene.told(made, "link", application_id=application["id"]) == told


async def test_it_is_linked_to_one_application_only(scene: Scene) -> None:
    application = await scene.apply()
    made = await scene.refer()
    other = (await sent(scene.client, "/v1/jobs", {"title": "Other"}))["id"]
    elsewhere = await scene.apply(job_id=other)
    response = await scene.tell(made, "link", application_id=elsewhere["id"])
    assert (response.status_code, response.json()["code"]) == (409, "already_linked")
    assert response.json()["application_id"] == application["id"]


async def test_the_application_must_fit(scene: Scene) -> None:
    other_candidate = (await sent(scene.client, "/v1/candidates", {"person": {"name": "Bo Lind"}}))["id"]
    other_job = (await sent(scene.client, "/v1/jobs", {"title": "Other"}))["id"]
    made = await scene.refer()
    for application in (await scene.apply(candidate_id=other_candidate), await scene.apply(job_id=other_job)):
        response = await scene.tell(made, "link", application_id=application["id"])
        assert (response.status_code, response.json()["code"]) == (422, "application_mismatch")


async def test_an_unknown_application_is_refused(scene: Scene) -> None:
    made = await scene.refer(job_id=None)
    response = await scene.tell(made, "link", application_id="application_0192f3a4b5c67d8e9f00112233445566")
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")


async def test_linked_to_an_open_application_it_does_not_expire(scene: Scene, clock: SetClock) -> None:
    application = await scene.apply()
    made = await scene.refer()
    clock.advance(days=400)
    support = await read(scene.client, f"/v1/applications/{application['id']}/support")
    assert ((await scene.again(made))["state"], support["level"]) == ("submitted", "referred")


async def test_what_expired_before_it_was_linked_stays_expired(scene: Scene, clock: SetClock) -> None:
    made = await scene.refer(job_id=None)
    clock.advance(days=181)
    application = await scene.apply()
    told = await scene.told(made, "link", application_id=application["id"])
    assert told["state"] == "expired"
    assert await scene.level(application) == "none"


async def test_a_yes_after_linking_counts(scene: Scene) -> None:
    made = await scene.refer(job_id=None, consent="pending")
    application = await scene.apply()
    await scene.told(made, "link", application_id=application["id"])
    assert await scene.level(application) == "none"
    await scene.told(made, "consent", given=True)
    assert await scene.level(application) == "referred"
