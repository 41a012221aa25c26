import pytest

from tests.api.referrals.scene import Scene, event_types, make_person, read, sent
from tests.conftest import SetClock


async def test_the_candidates_yes_submits_it(scene: Scene) -> None:
    application = await scene.apply()
    made = await scene.refer(consent="pending")
    told = await scene.told(made, "consent", given=True)
    assert (told["state"], told["consent"], told["consent_at"]) == ("submitted", "given", "2026-03-02T11:00:00Z")
    assert await scene.level(application) == "referred"
    assert (await event_types(scene.client, "referral."))[-3:] == [
        "referral.consent.recorded",
        "referral.submitted",
        "referral.credit.changed",
    ]


async def test_the_candidates_no_declines_it(scene: Scene) -> None:
    application = await scene.apply()
    told = await scene.told(await scene.refer(), "consent", given=False)
    assert (told["state"], told["consent"], told["allowed_transitions"]) == ("declined", "refused", [])
    assert await scene.level(application) == "none"


async def test_a_yes_where_nobody_had_asked_is_recorded_and_moves_nothing(scene: Scene) -> None:
    told = await scene.told(await scene.refer(), "consent", given=True)
    assert (told["state"], told["consent"]) == ("submitted", "given")


async def test_a_no_after_a_no_changes_nothing(scene: Scene) -> None:
    first = await scene.told(await scene.refer(), "decline", reason="Not now.")
    assert await scene.told(first, "consent", given=False) == first


async def test_a_yes_after_a_no_is_refused(scene: Scene) -> None:
    declined = await scene.told(await scene.refer(), "decline")
    response = await scene.tell(declined, "consent", given=True)
    assert (response.status_code, response.json()["code"]) == (409, "invalid_state_transition")
    assert (response.json()["current_state"], response.json()["allowed_transitions"]) == ("declined", ["link"])


@pytest.mark.parametrize(
    ("verb", "body", "state"),
    [
        ("acknowledge", {}, "acknowledged"),
        ("decline", {"reason": "Not now."}, "declined"),
        ("withdraw", {}, "withdrawn"),
        ("mark_ineligible", {"reason": "Known already."}, "ineligible"),
    ],
)
async def test_a_verb_leads_to_its_state_once(scene: Scene, verb: str, body: dict[str, str], state: str) -> None:
    told = await scene.told(await scene.refer(), verb, **body)
    assert told["state"] == state
    assert (await event_types(scene.client, "referral."))[-1] == f"referral.{state}"
    said = await event_types(scene.client, "referral.")
    assert await scene.told(told, verb, **body) == told
    assert await event_types(scene.client, "referral.") == said


async def test_verbs_need_no_body_where_nothing_must_be_said(scene: Scene) -> None:
    made = await scene.refer()
    response = await scene.client.post(f"/v1/referrals/{made['id']}/acknowledge")
    assert (response.status_code, response.json()["state"]) == (200, "acknowledged")


@pytest.mark.parametrize("verb", ["acknowledge", "mark_ineligible"])
async def test_what_waits_for_consent_is_neither_acknowledged_nor_ineligible(scene: Scene, verb: str) -> None:
    body = {"reason": "Known already."} if verb == "mark_ineligible" else {}
    response = await scene.tell(await scene.refer(consent="pending"), verb, **body)
    assert (response.status_code, response.json()["current_state"]) == (409, "consent_pending")
    assert response.json()["allowed_transitions"] == ["consent", "decline", "link", "withdraw"]


async def test_an_ineligible_referral_gives_neither_level_nor_credit(scene: Scene) -> None:
    application = await scene.apply()
    told = await scene.told(await scene.refer(), "mark_ineligible", reason="Known already.")
    assert told["credit"]["position"] is None
    assert await scene.level(application) == "none"


async def test_nothing_moves_a_duplicate(scene: Scene) -> None:
    await scene.refer()
    response = await scene.tell(await scene.refer(), "acknowledge")
    assert (response.status_code, response.json()["current_state"]) == (409, "duplicate")


async def test_credit_moves_up_when_the_first_is_withdrawn(scene: Scene, clock: SetClock) -> None:
    await scene.apply()
    first = await scene.refer()
    clock.advance(minutes=1)
    other = (await sent(scene.client, "/v1/referrers", {"person": {"name": "Bo Lind"}}))["id"]
    second = await scene.refer(referrer_id=other)
    assert second["credit"]["position"] == 2
    await scene.told(first, "withdraw")
    assert (await scene.again(second))["credit"]["is_primary"] is True


async def test_a_word_is_judged_by_the_state_of_its_moment(scene: Scene, clock: SetClock) -> None:
    made = await scene.refer(consent="pending")
    clock.advance(days=31)
    assert (await scene.tell(made, "withdraw")).status_code == 409
    told = await scene.told(made, "withdraw", occurred_at="2026-03-10T09:00:00Z")
    assert told["state"] == "withdrawn"


async def test_a_word_cannot_lie_before_the_referral_nor_in_the_future(scene: Scene) -> None:
    made = await scene.refer()
    early = await scene.tell(made, "acknowledge", occurred_at="2026-03-01T09:00:00Z")
    late = await scene.tell(made, "acknowledge", occurred_at="2026-03-03T09:00:00Z")
    assert (early.status_code, late.status_code, late.json()["code"]) == (422, 422, "in_the_future")


async def test_who_told_us_must_be_known(scene: Scene) -> None:
    made = await scene.refer()
    unknown = await scene.tell(made, "acknowledge", recorded_by="person_0192f3a4b5c67d8e9f00112233445566")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")
    assert (await scene.tell(made, "acknowledge", recorded_by=await make_person(scene.client))).status_code == 200


async def test_if_match_refuses_a_change_of_what_the_caller_has_not_seen(scene: Scene) -> None:
    made = await scene.refer()
    path = f"/v1/referrals/{made['id']}/acknowledge"
    assert (await scene.client.post(path, headers={"If-Match": '"9"'})).status_code == 412
    answer = await scene.client.post(path, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')


async def test_it_closes_and_reopens_with_its_application(scene: Scene, clock: SetClock) -> None:
    application = await scene.apply()
    made = await scene.told(await scene.refer(), "acknowledge")
    clock.advance(days=1)
    await sent(scene.client, f"/v1/applications/{application['id']}/close", {"outcome": "rejected"})
    closed = await scene.again(made)
    assert (closed["state"], closed["credit"]["position"], closed["allowed_transitions"]) == ("closed", 1, [])
    assert (await scene.tell(made, "withdraw")).json()["current_state"] == "closed"
    clock.advance(days=1)
    await sent(scene.client, f"/v1/applications/{application['id']}/reopen")
    assert (await scene.again(made))["state"] == "acknowledged"
    assert (await event_types(scene.client, "referral."))[-2:] == ["referral.closed", "referral.reopened"]


async def test_the_answer_to_a_verb_is_the_referral(scene: Scene) -> None:
    told = await scene.told(await scene.refer(), "acknowledge")
    assert told == await read(scene.client, f"/v1/referrals/{told['id']}")
