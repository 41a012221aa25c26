"""Anonymising a person through the API."""

import httpx
import pytest

from api.domain.erasure import REMOVED
from tests.api.applications.scene import make_application
from tests.api.problem import problem
from tests.api.referrals.scene import Answer, read, sent
from tests.cast import Company
from tests.conftest import ClientFor, SetClock, Work


@pytest.fixture
async def person(client: httpx.AsyncClient) -> Answer:
    """Zoe, with an address and labels."""
    return await sent(client, "/v1/people", {"name": "Zoe Vell", "email": "zoe@example.com", "metadata": {"a": "b"}})


async def test_it_leaves_ids_and_dates_alone(client: httpx.AsyncClient, person: Answer, clock: SetClock) -> None:
    clock.advance(days=1)
    answer = await sent(client, f"/v1/people/{person['id']}/anonymize")
    erasure = answer.pop("erasure")
    assert erasure["state"] == "running"
    assert answer == await read(client, f"/v1/people/{person['id']}")
    assert (answer["name"], answer["email"], answer["metadata"]) == (REMOVED, None, {})
    assert (answer["id"], answer["created_at"], answer["version"]) == (person["id"], person["created_at"], 2)
    assert answer["anonymized_at"] == "2026-03-03T11:00:00Z"


async def test_it_is_told_without_a_name(client: httpx.AsyncClient, person: Answer) -> None:
    await sent(client, f"/v1/people/{person['id']}/anonymize")
    (event,) = [each for each in (await read(client, "/v1/events"))["data"] if each["type"] == "person.anonymized"]
    assert event["data"].keys() == {"id", "object", "anonymized_at"}
    assert (event["subject"]["id"], event["subject_version"]) == (person["id"], 2)


async def test_again_it_writes_nothing_and_shows_how_far_it_is(
    client: httpx.AsyncClient, person: Answer, clock: SetClock, work: Work
) -> None:
    first = await sent(client, f"/v1/people/{person['id']}/anonymize")
    clock.advance(minutes=1)
    await work()
    again = await sent(client, f"/v1/people/{person['id']}/anonymize", {"reason": "Twice."})
    assert (again["version"], again["erasure"]["id"]) == (first["version"], first["erasure"]["id"])
    assert (again["erasure"]["state"], again["erasure"]["completed_at"]) == ("completed", "2026-03-02T11:01:00Z")
    assert again["erasure"]["redacted"] >= 1, "the event that made them known"
    assert len((await read(client, f"/v1/privacy_records?person={person['id']}"))["data"]) == 1


async def test_the_name_never_comes_back(client: httpx.AsyncClient, person: Answer) -> None:
    await sent(client, f"/v1/people/{person['id']}/anonymize")
    answer = await client.patch(f"/v1/people/{person['id']}", json={"name": "Zoe Vell"})
    assert problem(answer, 409, "person_anonymized")
    anew = await sent(client, "/v1/people", {"name": "Zoe Vell", "email": "zoe@example.com"})
    assert anew["id"] != person["id"], "the address is free again"


async def test_lists_of_applications_follow_at_once(client: httpx.AsyncClient) -> None:
    application = await make_application(client)
    candidate = await read(client, f"/v1/candidates/{application['candidate']['id']}")
    await sent(client, f"/v1/people/{candidate['person']['id']}/anonymize")
    (row,) = (await read(client, "/v1/applications"))["data"]
    assert (row["candidate"]["name"], row["version"]) == (REMOVED, application["version"] + 1)
    again = await read(client, f"/v1/candidates/{candidate['id']}")
    assert (again["person"]["name"], again["metadata"], again["version"]) == (REMOVED, {}, candidate["version"] + 1)


async def test_two_reasons_of_one_requirement_stay_two(client: httpx.AsyncClient) -> None:
    application = await make_application(client)
    path = f"/v1/applications/{application['id']}/reasons"
    for claim in ("Kept billing up.", "Led the reviews."):
        await sent(client, path, {"requirement": "Runs systems", "claim": claim, "evidence": {"result": "Well."}})
    candidate = await read(client, f"/v1/candidates/{application['candidate']['id']}")
    await sent(client, f"/v1/people/{candidate['person']['id']}/anonymize")
    reasons = (await read(client, path))["data"]
    assert [(each["claim"], each["evidence"], each["version"]) for each in reasons] == [("removed", None, 2)] * 2


async def test_who_was_merged_into_them_goes_too(client: httpx.AsyncClient, person: Answer, work: Work) -> None:
    twin = await sent(client, "/v1/people", {"name": "Z. Vellinghausen", "email": "zv@example.com"})
    await sent(client, f"/v1/people/{twin['id']}/merge", {"into": person["id"]})
    by_twin = await sent(client, f"/v1/people/{twin['id']}/anonymize")
    by_person = await sent(client, f"/v1/people/{person['id']}/anonymize")
    assert (by_twin["name"], by_person["name"]) == (REMOVED, REMOVED)
    assert by_twin["erasure"]["id"] == by_person["erasure"]["id"]
    assert by_twin["merged_into"] == person["id"]


async def test_it_wants_the_version_that_was_read(client: httpx.AsyncClient, person: Answer) -> None:
    path = f"/v1/people/{person['id']}/anonymize"
    assert (await client.post(path, headers={"If-Match": '"7"'})).status_code == 412
    assert (await client.post(path, headers={"If-Match": '"1"'})).status_code == 200


async def test_it_is_for_administrators(client_for: ClientFor, acme: Company, person: Answer) -> None:
    answer = await client_for(acme, "write").post(f"/v1/people/{person['id']}/anonymize")
    assert problem(answer, 403, "forbidden")


async def test_the_audit_says_who_and_why_without_the_name(client: httpx.AsyncClient, person: Answer) -> None:
    rita = await sent(client, "/v1/people", {"name": "Rita Sands"})
    said = {"recorded_by": rita["id"], "reason": "zoe vell (zoe@example.com) asked for it"}
    await sent(client, f"/v1/people/{person['id']}/anonymize", said)
    (record,) = (await read(client, f"/v1/privacy_records?person={person['id']}"))["data"]
    assert (record["action"], record["recorded_by"], record["actor"]["type"]) == ("anonymized", rita["id"], "api_key")
    assert record["reason"] == f"{REMOVED} ({REMOVED}) asked for it"


async def test_whoever_completes_a_waiting_capture_makes_nobody_known_again(
    client: httpx.AsyncClient, person: Answer
) -> None:
    waiting = await sent(
        client, "/v1/captures", {"advocate": "Zoe Vell <zoe@example.com>", "text": "So Zoe Vell said."}
    )
    await sent(client, f"/v1/people/{person['id']}/anonymize")
    capture = await sent(client, f"/v1/captures/{waiting['id']}/complete", {"to": "hiring_manager"})
    assert "zoe" not in str(capture["given"]).lower()
    assert (await read(client, "/v1/people", email="zoe@example.com"))["data"] == []
