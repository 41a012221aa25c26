import asyncio
from collections.abc import Callable

import httpx

from api.platform.db import Databases
from tests.api.applications.scene import (
    events,
    make_application,
    make_candidate,
    make_job,
    make_person,
    round_trips,
    sent,
    stage_changes,
)
from tests.api.applications.support_scene import REASON, make_referral
from tests.cast import Company


async def test_it_considers_a_candidate_for_a_job(client: httpx.AsyncClient) -> None:
    candidate_id, job_id = await make_candidate(client, "Sam Reyes"), await make_job(client, "Data engineer")
    response = await client.post("/v1/applications", json={"candidate_id": candidate_id, "job_id": job_id})
    made = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/v1/applications/{made['id']}"
    assert response.headers["ETag"] == '"1"'
    assert made["candidate"] == {"id": candidate_id, "name": "Sam Reyes"}
    assert made["job"] == {"id": job_id, "title": "Data engineer"}
    assert (made["state"], made["stage"], made["origin"]) == ("open", "identified", "cold")
    assert (made["support"]["level"], made["support"]["championing"]) == ("none", "none")
    assert made["allowed_transitions"] == ["close", "hold", "move"]
    assert made["version"] == 1


async def test_it_keeps_what_is_sent(client: httpx.AsyncClient) -> None:
    sent = {
        "origin": "referred",
        "stage": "screening",
        "stage_label": "Phone screen",
        "next_step_at": "2026-03-05T09:00:00Z",
        "next_step_kind": "interview",
        "seen_by_hiring_manager": "yes",
        "metadata": {"ats_id": "42"},
    }
    made = await make_application(client, **sent)
    assert {name: made[name] for name in sent} == sent


async def test_it_records_the_first_fact(client: httpx.AsyncClient) -> None:
    teller = await make_person(client)
    made = await make_application(
        client, stage="applied", occurred_at="2026-02-20T08:00:00Z", recorded_by=teller, source="greenhouse"
    )
    (fact,) = await stage_changes(client, made)
    assert (fact["verb"], fact["stage"], fact["recorded_by"]) == ("create", "applied", teller)
    assert (fact["occurred_at"], fact["recorded_at"]) == ("2026-02-20T08:00:00Z", "2026-03-02T11:00:00Z")
    assert fact["source"] == "greenhouse"
    assert made["stage_entered_at"] == made["support"]["since"] == "2026-02-20T08:00:00Z"


async def test_it_says_so_without_names(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    (event,) = await events(client, "application.")
    assert (event["type"], event["subject"]["id"], event["subject_version"]) == ("application.created", made["id"], 1)
    assert event["data"]["candidate_id"] == made["candidate"]["id"]
    assert "Sam Reyes" not in str(event)


async def test_it_refuses_a_second_one_for_the_same_job(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    again = {"candidate_id": made["candidate"]["id"], "job_id": made["job"]["id"]}
    response = await client.post("/v1/applications", json=again)
    assert response.status_code == 409
    assert (response.json()["code"], response.json()["existing_id"]) == ("application_exists", made["id"])


async def test_it_hints_at_reopening_a_closed_one(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    await client.post(f"/v1/applications/{made['id']}/close", json={"outcome": "rejected"})
    again = {"candidate_id": made["candidate"]["id"], "job_id": made["job"]["id"]}
    response = await client.post("/v1/applications", json=again)
    assert response.status_code == 409
    assert "reopen" in response.json()["detail"]


async def test_it_makes_one_when_two_ask_at_once(client: httpx.AsyncClient) -> None:
    body = {"candidate_id": await make_candidate(client), "job_id": await make_job(client)}
    both = await asyncio.gather(*(client.post("/v1/applications", json=body) for _ in range(2)))
    assert sorted(response.status_code for response in both) == [201, 409]


async def test_it_is_replayed_by_its_idempotency_key(client: httpx.AsyncClient) -> None:
    body = {"candidate_id": await make_candidate(client), "job_id": await make_job(client)}
    first, again = [
        await client.post("/v1/applications", json=body, headers={"Idempotency-Key": "one"}) for _ in range(2)
    ]
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(await events(client, "application.created")) == 1


async def test_it_refuses_the_future(client: httpx.AsyncClient) -> None:
    body = {"candidate_id": await make_candidate(client), "job_id": await make_job(client)}
    response = await client.post("/v1/applications", json={**body, "occurred_at": "2026-03-02T11:00:01Z"})
    assert (response.status_code, response.json()["code"]) == (422, "in_the_future")


async def test_it_refuses_ids_of_another_workspace(
    client: httpx.AsyncClient, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    theirs = await make_candidate(client_for(globex))
    response = await client.post("/v1/applications", json={"candidate_id": theirs, "job_id": await make_job(client)})
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")
    assert response.json()["errors"][0]["pointer"] == "#/candidate_id"


async def test_it_refuses_an_id_of_another_kind(client: httpx.AsyncClient) -> None:
    job_id = await make_job(client)
    response = await client.post("/v1/applications", json={"candidate_id": job_id, "job_id": job_id})
    assert (response.status_code, response.json()["code"]) == (422, "wrong_id_kind")


async def test_it_links_the_referrals_that_wait_for_it(client: httpx.AsyncClient) -> None:
    candidate_id, job_id = await make_candidate(client), await make_job(client)
    referral = await make_referral(client, candidate_id, job_id)
    made = await make_application(client, candidate_id=candidate_id, job_id=job_id, origin="referred")
    linked = (await client.get(f"/v1/referrals/{referral['id']}")).json()
    assert linked["application_id"] == made["id"]
    assert made["support"]["level"] == "referred_with_context"
    reasons = (await client.get(f"/v1/applications/{made['id']}/reasons")).json()["data"]
    assert [reason["claim"] for reason in reasons] == [REASON["claim"]]
    assert [event["type"] for event in await events(client, "application.")] == [
        "application.created",
        "application.support.changed",
        "application.follow_up_state.changed",
    ]


async def test_it_leaves_withdrawn_referrals_and_those_for_other_jobs(client: httpx.AsyncClient) -> None:
    candidate_id, job_id = await make_candidate(client), await make_job(client)
    withdrawn = await make_referral(client, candidate_id, job_id)
    await sent(client, f"/v1/referrals/{withdrawn['id']}/withdraw")
    await make_referral(client, candidate_id, await make_job(client))
    made = await make_application(client, candidate_id=candidate_id, job_id=job_id)
    assert (made["support"]["level"], made["version"]) == ("none", 1)


async def test_it_takes_few_round_trips(client: httpx.AsyncClient, databases: Databases) -> None:
    body = {"candidate_id": await make_candidate(client), "job_id": await make_job(client)}
    with round_trips(databases) as statements:
        await client.post("/v1/applications", json=body, headers={"Idempotency-Key": "one"})
    assert len(statements) <= 20
