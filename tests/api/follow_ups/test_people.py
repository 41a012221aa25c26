"""What becomes of what is owed and proposed when people are merged, anonymised or ask not to be contacted."""

import pytest

from tests.api.advocacies.scene import got, make_person, sent
from tests.api.follow_ups.office import Office, make_office
from tests.api.merging.scene import apply, make_candidate, merged
from tests.conftest import ClientFor, Company, SetClock, Work


@pytest.fixture
async def office(client_for: ClientFor, acme: Company) -> Office:
    return await make_office(client_for(acme))


async def test_what_is_owed_to_one_person_under_two_ids_goes_on_once(
    office: Office, clock: SetClock, work: Work
) -> None:
    ravi, ray = await office.refer(referrer="Ravi"), await office.refer(referrer="Ray", submitted_at=None)
    clock.advance(minutes=1)
    await office.tell("move", stage="screening")
    assert len(await office.owed("update_supporters", state="open")) == 2
    clock.advance(minutes=1)
    await merged(office.client, "people", ray["person"], ravi["person"])
    await work()
    (going_on,) = await office.owed("update_supporters", state="open")
    assert going_on["person"]["id"] == ravi["person"]
    clock.advance(minutes=1)
    await office.contact(ray["person"])
    assert sorted(each["state"] for each in await office.owed("update_supporters")) == ["cancelled", "completed"]
    clock.advance(days=1)
    await office.tell("move", stage="interviewing")
    assert len(await office.owed("update_supporters", state="open")) == 1


async def test_what_only_the_losing_record_was_owed_names_who_stays(
    office: Office, clock: SetClock, work: Work
) -> None:
    ravi = await office.refer()
    one = await make_person(office.client, "Ravi Menon")
    clock.advance(minutes=1)
    await merged(office.client, "people", ravi["person"], one)
    await work()
    owed = await office.only("acknowledge_referral")
    assert (owed["person"]["id"], owed["state"]) == (one, "open")
    await sent(office.client, f"/v1/referrals/{ravi['id']}/acknowledge")
    assert (await office.only("acknowledge_referral"))["state"] == "completed"


async def test_an_owner_who_is_merged_owns_it_under_the_other_id(office: Office, clock: SetClock, work: Work) -> None:
    await office.refer()
    one = await make_person(office.client, "Rita Sands")
    clock.advance(minutes=1)
    await merged(office.client, "people", office.rita, one)
    await work()
    assert (await office.only("acknowledge_referral"))["owner"]["id"] == one


async def test_invitations_to_one_person_are_one(office: Office, clock: SetClock, work: Work) -> None:
    await office.begin("agreed")
    ada, first = office.ada, office.advocacy
    other = await make_person(office.client, "A. Okafor")
    advocate = (await sent(office.client, "/v1/advocates", {"person_id": other}))["id"]
    body = {"application_id": office.application, "advocate_id": advocate, "word": "agreed"}
    await sent(office.client, "/v1/advocacies", body)
    clock.advance(minutes=1)
    await merged(office.client, "people", other, ada)
    await work()
    states = [(each["advocacy_id"] == first, each["state"]) for each in await office.invited("act")]
    assert sorted(states) == [(False, "expired"), (True, "open")]


async def test_an_application_that_goes_on_in_another_owes_nothing_for_how_it_stands(
    office: Office, clock: SetClock, work: Work
) -> None:
    await office.begin("agreed")
    await office.act(ask={"kind": "interview", "to": office.hana})
    candidate, _ = await make_candidate(office.client, "S. Reyes")
    there = await apply(office.client, candidate, office.job, stage="applied", occurred_at="2026-02-02T09:00:00Z")
    losing = (await got(office.client, f"/v1/applications/{office.application}"))["candidate"]["id"]
    clock.advance(minutes=1)
    await merged(office.client, "candidates", losing, candidate)
    await work()
    kept = {each["type"]: each["state"] for each in await office.listed()}
    assert kept == {"answer_candidate": "cancelled", "answer_ask": "open"}
    listed = await office.client.get("/v1/follow_ups", params={"application": there["id"]})
    assert {each["type"]: each["state"] for each in listed.json()["data"]} == {"answer_candidate": "open"}
    clock.advance(days=40)
    await work()
    assert {each["type"] for each in await office.listed()} == {"answer_candidate", "answer_ask"}
    shown = await got(office.client, f"/v1/applications/{office.application}")
    assert shown["waiting"] == "none"


async def test_nothing_is_proposed_or_owed_to_whoever_was_anonymised(
    office: Office, clock: SetClock, work: Work
) -> None:
    await office.begin("agreed")
    ravi = await office.refer()
    clock.advance(minutes=1)
    for person in (office.ada, ravi["person"], office.sam):
        await sent(office.client, f"/v1/people/{person}/anonymize")
    await work()
    assert [each["state"] for each in await office.invited("act")] == ["expired"]
    assert {each["type"]: each["state"] for each in await office.listed()} == {
        "answer_candidate": "cancelled",
        "acknowledge_referral": "cancelled",
    }
    clock.advance(days=1)
    await office.tell("move", stage="screening")
    clock.advance(days=60)
    await work()
    assert not [each for each in await office.listed(state="open") if each["person"]]


async def test_an_anonymised_owner_owns_nothing(office: Office, clock: SetClock, work: Work) -> None:
    await office.refer()
    clock.advance(minutes=1)
    await sent(office.client, f"/v1/people/{office.rita}/anonymize")
    await work()
    assert (await office.only("acknowledge_referral"))["owner"] is None


async def test_a_wish_not_to_be_contacted_ends_what_was_owed_and_proposed(
    office: Office, clock: SetClock, work: Work
) -> None:
    await office.begin("agreed")
    ines = await make_person(office.client, "Ines")
    body = {"application_id": office.application, "person_id": ines, "given": True, "praise": True}
    await sent(office.client, "/v1/references", body)
    clock.advance(minutes=1)
    for person in (office.ada, ines, office.sam):
        await sent(office.client, f"/v1/people/{person}/availability", {"state": "do_not_contact"})
    await work()
    assert {each["type"] for each in await office.listed(state="open")} == {"widen_coverage"}
    for kind in ("act", "become_advocate"):
        assert [each["state"] for each in await office.invited(kind)] == ["expired"]
