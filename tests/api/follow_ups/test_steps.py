"""Time acts once: with one worker or two, all the while or after days of downtime, in a sandbox or not."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api import worker
from api.platform.db import Databases
from api.platform.ids import decode
from api.support.steps import recheck
from tests.api.advocacies.scene import make_person, sent
from tests.api.follow_ups.office import Office, make_office
from tests.cast import Cast, Company
from tests.conftest import ClientFor, SetClock, Work

RECORDED = (
    "type",
    "state",
    "standing",
    "triggered_at",
    "due_at",
    "overdue_at",
    "escalated",
    "snoozed_until",
    "closed_at",
)
INVITED = ("type", "state", "invited_at", "expires_at", "ended_at")


async def begun(client: httpx.AsyncClient) -> Office:
    """An office in which much is owed and proposed, and more comes with time alone."""
    office = await make_office(client, "interviewing")
    await office.contact(office.sam)
    await office.refer(reasons=[{"requirement": "Mentors", "claim": "Taught three.", "basis": "observed_directly"}])
    await office.begin("agreed")
    await office.act(ask={"kind": "interview", "to": office.hana})
    lee = await make_person(client, "Lee")
    advocate = (await sent(client, "/v1/advocates", {"person_id": lee}))["id"]
    await sent(
        client, "/v1/advocacies", {"application_id": office.application, "advocate_id": advocate, "word": "agreed"}
    )
    await sent(client, f"/v1/people/{office.ada}/availability", {"state": "away", "effective_on": "2026-03-20"})
    return office


async def records(office: Office) -> Any:
    """Follow-ups, invitations and events, without ids and without when they were recorded."""
    owed = sorted(str([each[name] for name in RECORDED]) for each in await office.listed())
    invited = [
        str([each[name] for name in INVITED])
        for kind in ("act", "confirm", "hand_over", "become_advocate")
        for each in await office.invited(kind)
    ]
    return owed, sorted(invited), sorted(await office.told("follow_up.", "invitation.", "application."))


async def test_a_week_of_downtime_gives_the_same_records_as_none(
    client_for: ClientFor, acme: Company, globex: Company, databases: Databases, clock: SetClock
) -> None:
    watched, left = await begun(client_for(acme)), await begun(client_for(globex))
    for _ in range(24 * 12):
        clock.advance(hours=1)
        await recheck(databases, acme.workspace, decode("application", watched.application))
    assert await records(left) != await records(watched)
    await recheck(databases, globex.workspace, decode("application", left.application))
    assert await records(left) == await records(watched)
    assert len(await watched.told("follow_up.")) > 15


async def test_two_workers_do_what_one_does(
    client_for: ClientFor,
    acme: Company,
    globex: Company,
    databases: Databases,
    second_worker: Databases,
    clock: SetClock,
) -> None:
    office, other = await begun(client_for(acme)), await begun(client_for(globex))
    clock.advance(days=25)
    await recheck(databases, globex.workspace, decode("application", other.application))
    await asyncio.gather(worker.run_once(databases), worker.run_once(second_worker))
    assert await records(office) == await records(other)
    before = await records(office)
    assert await worker.run_once(databases) == 0
    assert await records(office) == before


async def test_a_sandbox_is_moved_by_its_clock(
    client_for: ClientFor, cast: Cast, clock: SetClock, acme: Company, work: Work
) -> None:
    sandbox, real = await begun(client_for(cast.sandbox)), await begun(client_for(acme))
    alone = await sandbox.refer(job_id=None, referrer="Bo")
    answer = await sent(sandbox.client, "/v1/clock/advance", {"by": "P30D"})
    assert answer["crossings"]["follow_up.due"] >= 5
    assert (answer["crossings"]["follow_up.escalated"], answer["crossings"]["invitation.expired"]) == (1, 2)
    referred = (await sandbox.client.get("/v1/follow_ups", params={"referral": alone["id"]})).json()["data"]
    assert [each["standing"] for each in referred] == ["overdue"]
    clock.advance(days=30)
    await work()
    owed, invited, _ = await records(real)
    assert (await records(sandbox))[:2] == (owed, invited)


@pytest.mark.parametrize("who", ["hana", "rita"])
async def test_whoever_asks_not_to_be_contacted_owns_nothing_more(
    client_for: ClientFor, acme: Company, clock: SetClock, work: Work, who: str
) -> None:
    office = await begun(client_for(acme))
    clock.advance(minutes=1)
    person = getattr(office, who)
    await sent(office.client, f"/v1/people/{person}/availability", {"state": "do_not_contact"})
    await work()
    owners = [each["owner"] and each["owner"]["id"] for each in await office.listed(state="open")]
    assert person not in owners
    assert owners


async def test_a_new_time_zone_moves_the_hours(
    client_for: ClientFor, acme: Company, clock: SetClock, work: Work
) -> None:
    office = await make_office(client_for(acme))
    await office.refer()
    clock.advance(minutes=1)
    await office.client.patch(f"/v1/people/{office.rita}", json={"time_zone": "America/New_York"})
    await work()
    assert (await office.only("acknowledge_referral"))["due_at"] == "2026-03-04T14:00:00Z"


async def test_new_working_hours_reach_what_outlives_an_end(
    client_for: ClientFor, acme: Company, clock: SetClock, work: Work
) -> None:
    office = await make_office(client_for(acme))
    await office.refer()
    clock.advance(minutes=1)
    await office.tell("close", outcome="hired")
    clock.advance(minutes=1)
    answer = await office.client.patch("/v1/policy", json={"working_hours": ["08:00", "16:00"]})
    assert answer.status_code == 200, answer.text
    await work()
    assert (await office.only("thank_supporters"))["due_at"] == "2026-03-04T07:00:00Z"


async def test_it_takes_as_many_looks_as_there_are_moments(
    client_for: ClientFor, acme: Company, databases: Databases, clock: SetClock
) -> None:
    office = await begun(client_for(acme))
    clock.now += timedelta(days=300)
    await recheck(databases, acme.workspace, decode("application", office.application))
    assert len(await office.told("follow_up.created")) < 40
