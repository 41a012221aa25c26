import httpx

from tests.api.applications.scene import events, make_application
from tests.api.reasons.scene import EVIDENCE, make_reason


async def test_it_changes_the_evidence_part_by_part(client: httpx.AsyncClient) -> None:
    made = await make_reason(client, await make_application(client), evidence=EVIDENCE)
    response = await client.patch(f"/v1/reasons/{made['id']}", json={"evidence": {"result": "None.", "link": None}})
    changed = response.json()
    assert changed["evidence"] == {**EVIDENCE, "result": "None.", "link": None}
    assert (changed["version"], changed["warnings"]) == (2, ["link_missing"])
    (event,) = await events(client, "reason.updated")
    assert event["previous"] == {"result": EVIDENCE["result"], "link": EVIDENCE["link"]}


async def test_it_clears_the_evidence(client: httpx.AsyncClient) -> None:
    made = await make_reason(client, await make_application(client), evidence=EVIDENCE)
    changed = (await client.patch(f"/v1/reasons/{made['id']}", json={"evidence": None})).json()
    assert changed["evidence"] is None


async def test_it_writes_nothing_where_nothing_differs(client: httpx.AsyncClient) -> None:
    made = await make_reason(client, await make_application(client), evidence=EVIDENCE)
    assert (await client.patch(f"/v1/reasons/{made['id']}", json={"evidence": EVIDENCE})).json() == made
    assert (await client.patch(f"/v1/reasons/{made['id']}", json={})).json() == made


async def test_it_keeps_the_claim(client: httpx.AsyncClient) -> None:
    made = await make_reason(client, await make_application(client))
    assert (await client.patch(f"/v1/reasons/{made['id']}", json={"claim": "Else."})).status_code == 422


async def test_it_refuses_a_stale_version(client: httpx.AsyncClient) -> None:
    made = await make_reason(client, await make_application(client))
    response = await client.patch(f"/v1/reasons/{made['id']}", json={}, headers={"If-Match": '"9"'})
    assert response.status_code == 412
