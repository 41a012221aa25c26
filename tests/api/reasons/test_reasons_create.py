import asyncio

import httpx

from tests.api.applications.scene import events, make_application, make_candidate
from tests.api.reasons.scene import CLAIM, EVIDENCE, make_reason


async def test_it_records_a_reason(client: httpx.AsyncClient) -> None:
    application = await make_application(client)
    response = await client.post(f"/v1/applications/{application['id']}/reasons", json={**CLAIM, "evidence": EVIDENCE})
    made = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/v1/reasons/{made['id']}"
    assert (made["application_id"], made["requirement"]["text"]) == (application["id"], CLAIM["requirement"])
    assert (made["claim"], made["evidence"], made["warnings"]) == (CLAIM["claim"], EVIDENCE, [])
    assert (await client.get(f"/v1/reasons/{made['id']}")).json() == made
    (event,) = await events(client, "reason.created")
    assert event["data"]["id"] == made["id"]


async def test_it_names_the_requirement_once_per_job(client: httpx.AsyncClient) -> None:
    first = await make_application(client)
    second = await make_application(client, candidate_id=await make_candidate(client), job_id=first["job"]["id"])
    one = await make_reason(client, first)
    other = await make_reason(client, second, requirement="  runs SYSTEMS\u00a0in production ")
    by_id = {"requirement": None, "requirement_id": one["requirement"]["id"], "claim": "Something else."}
    assert other["requirement"] == one["requirement"]
    assert (await make_reason(client, first, **by_id))["requirement"] == one["requirement"]


async def test_it_refuses_the_same_reason_again(client: httpx.AsyncClient) -> None:
    application = await make_application(client)
    made = await make_reason(client, application)
    again = {"requirement": "RUNS systems in production", "claim": CLAIM["claim"].upper()}
    response = await client.post(f"/v1/applications/{application['id']}/reasons", json=again)
    assert (response.status_code, response.json()["code"]) == (409, "reason_exists")
    assert response.json()["existing_id"] == made["id"]


async def test_it_refuses_a_requirement_of_another_job(client: httpx.AsyncClient) -> None:
    elsewhere = await make_reason(client, await make_application(client))
    application = await make_application(client)
    body = {"requirement_id": elsewhere["requirement"]["id"], "claim": "Something."}
    response = await client.post(f"/v1/applications/{application['id']}/reasons", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "unknown_reference")
    assert response.json()["errors"][0]["pointer"] == "#/requirement_id"


async def test_it_needs_exactly_one_requirement(client: httpx.AsyncClient) -> None:
    application = await make_application(client)
    for body in ({"claim": "Something."}, {**CLAIM, "requirement_id": f"requirement_{'0' * 32}"}):
        response = await client.post(f"/v1/applications/{application['id']}/reasons", json=body)
        assert response.status_code == 422


async def test_it_bounds_what_grows_when_normalised(client: httpx.AsyncClient) -> None:
    application = await make_application(client)
    body = {**CLAIM, "requirement": "\ufdfa" * 200}
    response = await client.post(f"/v1/applications/{application['id']}/reasons", json=body)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "requirement_too_long")


async def test_it_warns_of_missing_parts_and_of_we(client: httpx.AsyncClient) -> None:
    application = await make_application(client)
    made = await make_reason(client, application, evidence={"action": "We rebuilt the pipeline."})
    missing = ["challenge_missing", "result_missing", "link_missing"]
    assert made["warnings"] == [*missing, "action_says_only_we"]
    named = await make_reason(client, application, claim="Other.", evidence={"action": "We were stuck; Sam fixed it."})
    assert named["warnings"] == missing
    assert (await make_reason(client, application, claim="Third."))["warnings"] == []


async def test_it_warns_of_a_claim_copied_over_many_jobs(client: httpx.AsyncClient) -> None:
    candidate_id = await make_candidate(client)
    warnings = []
    for _ in range(4):
        application = await make_application(client, candidate_id=candidate_id)
        warnings.append((await make_reason(client, application))["warnings"])
    assert warnings == [[], [], [], ["reason_copied"]]


async def test_two_at_once_name_the_same_requirement(client: httpx.AsyncClient) -> None:
    first = await make_application(client)
    second = await make_application(client, job_id=first["job"]["id"])
    one, other = await asyncio.gather(make_reason(client, first), make_reason(client, second))
    assert one["requirement"] == other["requirement"]
