"""`kill -9` of the service while time makes much fall due at once: each crossing is announced, and once."""

import asyncio
import re
from collections import Counter
from typing import Any

import httpx

from tests.concurrency.servers import Server, run
from tests.crashes.load import as_owner, everything, feed, let_leases_run_out

APPLICATIONS = 24
LIVES = 6

Answer = dict[str, Any]


def _sandbox(service: Server) -> httpx.AsyncClient:
    """A client of a workspace whose clock can be moved."""
    made = run(service.settings, service.folder, "workspace", "create", "Later", "--sandbox")
    key = re.search(r"championed_\S+", made.stdout)
    assert key, made.stdout + made.stderr
    return httpx.AsyncClient(base_url=service.url, headers={"Authorization": f"Bearer {key[0]}"}, timeout=30)


async def _post(client: httpx.AsyncClient, path: str, **body: Any) -> str:
    answer = await client.post(f"/v1/{path}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _furnish(client: httpx.AsyncClient) -> None:
    """Applications with a referral each, which a recruiter is to acknowledge."""
    rita = await _post(client, "people", name="Rita")
    bo = await _post(client, "referrers", person_id=await _post(client, "people", name="Bo"))
    job = await _post(
        client, "jobs", title="Engineer", members=[{"person_id": rita, "power": "administers"}], recorded_by=rita
    )
    for number in range(APPLICATIONS):
        candidate = await _post(
            client, "candidates", person_id=await _post(client, "people", name=f"Candidate {number}")
        )
        await _post(client, "applications", candidate_id=candidate, job_id=job, stage="applied")
        await _post(
            client, "referrals", candidate_id=candidate, referrer_id=bo, job_id=job, relationship="social",
            consent="given",
        )  # fmt: skip


async def _let_time_pass(service: Server) -> None:
    await as_owner(service, "update workspaces set clock_offset = clock_offset + interval '45 days' where is_sandbox")


async def _await_all(client: httpx.AsyncClient) -> None:
    """Until everything that is late is told to be."""
    async with asyncio.timeout(180):
        while True:
            rows = await everything(client, "/v1/follow_ups")
            late = [row for row in rows if row["type"] == "acknowledge_referral" and row["standing"] != "overdue"]
            if not late:
                return
            await asyncio.sleep(0.5)


async def _live_and_die(service: Server) -> None:
    for life in range(LIVES):
        await asyncio.sleep(0.1 + life * 0.15)
        service.kill()
        service.start().await_ready()


async def test_each_crossing_is_announced_once_whoever_dies(service: Server) -> None:
    service.start().await_ready()
    async with _sandbox(service) as client:
        await _furnish(client)
        await _let_time_pass(service)
        await _live_and_die(service)
        await let_leases_run_out(service, "applications", "referrals")
        await _await_all(client)
        events = await feed(client)
    told: dict[str, Counter[str]] = {}
    waiting: Counter[tuple[str, str]] = Counter()
    for event in events:
        if event["type"].startswith("follow_up.") and event["data"]["type"] == "acknowledge_referral":
            told.setdefault(event["subject"]["id"], Counter())[event["type"]] += 1
        if event["type"] == "application.waiting.changed":
            waiting[event["subject"]["id"], event["data"]["waiting"]] += 1
    once = {"follow_up.created": 1, "follow_up.due": 1, "follow_up.overdue": 1}
    assert list(told.values()) == [once] * APPLICATIONS
    assert set(waiting.values()) == {1}
    assert len(waiting) == 2 * APPLICATIONS, "each waits, and then waits long"
