import httpx
import pytest

from tests.api.advocacies.scene import Answer, Scene, got, make_person, make_scene, sent
from tests.api.merging.scene import advocate, champion, events, make_candidate, merged
from tests.conftest import SetClock


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """Sam applied; Ada could speak up to Hana."""
    return await make_scene(client)


@pytest.fixture
async def job(scene: Scene) -> str:
    """Team B's job."""
    return str((await sent(scene.client, "/v1/jobs", {"title": "Platform engineer"}))["id"])


async def _transferred(scene: Scene, job: str, **rest: str) -> Answer:
    return await sent(scene.client, f"/v1/applications/{scene.application}/transfer", {"job_id": job, **rest}, 201)


async def _advocacies(scene: Scene, application: Answer) -> list[tuple[str, str]]:
    listed = await got(scene.client, f"/v1/advocacies?application={application['id']}")
    return [(each["advocate"]["id"], each["state"]) for each in listed["data"]]


async def test_it_makes_an_application_for_the_other_job(scene: Scene, job: str) -> None:
    before = await got(scene.client, f"/v1/applications/{scene.application}")
    made = await _transferred(scene, job)
    assert (made["stage"], made["state"], made["origin"]) == ("identified", "open", before["origin"])
    assert (made["job"]["id"], made["candidate"]) == (job, before["candidate"])
    assert made["transferred_from"] == scene.application
    assert await got(scene.client, f"/v1/applications/{scene.application}") == before


async def test_advocacies_go_over_as_agreed_and_acts_do_not(scene: Scene, job: str) -> None:
    await champion(scene)
    made = await _transferred(scene, job)
    assert await _advocacies(scene, made) == [(scene.advocate, "agreed")]
    listed = (await got(scene.client, f"/v1/advocacies?application={made['id']}"))["data"][0]
    assert (await got(scene.client, f"/v1/advocacies/{listed['id']}/acts"))["data"] == []
    assert listed["origin"] == {"kind": "transfer", "id": scene.advocacy}
    assert made["support"]["level"] == "none"
    assert (await got(scene.client, f"/v1/applications/{made['id']}/reasons"))["data"] == []


async def test_relationship_and_basis_go_along(scene: Scene, job: str) -> None:
    known = {"relationship": "same_team", "basis": "observed_directly", "worked_from": "2020-01-01"}
    await scene.begin("agreed", **known)
    made = await _transferred(scene, job)
    carried = (await got(scene.client, f"/v1/advocacies?application={made['id']}"))["data"][0]
    assert {name: carried[name] for name in known} == known


@pytest.mark.parametrize("word", ["proposed", "asked", "declined"])
async def test_who_did_not_agree_does_not_go_over(scene: Scene, job: str, word: str) -> None:
    await scene.begin(word)
    assert await _advocacies(scene, await _transferred(scene, job)) == []


async def test_after_an_outcome_those_go_over_who_took_part_before_it(scene: Scene, job: str, clock: SetClock) -> None:
    await champion(scene)
    for word, name in (("agreed", "Bo"), ("asked", "Cy")):
        await advocate(scene.client, scene.application, await make_person(scene.client, name), word)
    clock.advance(days=2)
    closed = await scene.tell("close", outcome="rejected")
    clock.advance(days=2)
    made = await _transferred(scene, job)
    assert [state for _, state in await _advocacies(scene, made)] == ["agreed", "agreed"]
    shown = await got(scene.client, f"/v1/applications/{scene.application}")
    same = ("stage", "state", "outcome", "outcome_at", "transferred_from")
    assert {name: shown[name] for name in same} == {name: closed[name] for name in same}
    assert shown["support"]["level"] == closed["support"]["level"]


async def test_a_corrected_outcome_changes_nothing_of_that(scene: Scene, job: str, clock: SetClock) -> None:
    await champion(scene)
    for outcome in ("rejected", "withdrawn"):
        clock.advance(days=2)
        await scene.tell("close", outcome=outcome)
    assert await _advocacies(scene, await _transferred(scene, job)) == [(scene.advocate, "agreed")]


async def test_referrals_stay_where_they_are(scene: Scene, job: str) -> None:
    candidate = (await got(scene.client, f"/v1/applications/{scene.application}"))["candidate"]["id"]
    referrer = (await sent(scene.client, "/v1/referrers", {"person_id": scene.rita}))["id"]
    body = {"candidate_id": candidate, "referrer_id": referrer, "job_id": scene.job}
    await sent(scene.client, "/v1/referrals", body)
    made = await _transferred(scene, job)
    assert made["support"]["level"] == "none"
    assert (await got(scene.client, f"/v1/referrals?application={made['id']}"))["data"] == []


async def test_one_application_a_candidate_and_job(scene: Scene, job: str) -> None:
    made = await _transferred(scene, job)
    path = f"/v1/applications/{scene.application}/transfer"
    for other, existing in ((job, made["id"]), (scene.job, scene.application)):
        answer = await sent(scene.client, path, {"job_id": other}, 409)
        assert (answer["code"], answer["existing_id"]) == ("application_exists", existing)


async def test_unknown_ids_are_refused(scene: Scene, job: str) -> None:
    path = f"/v1/applications/{scene.application}/transfer"
    answer = await sent(scene.client, path, {"job_id": f"job_{'0' * 32}"}, 422)
    assert (answer["code"], answer["errors"][0]["pointer"] if "errors" in answer else answer["pointer"]) == (
        "unknown_reference",
        "#/job_id",
    )
    await sent(scene.client, f"/v1/applications/application_{'0' * 32}/transfer", {"job_id": job}, 404)


async def test_it_may_be_backdated_but_not_into_the_future(scene: Scene, job: str, clock: SetClock) -> None:
    await scene.begin("agreed")
    path = f"/v1/applications/{scene.application}/transfer"
    late = {"job_id": job, "occurred_at": "2026-03-03T09:00:00Z"}
    assert (await sent(scene.client, path, late, 422))["code"] == "in_the_future"
    clock.advance(days=3)
    made = await _transferred(scene, job, occurred_at="2026-03-03T09:00:00Z", recorded_by=scene.rita, source="ats")
    (change,) = (await got(scene.client, f"/v1/applications/{made['id']}/stage_changes"))["data"]
    assert (change["occurred_at"], change["recorded_by"], change["source"]) == (
        "2026-03-03T09:00:00Z",
        scene.rita,
        "ats",
    )


async def test_it_is_told_by_events(scene: Scene, job: str) -> None:
    await champion(scene)
    last = (await events(scene.client, ""))[-1]["number"]
    made = await _transferred(scene, job)
    told = [event for event in await events(scene.client, "") if event["number"] > last]
    types = [event["type"] for event in told]
    assert types[0] == "application.created"
    assert types[-1] == "application.transferred"
    assert types.count("advocacy.created") == 1
    assert told[-1]["data"]["transferred_to"] == made["id"]
    assert told[-1]["subject"]["id"] == scene.application


async def test_it_is_for_whom_the_candidate_was_merged_into(scene: Scene, job: str) -> None:
    sam = (await got(scene.client, f"/v1/applications/{scene.application}"))["candidate"]["id"]
    into, _ = await make_candidate(scene.client, "Samuel Reyes")
    await sent(scene.client, "/v1/applications", {"candidate_id": into, "job_id": scene.job})
    await merged(scene.client, "candidates", sam, into)
    assert (await _transferred(scene, job))["candidate"]["id"] == into


async def test_it_takes_the_version_that_was_read(scene: Scene, job: str) -> None:
    path = f"/v1/applications/{scene.application}/transfer"
    response = await scene.client.post(path, json={"job_id": job}, headers={"If-Match": '"99"'})
    assert (response.status_code, response.json()["code"]) == (412, "precondition_failed")
