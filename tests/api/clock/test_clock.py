"""The clock: real time, or a sandbox's that can be advanced."""

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from api.models import Application
from api.platform.db import Databases
from api.platform.sessions import WriteSession
from api.support import steps
from api.support.service import catch_up
from tests.api.advocacies.scene import Scene, got, make_scene, sent
from tests.cast import Cast, Company
from tests.conftest import ClientFor, SetClock, Work

ADVANCE = "/v1/clock/advance"


@pytest.fixture
async def sandbox(client_for: ClientFor, cast: Cast) -> httpx.AsyncClient:
    return client_for(cast.sandbox)


@pytest.fixture
async def scene(sandbox: httpx.AsyncClient) -> Scene:
    """Ada champions Sam in the sandbox."""
    made = await make_scene(sandbox)
    await made.begin()
    await made.act(ask={"kind": "interview", "to": made.hana})
    await sent(sandbox, ADVANCE, {"by": "P2D"})
    await made.act(reasons=[])
    return made


async def test_it_is_real_time_elsewhere(client: httpx.AsyncClient, clock: SetClock) -> None:
    answer = await got(client, "/v1/clock")
    assert (answer["is_sandbox"], answer["now"]) == (False, "2026-03-02T11:00:00Z")


async def test_it_is_not_there_to_advance_elsewhere(client: httpx.AsyncClient) -> None:
    assert (await client.post(ADVANCE, json={"by": "P1D"})).status_code == 404


async def test_time_does_what_it_would_have_done(scene: Scene) -> None:
    answer = await sent(scene.client, ADVANCE, {"by": "P30D"})
    told = [(change["occurred_at"], change["championing"]) for change in answer["changes"]]
    assert told == [("2026-03-11T23:00:00Z", "at_risk"), ("2026-03-18T23:00:00Z", "lapsed")]
    assert answer["change_count"] == 2
    assert (await scene.support())["championing"] == "lapsed"
    assert (await got(scene.client, "/v1/clock"))["now"] == answer["now"] == "2026-04-03T11:00:00Z"


async def test_it_goes_on_from_there(sandbox: httpx.AsyncClient, clock: SetClock) -> None:
    await sent(sandbox, ADVANCE, {"by": "P1D"})
    clock.advance(hours=1)
    assert (await got(sandbox, "/v1/clock"))["now"] == "2026-03-03T12:00:00Z"


@pytest.mark.parametrize("span", ["P367D", "P0D", "-P1D", "1D", "P", 3, "PT0S", None])
async def test_it_refuses_other_spans(sandbox: httpx.AsyncClient, span: object) -> None:
    assert (await sandbox.post(ADVANCE, json={"by": span})).status_code == 422


@pytest.mark.parametrize("span", ["P1M", "P1Y", "P1Y2D", "P1MT1H"])
async def test_it_refuses_spans_of_no_fixed_length(sandbox: httpx.AsyncClient, span: str) -> None:
    answer = await sandbox.post(ADVANCE, json={"by": span})
    assert (answer.status_code, "weeks, days" in answer.json()["detail"]) == (422, True)


async def test_the_same_key_advances_once(sandbox: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "advance-once"}
    first = await sandbox.post(ADVANCE, json={"by": "P3D"}, headers=key)
    again = await sandbox.post(ADVANCE, json={"by": "P3D"}, headers=key)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert (await got(sandbox, "/v1/clock"))["now"] == "2026-03-05T11:00:00Z"


async def half_way(databases: Databases, clock: SetClock, lease: timedelta) -> None:
    """Leave the sandbox as a call that died on its way to 5 March leaves it."""
    async with databases.open_system() as connection:
        await connection.execute(
            text("update workspaces set advancing_to = :target, advancing_lease_until = :lease where is_sandbox"),
            {"target": clock.now + timedelta(days=3), "lease": clock.now + lease},
        )


async def test_nothing_is_written_meanwhile(sandbox: httpx.AsyncClient, databases: Databases, clock: SetClock) -> None:
    await half_way(databases, clock, timedelta(seconds=60))
    answer = await sandbox.post("/v1/people", json={"name": "Ada"})
    assert (answer.status_code, answer.json()["code"]) == (409, "clock_advancing")
    assert (await sandbox.get("/v1/people")).status_code == 200
    assert (await sandbox.post(ADVANCE, json={"by": "P1D"})).json()["code"] == "clock_advancing"


async def test_a_worker_finishes_what_was_abandoned(
    sandbox: httpx.AsyncClient, databases: Databases, clock: SetClock, work: Work
) -> None:
    await half_way(databases, clock, timedelta(seconds=60))
    await work()
    assert (await got(sandbox, "/v1/clock"))["advancing_to"] is not None
    clock.advance(seconds=61)
    await work()
    answer = await got(sandbox, "/v1/clock")
    assert (answer["advancing_to"], answer["now"]) == (None, "2026-03-05T11:00:00Z")


async def test_it_needs_the_scope_write(client_for: ClientFor, cast: Cast) -> None:
    reader: Company = cast.sandbox
    assert (await client_for(reader, "read").post(ADVANCE, json={"by": "P1D"})).status_code == 403


async def test_it_goes_no_more_than_ten_years_ahead(sandbox: httpx.AsyncClient, clock: SetClock) -> None:
    for _ in range(10):
        await sent(sandbox, ADVANCE, {"by": "P366D"})
    answer = await sandbox.post(ADVANCE, json={"by": "PT1S"})
    assert (answer.status_code, answer.json()["code"]) == (422, "clock_too_far")
    clock.advance(days=1)
    assert (await sandbox.post(ADVANCE, json={"by": "PT1S"})).status_code == 422
    assert (await sandbox.post("/v1/people", json={"name": "Ada"})).status_code == 201


async def test_what_fails_stops_nothing_else_and_a_retry_goes_on(
    scene: Scene, cast: Cast, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[datetime] = []

    async def fail_once_at_the_lapse(session: WriteSession, application: Application, *, now: datetime) -> int:
        if now.day == 18 and not failed:
            failed.append(now)
            raise TimeoutError
        return await catch_up(session, application, now=now)

    monkeypatch.setattr(steps, "catch_up", fail_once_at_the_lapse)
    key = {"Idempotency-Key": "advance"}
    other = (await sent(scene.client, "/v1/people", {"name": "Cy"}))["id"]
    referral = await lone_referral(scene.client, other)
    assert (await scene.client.post(ADVANCE, json={"by": "P300D"}, headers=key)).status_code == 503
    reached = await got(scene.client, f"/v1/applications/{scene.application}")
    assert reached["support"]["championing"] == "at_risk"
    assert (await got(scene.client, f"/v1/referrals/{referral}"))["state"] == "expired"
    answer = await scene.client.post(ADVANCE, json={"by": "P300D"}, headers=key)
    assert (answer.status_code, answer.json()["changes"][-1]["championing"]) == (200, "lapsed")
    assert (await got(scene.client, "/v1/clock"))["advancing_to"] is None


async def lone_referral(client: httpx.AsyncClient, person: str) -> str:
    """A referral that is linked to no application, by its id."""
    candidate = (await sent(client, "/v1/candidates", {"person_id": person}))["id"]
    referrer = (await sent(client, "/v1/referrers", {"person": {"name": "Ravi"}}))["id"]
    return str((await sent(client, "/v1/referrals", {"candidate_id": candidate, "referrer_id": referrer}))["id"])
