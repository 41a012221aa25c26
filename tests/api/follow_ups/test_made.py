"""What the service makes owed by itself, and what it notices as done: each type, as the table of the types says.

The scene begins on Monday 2 March 2026 at noon in Berlin; Sam applied on 2 February.
"""

from datetime import datetime, timedelta

import pytest

from tests.api.advocacies.scene import got, make_person, sent
from tests.api.follow_ups.office import Office, make_office
from tests.conftest import ClientFor, Company, SetClock, Work


@pytest.fixture
async def office(client_for: ClientFor, acme: Company) -> Office:
    return await make_office(client_for(acme))


async def test_a_referral_is_acknowledged(office: Office) -> None:
    referral = await office.refer()
    owed = await office.only("acknowledge_referral")
    assert (owed["owner"]["id"], owed["person"]["id"], owed["due_on"]) == (
        office.rita,
        referral["person"],
        "2026-03-04",
    )
    assert (owed["state"], owed["standing"], owed["due_at"]) == ("open", "scheduled", "2026-03-04T08:00:00Z")
    await sent(office.client, f"/v1/referrals/{referral['id']}/acknowledge")
    done = await office.only("acknowledge_referral")
    assert (done["id"], done["state"], done["standing"]) == (owed["id"], "completed", "none")
    assert done["closed_by"] == {"type": "referral", "id": referral["id"]}


async def test_a_capture_is_completed(office: Office) -> None:
    body = {"application": office.application, "advocate": office.ada, "recorded_by": office.rita}
    capture = await sent(office.client, "/v1/captures", body, 202)
    owed = await office.only("complete_capture")
    assert (owed["capture_id"], owed["owner"]["id"], owed["due_on"]) == (capture["id"], office.rita, "2026-03-03")
    await sent(office.client, f"/v1/captures/{capture['id']}/discard")
    done = await office.only("complete_capture")
    assert (done["state"], done["closed_by"]) == ("completed", {"type": "capture", "id": capture["id"]})


async def test_an_ask_is_answered(office: Office) -> None:
    await office.begin()
    act = await office.act(ask={"kind": "interview", "to": office.hana})
    owed = await office.only("answer_ask")
    assert (owed["owner"]["id"], owed["ask_id"], owed["due_on"]) == (office.hana, act["ask"]["id"], "2026-03-05")
    await office.on(act, "answer", office.hana, answer="granted")
    done = await office.only("answer_ask")
    assert (done["state"], done["closed_by"]["type"]) == ("completed", "ask_answer")


async def test_an_ask_without_an_answer_goes_to_the_recruiter(office: Office, clock: SetClock, work: Work) -> None:
    await office.begin()
    await office.act(ask={"kind": "interview", "to": office.hana})
    clock.advance(days=7)
    await work()
    owed = await office.only("answer_ask")
    assert (owed["owner"]["id"], owed["escalated"], owed["standing"]) == (office.rita, True, "due")
    told = [each for each in await office.told("follow_up.") if each[0] in ("follow_up.escalated", "follow_up.overdue")]
    assert ("follow_up.escalated", "2026-03-09T08:00:00Z") in told


async def test_supporters_are_updated_on_a_move(office: Office) -> None:
    referral = await office.refer()
    await office.tell("move", stage="screening")
    owed = await office.only("update_supporters")
    assert (owed["person"]["id"], owed["due_on"]) == (referral["person"], "2026-03-04")
    contact = await office.contact(referral["person"])
    done = await office.only("update_supporters")
    assert (done["state"], done["closed_by"]) == ("completed", {"type": "interaction", "id": contact["id"]})


async def test_supporters_are_not_left_in_silence(office: Office, clock: SetClock, work: Work) -> None:
    await office.refer()
    clock.advance(days=11)
    await work()
    owed = await office.only("update_supporters")
    assert (owed["trigger"]["kind"], owed["state"]) == ("supporter_quiet", "open")
    assert (await office.told("follow_up.created"))[-1][1] == "2026-03-12T23:00:00Z"


async def test_an_advocate_is_checked_in_with(office: Office, clock: SetClock, work: Work) -> None:
    await office.begin()
    await office.act(ask={"kind": "interview", "to": office.hana})
    clock.advance(days=9)
    await work()
    owed = await office.only("check_in_advocate")
    assert (owed["person"]["id"], owed["due_on"], owed["triggered_at"]) == (
        office.ada,
        "2026-03-10",
        "2026-03-09T23:00:00Z",
    )
    assert [each["state"] for each in await office.invited("act")] == ["open"]
    act = await office.act(reasons=[])
    assert (await office.only("check_in_advocate"))["closed_by"] == {"type": "act", "id": act["id"]}
    assert [each["state"] for each in await office.invited("act")] == ["taken"]


async def test_an_act_is_confirmed(office: Office) -> None:
    await office.tell("move", stage="interviewing")
    await office.begin()
    act = await office.act()
    owed = await office.only("confirm_act")
    assert (owed["owner"]["id"], owed["act_id"], owed["due_on"]) == (office.hana, act["id"], "2026-03-05")
    await office.on(act, "confirm", office.hana)
    done = await office.only("confirm_act")
    assert (done["state"], done["closed_by"]["type"]) == ("completed", "act_statement")


async def test_a_planned_leaving_is_handed_over(office: Office, work: Work) -> None:
    await office.begin()
    await office.act()
    await sent(office.client, f"/v1/people/{office.ada}/leave", {"effective_on": "2026-03-16"})
    await work()
    owed = await office.only("hand_over")
    assert (owed["owner"]["id"], owed["person"]["id"], owed["due_on"]) == (office.rita, office.ada, "2026-03-10")
    assert (await office.only("widen_coverage"))["due_on"] == "2026-03-04"
    act = await office.speak("Bo Ruiz")
    for kind in ("hand_over", "widen_coverage"):
        done = await office.only(kind)
        assert (done["state"], done["closed_by"]) == ("completed", {"type": "advocacy", "id": act["advocacy_id"]})


async def test_a_new_decider_is_briefed(office: Office, clock: SetClock, work: Work) -> None:
    await office.begin()
    await office.act()
    clock.advance(days=1)
    dan = await make_person(office.client, "Dan")
    for person, power in ((office.hana, "influences"), (dan, "decides")):
        body = {"person_id": person, "power": power, "effective_on": "2026-03-03"}
        await sent(office.client, f"/v1/jobs/{office.job}/members", body)
    await work()
    owed = await office.only("brief_new_decider")
    assert (owed["person"]["id"], owed["due_on"]) == (dan, "2026-03-05")
    clock.advance(hours=1)
    act = await office.act(reasons=[], audience=[dan])
    assert (await office.only("brief_new_decider"))["closed_by"] == {"type": "act", "id": act["id"]}


async def test_supporters_are_thanked_and_told_at_the_end(office: Office, clock: SetClock) -> None:
    referral = await office.refer()
    clock.advance(minutes=1)
    await office.tell("close", outcome="hired")
    owed = await office.only("thank_supporters")
    assert (owed["owner"]["id"], owed["person"]["id"], owed["due_on"]) == (
        office.hana,
        referral["person"],
        "2026-03-04",
    )
    clock.advance(minutes=1)
    await office.contact(referral["person"])
    assert {each["type"]: each["state"] for each in await office.listed() if each["type"].endswith("_supporters")} == {
        "thank_supporters": "completed",
        "update_supporters": "completed",
    }


async def test_a_candidate_who_waits_is_answered(office: Office) -> None:
    shown = await got(office.client, f"/v1/applications/{office.application}")
    assert shown["waiting"] == "waiting"
    owed = await office.only("answer_candidate")
    assert (owed["owner"]["id"], owed["person"]["id"], owed["standing"]) == (office.rita, office.sam, "due")
    await office.contact(office.sam)
    assert (await office.only("answer_candidate"))["state"] == "completed"
    assert (await got(office.client, f"/v1/applications/{office.application}"))["waiting"] == "none"
    assert [each[0] for each in await office.told("application.waiting.changed")] == ["application.waiting.changed"] * 2


async def test_waiting_changes_when_it_was_said_to(office: Office, clock: SetClock, work: Work) -> None:
    await office.contact(office.sam)
    seen = []
    for _ in range(2):
        changes_at = datetime.fromisoformat(
            (await got(office.client, f"/v1/applications/{office.application}"))["waiting_changes_at"]
        )
        for moment in (changes_at - timedelta(seconds=1), changes_at):
            clock.now = moment
            await work()
            seen.append((await got(office.client, f"/v1/applications/{office.application}"))["waiting"])
    assert seen == ["none", "waiting", "waiting", "waiting_long"]
    assert (await got(office.client, f"/v1/applications/{office.application}"))["waiting_changes_at"] is None


async def test_a_reference_is_requested_before_an_offer(office: Office) -> None:
    await office.tell("move", stage="offer")
    owed = await office.only("request_reference")
    assert (owed["owner"]["id"], owed["due_on"]) == (office.rita, "2026-03-03")
    ines = await make_person(office.client, "Ines")
    made = await sent(office.client, "/v1/references", {"application_id": office.application, "person_id": ines})
    assert (await office.only("request_reference"))["closed_by"] == {"type": "reference", "id": made["id"]}


async def test_whoever_gave_a_reference_is_thanked(office: Office) -> None:
    ines = await make_person(office.client, "Ines")
    body = {"application_id": office.application, "person_id": ines, "given": True}
    made = await sent(office.client, "/v1/references", body)
    owed = await office.only("thank_reference")
    assert (owed["person"]["id"], owed["due_on"], owed["trigger"]["id"]) == (ines, "2026-03-04", made["id"])
    await office.contact(ines)
    assert (await office.only("thank_reference"))["state"] == "completed"


async def test_praise_that_is_told_later_lets_us_invite_its_giver(office: Office) -> None:
    ines = await make_person(office.client, "Ines")
    body = {"application_id": office.application, "person_id": ines, "given": True}
    made = await sent(office.client, "/v1/references", body)
    assert await office.invited("become_advocate") == []
    answer = await office.client.patch(f"/v1/references/{made['id']}", json={"praise": True})
    assert answer.status_code == 200, answer.text
    assert [each["person"]["id"] for each in await office.invited("become_advocate")] == [ines]


async def test_an_invitation_expires_and_is_taken_late(office: Office, clock: SetClock, work: Work) -> None:
    await office.begin("agreed")
    clock.advance(days=15)
    await work()
    assert [(each["state"], each["ended_at"]) for each in await office.invited("act")] == [
        ("expired", "2026-03-16T23:00:00Z")
    ]
    await office.act()
    assert [each["state"] for each in await office.invited("act")] == ["taken"]


async def test_what_became_due_is_told_once_at_its_moment(office: Office, clock: SetClock, work: Work) -> None:
    await office.contact(office.sam)
    referral = await office.refer()
    clock.advance(days=3)
    await work()
    await work()
    owed = await office.only("acknowledge_referral")
    told = [each for each in await office.told("follow_up.") if each[1] > "2026-03-02T12"]
    assert told == [("follow_up.due", "2026-03-04T08:00:00Z"), ("follow_up.overdue", "2026-03-04T16:00:00Z")]
    assert owed["standing"] == "overdue"
    shown = await got(office.client, f"/v1/applications/{office.application}")
    assert (shown["follow_up_state"], shown["next_follow_up"]["id"]) == ("overdue", owed["id"])
    assert (await got(office.client, f"/v1/referrals/{referral['id']}"))["follow_up_state"] == "overdue"


async def test_an_end_cancels_what_does_not_outlive_it_and_a_reopening_brings_it_back(
    office: Office, clock: SetClock
) -> None:
    await office.begin()
    await office.act(ask={"kind": "interview", "to": office.hana})
    clock.advance(minutes=1)
    await office.tell("close", outcome="rejected")
    (cancelled,) = await office.owed("answer_ask")
    assert (cancelled["state"], cancelled["closed_by"]["type"]) == ("cancelled", "stage_change")
    clock.advance(minutes=1)
    await office.tell("reopen")
    assert [each["state"] for each in await office.owed("answer_ask")] == ["cancelled", "open"]


async def test_a_transfer_leaves_what_is_owed_where_it_is(office: Office, client_for: ClientFor) -> None:
    await office.begin()
    await office.act(ask={"kind": "interview", "to": office.hana})
    job = (await sent(office.client, "/v1/jobs", {"title": "Another"}))["id"]
    made = await sent(office.client, f"/v1/applications/{office.application}/transfer", {"job_id": job})
    assert (await office.only("answer_ask"))["state"] == "open"
    there = await got(office.client, f"/v1/follow_ups?application={made['id']}")
    assert [each["type"] for each in there["data"]] == []
