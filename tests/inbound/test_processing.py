"""What is made of stored messages."""

import json
from datetime import timedelta

import httpx
import pytest

from api.inbound import processing
from api.inbound.locks import Kin
from api.inbound.providers.provider import SenselessDelivery
from api.inbound.settling import settle
from api.inbound.work import Work
from api.platform.claims import LEASE
from tests import conftest
from tests.conftest import SetClock
from tests.inbound.scene import Scene
from tests.inbound.vendor import (
    BO,
    BOARD,
    FIRST,
    MAPPING,
    MARA,
    OLD_FRIEND,
    REFERRAL,
    TICK,
    Delivery,
    Greenhouse,
)


def _delivery(action: str, **payload: object) -> Delivery:
    return Delivery(FIRST, json.dumps({"action": action, "payload": payload}).encode())


async def test_an_application_with_its_referral_is_made_and_ended(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    vendor.move(1, "Technical Interview")
    vendor.reject(1)
    await scene.store(vendor.sent)
    assert await scene.work() == 3
    records = await scene.records()
    (application,) = records.applications
    assert application[2:6] == ("interviewing", "Technical Interview", "closed", "rejected")
    assert records.referrals == [("7", "70", "Mara Lindqvist", "mara@acme.example", "closed", 1)]
    assert records.names == [("1", "7")]
    assert (await scene.counts())["people"] == 2


async def test_a_message_tells_what_it_caused(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    vendor.move(1, "Phone Screen")
    await scene.hear(*vendor.sent)
    first, second = await scene.messages()
    made = [(effect["type"], effect["what"]) for effect in first.effects]
    assert made[:2] == [("candidate", "created"), ("job", "created")]
    assert {("application", "created"), ("person", "created"), ("referral", "created")} <= set(made)
    assert [(effect["type"], effect["what"]) for effect in second.effects] == [("application", "moved")]
    assert (second.event, second.subject, second.happened_at) == ("candidate_stage_change", "candidate:70", vendor.now)
    assert second.due_at is second.lease_until is None
    assert (second.reason, second.attempts) == (None, 1)


async def test_the_connection_is_the_actor(scene: Scene, vendor: Greenhouse, client: httpx.AsyncClient) -> None:
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    await scene.hear(*vendor.sent)
    events = (await client.get("/v1/events")).json()["data"]
    assert {event["actor"]["type"] for event in events} == {"connection"}
    assert {event["actor"]["id"] for event in events} == {f"connection_{scene.connection_id.hex}"}


async def test_it_works_no_message_twice(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7)
    await scene.store([*vendor.sent, *vendor.sent])
    assert await scene.work() == 2
    assert await scene.work() == 0
    assert len(await scene.stages()) == 1


async def test_unknown_events_are_ignored_and_senseless_ones_fail(scene: Scene) -> None:
    await scene.hear(_delivery("offer_created"), _delivery("ping"), _delivery("reject_candidate"))
    await scene.hear(Delivery(FIRST, b"no json"))
    states = [(message.state, message.event) for message in await scene.messages()]
    assert states == [
        ("ignored", "offer_created"),
        ("ignored", "ping"),
        ("failed", "reject_candidate"),
        ("failed", None),
    ]
    assert all(message.reason and message.attempts == 1 for message in await scene.messages())
    assert (await scene.counts())["candidates"] == 0


async def test_what_goes_wrong_is_tried_five_times_and_keeps_nobody_waiting(
    scene: Scene, vendor: Greenhouse, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.apply(1, 70, 7)
    vendor.apply(2, 80, 7)

    async def fail(work: Work, kin: Kin) -> None:
        if "70" in kin.candidates:
            raise RuntimeError("no luck")
        await settle(work, kin)

    monkeypatch.setattr(processing, "settle", fail)
    await scene.store(vendor.sent)
    assert await scene.work() == 2
    for _ in range(10):
        clock.advance(hours=1)
        await scene.work()
    failed, done = await scene.messages()
    assert (failed.state, failed.attempts, failed.reason, failed.due_at) == ("failed", 5, "RuntimeError", None)
    assert done.state == "processed"


async def test_a_failed_message_does_not_harm_the_next_one_of_its_candidate(
    scene: Scene, vendor: Greenhouse, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.apply(1, 70, 7)
    vendor.move(1, "Offer")

    def senseless(*_: object) -> None:
        raise SenselessDelivery("not today")

    with monkeypatch.context() as patched:
        patched.setattr(processing, "_parse", senseless)
        await scene.hear(vendor.sent[0])
    await scene.hear(vendor.sent[1])
    (application,) = (await scene.records()).applications
    assert application[2:5] == ("offer", "Offer", "open")


async def test_a_lost_lease_is_taken_over(scene: Scene, vendor: Greenhouse, clock: SetClock) -> None:
    vendor.apply(1, 70, 7)
    await scene.store(vendor.sent)
    await processing_leased(scene)
    assert await scene.work() == 0
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert await scene.work() == 1
    assert (await scene.counts())["applications"] == 1


async def processing_leased(scene: Scene) -> None:
    """A worker takes what is due, and dies."""
    async with scene.databases.open_writing(scene.workspace, actor={}) as session:
        messages = await scene.messages()
        for message in messages:
            row = await session.get(type(message), (scene.workspace.id, message.id))
            assert row is not None
            row.lease_until = session.clock() + LEASE
        await session.commit()


async def test_it_holds_what_is_due_while_the_connection_is_paused(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7)
    await scene.set_state("paused")
    await scene.hear(*vendor.sent)
    assert [message.state for message in await scene.messages()] == ["held"]
    assert (await scene.counts())["applications"] == 0


async def test_an_older_event_moves_nothing_backwards(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7)
    vendor.move(1, "Phone Screen")
    vendor.move(1, "Offer")
    first, older, newer = vendor.sent
    await scene.hear(first, newer)
    before = await scene.records()
    await scene.hear(older)
    assert await scene.records() == before
    assert {fact.occurred_at for fact in await scene.stages()} == {each.sent_at for each in vendor.sent}


async def test_a_source_that_is_no_referral_makes_a_sourcer(
    scene: Scene, vendor: Greenhouse, client: httpx.AsyncClient
) -> None:
    vendor.apply(1, 70, 7, source=BOARD, credit=MARA)
    await scene.hear(*vendor.sent)
    assert (await scene.records()).referrals == []
    (row,) = (await client.get("/v1/applications")).json()["data"]
    shown = (await client.get(f"/v1/applications/{row['id']}")).json()
    mara = (await client.get(f"/v1/people/{shown['sourced_by']}")).json()
    assert (mara["name"], shown["origin"], shown["deleted_at_source"]) == ("Mara Lindqvist", "sourced", None)


async def test_credit_that_goes_to_another_withdraws_the_referral(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    vendor.credit(1, BO)
    vendor.credit(1, None)
    vendor.credit(1, OLD_FRIEND)
    await scene.hear(*vendor.sent)
    states = {(row[2], row[4]) for row in (await scene.records()).referrals}
    assert states == {
        ("Mara Lindqvist", "withdrawn"),
        ("Bo Castell", "withdrawn"),
        ("Old Friend", "submitted"),
    }


async def test_the_candidate_is_not_their_own_referrer(scene: Scene, vendor: Greenhouse) -> None:
    vendor.add_candidate(70, "Mara Lindqvist", "mara@acme.example")
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    await scene.hear(*vendor.sent)
    assert (await scene.records()).referrals == []
    assert (await scene.counts())["people"] == 1


async def test_who_is_known_by_name_alone_is_one_person_and_nobody_else(
    scene: Scene, vendor: Greenhouse, client: httpx.AsyncClient
) -> None:
    body = {"name": "Old Friend", "email": "old.friend@mail.example"}
    known = (await client.post("/v1/people", json=body)).json()
    vendor.apply(1, 70, 7, source=REFERRAL, credit=OLD_FRIEND)
    vendor.apply(2, 80, 7, source=REFERRAL, credit={**OLD_FRIEND, "name": "old  friend"})
    await scene.hear(*vendor.sent)
    referrals = (await client.get("/v1/referrals")).json()["data"]
    assert len({referral["referrer"]["id"] for referral in referrals}) == 1
    people = (await client.get("/v1/people", params={"order_by": "created_at"})).json()["data"]
    friends = [person for person in people if person["name"] == "Old Friend"]
    assert [person["email"] for person in friends] == ["old.friend@mail.example", None]
    assert friends[0]["id"] == known["id"]


async def test_prospects_have_one_application_a_job_or_none(scene: Scene, vendor: Greenhouse) -> None:
    vendor.add_prospect(1, 70)
    await scene.hear(*vendor.sent)
    assert (await scene.counts())["applications"] == 0
    assert (await scene.counts())["candidates"] == 1
    vendor.add_prospect(2, 70, 7, 8)
    await scene.hear(*vendor.sent[1:])
    records = await scene.records()
    assert [row[:4] for row in records.applications] == [
        ("7", "70", "identified", None),
        ("8", "70", "identified", None),
    ]
    assert records.names == [("2", "7"), ("2:7", "7"), ("2:8", "8")]


async def test_two_applications_for_a_job_are_one_of_ours(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7)
    vendor.reject(1)
    vendor.apply(2, 70, 7)
    await scene.hear(*vendor.sent)
    records = await scene.records()
    assert [row[4] for row in records.applications] == ["open"]
    assert records.names == [("1", "7"), ("2", "7")]


async def test_a_deleted_application_rests(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7)
    vendor.delete_application(1)
    await scene.hear(*vendor.sent)
    (application,) = (await scene.records()).applications
    assert application[4:8] == ("on_hold", None, None, vendor.now)


async def test_a_job_has_the_title_said_last(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7)
    vendor.apply(2, 80, 7)
    vendor.applications[1]["jobs"] = [{"id": 7, "name": "Platform Engineer"}]
    vendor.touch(1)
    first, older, renamed = vendor.sent
    await scene.hear(first, renamed, older)
    assert [row.title for row in await scene.rows("select title from jobs where workspace_id = :w")] == [
        "Platform Engineer"
    ]


async def test_form_fields_say_how_well_the_referrer_knows_them(
    scene: Scene, vendor: Greenhouse, client: httpx.AsyncClient
) -> None:
    form = {
        "relationship": {"field": "how", "values": {"Same team": "same_team"}},
        "basis": {"field": "seen", "values": {"Yes": "observed_directly"}},
        "claim": {"field": "why", "requirement": "Why this person"},
    }
    await scene.map({**MAPPING, "form_fields": form})
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    vendor.applications[1]["custom_fields"] = {"how": "same team", "seen": "yes", "why": "Kept billing up."}
    vendor.touch(1)
    await scene.hear(vendor.sent[1])
    (referral,) = (await client.get("/v1/referrals")).json()["data"]
    shown = (await client.get(f"/v1/referrals/{referral['id']}")).json()
    assert (shown["relationship"], shown["is_documented"], shown["consent"]) == ("same_team", True, "unknown")
    assert [(each["requirement"], each["claim"], each["basis"]) for each in shown["reasons"]] == [
        ("Why this person", "Kept billing up.", "observed_directly")
    ]
    assert shown["submitted_at"] == (FIRST + TICK).isoformat().replace("+00:00", "Z")


async def test_a_claim_without_a_basis_makes_no_reason(
    scene: Scene, vendor: Greenhouse, client: httpx.AsyncClient
) -> None:
    form = {
        "basis": {"field": "seen", "values": {"Yes": "observed_directly"}},
        "claim": {"field": "why", "requirement": "Why this person"},
    }
    await scene.map({**MAPPING, "form_fields": form})
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    vendor.applications[1]["custom_fields"] = {"seen": "Perhaps", "why": "Kept billing up."}
    vendor.touch(1)
    await scene.hear(vendor.sent[1])
    (referral,) = (await client.get("/v1/referrals")).json()["data"]
    assert (await client.get(f"/v1/referrals/{referral['id']}")).json()["reasons"] == []


async def test_an_address_brings_two_candidates_of_theirs_together(scene: Scene, vendor: Greenhouse) -> None:
    vendor.add_candidate(70, email="ines@mail.example")
    vendor.add_candidate(80, email="INES@mail.example")
    vendor.apply(1, 70, 7)
    vendor.apply(2, 80, 7)
    vendor.reject(1)
    await scene.hear(*vendor.sent)
    records = await scene.records()
    assert [row[0] for row in records.candidates] == [["70", "80"]]
    assert [row[4] for row in records.applications] == ["open"]


@pytest.mark.parametrize("first", ["merge", "last"])
async def test_merged_candidates_become_one(scene: Scene, vendor: Greenhouse, first: str) -> None:
    vendor.apply(1, 70, 7)
    vendor.apply(2, 80, 8)
    vendor.merge(80, 70)
    vendor.move(2, "Offer")
    order = vendor.sent if first == "last" else [vendor.sent[2], *vendor.sent[:2], vendor.sent[3]]
    await scene.hear(*order)
    records = await scene.records()
    assert [(row[0], row[1], row[2]) for row in records.applications] == [("7", "70", "applied"), ("8", "70", "offer")]
    present = await scene.rows("select 1 from candidates where workspace_id = :w and merged_into_id is null")
    assert len(present) == 1


async def test_a_moment_in_the_future_is_that_of_receipt(scene: Scene, vendor: Greenhouse, clock: SetClock) -> None:
    vendor.now = clock.now + timedelta(days=400)
    vendor.apply(1, 70, 7)
    received_at = clock.now
    await scene.store(vendor.sent, received_at=received_at)
    await scene.work()
    assert [fact.occurred_at for fact in await scene.stages()] == [received_at]


async def test_replaying_everything_changes_nothing(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7, source=REFERRAL, credit=MARA)
    vendor.move(1, "Phone Screen")
    vendor.credit(1, BO)
    vendor.reject(1)
    await scene.hear(*vendor.sent)
    before = (await scene.records(), await scene.stages(), await scene.counts())
    await scene.replay()
    assert await scene.work() == len(vendor.sent)
    assert (await scene.records(), await scene.stages(), await scene.counts()) == before


async def test_what_was_stored_makes_nobody_known_again_who_was_forgotten(
    scene: Scene, vendor: Greenhouse, client: httpx.AsyncClient, clock: SetClock, work: conftest.Work
) -> None:
    vendor.apply(1, 70, 7, source=REFERRAL, credit=OLD_FRIEND)
    vendor.move(1, "Phone Screen")
    first, second = vendor.sent
    await scene.hear(first)
    people = (await client.get("/v1/people")).json()["data"]
    (friend,) = [person["id"] for person in people if person["name"] == "Old Friend"]
    answer = await client.post(f"/v1/people/{friend}/anonymize")
    assert answer.is_success, answer.text
    await scene.hear(second)
    clock.advance(minutes=5)
    await work()
    await scene.map(MAPPING)
    await scene.work()
    records = await scene.records()
    assert records.referrals == [("7", "70", "A person, removed", None, "submitted", 1)]
    assert (await scene.counts())["people"] == 2


async def test_an_application_that_goes_to_another_job_rests_at_the_first(scene: Scene, vendor: Greenhouse) -> None:
    vendor.apply(1, 70, 7)
    vendor.transfer(1, 8)
    vendor.move(1, "Offer")
    await scene.hear(*vendor.sent)
    records = await scene.records()
    assert [(row[0], row[2], row[4]) for row in records.applications] == [
        ("7", "applied", "on_hold"),
        ("8", "offer", "open"),
    ]
    assert records.names == [("1", "8"), ("1:7", "7"), ("1:8", "8")]


async def test_what_a_person_did_stays_until_the_vendor_says_something_new(
    scene: Scene, vendor: Greenhouse, client: httpx.AsyncClient
) -> None:
    vendor.apply(1, 70, 7)
    vendor.touch(1)
    vendor.move(1, "Phone Screen")
    await scene.hear(vendor.sent[0])
    (row,) = (await client.get("/v1/applications")).json()["data"]
    body = {"stage": "offer", "stage_label": "Ours", "occurred_at": (FIRST + TICK * 1.5).isoformat()}
    moved = await client.post(f"/v1/applications/{row['id']}/move", json=body)
    assert moved.status_code == 200, moved.text
    await scene.hear(vendor.sent[1])
    assert [row[2:4] for row in (await scene.records()).applications] == [("offer", "Ours")]
    await scene.hear(vendor.sent[2])
    assert [row[2:4] for row in (await scene.records()).applications] == [("screening", "Phone Screen")]
