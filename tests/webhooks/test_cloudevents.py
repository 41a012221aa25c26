"""Events in envelopes of CloudEvents 1.0: which bytes are sent, under which headers, and that they stay the same."""

import re
from hashlib import sha256
from typing import Any

import orjson
import pytest

from api.webhooks import calls
from api.webhooks.sender import Call
from tests.cast import Company
from tests.conftest import SetClock
from tests.webhooks.couriers import Office, refusal

ENVELOPE = re.compile(
    rb'\{"specversion":"1\.0","id":"(event_[0-9a-f]{32})","source":"(/v1/workspaces/workspace_[0-9a-f]{32})",'
    rb'"type":"([a-z_.]+)",(?:"subject":"([a-z_]+_[0-9a-f]{32})",)?"time":"([0-9T:.-]+Z)",'
    rb'"datacontenttype":"application/json","data":(.*)\}',
    re.DOTALL,
)


def opened(call: Call) -> tuple[list[str | None], bytes]:
    """What the envelope says, in its order, and the data in it."""
    found = ENVELOPE.fullmatch(call.body)
    assert found, call.body
    *said, data = found.groups()
    return [each.decode() if each else None for each in said], data


async def stored(office: Office, event_type: str = "person.created") -> bytes:
    (row,) = await office.fetch(f"select body from events where type = '{event_type}' order by number desc limit 1")
    return bytes(row["body"])


async def test_the_envelope_is_around_the_bytes_of_the_event(office: Office, acme: Company) -> None:
    await office.endpoint(payload_format="cloudevents")
    person = await office.person("Zoë")
    await office.send()
    (call,) = office.receivers.calls
    said, data = opened(call)
    event = orjson.loads(data)
    assert data == await stored(office)
    source = f"/v1/workspaces/workspace_{acme.workspace.public_id.hex}"
    assert said == [event["id"], source, "person.created", person, event["timestamp"]]


async def test_it_is_sent_as_what_it_is_with_all_other_headers_as_ever(office: Office) -> None:
    await office.endpoint(payload_format="cloudevents", headers={"x-token": "shh"})
    await office.endpoint("/b", headers={"x-token": "shh"})
    await office.person()
    await office.send()
    enveloped, plain = sorted((call.headers for call in office.receivers.calls), key=lambda each: each["content-type"])
    assert enveloped["content-type"] == "application/cloudevents+json"
    assert plain["content-type"] == "application/json"
    assert enveloped.keys() == plain.keys()
    same = ("webhook-id", "webhook-timestamp", "user-agent", "x-championed-attempt", "x-token")
    assert [enveloped[name] for name in same] == [plain[name] for name in same]
    assert orjson.loads(office.receivers.calls[0].body)["id"] == enveloped["webhook-id"]


async def test_a_second_attempt_has_the_same_bytes(office: Office, clock: SetClock) -> None:
    await office.endpoint(payload_format="cloudevents")
    await office.person()
    office.receivers.answers["/a"] = [refusal()]
    await office.send()
    clock.advance(minutes=1)
    await office.send()
    first, second = office.receivers.calls
    assert first.body == second.body
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    attempts = await office.fetch("select body_sha256, request_headers from attempts")
    assert {row["body_sha256"] for row in attempts} == {sha256(first.body).digest()}
    assert {row["request_headers"]["content-type"] for row in attempts} == {"application/cloudevents+json"}


async def test_a_thin_event_is_enveloped_as_well(office: Office) -> None:
    await office.endpoint(payload_format="cloudevents", payload="thin")
    person = await office.person("Zoë")
    await office.send()
    said, data = opened(office.receivers.calls[0])
    event = orjson.loads(data)
    assert (event["data"], event["previous"]) == ({"id": person}, None)
    assert said[3] == person


@pytest.mark.parametrize(("spare", "is_full"), [(0, True), (-1, False)])
async def test_what_is_too_large_goes_by_the_event_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch, spare: int, is_full: bool
) -> None:
    await office.endpoint(payload_format="cloudevents")
    await office.person("Zoë")
    monkeypatch.setattr(calls, "MOST_BYTES", len(await stored(office)) + spare)
    await office.send()
    assert ("name" in orjson.loads(office.receivers.calls[0].body)["data"]["data"]) is is_full


async def test_an_event_about_nothing_that_has_an_id_has_no_subject(office: Office) -> None:
    await office.endpoint(payload_format="cloudevents", event_types=["policy.*"])
    assert (await office.client.patch("/v1/policy", json={"min_reasons": 3})).status_code == 200
    await office.send()
    said, data = opened(office.receivers.calls[0])
    assert said[2:4] == ["policy.changed", None]
    assert data == await stored(office, "policy.changed")


async def test_a_test_is_enveloped_as_well(office: Office) -> None:
    endpoint = await office.endpoint(payload_format="cloudevents")
    await office.client.post(f"/v1/webhook_endpoints/{endpoint}/test", json={"type": "advocacy.agreed"})
    await office.send()
    (call,) = office.receivers.calls
    said, data = opened(call)
    assert orjson.loads(data)["test"] is True
    assert (said[0], said[2]) == (call.headers["webhook-id"], "advocacy.agreed")


async def test_a_change_of_format_is_of_what_is_sent_from_then_on(office: Office, clock: SetClock) -> None:
    endpoint = await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [refusal()]
    await office.send()
    change: dict[str, Any] = {"payload_format": "cloudevents"}
    shown = (await office.client.patch(f"/v1/webhook_endpoints/{endpoint}", json=change)).json()
    assert (shown["payload_format"], shown["version"]) == ("cloudevents", 2)
    clock.advance(minutes=1)
    await office.send()
    plain, enveloped = office.receivers.calls
    assert opened(enveloped)[1] == plain.body
