import httpx
import pytest

from tests.api.advocacies.scene import Answer, Scene, got, make_person, sent
from tests.api.merging.scene import advocate, apply, champion, events, make_candidate, merged, refused
from tests.conftest import SetClock, Work


@pytest.fixture
async def sam(scene: Scene) -> str:
    """The candidate whose application the scene is."""
    return str((await got(scene.client, f"/v1/applications/{scene.application}"))["candidate"]["id"])


async def test_it_merges_the_people_behind(client: httpx.AsyncClient) -> None:
    (losing, person), (winning, into) = [await make_candidate(client, name) for name in ("S. Reyes", "Sam Reyes")]
    answer = await merged(client, "candidates", losing, winning)
    assert (answer["id"], answer["merged_into"]) == (losing, winning)
    assert (await got(client, f"/v1/people/{person}"))["merged_into"] == into
    (event,) = await events(client, "candidate.merged")
    assert event["data"] == {"id": losing, "object": "candidate", "merged_into": winning, "recorded_by": None}


async def test_circles_and_second_merges_are_refused(client: httpx.AsyncClient) -> None:
    one, two, three = [(await make_candidate(client, f"Sam {number}"))[0] for number in range(3)]
    await merged(client, "candidates", two, one)
    assert await merged(client, "candidates", two, one)
    assert await refused(client, "candidates", one, two) == (409, "merged_into_itself")
    assert await refused(client, "candidates", two, three) == (409, "merged_already")
    assert (await merged(client, "candidates", three, two))["merged_into"] == one


async def test_applications_go_to_the_one_who_stays(scene: Scene, sam: str) -> None:
    await champion(scene)
    into, _ = await make_candidate(scene.client, "Samuel Reyes")
    await merged(scene.client, "candidates", sam, into)
    shown = await got(scene.client, f"/v1/applications/{scene.application}")
    assert shown["candidate"] == {"id": into, "name": "Samuel Reyes"}
    assert (shown["support"]["level"], shown["merged_into"]) == ("recommended", None)
    (event,) = await events(scene.client, "application.updated")
    assert event["previous"] == {"candidate_id": sam}


async def test_referrals_go_along(scene: Scene, sam: str) -> None:
    referrer = (await sent(scene.client, "/v1/referrers", {"person_id": scene.ada}))["id"]
    body = {"candidate_id": sam, "referrer_id": referrer}
    made = [await sent(scene.client, "/v1/referrals", {**body, **job}) for job in ({}, {"job_id": scene.job})]
    into, _ = await make_candidate(scene.client, "Samuel Reyes")
    await merged(scene.client, "candidates", sam, into)
    shown = [await got(scene.client, f"/v1/referrals/{each['id']}") for each in made]
    assert [each["candidate"]["id"] for each in shown] == [into, into]


async def test_a_referral_that_waited_for_an_application_is_linked(scene: Scene, sam: str) -> None:
    into, _ = await make_candidate(scene.client, "Samuel Reyes")
    referrer = (await sent(scene.client, "/v1/referrers", {"person_id": scene.rita}))["id"]
    body = {"candidate_id": into, "referrer_id": referrer, "job_id": scene.job}
    referral = await sent(scene.client, "/v1/referrals", body)
    assert referral["application_id"] is None
    await merged(scene.client, "candidates", sam, into)
    linked = await got(scene.client, f"/v1/referrals/{referral['id']}")
    assert linked["application_id"] == scene.application
    assert (await got(scene.client, f"/v1/applications/{scene.application}"))["support"]["level"] == "referred"


async def _both_applied(scene: Scene, sam: str, **members: str) -> tuple[str, Answer]:
    """Another candidate with an application for the scene's job, into whom Sam is merged."""
    into, _ = await make_candidate(scene.client, "Samuel Reyes")
    other = await apply(scene.client, into, scene.job, **members)
    await merged(scene.client, "candidates", sam, into)
    return into, await got(scene.client, f"/v1/applications/{other['id']}")


async def test_of_two_applications_for_one_job_one_is_kept_on_hold(scene: Scene, sam: str) -> None:
    act = await champion(scene)
    _, other = await _both_applied(scene, sam)
    kept = await got(scene.client, f"/v1/applications/{scene.application}")
    assert (kept["merged_into"], kept["candidate"]["id"]) == (other["id"], sam)
    assert (kept["state"], kept["on_hold_until"], kept["outcome"]) == ("on_hold", None, None)
    assert kept["support"]["level"] == "recommended"
    assert (await got(scene.client, f"/v1/acts/{act['id']}"))["qualifies"]
    assert other["merged_into"] is None


async def test_its_advocates_go_on_in_the_other(scene: Scene, sam: str) -> None:
    await champion(scene)
    quiet = await make_person(scene.client, "Quiet")
    await advocate(scene.client, scene.application, quiet, "proposed")
    _, other = await _both_applied(scene, sam)
    listed = await got(scene.client, f"/v1/advocacies?application={other['id']}")
    (carried,) = listed["data"]
    assert (carried["state"], carried["advocate"]["id"]) == ("agreed", scene.advocate)
    assert carried["origin"] == {"kind": "transfer", "id": scene.advocacy}
    assert other["support"]["level"] == "none"


async def test_an_advocate_of_both_keeps_what_they_have(scene: Scene, sam: str) -> None:
    await champion(scene)
    into, _ = await make_candidate(scene.client, "Samuel Reyes")
    other = await apply(scene.client, into, scene.job)
    body = {"application_id": other["id"], "advocate_id": scene.advocate, "word": "asked"}
    there = await sent(scene.client, "/v1/advocacies", body)
    await merged(scene.client, "candidates", sam, into)
    listed = await got(scene.client, f"/v1/advocacies?application={other['id']}")
    assert [(each["id"], each["state"]) for each in listed["data"]] == [(there["id"], "asked")]


async def test_a_closed_application_stays_closed(scene: Scene, sam: str, clock: SetClock) -> None:
    await champion(scene)
    clock.advance(days=1)
    await scene.tell("close", outcome="rejected")
    clock.advance(days=1)
    _, other = await _both_applied(scene, sam)
    kept = await got(scene.client, f"/v1/applications/{scene.application}")
    assert (kept["state"], kept["outcome"], kept["merged_into"]) == ("closed", "rejected", other["id"])
    listed = await got(scene.client, f"/v1/advocacies?application={other['id']}")
    assert [each["state"] for each in listed["data"]] == ["agreed"]


async def test_external_ids_lead_to_the_application_that_goes_on(scene: Scene, sam: str) -> None:
    named = [("ats", "7", scene.application), ("ats", "7", sam)]
    for system, external_id, resource in named:
        body = {"system": system, "external_id": external_id, "resource_id": resource}
        await sent(scene.client, "/v1/external_refs", body)
    into, other = await _both_applied(scene, sam)
    found = (await got(scene.client, "/v1/external_refs?system=ats&external_id=7"))["data"]
    assert {each["resource_id"] for each in found} == {other["id"], into}


async def test_a_new_application_of_the_merged_one_is_the_others(scene: Scene, sam: str) -> None:
    into, _ = await make_candidate(scene.client, "Samuel Reyes")
    await merged(scene.client, "candidates", sam, into)
    job = (await sent(scene.client, "/v1/jobs", {"title": "Analyst"}))["id"]
    made = await apply(scene.client, sam, job)
    assert made["candidate"] == {"id": into, "name": "Samuel Reyes"}
    again = await scene.client.post("/v1/applications", json={"candidate_id": sam, "job_id": scene.job})
    assert (again.status_code, again.json()["existing_id"]) == (409, scene.application)


async def test_a_new_referral_of_the_merged_one_is_the_others(scene: Scene, sam: str) -> None:
    into, _ = await make_candidate(scene.client, "Samuel Reyes")
    await merged(scene.client, "candidates", sam, into)
    referrer = (await sent(scene.client, "/v1/referrers", {"person_id": scene.rita}))["id"]
    body = {"candidate_id": sam, "referrer_id": referrer, "job_id": scene.job}
    made = await sent(scene.client, "/v1/referrals", body)
    assert (made["candidate"]["id"], made["application_id"]) == (into, scene.application)


async def test_nobody_becomes_their_own_advocate(scene: Scene, sam: str) -> None:
    await scene.begin()
    ada = (await sent(scene.client, "/v1/candidates", {"person_id": scene.ada}))["id"]
    for loser, into in ((sam, ada), (ada, sam)):
        assert await refused(scene.client, "candidates", loser, into) == (409, "own_supporter")
    assert (await got(scene.client, f"/v1/candidates/{sam}"))["merged_into"] is None


async def test_all_is_announced_as_it_is_derived(scene: Scene, sam: str, work: Work, clock: SetClock) -> None:
    await champion(scene)
    clock.advance(days=40)
    _, other = await _both_applied(scene, sam)
    await work()
    for application in (scene.application, other["id"]):
        shown = (await got(scene.client, f"/v1/applications/{application}"))["support"]
        derived = await got(scene.client, f"/v1/applications/{application}/support")
        assert {name: derived[name] for name in shown if name != "derived_at"} == {
            name: value for name, value in shown.items() if name != "derived_at"
        }
