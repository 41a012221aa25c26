import asyncio
from typing import Any

import httpx
from httpx import AsyncClient

from tests.api.problem import places, problem
from tests.api.upserts.conftest import Unchanged
from tests.cast import Company
from tests.conftest import ClientFor, SetClock

Body = dict[str, Any]


async def put(client: AsyncClient, body: Any, external_id: str = "a1", **headers: str) -> httpx.Response:
    return await client.put(f"/v1/applications/by_ref/ats/{external_id}", json=body, headers=headers)


async def made(client: AsyncClient, body: Any, external_id: str = "a1") -> Body:
    answer = await put(client, body, external_id)
    assert answer.is_success, answer.text
    found: Body = answer.json()
    return found


async def events(client: AsyncClient, after: int = 0) -> list[str]:
    page = (await client.get("/v1/events", params={"after": after, "limit": 100})).json()
    return [event["type"] for event in page["data"]]


async def refs(client: AsyncClient, resource_id: str) -> set[str]:
    answer = await client.get("/v1/external_refs", params={"resource_id": resource_id})
    return {each["external_id"] for each in answer.json()["data"]}


async def referrals(client: AsyncClient) -> list[Body]:
    found: list[Body] = (await client.get("/v1/referrals", params={"order_by": "created_at"})).json()["data"]
    return found


async def test_it_makes_everything_in_one_call(client: AsyncClient, whole: Body):
    answer = await put(client, whole)
    assert answer.status_code == 201
    application = answer.json()
    assert answer.headers["location"] == f"/v1/applications/{application['id']}"
    assert (application["candidate"]["name"], application["job"]["title"]) == ("Sam Reyes", "Data engineer")
    assert (application["stage"], application["stage_label"], application["origin"]) == (
        "screening",
        "Phone screen",
        "referred",
    )
    assert application["stage_entered_at"] == "2026-02-02T09:00:00Z"
    assert (application["next_step_at"], application["metadata"]) == ("2026-03-09T09:00:00Z", {"rank": "1"})
    assert application["support"]["level"] == "referred_with_context"


async def test_each_id_inside_is_one_of_the_same_system(client: AsyncClient, whole: Body):
    application = await made(client, whole)
    assert await refs(client, application["id"]) == {"a1"}
    assert await refs(client, application["candidate"]["id"]) == {"c1"}
    assert await refs(client, application["job"]["id"]) == {"j1"}
    people = await client.get("/v1/external_refs", params={"external_id": "u3", "kind": "person", "system": "ats"})
    assert len(people.json()["data"]) == 1


async def test_sent_again_it_writes_nothing(client: AsyncClient, clock: SetClock, whole: Body, unchanged: Unchanged):
    first = await put(client, whole)
    clock.advance(hours=2)
    async with unchanged():
        again = await put(client, whole)
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), first.headers["etag"])


async def test_it_makes_no_advocacy(client: AsyncClient, whole: Body):
    await made(client, whole)
    assert (await client.get("/v1/advocacies")).json()["data"] == []
    assert (await client.get("/v1/advocates")).json()["data"] == []


async def test_a_new_stage_changes_exactly_that(client: AsyncClient, whole: Body, unchanged: Unchanged):
    first = await made(client, whole)
    before = len(await events(client))
    moved = {**whole, "stage": "interviewing", "stage_label": "On-site", "occurred_at": "2026-02-20T09:00:00Z"}
    changed = await made(client, moved)
    told = await events(client, before)
    assert [each for each in told if not each.startswith("follow_up.")] == ["application.moved"]
    assert {name for name in changed if changed[name] != first[name]} == {
        "stage",
        "stage_label",
        "stage_entered_at",
        "version",
    }
    async with unchanged():
        await put(client, moved)


async def test_what_is_older_moves_nothing_back(client: AsyncClient, whole: Body, unchanged: Unchanged):
    await made(client, whole)
    later = {"stage": "offer", "stage_label": "Offer", "occurred_at": "2026-02-20T09:00:00Z", "next_step_at": None}
    await made(client, later)
    async with unchanged():
        assert (await made(client, whole))["stage"] == "offer"


async def test_what_came_before_it_was_known_here_counts_as_of_its_beginning(client: AsyncClient, whole: Body):
    await made(client, {**whole, "stage": "applied"})
    changed = await made(client, {"stage": "screening", "occurred_at": "2026-01-15T09:00:00Z"})
    assert (changed["stage"], changed["stage_entered_at"]) == ("screening", "2026-02-02T09:00:00Z")


async def test_a_hold_is_ended_by_another_stage_only(client: AsyncClient, whole: Body, unchanged: Unchanged):
    application = await made(client, whole)
    await client.post(f"/v1/applications/{application['id']}/hold", json={})
    now = {name: value for name, value in whole.items() if name != "occurred_at"}
    async with unchanged():
        assert (await made(client, now))["state"] == "on_hold"
    assert (await made(client, {"stage": "offer"}))["state"] == "open"


async def test_an_outcome_closes_it_and_null_reopens_it(client: AsyncClient, whole: Body, unchanged: Unchanged):
    await made(client, whole)
    ended = {"stage": "offer", "outcome": "offer_declined"}
    closed = await made(client, ended)
    assert (closed["state"], closed["stage"], closed["outcome"]) == ("closed", "offer", "offer_declined")
    async with unchanged():
        await made(client, ended)
    assert (await made(client, {"outcome": "withdrawn"}))["outcome"] == "withdrawn"
    reopened = await made(client, {"outcome": None, "stage": "interviewing"})
    assert (reopened["state"], reopened["stage"], reopened["outcome"]) == ("open", "interviewing", None)
    async with unchanged():
        await made(client, {"outcome": None, "stage": "interviewing"})


async def test_it_can_be_closed_from_its_beginning(client: AsyncClient, whole: Body, unchanged: Unchanged):
    closed = await made(client, {**whole, "outcome": "hired"})
    assert (closed["state"], closed["outcome"], closed["outcome_at"]) == ("closed", "hired", "2026-02-02T09:00:00Z")
    async with unchanged():
        await made(client, {**whole, "outcome": "hired"})


async def test_ended_in_another_stage_it_was_open_in_between(client: AsyncClient, whole: Body, unchanged: Unchanged):
    await made(client, {**whole, "outcome": "rejected"})
    told = {"stage": "offer", "outcome": "hired"}
    changed = await made(client, told)
    assert (changed["state"], changed["stage"], changed["outcome"]) == ("closed", "offer", "hired")
    async with unchanged():
        await made(client, told)


async def test_another_stage_of_a_closed_one_needs_its_outcome(client: AsyncClient, whole: Body, unchanged: Unchanged):
    await made(client, {**whole, "outcome": "rejected"})
    async with unchanged():
        refusal = problem(await put(client, {"stage": "offer"}), 409, "invalid_state_transition")
    assert "reopen" in refusal["allowed_transitions"]
    assert 'Send "outcome": null with the stage' in refusal["detail"]
    assert (await made(client, {"stage": "offer", "outcome": None}))["state"] == "open"


async def test_labels_of_all_kinds_change_alone(client: AsyncClient, whole: Body):
    application = await made(client, whole)
    changed = await made(client, {"stage_label": "Call", "metadata": {"rank": None}, "seen_by_hiring_manager": "yes"})
    assert (changed["stage_label"], changed["metadata"], changed["seen_by_hiring_manager"]) == ("Call", {}, "yes")
    assert changed["next_step_at"] == application["next_step_at"]


async def test_a_new_name_of_the_candidate_shows_in_the_application(client: AsyncClient, whole: Body):
    await made(client, whole)
    changed = await made(client, {"candidate": {"external_id": "c1", "name": "Samuel Reyes"}})
    assert changed["candidate"]["name"] == "Samuel Reyes"


async def test_a_second_id_for_both_names_the_same_application(client: AsyncClient, whole: Body):
    first = await made(client, whole)
    answer = await put(client, {"candidate": {"external_id": "c1"}, "job": {"id": first["job"]["id"]}}, "a2")
    assert (answer.status_code, answer.json()["id"]) == (200, first["id"])
    assert await refs(client, first["id"]) == {"a1", "a2"}


async def test_it_finds_an_application_that_was_made_by_hand(client: AsyncClient, whole: Body):
    person = {"name": "Sam", "email": "sam@example.com"}
    candidate = (await client.post("/v1/candidates", json={"person": person})).json()["id"]
    job = (await client.post("/v1/jobs", json={"title": "Data engineer"})).json()["id"]
    by_hand = await client.post("/v1/applications", json={"candidate_id": candidate, "job_id": job})
    answer = await put(client, {**whole, "job": {"id": job, "external_id": "j1"}})
    assert (answer.status_code, answer.json()["id"]) == (200, by_hand.json()["id"])
    assert (answer.json()["stage"], await refs(client, job)) == ("screening", {"j1"})


async def test_it_refuses_another_candidate_or_job_for_the_id(client: AsyncClient, whole: Body, unchanged: Unchanged):
    first = await made(client, whole)
    async with unchanged():
        for other in (
            {"candidate": {"name": "Kim", "external_id": "c2"}},
            {"job": {"title": "Analyst", "external_id": "j2"}},
        ):
            refusal = problem(await put(client, other), 409, "other_application")
            assert refusal["existing_id"] == first["id"]


async def test_it_refuses_two_ids_that_name_different_jobs(client: AsyncClient, whole: Body, unchanged: Unchanged):
    first = await made(client, whole)
    other = (await client.post("/v1/jobs", json={"title": "Analyst"})).json()["id"]
    async with unchanged():
        refusal = problem(
            await put(client, {**whole, "job": {"id": other, "external_id": "j1"}}), 409, "external_ref_taken"
        )
    assert refusal["existing_id"] == first["job"]["id"]


async def test_it_needs_a_candidate_and_a_job_to_begin_with(client: AsyncClient, whole: Body, unchanged: Unchanged):
    async with unchanged():
        for missing in ("candidate", "job"):
            body = {name: value for name, value in whole.items() if name != missing}
            assert places(problem(await put(client, body), 422, "invalid_request")) == [f"#/{missing}"]
        answer = await put(client, {**whole, "job": {"title": "Analyst"}})
        assert places(problem(answer, 422, "invalid_request")) == ["#/job"]


async def test_a_fault_anywhere_leaves_nothing_behind(client: AsyncClient, whole: Body, unchanged: Unchanged):
    async with unchanged():
        problem(await put(client, {**whole, "occurred_at": "2027-01-01T00:00:00Z"}), 422, "in_the_future")
        late = {**whole, "referral": {**whole["referral"], "submitted_at": "2027-01-01T00:00:00Z"}}
        assert places(problem(await put(client, late), 422, "in_the_future")) == ["#/referral/submitted_at"]
        own = {**whole, "referral": {"referrer": {"email": "sam@example.com"}}}
        assert places(problem(await put(client, own), 422, "self_referral")) == ["#/referral/referrer"]


async def test_the_referral_is_recorded_once(client: AsyncClient, whole: Body):
    application = await made(client, whole)
    (referral,) = await referrals(client)
    assert (referral["application_id"], referral["state"]) == (application["id"], "submitted")
    await made(client, {**whole, "referral": {**whole["referral"], "submitted_at": "2026-02-15T09:00:00Z"}})
    assert len(await referrals(client)) == 1


async def test_a_referral_that_ended_is_not_made_again_by_repetition(
    client: AsyncClient, whole: Body, unchanged: Unchanged
):
    await made(client, whole)
    (referral,) = await referrals(client)
    await client.post(f"/v1/referrals/{referral['id']}/withdraw", json={})
    async with unchanged():
        await made(client, whole)
    await made(client, {**whole, "referral": {**whole["referral"], "submitted_at": "2026-02-15T09:00:00Z"}})
    assert [each["state"] for each in await referrals(client)] == ["withdrawn", "submitted"]


async def test_an_outcome_does_not_make_the_referral_again(client: AsyncClient, whole: Body, unchanged: Unchanged):
    await made(client, whole)
    await made(client, {**whole, "outcome": "hired", "occurred_at": "2026-02-20T09:00:00Z"})
    async with unchanged():
        await made(client, {**whole, "outcome": "hired", "occurred_at": "2026-02-20T09:00:00Z"})


async def test_the_candidates_yes_comes_later(client: AsyncClient, whole: Body, unchanged: Unchanged):
    waiting = {**whole, "referral": {**whole["referral"], "consent": "pending"}}
    await made(client, waiting)
    assert [each["state"] for each in await referrals(client)] == ["consent_pending"]
    await made(client, whole)
    assert [each["state"] for each in await referrals(client)] == ["submitted"]
    async with unchanged():
        await made(client, whole)
        await made(client, waiting)


async def test_the_ids_of_another_workspace_are_new_ones_here(
    client: AsyncClient, client_for: ClientFor, globex: Company, whole: Body
):
    theirs, ours = await put(client_for(globex), whole), await put(client, whole)
    assert (theirs.status_code, ours.status_code) == (201, 201)
    assert theirs.json()["id"] != ours.json()["id"]


async def test_it_follows_merged_candidates(client: AsyncClient, whole: Body, unchanged: Unchanged):
    first = await made(client, whole)
    other = {"candidate": {"name": "S. Reyes", "email": "sam@new.example", "external_id": "c2"}, "job": whole["job"]}
    winner = await made(client, other, "a2")
    loser = first["candidate"]["id"]
    merged = await client.post(f"/v1/candidates/{loser}/merge", json={"into": winner["candidate"]["id"]})
    assert merged.status_code == 200, merged.text
    for external_id in ("a1", "a2"):
        body = {"candidate": {"external_id": "c1", "email": "sam@example.com"}, "job": {"external_id": "j1"}}
        found = await made(client, body, external_id)
        assert (found["id"], found["candidate"]["id"]) == (winner["id"], winner["candidate"]["id"])


async def test_a_merged_candidate_is_not_renamed_from_inside_an_application(client: AsyncClient, whole: Body):
    first = await made(client, whole)
    other = {"candidate": {"name": "S. Reyes", "email": "sam@new.example", "external_id": "c2"}, "job": whole["job"]}
    into = (await made(client, other, "a2"))["candidate"]["id"]
    await client.post(f"/v1/candidates/{first['candidate']['id']}/merge", json={"into": into})
    before = (await client.get(f"/v1/candidates/{into}")).json()
    for external_id, told in (("a1", whole["candidate"]), ("a2", other["candidate"])):
        sent = {name: told[name] for name in ("name", "email", "external_id")}
        found = await made(client, {"candidate": sent}, external_id)
        assert found["candidate"] == {"id": into, "name": "S. Reyes"}
    assert (await client.get(f"/v1/candidates/{into}")).json() == before


async def test_it_heeds_the_version_that_is_named(client: AsyncClient, whole: Body):
    problem(await put(client, whole, **{"If-Match": '"1"'}), 412, "precondition_failed")
    version = (await made(client, whole))["version"]
    change = {"stage": "offer", "job": {"external_id": "j1", "members": [{"external_id": "u2", "power": "decides"}]}}
    problem(await put(client, change, **{"If-Match": f'"{version + 1}"'}), 412, "precondition_failed")
    assert (await put(client, change, **{"If-Match": f'"{version}"'})).status_code == 200


async def test_of_many_at_once_one_makes_everything(client_for: ClientFor, acme: Company, whole: Body):
    clients = [client_for(acme), client_for(acme)]
    answers = await asyncio.gather(*(put(clients[number % 2], whole) for number in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await referrals(clients[0])) == 1
    for path in ("people", "candidates", "jobs", "applications"):
        found = (await clients[0].get(f"/v1/{path}")).json()["data"]
        assert len(found) == {"people": 4}.get(path, 1), path


async def test_different_ids_at_once_meet_in_one_application(client_for: ClientFor, acme: Company, whole: Body):
    clients = [client_for(acme), client_for(acme)]
    bodies = []
    for number in range(4):
        members = list(reversed(whole["job"]["members"])) if number % 2 else whole["job"]["members"]
        candidate = {**whole["candidate"], "external_id": f"c{number}"}
        bodies.append({**whole, "candidate": candidate, "job": {**whole["job"], "members": members}})
    calls = [put(clients[number % 2], body, f"a{number}") for number, body in enumerate(bodies)]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    (application,) = {answer.json()["id"] for answer in answers}
    assert await refs(clients[0], application) == {"a0", "a1", "a2", "a3"}
