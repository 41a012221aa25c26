"""Sending what is due: what arrives, what is kept of it, and what becomes of what fails."""

from datetime import timedelta
from hashlib import sha256

import pytest

from api.domain.webhooks import AttemptError
from api.webhooks.answers import Control
from tests.conftest import SetClock
from tests.webhooks.couriers import Office, fault, refusal


async def test_it_sends_an_event_once_and_keeps_a_record(office: Office, clock: SetClock) -> None:
    endpoint = await office.endpoint(headers={"x-token": "shh"})
    await office.person()
    assert await office.send() == 1
    assert await office.send() == 0
    (delivery,) = await office.deliveries()
    (attempt,) = await office.fetch("select * from attempts")
    (call,) = office.receivers.calls
    assert (delivery["state"], delivery["attempts"], delivery["status_class"]) == ("succeeded", 1, 2)
    assert delivery["finished_at"] == clock.now
    assert delivery["next_attempt_at"] is delivery["lease_until"] is delivery["lease_token"] is None
    assert (attempt["number"], attempt["trigger"], attempt["http_status"]) == (1, "schedule", 204)
    assert attempt["body_sha256"] == sha256(call.body).digest()
    assert attempt["request_headers"]["webhook-id"] == call.headers["webhook-id"]
    assert call.headers["x-token"] == "shh"
    assert "shh" not in str(attempt)
    assert call.key == (1, (await office.health())["id"]), endpoint


async def test_what_is_sent_is_the_event_as_the_feed_has_it(office: Office) -> None:
    await office.endpoint()
    await office.person("Zoë")
    await office.send()
    (stored,) = await office.fetch("select body from events where type = 'person.created'")
    assert office.receivers.calls[0].body == stored["body"]


async def test_a_thin_endpoint_gets_ids_alone(office: Office) -> None:
    await office.endpoint(payload="thin")
    person = await office.person("Zoë")
    await office.send()
    (event,) = office.receivers.told()
    assert event["data"] == {"id": person}
    assert event["previous"] is None
    assert "Zoë".encode() not in office.receivers.calls[0].body


async def test_events_about_other_subjects_are_not_recorded_for_it(office: Office) -> None:
    ann, ben = await office.person("Ann"), await office.person("Ben")
    await office.endpoint(subject_ids=[ann, f"application_{ben.removeprefix('person_')}"], event_types=["*"])
    await office.rename(ann, "Anna")
    await office.rename(ben, "Benno")
    assert (await office.client.patch("/v1/policy", json={"min_reasons": 3})).status_code == 200
    await office.send()
    assert [event["subject"]["id"] for event in office.receivers.told()] == [ann]


async def test_a_ping_is_sent_as_an_endpoint_is_registered(office: Office) -> None:
    await office.endpoint(ping=True, event_types=["advocacy.agreed", "person.*"], levels=["championed"])
    await office.endpoint("/b", ping=False)
    assert await office.send() == 1
    (event,) = office.receivers.told()
    assert (event["type"], event["test"]) == ("advocacy.agreed", True)


async def test_a_failed_delivery_is_tried_again_by_the_schedule(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [refusal()]
    assert await office.send() == 1
    (delivery,) = await office.deliveries()
    wait = delivery["next_attempt_at"] - clock.now
    assert timedelta(seconds=5) <= wait <= timedelta(seconds=6)
    assert (delivery["state"], delivery["priority"], delivery["last_http_status"]) == ("pending", 2, 500)
    clock.advance(seconds=4.9)
    assert await office.send() == 0
    clock.advance(seconds=1.2)
    assert await office.send() == 1
    (delivery,) = await office.deliveries()
    assert (delivery["state"], delivery["attempts"], delivery["tries"]) == ("succeeded", 2, 2)
    assert {call.headers["webhook-id"] for call in office.receivers.calls} == {office.receivers.told()[0]["id"]}
    assert len({call.headers["webhook-timestamp"] for call in office.receivers.calls}) == 2
    assert await office.operational() == []


async def test_the_schedule_ends_after_ten_tries(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [refusal()] * 20
    begun = clock.now
    while (delivery := (await office.deliveries())[0])["state"] == "pending":
        clock.now = max(clock.now, delivery["next_attempt_at"])
        if blocked_until := (await office.health())["blocked_until"]:
            clock.now = max(clock.now, blocked_until)
        assert await office.send() == 1
    assert (delivery["state"], delivery["attempts"]) == ("failed", 10)
    assert timedelta(hours=75) < clock.now - begun < timedelta(hours=91)
    assert await office.operational() == ["delivery.failing", "delivery.exhausted"]


async def test_retry_after_is_never_undercut(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [refusal(429, retry_after=600), refusal(503, retry_after=999_999)]
    await office.send()
    assert (await office.deliveries())[0]["next_attempt_at"] == clock.now + timedelta(seconds=600)
    clock.advance(seconds=600)
    await office.send()
    assert (await office.deliveries())[0]["next_attempt_at"] == clock.now + timedelta(hours=24)


async def test_a_gone_receiver_disables_its_endpoint_which_holds_what_it_has(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.person()
    await office.person()
    office.receivers.answers["/a"] = [refusal(410), refusal(410)]
    await office.send()
    await office.person()
    await office.send()
    endpoint = await office.health()
    assert (endpoint["state"], endpoint["disabled_reason"], endpoint["disabled_at"]) == ("disabled", "gone", clock.now)
    assert endpoint["version"] == 2
    assert [each["state"] for each in await office.deliveries()] == ["held"] * 3
    assert await office.operational() == ["webhook_endpoint.disabled"]
    assert len(office.receivers.calls) == 2


@pytest.mark.parametrize(("status", "state"), [(200, "succeeded"), (500, "held")])
async def test_a_receiver_may_ask_to_be_left_alone(office: Office, status: int, state: str) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [refusal(status, control=Control.DISABLE)]
    await office.send()
    assert (await office.health())["disabled_reason"] == "receiver_request"
    assert (await office.deliveries())[0]["state"] == state


async def test_a_receiver_may_drop_a_delivery(office: Office) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [refusal(422, control=Control.ABORT_MESSAGE)]
    await office.send()
    assert (await office.deliveries())[0]["state"] == "canceled"
    assert (await office.health())["consecutive_failures"] == 0


@pytest.mark.parametrize("code", [AttemptError.BLOCKED_ADDRESS, AttemptError.INVALID_URL])
async def test_what_cannot_be_sent_at_all_fails_at_once(office: Office, code: AttemptError) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [fault(code)]
    await office.send()
    (delivery,) = await office.deliveries()
    assert (delivery["state"], delivery["last_error_code"]) == ("failed", code)
    assert (await office.health())["consecutive_failures"] == 1
    assert await office.operational() == ["delivery.exhausted"]


async def test_a_name_that_is_not_found_is_tried_again(office: Office) -> None:
    await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [fault(AttemptError.DNS)]
    await office.send()
    assert (await office.deliveries())[0]["state"] == "pending"


async def test_it_tells_of_a_delivery_that_fails_and_that_it_arrived_after_all(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.endpoint("/watch", event_types=["delivery.*", "webhook_endpoint.*"])
    await office.person()
    office.receivers.answers["/a"] = [refusal()] * 4
    for _ in range(5):
        await office.send()
        clock.advance(hours=3)
    await office.send()
    assert await office.operational() == ["delivery.failing", "delivery.recovered"]
    told = [event for event in office.receivers.told("/watch") if event["type"] == "delivery.failing"]
    assert told[0]["data"] | {"endpoint_id": "", "delivery_id": "", "event_id": ""} == {
        "endpoint_id": "",
        "delivery_id": "",
        "event_id": "",
        "event_type": "person.created",
        "attempts": 4,
        "error_code": "http_status",
        "http_status": 500,
    }


async def test_news_of_deliveries_that_does_not_arrive_causes_no_other(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.endpoint("/watch", event_types=["delivery.*"])
    office.receivers.answers |= {"/a": [refusal()] * 20, "/watch": [refusal()] * 20}
    await office.person()
    for _ in range(60):
        await office.send()
        clock.advance(hours=3)
    of_deliveries = [each for each in await office.operational() if each.startswith("delivery.")]
    assert of_deliveries == ["delivery.failing", "delivery.exhausted"]


async def test_what_is_recorded_for_a_paused_endpoint_is_held(office: Office) -> None:
    endpoint = await office.endpoint()
    await office.client.post(f"/v1/webhook_endpoints/{endpoint}/pause")
    await office.person()
    assert await office.send() == 0
    (delivery,) = await office.deliveries()
    assert (delivery["state"], delivery["finished_at"]) == ("held", None)


async def test_what_was_left_for_a_deleted_endpoint_is_dropped(office: Office) -> None:
    endpoint = await office.endpoint()
    await office.person()
    await office.client.delete(f"/v1/webhook_endpoints/{endpoint}")
    assert await office.send() == 0
    assert (await office.deliveries())[0]["state"] == "canceled"


async def test_a_delivery_that_cannot_be_signed_is_put_off_and_stops_no_other(office: Office, clock: SetClock) -> None:
    await office.endpoint()
    await office.endpoint("/b")
    async with office.databases.owner.begin() as connection:
        await connection.exec_driver_sql(
            "update webhook_endpoints set secrets = jsonb_set(secrets, '{0,hmac}', '\"broken\"') where url like '%/a'"
        )
    await office.person()
    assert await office.send() == 1
    assert len(office.receivers.told("/b")) == 1
    waiting = [each for each in await office.deliveries() if each["state"] == "pending"]
    assert [each["next_attempt_at"] for each in waiting] == [clock.now + timedelta(minutes=1)]
    assert [each["attempts"] for each in waiting] == [0]
