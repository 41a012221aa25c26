"""What really came about, as the lists and the briefing show it."""

import httpx

from tests.api.applications.scene import make_application, make_job, make_person, sent, told
from tests.api.applications.support_scene import REASON, make_decider, make_referral, speak_up
from tests.api.owed.copies import ids
from tests.api.referrals.scene import Answer, read
from tests.conftest import SetClock, Work


async def make_recruiter(client: httpx.AsyncClient, job: str) -> str:
    """The id of a new person who administers the job."""
    rita = await make_person(client, "Rita Sands")
    await sent(client, f"/v1/jobs/{job}/members", {"person_id": rita, "power": "administers"})
    return rita


def shown(briefing: Answer, section: str) -> list[str]:
    """The ids of a section."""
    return [row["id"] for row in briefing[section]["data"]]


async def test_what_nobody_does_is_owed_wherever_it_is_named(
    client: httpx.AsyncClient, clock: SetClock, work: Work
) -> None:
    job = await make_job(client)
    rita = await make_recruiter(client, job)
    made = await make_application(client, job_id=job, stage="applied")
    referral = await make_referral(client, made["candidate"]["id"], job, application_id=made["id"])
    assert (referral["follow_up_state"], referral["next_follow_up"]["type"]) == ("scheduled", "acknowledge_referral")
    clock.advance(days=4)
    await work()
    for path in ("referrals", "referrers", "applications"):
        (row,) = (await read(client, f"/v1/{path}", follow_up_state="overdue"))["data"]
        assert (row["next_follow_up"]["type"], row["next_follow_up"]["owner_id"]) == ("acknowledge_referral", rita)
    briefing = await read(client, "/v1/briefing", person=rita)
    assert [row["type"] for row in briefing["overdue"]["data"]] == ["acknowledge_referral"]
    assert briefing["overdue"]["data"][0]["application"]["id"] == made["id"]


async def test_what_is_done_is_owed_no_longer(client: httpx.AsyncClient, clock: SetClock, work: Work) -> None:
    job = await make_job(client)
    rita = await make_recruiter(client, job)
    made = await make_application(client, job_id=job, stage="applied")
    referral = await make_referral(client, made["candidate"]["id"], job, application_id=made["id"])
    clock.advance(days=4)
    await work()
    told_them = await client.post(f"/v1/referrals/{referral['id']}/acknowledge")
    assert (told_them.json()["follow_up_state"], told_them.json()["next_follow_up"]) == ("none", None)
    assert await ids(client, "/v1/referrals", follow_up_state=["scheduled", "due", "overdue"]) == []
    assert await ids(client, "/v1/referrals", follow_up_state="none") == [referral["id"]]
    briefing = await read(client, "/v1/briefing", person=rita)
    assert (shown(briefing, "overdue"), shown(briefing, "due")) == ([], [])


async def test_a_candidate_without_contact_waits_until_a_move(
    client: httpx.AsyncClient, clock: SetClock, work: Work
) -> None:
    made = await make_application(client, stage="applied")
    clock.advance(days=15)
    await work()
    (row,) = (await read(client, "/v1/applications", waiting="waiting"))["data"]
    assert (row["id"], row["next_follow_up"]["type"]) == (made["id"], "answer_candidate")
    assert shown(await read(client, "/v1/briefing"), "waiting") == [made["id"]]
    await told(client, made, "move", stage="screening")
    assert shown(await read(client, "/v1/briefing"), "waiting") == []


async def test_support_that_slips_is_lapsing_and_then_changed(
    client: httpx.AsyncClient, clock: SetClock, work: Work
) -> None:
    job = await make_job(client)
    decider = await make_decider(client, job)
    made = await make_application(client, job_id=job, stage="applied")
    advocacy = await speak_up(client, made, decider)
    other = {**REASON, "requirement": "Mentors others", "claim": "Taught three juniors."}
    asked = {"kind": "spoke", "audience": [decider], "recorded_by": decider, "reasons": [REASON, other]}
    ask = {"kind": "interview", "to": decider}
    await sent(client, f"/v1/advocacies/{advocacy['id']}/acts", {**asked, "ask": ask})
    clock.advance(days=10)
    await work()
    before = await read(client, "/v1/briefing", person=decider)
    assert [row["support"]["championing"] for row in before["lapsing"]["data"]] == ["started"]
    clock.advance(days=9)
    await work()
    after = await read(client, "/v1/briefing", person=decider)
    assert [each["championing"] for each in after["changed"]["data"][0]["changes"]] == ["lapsed"]
    assert shown(after, "exposed") == [made["id"]]
    assert await ids(client, "/v1/advocacies", follow_up_state=["due", "overdue"]) == [advocacy["id"]]
