from collections.abc import Callable

import httpx
import pytest

from tests.api.referrals.scene import REASON, Scene, event_types, make_person, make_referrer, read, sent
from tests.cast import Company
from tests.conftest import SetClock


async def test_it_records_who_attached_their_name(scene: Scene) -> None:
    made = await scene.refer(
        relationship="same_team", worked_from="2020-01-01", source="Form", metadata={"ats_id": "7"}
    )
    assert (made["object"], made["state"], made["consent"]) == ("referral", "submitted", "unknown")
    assert made["candidate"] == {"id": scene.candidate, "name": "Cleo Marsh"}
    assert made["referrer"] == {"id": scene.referrer, "name": "Ravi Menon"}
    assert made["credit"] == {"position": None, "is_primary": False, "after_application": False, "job_member": False}
    assert made["allowed_transitions"] == ["acknowledge", "consent", "decline", "link", "mark_ineligible", "withdraw"]
    assert (made.pop("warnings"), made.pop("duplicate_of")) == ([], None)
    assert made == await scene.again(made)


async def test_it_answers_with_location_and_etag(scene: Scene) -> None:
    response = await scene.client.post("/v1/referrals", json=scene.body())
    assert response.headers["Location"] == f"/v1/referrals/{response.json()['id']}"
    assert response.headers["ETag"].startswith('"1')


@pytest.mark.parametrize(
    ("consent", "state"),
    [("given", "submitted"), ("pending", "consent_pending"), ("unknown", "submitted"), ("refused", "declined")],
)
async def test_its_state_follows_from_consent(scene: Scene, consent: str, state: str) -> None:
    assert (await scene.refer(consent=consent))["state"] == state


async def test_unknown_consent_waits_where_consent_is_required(scene: Scene, clock: SetClock) -> None:
    await scene.client.patch("/v1/policy", json={"referral_consent_required": True})
    clock.advance(hours=1)
    assert (await scene.refer())["state"] == "consent_pending"


async def test_row_35_a_referral_from_a_form_gives_the_level_referred_documented(scene: Scene) -> None:
    application = await scene.apply(stage="applied")
    made = await scene.refer(from_form=True)
    assert (made["application_id"], made["is_documented"]) == (application["id"], True)
    support = (await read(scene.client, f"/v1/applications/{application['id']}"))["support"]
    assert (support["level"], support["confidence"]) == ("referred", "documented")


async def test_row_35_a_relationship_and_a_specific_reason_give_context(scene: Scene) -> None:
    application = await scene.apply()
    made = await scene.refer(relationship="same_team", reasons=[REASON])
    assert await scene.level(application) == "referred_with_context"
    (reason,) = made["reasons"]
    listed = await read(scene.client, f"/v1/applications/{application['id']}/reasons")
    assert [each["id"] for each in listed["data"]] == [reason["reason_id"]]


@pytest.mark.parametrize("consent", ["pending", "refused"])
async def test_row_35_without_consent_there_is_no_level(scene: Scene, consent: str) -> None:
    application = await scene.apply()
    await scene.refer(consent=consent, relationship="same_team", reasons=[REASON])
    assert await scene.level(application) == "none"


async def test_without_an_application_it_is_linked_to_nothing_and_keeps_its_reasons(scene: Scene) -> None:
    made = await scene.refer(reasons=[REASON])
    assert made["application_id"] is None
    assert made["reasons"] == [{"reason_id": None, "before_process": False, **REASON}]


async def test_an_unlinked_referral_gives_no_level_and_linking_later_does(scene: Scene) -> None:
    made = await scene.refer(relationship="same_team", reasons=[REASON])
    other = (await sent(scene.client, "/v1/jobs", {"title": "Other"}))["id"]
    assert (await scene.apply(job_id=other))["support"]["level"] == "none"
    application = await scene.apply()
    assert application["support"]["level"] == "referred_with_context"
    linked = await scene.again(made)
    assert linked["application_id"] == application["id"]
    assert linked["reasons"][0]["reason_id"] is not None


async def test_it_never_creates_an_advocacy(scene: Scene) -> None:
    await scene.apply()
    await scene.refer(reasons=[REASON], relationship="managed")
    assert (await read(scene.client, "/v1/advocates"))["data"] == []
    assert await event_types(scene.client, "advoca") == []


async def test_it_says_what_happened(scene: Scene) -> None:
    await scene.apply()
    await scene.refer()
    assert await event_types(scene.client, "referral.", "application.support") == [
        "referral.created",
        "referral.linked",
        "application.support.changed",
        "referral.credit.changed",
    ]


async def test_events_carry_no_names(scene: Scene) -> None:
    await scene.refer(reasons=[REASON], source="Form")
    events = (await read(scene.client, "/v1/events", limit=100))["data"]
    (created,) = [event for event in events if event["type"] == "referral.created"]
    assert "Cleo" not in str(created)
    assert "incident" not in str(created)
    assert created["data"]["candidate_id"] == scene.candidate


async def test_the_same_referrer_again_makes_a_duplicate(scene: Scene) -> None:
    application = await scene.apply()
    first, second = await scene.refer(), await scene.refer()
    assert (second["state"], second["is_duplicate"], second["credit"]["position"]) == ("duplicate", True, None)
    assert (second["warnings"], second["duplicate_of"]) == (["duplicate_referral"], first["id"])
    assert (await scene.again(first))["credit"]["position"] == 1
    assert second["application_id"] == application["id"]


async def test_a_duplicate_needs_the_same_job(scene: Scene) -> None:
    await scene.refer()
    other = (await sent(scene.client, "/v1/jobs", {"title": "Other"}))["id"]
    assert not (await scene.refer(job_id=other))["is_duplicate"]
    assert not (await scene.refer(job_id=None))["is_duplicate"]


async def test_after_a_withdrawal_the_same_referrer_may_refer_again(scene: Scene) -> None:
    await scene.told(await scene.refer(), "withdraw")
    assert (await scene.refer())["state"] == "submitted"


async def test_after_expiry_the_same_referrer_may_refer_again(scene: Scene, clock: SetClock) -> None:
    first = await scene.refer()
    clock.advance(days=181)
    second = await scene.refer()
    assert (second["state"], second["is_duplicate"]) == ("submitted", False)
    assert (await scene.again(first))["state"] == "expired"


async def test_a_referral_of_long_ago_has_expired(scene: Scene) -> None:
    made = await scene.refer(submitted_at="2025-01-15T09:00:00Z")
    assert (made["state"], made["submitted_at"]) == ("expired", "2025-01-15T09:00:00Z")


async def test_it_refuses_a_moment_of_another_age(scene: Scene) -> None:
    response = await scene.client.post("/v1/referrals", json=scene.body(submitted_at="2005-01-15T09:00:00Z"))
    assert (response.status_code, response.json()["code"]) == (422, "too_long_ago")


async def test_nobody_refers_themself(scene: Scene) -> None:
    candidate = await read(scene.client, f"/v1/candidates/{scene.candidate}")
    own = (await sent(scene.client, "/v1/referrers", {"person_id": candidate["person"]["id"]}))["id"]
    response = await scene.client.post("/v1/referrals", json=scene.body(referrer_id=own))
    assert (response.status_code, response.json()["code"]) == (422, "self_referral")


async def test_the_application_must_be_of_the_candidate(scene: Scene) -> None:
    other = (await sent(scene.client, "/v1/candidates", {"person": {"name": "Bo Lind"}}))["id"]
    application = await scene.apply(candidate_id=other)
    body = scene.body(job_id=None, application_id=application["id"])
    response = await scene.client.post("/v1/referrals", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "application_mismatch")


async def test_an_application_given_says_the_job(scene: Scene) -> None:
    application = await scene.apply()
    made = await scene.refer(job_id=None, application_id=application["id"])
    assert (made["job_id"], made["application_id"]) == (scene.job, application["id"])


@pytest.mark.parametrize("member", ["candidate_id", "referrer_id", "job_id", "application_id", "recorded_by"])
async def test_what_is_named_must_exist(scene: Scene, member: str) -> None:
    kind = "person" if member == "recorded_by" else member.removesuffix("_id")
    body = scene.body(**{member: f"{kind}_0192f3a4b5c67d8e9f00112233445566"})
    response = await scene.client.post("/v1/referrals", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")
    assert response.json()["errors"][0]["pointer"] == f"#/{member}"


async def test_a_foreign_candidate_is_as_good_as_unknown(
    scene: Scene, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    response = await client_for(globex).post("/v1/referrals", json=scene.body())
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")


@pytest.mark.parametrize("member", ["submitted_at", "consent_at"])
async def test_nothing_lies_in_the_future(scene: Scene, member: str) -> None:
    body = scene.body(consent="given") | {member: "2026-04-01T00:00:00Z"}
    response = await scene.client.post("/v1/referrals", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "in_the_future")


async def test_it_is_self_reported_when_the_referrer_recorded_it(scene: Scene) -> None:
    application = await scene.apply()
    referrer = await read(scene.client, f"/v1/referrers/{scene.referrer}")
    await scene.refer(recorded_by=referrer["person"]["id"])
    support = (await read(scene.client, f"/v1/applications/{application['id']}"))["support"]
    assert support["confidence"] == "self_reported"


async def test_credit_goes_by_submission_and_ties_to_the_lower_id(scene: Scene) -> None:
    await scene.apply()
    at = "2026-03-01T09:00:00Z"
    bo, cy = await make_referrer(scene.client, "Bo Lind"), await make_referrer(scene.client, "Cy Oduya")
    later = await scene.refer(submitted_at="2026-03-01T10:00:00Z")
    first = await scene.refer(referrer_id=bo, submitted_at=at)
    tied = await scene.refer(referrer_id=cy, submitted_at=at)
    places = [(await scene.again(each))["credit"] for each in (first, tied, later)]
    assert [each["position"] for each in places] == [1, 2, 3]
    assert [each["is_primary"] for each in places] == [True, False, False]


async def test_a_referral_after_applying_is_not_valid_for_credit(scene: Scene, clock: SetClock) -> None:
    application = await scene.apply(stage="applied")
    clock.advance(hours=1)
    made = await scene.refer()
    assert (made["credit"]["after_application"], made["credit"]["position"]) == (True, None)
    assert await scene.level(application) == "referred"


async def test_a_member_of_the_job_gets_no_credit(scene: Scene) -> None:
    await scene.apply()
    member = await make_person(scene.client, "Hanna Berg")
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", {"person_id": member, "power": "decides"})
    referrer = (await sent(scene.client, "/v1/referrers", {"person_id": member}))["id"]
    made = await scene.refer(referrer_id=referrer)
    assert (made["credit"]["job_member"], made["credit"]["position"]) == (True, None)


async def test_sent_twice_with_one_key_it_is_recorded_once(scene: Scene) -> None:
    headers = {"Idempotency-Key": "referral-1"}
    first = await scene.client.post("/v1/referrals", json=scene.body(), headers=headers)
    second = await scene.client.post("/v1/referrals", json=scene.body(), headers=headers)
    assert first.json() == second.json()
    assert len((await read(scene.client, "/v1/referrals"))["data"]) == 1


async def test_while_an_outcome_stands_a_referral_moves_nothing_and_is_closed(scene: Scene, clock: SetClock) -> None:
    application = await scene.apply()
    clock.advance(hours=1)
    await sent(scene.client, f"/v1/applications/{application['id']}/close", {"outcome": "rejected"})
    clock.advance(hours=1)
    made = await scene.refer()
    assert (made["state"], made["application_id"]) == ("closed", application["id"])
    assert await scene.level(application) == "none"
    await sent(scene.client, f"/v1/applications/{application['id']}/reopen")
    assert ((await scene.again(made))["state"], await scene.level(application)) == ("submitted", "referred")
