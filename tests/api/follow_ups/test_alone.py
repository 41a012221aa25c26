"""What is owed about a referral or a capture that is linked to no application, and goes over to one with it."""

import pytest

from tests.api.advocacies.scene import Answer, got, make_person, sent
from tests.api.follow_ups.office import Office, make_office
from tests.conftest import ClientFor, Company, SetClock, Work


@pytest.fixture
async def office(client_for: ClientFor, acme: Company) -> Office:
    return await make_office(client_for(acme))


async def about(office: Office, **filters: str) -> list[Answer]:
    """The follow-ups about a referral or a capture."""
    response = await office.client.get("/v1/follow_ups", params=filters)
    assert response.status_code == 200, response.text
    found: list[Answer] = response.json()["data"]
    return found


async def test_a_referral_alone_is_owed_an_acknowledgement_by_nobody(office: Office) -> None:
    referral = await office.refer(job_id=None)
    (owed,) = await about(office, referral=referral["id"])
    assert (owed["type"], owed["owner"], owed["application_id"]) == ("acknowledge_referral", None, None)
    assert (owed["person"]["id"], owed["due_on"]) == (referral["person"], "2026-03-04")
    await sent(office.client, f"/v1/referrals/{referral['id']}/acknowledge")
    (done,) = await about(office, referral=referral["id"])
    assert (done["id"], done["state"], done["closed_by"]["id"]) == (owed["id"], "completed", referral["id"])


async def test_a_referral_for_a_job_is_owed_by_its_recruiter(office: Office, clock: SetClock, work: Work) -> None:
    members = [{"person_id": office.rita, "power": "administers"}]
    job = await sent(office.client, "/v1/jobs", {"title": "Analyst", "members": members})
    referral = await office.refer(job_id=job["id"])
    (owed,) = await about(office, referral=referral["id"])
    assert (owed["owner"]["id"], owed["application_id"]) == (office.rita, None)
    olga = await make_person(office.client, "Olga Brandt")
    await sent(office.client, f"/v1/jobs/{job['id']}/members", {"person_id": olga, "power": "administers"})
    clock.advance(minutes=1)
    await sent(office.client, f"/v1/jobs/{job['id']}/members/{office.rita}/end", {})
    await work()
    (passed_on,) = await about(office, referral=referral["id"])
    assert (passed_on["id"], passed_on["owner"]["id"]) == (owed["id"], olga)


async def test_time_moves_it_each_crossing_once_at_its_moment(office: Office, clock: SetClock, work: Work) -> None:
    referral = await office.refer(job_id=None)
    before = len(await office.told("follow_up."))
    clock.advance(days=4)
    await work()
    await work()
    assert (await office.told("follow_up."))[before:] != []
    told = [each for each in await office.told("follow_up.") if each[1] > "2026-03-03"]
    assert told == [("follow_up.due", "2026-03-04T08:00:00Z"), ("follow_up.overdue", "2026-03-04T16:00:00Z")]
    (owed,) = await about(office, referral=referral["id"])
    assert owed["standing"] == "overdue"


async def test_a_write_tells_first_what_time_did(office: Office, clock: SetClock) -> None:
    referral = await office.refer(job_id=None)
    clock.advance(days=4)
    await sent(office.client, f"/v1/referrals/{referral['id']}/acknowledge")
    told = [each[0] for each in await office.told("follow_up.") if each[1] > "2026-03-03"]
    assert told == ["follow_up.due", "follow_up.overdue", "follow_up.completed"]


async def test_a_link_takes_it_to_the_application(office: Office, clock: SetClock) -> None:
    referral = await office.refer(job_id=None)
    (alone,) = await about(office, referral=referral["id"])
    clock.advance(days=4)
    await sent(office.client, f"/v1/referrals/{referral['id']}/link", {"application_id": office.application})
    (linked,) = await about(office, referral=referral["id"])
    assert (linked["id"], linked["application_id"]) == (alone["id"], office.application)
    assert (linked["owner"]["id"], linked["standing"]) == (office.rita, "overdue")
    told = [each[0] for each in await office.told("follow_up.") if each[1] > "2026-03-03"]
    assert told == ["follow_up.due", "follow_up.overdue", "follow_up.reassigned"]


async def test_whoever_may_not_be_contacted_is_owed_nothing(office: Office, clock: SetClock, work: Work) -> None:
    referral = await office.refer(job_id=None)
    clock.advance(minutes=1)
    await sent(office.client, f"/v1/people/{referral['person']}/availability", {"state": "do_not_contact"})
    await work()
    assert [each["state"] for each in await about(office, referral=referral["id"])] == ["cancelled"]


async def test_a_capture_of_no_known_application_is_owed_by_nobody(office: Office, clock: SetClock, work: Work) -> None:
    capture = await sent(office.client, "/v1/captures", {"advocate": office.ada, "recorded_by": office.rita}, 202)
    (owed,) = await about(office, capture=capture["id"])
    assert (owed["type"], owed["owner"], owed["due_on"]) == ("complete_capture", None, "2026-03-03")
    clock.advance(days=2)
    await work()
    told = [each for each in await office.told("follow_up.") if each[1] > "2026-03-03"]
    assert told == [("follow_up.due", "2026-03-03T08:00:00Z"), ("follow_up.overdue", "2026-03-03T16:00:00Z")]
    await sent(office.client, f"/v1/captures/{capture['id']}/discard")
    assert [each["state"] for each in await about(office, capture=capture["id"])] == ["completed"]


async def test_a_capture_takes_it_along_from_application_to_application(office: Office, clock: SetClock) -> None:
    capture = await sent(office.client, "/v1/captures", {"advocate": office.ada, "recorded_by": office.rita}, 202)
    (owed,) = await about(office, capture=capture["id"])
    clock.advance(days=2)
    path = f"/v1/captures/{capture['id']}/complete"
    await sent(office.client, path, {"application": office.application}, 202)
    (there,) = await about(office, capture=capture["id"])
    assert (there["id"], there["application_id"]) == (owed["id"], office.application)
    other = await make_office(office.client)
    await sent(office.client, path, {"application": other.application}, 202)
    (elsewhere,) = await about(office, capture=capture["id"])
    assert (elsewhere["id"], elsewhere["owner"]["id"]) == (owed["id"], other.rita)
    listed = {each["type"] for each in await office.listed()}
    assert "complete_capture" not in listed


async def test_a_capture_that_becomes_an_act_owes_nothing_more(office: Office, clock: SetClock) -> None:
    capture = await sent(office.client, "/v1/captures", {"advocate": office.ada, "recorded_by": office.rita}, 202)
    clock.advance(minutes=1)
    body = {"application": office.application, "to": office.hana, "reasons": "Runs: Did.", "basis": "heard_from"}
    await sent(office.client, f"/v1/captures/{capture['id']}/complete", body)
    (done,) = await about(office, capture=capture["id"])
    assert (done["state"], done["closed_by"]) == ("completed", {"type": "capture", "id": capture["id"]})
    assert done["application_id"] == office.application


async def test_a_capture_that_lacks_nothing_owes_nothing(office: Office) -> None:
    body = {"advocate": office.ada, "recorded_by": office.rita, "application": office.application, "to": office.hana}
    made = await sent(office.client, "/v1/captures", {**body, "reasons": "Runs: Did.", "basis": "heard_from"}, 201)
    assert await about(office, capture=made["id"]) == []


async def test_an_application_that_is_made_later_finds_it(office: Office) -> None:
    cy = await make_person(office.client, "Cy")
    candidate = (await sent(office.client, "/v1/candidates", {"person_id": cy}))["id"]
    referral = await office.refer(candidate_id=candidate)
    (alone,) = await about(office, referral=referral["id"])
    made = await sent(office.client, "/v1/applications", {"candidate_id": candidate, "job_id": office.job})
    (linked,) = await about(office, referral=referral["id"])
    assert (linked["id"], linked["application_id"], linked["owner"]["id"]) == (alone["id"], made["id"], office.rita)
    assert (await got(office.client, f"/v1/applications/{made['id']}"))["next_follow_up"]["id"] == alone["id"]
