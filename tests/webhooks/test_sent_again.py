"""What receivers get once more: after a pause, by recovery and replay, and one delivery at a time."""

from datetime import timedelta
from typing import Any

import pytest

from api.domain.webhooks import AttemptError
from api.webhooks import batches, task_steps
from api.webhooks.task_steps import work_on_tasks
from tests.conftest import SetClock
from tests.webhooks.couriers import Office, fault, refusal

MODES = ("send_all", "send_latest_per_subject", "discard")


async def ask(office: Office, endpoint: str, verb: str, **body: Any) -> Any:
    answer = await office.client.post(f"/v1/webhook_endpoints/{endpoint}/{verb}", json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def all_sent(office: Office) -> None:
    """Let tasks and courier take turns until neither finds anything."""
    while await work_on_tasks(office.databases) + await office.send():
        continue


async def about_two(office: Office) -> tuple[list[int], list[int]]:
    """Events about two people in turns; the numbers of each one's."""
    ann, ben = await office.person("Ann"), await office.person("Ben")
    for name in ("B", "C", "D"):
        await office.rename(ann, f"Ann {name}")
        await office.rename(ben, f"Ben {name}")
    query = "select number from events where split_part(type, '.', 1) = 'person' order by number"
    numbers = [row["number"] for row in await office.fetch(query)]
    return numbers[0::2], numbers[1::2]


@pytest.mark.parametrize("is_put_aside", [True, False], ids=["put aside", "at once"])
@pytest.mark.parametrize("mode", MODES)
async def test_a_resumed_endpoint_gets_what_it_missed_as_it_chose(
    office: Office, mode: str, is_put_aside: bool
) -> None:
    endpoint = await office.endpoint()
    await ask(office, endpoint, "pause")
    ann, ben = await about_two(office)
    if is_put_aside:
        assert await office.send() == 0
    task = (await ask(office, endpoint, "resume", held=mode))["task_id"]
    await all_sent(office)
    expected = {"send_all": sorted(ann + ben), "send_latest_per_subject": [ann[-1], ben[-1]], "discard": []}
    assert sorted(office.receivers.numbers()) == expected[mode]
    found = (await office.client.get(f"/v1/tasks/{task}")).json()
    assert (found["state"], found["held"]) == ("succeeded", mode)
    await office.person("Cai")
    await all_sent(office)
    assert len(office.receivers.numbers()) == len(expected[mode]) + 1


@pytest.mark.parametrize("mode", MODES)
async def test_what_happens_while_a_backlog_is_resumed_keeps_its_order(
    office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(batches, "ROWS_A_BATCH", 2)
    monkeypatch.setattr(task_steps, "BATCHES_A_TURN", 1)
    endpoint = await office.endpoint(ordering="per_subject")
    ann = await office.person("Ann")
    await all_sent(office)
    await ask(office, endpoint, "pause")
    await office.rename(ann, *"BCDEFGH")
    assert await office.send() == 0
    await ask(office, endpoint, "resume", held=mode)
    await office.rename(ann, "I", "J")
    turns = 0
    while await office.send() + await work_on_tasks(office.databases):
        turns += 1
    numbers = office.receivers.numbers()
    assert numbers == sorted(numbers)
    assert len(numbers) == {"send_all": 10, "send_latest_per_subject": 4, "discard": 3}[mode]
    assert turns > 3, "the backlog was resumed in several batches, with calls between them"


async def test_a_replay_keeps_the_order_of_a_subject(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ROWS_A_BATCH", 2)
    monkeypatch.setattr(task_steps, "BATCHES_A_TURN", 1)
    endpoint = await office.endpoint(ordering="per_subject")
    ann = await office.person("Ann")
    await office.rename(ann, *"BCDEF")
    await all_sent(office)
    first = office.receivers.numbers()
    await ask(office, endpoint, "replay", since="2026-03-01T00:00:00Z")
    await all_sent(office)
    assert office.receivers.numbers() == first * 2
    assert len({call.headers["webhook-id"] for call in office.receivers.calls}) == len(first)


async def test_a_wider_filter_is_sent_exactly_what_was_missing(office: Office) -> None:
    endpoint = await office.endpoint(event_types=["person.created"])
    ann = await office.person("Ann")
    await office.rename(ann, "B", "C")
    await all_sent(office)
    answer = await office.client.patch(f"/v1/webhook_endpoints/{endpoint}", json={"event_types": ["person.*"]})
    assert answer.status_code == 200
    await office.rename(ann, "D")
    await all_sent(office)
    assert len(office.receivers.numbers()) == 2
    for _ in range(2):
        await ask(office, endpoint, "replay_missing", since="2026-03-01T00:00:00Z")
        await all_sent(office)
        types = [event["type"] for event in office.receivers.told()]
        assert types == ["person.created", "person.updated", "person.updated", "person.updated"]
    assert len(set(office.receivers.numbers())) == 4


async def test_what_was_missing_is_sent_of_the_subjects_asked_for(office: Office) -> None:
    ann, ben = await office.person("Ann"), await office.person("Ben")
    endpoint = await office.endpoint(subject_ids=[ben])
    await office.rename(ann, "B", "C")
    await office.rename(ben, "D")
    await all_sent(office)
    assert [event["subject"]["id"] for event in office.receivers.told()] == [ben]
    await office.client.patch(f"/v1/webhook_endpoints/{endpoint}", json={"subject_ids": [ann, ann]})
    await ask(office, endpoint, "replay_missing", since="2026-03-01T00:00:00Z")
    await all_sent(office)
    assert [event["subject"]["id"] for event in office.receivers.told()[1:]] == [ann] * 3
    await office.client.patch(f"/v1/webhook_endpoints/{endpoint}", json={"subject_ids": []})
    await ask(office, endpoint, "replay_missing", since="2026-03-01T00:00:00Z")
    await all_sent(office)
    assert len(set(office.receivers.numbers())) == len(office.receivers.calls) == 5


async def test_what_failed_arrives_when_it_is_recovered(office: Office) -> None:
    endpoint = await office.endpoint()
    await office.person()
    office.receivers.answers["/a"] = [fault(AttemptError.BLOCKED_ADDRESS)]
    await all_sent(office)
    assert [row["state"] for row in await office.deliveries()] == ["failed"]
    await ask(office, endpoint, "recover", since="2026-03-02T00:00:00Z")
    await all_sent(office)
    (delivery,) = await office.deliveries()
    assert (delivery["state"], delivery["trigger"], delivery["attempts"]) == ("succeeded", "recover", 2)
    assert (await office.operational())[-1] == "delivery.recovered"


async def test_what_is_recovered_while_paused_waits_to_be_resumed(office: Office) -> None:
    endpoint = await office.endpoint()
    await office.person()
    await all_sent(office)
    await ask(office, endpoint, "replay", since="2026-03-01T00:00:00Z")
    await ask(office, endpoint, "pause")
    await all_sent(office)
    assert [row["state"] for row in await office.deliveries()] == ["held"]
    await ask(office, endpoint, "resume")
    await all_sent(office)
    assert len(office.receivers.calls) == 2


async def test_one_delivery_is_resent_with_the_same_id_and_a_new_time(office: Office, clock: SetClock) -> None:
    endpoint = await office.endpoint()
    await office.person()
    await all_sent(office)
    clock.advance(minutes=5)
    (row,) = (await office.client.get(f"/v1/webhook_endpoints/{endpoint}/deliveries")).json()["data"]
    path = f"deliveries/{row['id']}"
    assert (await ask(office, endpoint, f"{path}/resend"))["state"] == "pending"
    await all_sent(office)
    first, second = office.receivers.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == row["event_id"]
    sent_at = [int(call.headers["webhook-timestamp"]) for call in (first, second)]
    assert sent_at[1] - sent_at[0] == timedelta(minutes=5).total_seconds()
    log = (await office.client.get(f"/v1/webhook_endpoints/{endpoint}/{path}/attempts")).json()["data"]
    assert [(each["number"], each["trigger"]) for each in log] == [(2, "manual"), (1, "schedule")]


async def test_a_failed_resend_is_not_repeated_and_says_nothing_of_health(office: Office, clock: SetClock) -> None:
    endpoint = await office.endpoint()
    await office.person()
    await all_sent(office)
    (row,) = (await office.client.get(f"/v1/webhook_endpoints/{endpoint}/deliveries")).json()["data"]
    office.receivers.answers["/a"] = [refusal()]
    await ask(office, endpoint, f"deliveries/{row['id']}/resend")
    await all_sent(office)
    clock.advance(days=1)
    await all_sent(office)
    (row,) = (await office.client.get(f"/v1/webhook_endpoints/{endpoint}/deliveries")).json()["data"]
    assert (row["state"], row["attempts"], row["last_http_status"]) == ("failed", 2, 500)
    assert (await office.health())["consecutive_failures"] == 0


async def test_a_failed_resend_of_what_waits_for_a_retry_leaves_its_schedule(office: Office, clock: SetClock) -> None:
    endpoint = await office.endpoint()
    office.receivers.answers["/a"] = [refusal(), refusal()]
    await office.person()
    await all_sent(office)
    (row,) = (await office.client.get(f"/v1/webhook_endpoints/{endpoint}/deliveries")).json()["data"]
    await ask(office, endpoint, f"deliveries/{row['id']}/resend")
    await all_sent(office)
    (row,) = (await office.client.get(f"/v1/webhook_endpoints/{endpoint}/deliveries")).json()["data"]
    assert (row["state"], row["attempts"], row["trigger"]) == ("pending", 2, "schedule")
    assert (await office.health())["consecutive_failures"] == 1
    clock.advance(minutes=1)
    await all_sent(office)
    (row,) = (await office.client.get(f"/v1/webhook_endpoints/{endpoint}/deliveries")).json()["data"]
    assert (row["state"], row["attempts"]) == ("succeeded", 3)


async def test_a_test_for_a_paused_endpoint_is_dropped(office: Office) -> None:
    endpoint = await office.endpoint()
    await ask(office, endpoint, "test")
    assert (await office.client.post(f"/v1/webhook_endpoints/{endpoint}/pause")).status_code == 200
    await all_sent(office)
    assert office.receivers.calls == []
    assert [row["state"] for row in await office.deliveries()] == ["canceled"]


async def test_nothing_is_sent_to_a_deleted_endpoint(office: Office) -> None:
    endpoint = await office.endpoint()
    await office.person()
    assert (await office.client.delete(f"/v1/webhook_endpoints/{endpoint}")).status_code == 204
    await all_sent(office)
    assert office.receivers.calls == []
    assert [row["state"] for row in await office.deliveries()] == ["canceled"]
    (task,) = (await office.client.get("/v1/tasks")).json()["data"]
    assert (task["kind"], task["state"], task["changed"]) == ("delete", "succeeded", 1)
