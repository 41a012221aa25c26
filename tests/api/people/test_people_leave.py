import asyncio

import pytest
from httpx import AsyncClient


@pytest.fixture
async def bo(client: AsyncClient) -> str:
    return (await client.post("/v1/people", json={"name": "Bo"})).json()["id"]


async def test_it_records_left_and_alumnus_from_the_same_day(client: AsyncClient, bo):
    answer = await client.post(f"/v1/people/{bo}/leave", json={"effective_on": "2026-04-01", "recorded_by": bo})
    assert answer.status_code == 200
    left, alumnus = answer.json()["availability"], answer.json()["affiliation"]
    assert (left["state"], left["effective_on"]) == ("left", "2026-04-01")
    assert (alumnus["affiliation"], alumnus["effective_on"]) == ("alumnus", "2026-04-01")
    planned = (await client.get(f"/v1/people/{bo}")).json()
    assert planned["availability"]["planned"][0]["state"] == "left"
    assert planned["affiliation"]["planned"][0]["affiliation"] == "alumnus"


async def test_it_lets_a_person_leave_today_without_a_body(client: AsyncClient, bo):
    await client.post(f"/v1/people/{bo}/leave")
    person = (await client.get(f"/v1/people/{bo}")).json()
    assert (person["availability"]["state"], person["affiliation"]["affiliation"]) == ("left", "alumnus")


async def test_it_lets_a_person_leave_once(client: AsyncClient, bo, clock):
    first = (await client.post(f"/v1/people/{bo}/leave")).json()
    clock.advance(days=2)
    assert (await client.post(f"/v1/people/{bo}/leave")).json() == first
    assert (await client.get(f"/v1/people/{bo}")).json()["version"] == 2


async def test_it_lets_a_person_leave_once_however_many_say_so_at_once(client: AsyncClient, bo):
    answers = await asyncio.gather(*(client.post(f"/v1/people/{bo}/leave") for _ in range(4)))
    assert len({answer.text for answer in answers}) == 1
    assert (await client.get(f"/v1/people/{bo}")).json()["version"] == 2


async def test_it_lets_nobody_leave_who_is_outside_the_company(client: AsyncClient, bo):
    await client.post(f"/v1/people/{bo}/affiliations", json={"affiliation": "agency"})
    answer = await client.post(f"/v1/people/{bo}/leave")
    assert (answer.status_code, answer.json()["code"]) == (409, "leaving_not_possible")


async def test_it_lists_what_a_leave_does(client: AsyncClient, scene):
    answer = (await client.post(f"/v1/people/{scene.ada}/leave")).json()["consequences"]
    assert answer["affected_count"] == 1
    moved = answer["applications"][0]
    assert (moved["application_id"], moved["job_id"]) == (scene.application, scene.job)
    assert (moved["level_before"], moved["level_after"]) == ("championed", "recommended")
    assert (moved["championing_before"], moved["championing_after"]) == ("on_track", "lost")
    assert (moved["becomes_exposed"], moved["changes_at"]) == (True, "2026-03-03T11:00:00Z")


async def test_it_judges_a_planned_leave_by_its_day(client: AsyncClient, scene):
    body = {"effective_on": "2026-03-05"}
    answer = (await client.post(f"/v1/people/{scene.ada}/leave", json=body)).json()["consequences"]
    moved = answer["applications"][0]
    assert (moved["level_after"], moved["changes_at"]) == ("recommended", "2026-03-04T23:00:00Z")


async def test_it_is_announced_by_the_worker_on_its_day(client: AsyncClient, scene, application, work, clock):
    await client.post(f"/v1/people/{scene.ada}/leave", json={"effective_on": "2026-03-05"})
    await work()
    planned = await application()
    assert planned["support"]["level"] == "championed"
    clock.advance(days=2)
    await work()
    assert (await application())["support"]["level"] == "recommended"


async def test_it_says_that_an_absence_leaves_the_level_alone(client: AsyncClient, scene):
    body = {"state": "away", "until": "2026-03-06"}
    answer = (await client.post(f"/v1/people/{scene.ada}/availability", json=body)).json()
    assert answer["consequences"] == {"applications": [], "affected_count": 0}


async def test_it_says_that_an_absence_without_an_end_exposes(client: AsyncClient, scene):
    answer = (await client.post(f"/v1/people/{scene.ada}/availability", json={"state": "away"})).json()
    (moved,) = answer["consequences"]["applications"]
    assert (moved["level_before"], moved["level_after"], moved["becomes_exposed"]) == ("championed", "championed", True)


async def test_it_shows_a_new_name_where_it_was_copied(client: AsyncClient, scene, application, work):
    await client.patch(f"/v1/people/{scene.cara}", json={"name": "Cara Lind"})
    await client.patch(f"/v1/people/{scene.ada}", json={"name": "Ada Okafor"})
    await client.patch(f"/v1/jobs/{scene.job}", json={"title": "Data lead"})
    await work()
    shown = await application()
    assert (shown["candidate"]["name"], shown["job"]["title"]) == ("Cara Lind", "Data lead")
    assert shown["support"]["advocate"]["name"] == "Ada Okafor"


async def test_it_counts_the_open_applications_that_a_job_state_concerns(client: AsyncClient, scene):
    answer = await client.post(f"/v1/jobs/{scene.job}/set_state", json={"state": "filled"})
    assert answer.json()["proposed_outcomes"] == [{"outcome": "filled_by_other", "application_count": 1}]


async def test_it_judges_again_when_a_member_changes(client: AsyncClient, scene, application, work):
    eli = (await client.post("/v1/people", json={"name": "Eli"})).json()["id"]
    members = f"/v1/jobs/{scene.job}/members"
    (dana,) = (await client.get(members)).json()["data"]
    assert (await application())["heard_by_current_decider"] is True
    await client.post(members, json={"person_id": eli, "power": "decides"})
    await client.post(f"{members}/{dana['person']['id']}/end")
    await work()
    assert (await application())["heard_by_current_decider"] is False


# What will be owed


async def test_it_says_what_a_planned_leave_makes_owed(client: AsyncClient, scene):
    body = {"effective_on": "2026-03-12"}
    answer = (await client.post(f"/v1/people/{scene.ada}/leave", json=body)).json()["consequences"]
    (moved,) = answer["applications"]
    assert [(each["type"], each["due_on"]) for each in moved["follow_ups"]] == [
        ("widen_coverage", "2026-03-05"),
        ("hand_over", "2026-03-06"),
    ]


async def test_what_it_says_will_be_owed_is_owed_then(client: AsyncClient, scene, recruiter, work):
    answer = await client.post(f"/v1/people/{scene.ada}/leave", json={"effective_on": "2026-03-12"})
    (moved,) = answer.json()["consequences"]["applications"]
    await work()
    owed = (await client.get("/v1/follow_ups", params={"application": scene.application})).json()["data"]
    said = {(each["type"], each["owner_id"], each["due_on"]) for each in moved["follow_ups"]}
    assert said <= {(each["type"], each["owner"]["id"], each["due_on"]) for each in owed}
    assert {owner for _, owner, _ in said} == {recruiter}


async def test_it_says_what_will_be_owed_only_when_the_person_is_gone(client: AsyncClient, scene):
    body = {"state": "unreachable", "effective_on": "2026-03-05"}
    answer = (await client.post(f"/v1/people/{scene.ada}/availability", json=body)).json()
    (moved,) = answer["consequences"]["applications"]
    assert [(each["type"], each["due_on"]) for each in moved["follow_ups"]] == [("widen_coverage", "2026-03-09")]


async def test_it_says_that_a_long_absence_is_to_be_handed_over(client: AsyncClient, scene, clock):
    body = {"state": "away", "effective_on": "2026-03-16", "until": "2026-04-06"}
    answer = (await client.post(f"/v1/people/{scene.ada}/availability", json=body)).json()
    (moved,) = answer["consequences"]["applications"]
    assert {each["type"] for each in moved["follow_ups"]} == {"hand_over", "widen_coverage"}
    assert (moved["level_before"], moved["championing_after"]) == (moved["level_after"], "on_track")


async def test_what_is_owed_anyway_does_not_arise_again(client: AsyncClient, scene, work):
    await client.post(f"/v1/people/{scene.ada}/availability", json={"state": "away"})
    await work()
    answer = (await client.post(f"/v1/people/{scene.ada}/leave", json={"effective_on": "2026-03-12"})).json()
    (moved,) = answer["consequences"]["applications"]
    assert [each["type"] for each in moved["follow_ups"]] == ["hand_over"]
