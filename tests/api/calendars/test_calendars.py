"""Calendars as resources: their address is shown once, and revoked for good."""

import httpx

from api.platform.db import Databases
from api.platform.hook_tokens import SHAPE, mint
from tests.api.advocacies.scene import got, make_person, sent
from tests.api.calendars.desk import CALENDARS, Desk
from tests.api.captures.mails import is_kept
from tests.api.problem import places, problem
from tests.cast import Company
from tests.conftest import ClientFor, SetClock


async def test_its_address_is_shown_once(desk: Desk) -> None:
    beginning, _, token = desk.made["url"].rpartition("/")
    assert beginning == "http://127.0.0.1:8420/v1/calendars"
    assert SHAPE.fullmatch(token.removesuffix(".ics"))
    assert (desk.made["object"], desk.made["revoked_at"]) == ("calendar", None)
    assert desk.made["owner"] == {"id": desk.rita, "name": "Rita Sands"}
    retrieved = await got(desk.client, f"{CALENDARS}/{desk.made['id']}")
    assert retrieved == {name: desk.made[name] for name in desk.made.keys() - {"url"}}
    assert (await got(desk.client, CALENDARS))["data"] == [retrieved]


async def test_its_token_is_kept_nowhere(desk: Desk, databases: Databases) -> None:
    made = await desk.client.post(CALENDARS, json={"owner_id": desk.rita}, headers={"Idempotency-Key": "k1"})
    for url in (desk.made["url"], made.json()["url"]):
        assert not await is_kept(databases, url.rpartition("/")[2].removesuffix(".ics"))


async def test_the_same_request_again_shows_no_secret(desk: Desk) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await desk.client.post(CALENDARS, json={"owner_id": desk.rita}, headers=key)
    again = await desk.client.post(CALENDARS, json={"owner_id": desk.rita}, headers=key)
    assert problem(again, 409, "secret_already_shown")["existing_id"] == first.json()["id"]
    assert len((await got(desk.client, CALENDARS))["data"]) == 2


async def test_the_list_shows_those_of_one_owner(desk: Desk, clock: SetClock) -> None:
    clock.advance(days=1)
    second = await sent(desk.client, CALENDARS, {"owner_id": desk.rita})
    await sent(desk.client, CALENDARS, {"owner_id": await make_person(desk.client, "Hana")})
    listed = (await got(desk.client, f"{CALENDARS}?owner={desk.rita}"))["data"]
    assert [each["id"] for each in listed] == [second["id"], desk.made["id"]]
    page = await got(desk.client, f"{CALENDARS}?owner={desk.rita}&order_by=created_at&limit=1")
    assert page["data"][0]["id"] == desk.made["id"]
    assert page["has_more"]


async def test_making_and_revoking_need_the_scope_admin(desk: Desk, client_for: ClientFor, acme: Company) -> None:
    writer = client_for(acme, "write")
    problem(await writer.post(CALENDARS, json={"owner_id": desk.rita}), 403, "forbidden")
    problem(await writer.post(f"{CALENDARS}/{desk.made['id']}/revoke"), 403, "forbidden")
    assert (await got(client_for(acme, "read"), CALENDARS))["data"]


async def test_revoking_is_at_once_and_for_good(desk: Desk) -> None:
    path = f"{CALENDARS}/{desk.made['id']}/revoke"
    assert (await desk.fetch()).status_code == 200
    stale = await desk.client.post(path, headers={"If-Match": '"2"'})
    problem(stale, 412, "precondition_failed")
    revoked = await sent(desk.client, path, None, 200)
    assert (revoked["revoked_at"], revoked["version"]) == ("2026-03-02T11:00:00Z", 2)
    assert await sent(desk.client, path, None, 200) == revoked
    problem(await desk.fetch(), 404, "not_found")


async def test_revoking_one_leaves_the_others(desk: Desk) -> None:
    other = await sent(desk.client, CALENDARS, {"owner_id": desk.rita})
    await sent(desk.client, f"{CALENDARS}/{other['id']}/revoke", None, 200)
    assert (await desk.fetch()).status_code == 200


async def test_anonymising_its_owner_revokes_it(desk: Desk) -> None:
    await sent(desk.client, f"/v1/people/{desk.rita}/anonymize")
    problem(await desk.fetch(), 404, "not_found")
    shown = await got(desk.client, f"{CALENDARS}/{desk.made['id']}")
    assert (shown["revoked_at"], shown["owner"]["name"]) == ("2026-03-02T11:00:00Z", "A person, removed")
    refused = await desk.client.post(CALENDARS, json={"owner_id": desk.rita})
    problem(refused, 409, "person_anonymized")


async def test_anonymising_revokes_the_calendars_of_merged_people_too(desk: Desk) -> None:
    other = await make_person(desk.client, "R. Sands")
    await sent(desk.client, f"/v1/people/{desk.rita}/merge", {"into": other})
    await sent(desk.client, f"/v1/people/{other}/anonymize")
    problem(await desk.fetch(), 404, "not_found")


async def test_whoever_left_reads_nothing_more(desk: Desk, clock: SetClock) -> None:
    await sent(desk.client, f"/v1/people/{desk.rita}/leave", {"effective_on": "2026-03-04"})
    clock.advance(days=1)
    assert (await desk.fetch()).status_code == 200
    clock.advance(days=1)
    problem(await desk.fetch(), 404, "not_found")


async def test_its_owner_must_be_somebody_who_may_be_contacted(desk: Desk) -> None:
    unknown = f"person_{'0' * 32}"
    refused = await desk.client.post(CALENDARS, json={"owner_id": unknown})
    assert places(problem(refused, 422, "unknown_reference")) == ["#/owner_id"]
    shy = await make_person(desk.client, "Shy")
    await sent(desk.client, f"/v1/people/{shy}/availability", {"state": "do_not_contact"})
    refused = await desk.client.post(CALENDARS, json={"owner_id": shy})
    assert places(problem(refused, 422, "do_not_contact")) == ["#/owner_id"]


async def test_an_unknown_address_is_not_found(client: httpx.AsyncClient) -> None:
    for token in (mint(), "x", "k" * 500, "%2e%2e%2f", "A" * 50):
        problem(await client.get(f"{CALENDARS}/{token}.ics"), 404, "not_found")


async def test_the_token_of_something_else_opens_no_calendar(desk: Desk) -> None:
    address = await sent(desk.client, "/v1/capture_addresses", {"name": "BCC"})
    problem(await desk.client.get(f"{CALENDARS}/{address['token']}.ics"), 404, "not_found")


async def test_a_calendars_token_opens_nothing_else(desk: Desk) -> None:
    token = desk.made["url"].rpartition("/")[2].removesuffix(".ics")
    problem(await desk.client.post(f"/hooks/greenhouse/{token}", content=b"{}"), 404, "not_found")
    refused = await desk.client.post(
        "/v1/captures/mail",
        content=b"Subject: x\r\n\r\nx",
        headers={"Content-Type": "message/rfc822", "Authorization": f"Bearer {token}"},
    )
    problem(refused, 401, "capture_address_unknown")
