"""Who is who: people merged and anonymised, and captures sent at once."""

import asyncio

from sqlalchemy import text

from api.platform.db import Databases
from tests.api.advocacies.scene import got
from tests.api.captures.company import Office

LINK = "https://example.slack.com/archives/C01/p17"


async def _say(databases: Databases, statement: str, **people: str) -> None:
    async with databases.open_system() as connection:
        ids = {name: each.partition("_")[2] for name, each in people.items()}
        await connection.execute(text(statement), ids)


_MERGE = "update people set merged_into_id = cast(:to as uuid), merged_at = now() where id = cast(:one as uuid)"
_ANONYMISE = (
    "update people set name = 'A person, removed', email = null, email_normalised = null, name_key = null,"
    " anonymized_at = now() where id = cast(:one as uuid)"
)


async def test_an_old_address_leads_to_whom_the_person_was_merged_into(office: Office, databases: Databases) -> None:
    await _say(databases, _MERGE, one=office.ids["xen"], to=office.ids["ada"])
    first = await office.capture(advocate="xen@example.com", source_url=LINK)
    assert (await office.read(f"advocates/{first['advocate_id']}"))["person"]["id"] == office.ids["ada"]
    assert await office.capture(200, advocate=office.ids["ada"], source_url=LINK) == first


async def test_an_advocacy_from_before_a_merge_goes_on(office: Office, databases: Databases) -> None:
    first = await office.capture(advocate="xen@example.com", source_url=LINK)
    await _say(databases, _MERGE, one=office.ids["xen"], to=office.ids["ada"])
    assert await office.capture(200, advocate="ada@example.com", source_url=LINK) == first
    second = await office.capture(advocate="ada@example.com")
    assert (second["advocacy_id"], second["made"]) == (first["advocacy_id"], ["act"])


async def test_the_candidate_is_recognised_after_a_merge(office: Office, databases: Databases) -> None:
    await _say(databases, _MERGE, one=office.ids["xen"], to=office.ids["sam"])
    assert (await office.capture(409, advocate="xen@example.com"))["code"] == "candidate_cannot_advocate"


async def test_whoever_was_anonymised_is_no_longer_found(office: Office, databases: Databases) -> None:
    await _say(databases, _ANONYMISE, one=office.ids["sam"])
    for candidate in ("sam@example.com", "Sam Reyes"):
        kept = await office.capture(202, application="", candidate=candidate)
        assert [need["code"] for need in kept["needs"]] == ["unknown"]


async def test_the_same_capture_sent_at_once_is_one_act(office: Office) -> None:
    members = {"advocate": "quinn@else.com", "to": "lou@else.com, hana@example.com", "source_url": LINK}
    responses = await asyncio.gather(
        *(office.client.post("/v1/captures", json={**_good(), **members}) for _ in range(6))
    )
    assert sorted(each.status_code for each in responses) == [200] * 5 + [201]
    capture = responses[0].json()
    assert all(each.json() == capture for each in responses)
    assert len((await office.read(f"advocacies/{capture['advocacy_id']}/acts"))["data"]) == 1
    assert (await office.event_types("capture.")) == ["capture.created", "capture.completed"]


async def test_two_ways_to_say_it_at_once_are_one_act(office: Office) -> None:
    ways = [
        {"application": "greenhouse:1"},
        {"application": "", "candidate": "sam@example.com"},
        {"application": office.ids["application_sam"], "advocate": "slack:U1", "to": "new@else.com"},
    ]
    responses = await asyncio.gather(
        *(office.client.post("/v1/captures", json={**_good(), "source_url": LINK, **way}) for way in ways)
    )
    assert sorted(each.status_code for each in responses) == [200, 200, 201]
    assert len({each.json()["act_id"] for each in responses}) == 1
    assert len((await got(office.client, "/v1/captures"))["data"]) == 1


async def test_captures_without_evidence_at_once_are_acts_of_one_advocacy(office: Office) -> None:
    bodies = [{**_good(), "advocate": "quinn@else.com", "to": f"new{place % 2}@else.com"} for place in range(4)]
    responses = await asyncio.gather(*(office.client.post("/v1/captures", json=body) for body in bodies))
    assert [each.status_code for each in responses] == [201] * 4
    assert len({each.json()["advocacy_id"] for each in responses}) == 1
    assert len({each.json()["act_id"] for each in responses}) == 4


async def test_completing_at_once_makes_one_act(office: Office) -> None:
    kept = await office.capture(202, recorded_by="")
    path = f"/v1/captures/{kept['id']}/complete"
    responses = await asyncio.gather(
        *(office.client.post(path, json={"recorded_by": "rita@example.com"}) for _ in range(4))
    )
    assert [each.status_code for each in responses] == [200] * 4
    assert len({each.json()["act_id"] for each in responses}) == 1


def _good() -> dict[str, object]:
    return {
        "application": "greenhouse:1",
        "advocate": "ada@example.com",
        "to": "hana@example.com",
        "recorded_by": "rita@example.com",
    }


async def test_completing_while_it_is_sent_again_makes_one_act(office: Office) -> None:
    for link in ("", LINK):
        body = {**_good(), "source_url": link, "recorded_by": ""}
        kept = await office.told(202, body)
        path = f"/v1/captures/{kept['id']}/complete"
        responses = await asyncio.gather(
            office.client.post(path, json={"recorded_by": "rita@example.com"}),
            office.client.post("/v1/captures", json={**body, "recorded_by": "rita@example.com"} if link else body),
        )
        assert responses[0].status_code == 200
        again = await office.read(f"captures/{kept['id']}")
        assert again["state"] == "completed"
        acts = (await office.read(f"advocacies/{again['advocacy_id']}/acts"))["data"]
        assert len(acts) == (2 if link else 1)
