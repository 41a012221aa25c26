"""What an endpoint gets: listed, shown with every attempt, and sent once more."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest

from api.models import Delivery
from api.platform import rows
from api.platform.db import Databases
from api.platform.ids import decode, encode
from api.platform.outbox import CHANNEL
from tests.api.webhooks.backlog import Backlog, make_backlog
from tests.cast import Company
from tests.conftest import ClientFor, SetClock
from tests.webhooks.stored import ACTOR, attempt

LEASED = "lease_until = cast(:now as timestamptz) + interval '1 minute', lease_token = gen_random_uuid()"
FAILED = (
    "state = 'failed', attempts = 10, tries = 10, next_attempt_at = null, finished_at = :now, first_failure_at = :now,"
    " last_attempt_at = :now, last_http_status = 503, last_error_code = 'http_status', status_class = 5"
)


@pytest.fixture
async def backlog(client: httpx.AsyncClient, databases: Databases, clock: SetClock, acme: Company) -> Backlog:
    return await make_backlog(client, databases, clock, acme.workspace)


# Listing


async def test_it_lists_deliveries_the_latest_first(backlog: Backlog) -> None:
    await backlog.happen(None, None, None)
    answer = await backlog.client.get(f"{backlog.path}/deliveries", params={"limit": 2})
    page = answer.json()
    assert [row["event_number"] - backlog.before for row in page["data"]] == [3, 2]
    assert page["next_cursor"] in answer.headers["link"]
    page = (
        await backlog.client.get(f"{backlog.path}/deliveries", params={"limit": 2, "cursor": page["next_cursor"]})
    ).json()
    assert [row["event_number"] - backlog.before for row in page["data"]] == [1]
    assert not page["has_more"]
    assert await backlog.numbers(order_by="created_at") == [1, 2, 3]


async def test_a_cursor_of_another_endpoint_is_refused(
    backlog: Backlog, databases: Databases, clock: SetClock, acme: Company
) -> None:
    other = await make_backlog(backlog.client, databases, clock, acme.workspace)
    await backlog.happen(None, None)
    page = (await backlog.client.get(f"{backlog.path}/deliveries", params={"limit": 1})).json()
    answer = await backlog.client.get(f"{other.path}/deliveries", params={"cursor": page["next_cursor"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_mismatch")


async def test_it_filters_by_state(backlog: Backlog) -> None:
    await backlog.happen(*[None] * 7)
    for number, state in enumerate(("succeeded", "failed", "held", "canceled"), start=1):
        await backlog.change(f"state = '{state}'", number)
    await backlog.change(LEASED, 5)
    await backlog.change("lease_until = cast(:now as timestamptz) - interval '1 second'", 6)
    for number, state in enumerate(("succeeded", "failed", "held", "canceled", "in_flight"), start=1):
        assert await backlog.numbers(state=state) == [number], state
    assert await backlog.numbers(state="pending") == [7, 6]
    assert {row["state"] for row in await backlog.listed(state="in_flight")} == {"in_flight"}


async def test_it_filters_by_type_status_and_window(backlog: Backlog) -> None:
    await backlog.change_endpoint("event_types = '{*}'")
    await backlog.happen(None, None)
    await backlog.happen(event_type="person.created")
    await backlog.change("last_http_status = 404, status_class = 4", 1)
    assert await backlog.numbers(type="person.created") == [3]
    assert await backlog.numbers(http_status="4xx") == [1]
    assert await backlog.numbers(http_status="5xx") == []
    window = {"since": "2026-03-02T11:01:00Z", "until": "2026-03-02T11:02:00Z"}
    assert await backlog.numbers(**window) == [2]
    assert await backlog.numbers(**window, state="pending") == [2]
    assert await backlog.numbers(**window, state="failed") == []


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"state": "failed", "type": "person.updated"}, "filters_not_combinable"),
        ({"state": "failed", "http_status": "5xx"}, "filters_not_combinable"),
        ({"type": "person.exploded"}, "unknown_event_type"),
        ({"type": "person.*"}, "unknown_event_type"),
        ({"since": "2026-03-02T11:00:00Z", "until": "2026-03-02T11:00:00Z"}, "window_empty"),
        ({"state": "sleeping"}, "invalid_request"),
        ({"http_status": "404"}, "invalid_request"),
        ({"order_by": "next_attempt_at"}, "invalid_order_by"),
    ],
)
async def test_it_refuses_what_it_cannot_answer(backlog: Backlog, filters: dict[str, str], code: str) -> None:
    answer = await backlog.client.get(f"{backlog.path}/deliveries", params=filters)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


# One delivery


async def test_it_shows_a_delivery(backlog: Backlog) -> None:
    await backlog.happen()
    (row,) = await backlog.listed()
    shown = (await backlog.client.get(await backlog.delivery_path(1))).json()
    assert shown == row
    event = (await backlog.client.get(f"/v1/events/{shown['event_id']}")).json()
    assert (event["number"], event["type"]) == (shown["event_number"], shown["event_type"])
    assert (shown["state"], shown["trigger"], shown["attempts"]) == ("pending", "schedule", 0)
    assert shown["next_attempt_at"] == shown["created_at"]


async def test_it_shows_every_attempt(backlog: Backlog, databases: Databases, clock: SetClock) -> None:
    await backlog.happen()
    path = await backlog.delivery_path(1)
    async with databases.open_writing(backlog.workspace, actor=ACTOR) as session:
        delivery = await rows.find(session, Delivery, decode("delivery", path.rpartition("/")[2]))
        for number, answered in enumerate([{"error_code": "timeout", "http_status": None}, {}], start=1):
            session.add(attempt(delivery, clock() + timedelta(seconds=number), number=number, **answered))
        await session.flush()
        await session.commit()
    found = (await backlog.client.get(f"{path}/attempts")).json()["data"]
    assert [(row["number"], row["http_status"], row["error_code"]) for row in found] == [
        (2, 200, None),
        (1, None, "timeout"),
    ]
    assert found[0]["body_sha256"] == "00" * 32
    page = (await backlog.client.get(f"{path}/attempts", params={"limit": 1})).json()
    page = (await backlog.client.get(f"{path}/attempts", params={"limit": 1, "cursor": page["next_cursor"]})).json()
    assert [row["number"] for row in page["data"]] == [1]


@pytest.mark.parametrize("rest", ["", "/attempts", "/resend"])
async def test_it_knows_deliveries_by_their_endpoint_alone(
    backlog: Backlog, databases: Databases, clock: SetClock, acme: Company, rest: str
) -> None:
    other = await make_backlog(backlog.client, databases, clock, acme.workspace)
    await backlog.happen()
    delivery = (await backlog.delivery_path(1)).rpartition("/")[2]
    method = "POST" if rest == "/resend" else "GET"
    for whose, which in ((other, delivery), (backlog, encode("delivery", uuid4()))):
        answer = await backlog.client.request(method, f"{whose.path}/deliveries/{which}{rest}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("rest", ["", "/{id}", "/{id}/attempts", "/{id}/resend"])
async def test_nothing_is_found_of_a_deleted_endpoint(backlog: Backlog, rest: str) -> None:
    await backlog.happen()
    path, _, delivery = (await backlog.delivery_path(1)).rpartition("/")
    await backlog.change_endpoint("state = 'deleted'")
    method = "POST" if rest.endswith("resend") else "GET"
    answer = await backlog.client.request(method, path + rest.format(id=delivery))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# Sending one once more


@pytest.mark.parametrize("state", ["succeeded", "failed", "held", "canceled"])
async def test_it_resends_what_is_finished(backlog: Backlog, state: str) -> None:
    await backlog.happen()
    await backlog.change(FAILED.replace("'failed'", f"'{state}'", 1), 1)
    answer = await backlog.client.post(f"{await backlog.delivery_path(1)}/resend")
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["state"], shown["trigger"], shown["attempts"]) == ("pending", "manual", 10)
    assert (shown["next_attempt_at"], shown["finished_at"]) == ("2026-03-02T11:01:00Z", None)
    assert await backlog.table("priority", "tries", "first_failure_at", "lease_until") == [(1, 0, 0, None, None)]


async def test_what_waits_for_a_retry_is_resent_at_once(backlog: Backlog) -> None:
    await backlog.happen()
    await backlog.change("tries = 3, next_attempt_at = cast(:now as timestamptz) + interval '5 hours'", 1)
    shown = (await backlog.client.post(f"{await backlog.delivery_path(1)}/resend")).json()
    assert (shown["trigger"], shown["next_attempt_at"]) == ("manual", "2026-03-02T11:01:00Z")


async def test_what_is_in_flight_is_not_resent(backlog: Backlog, clock: SetClock) -> None:
    await backlog.happen()
    await backlog.change(LEASED, 1)
    path = f"{await backlog.delivery_path(1)}/resend"
    answer = await backlog.client.post(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "delivery_in_flight")
    clock.advance(minutes=2)
    assert (await backlog.client.post(path)).status_code == 200


@pytest.mark.parametrize("state", ["paused", "disabled"])
async def test_nothing_is_resent_to_an_endpoint_that_is_not_active(backlog: Backlog, state: str) -> None:
    await backlog.happen()
    await backlog.change_endpoint(f"state = '{state}'")
    answer = await backlog.client.post(f"{await backlog.delivery_path(1)}/resend")
    assert (answer.status_code, answer.json()["code"]) == (409, "webhook_endpoint_not_active")
    assert answer.json()["current_state"] == state


async def test_resending_needs_an_admin(backlog: Backlog, client_for: ClientFor, acme: Company) -> None:
    await backlog.happen()
    path = await backlog.delivery_path(1)
    assert (await client_for(acme, "write").post(f"{path}/resend")).status_code == 403
    assert (await client_for(acme, "read").get(path)).status_code == 200


async def test_whoever_sends_hears_of_it(backlog: Backlog, database_url: str) -> None:
    await backlog.happen()
    await backlog.change(FAILED, 1)
    heard: list[str] = []
    listener = await asyncpg.connect(database_url)
    await listener.add_listener(CHANNEL, lambda *told: heard.append(str(told[-1])))
    await backlog.client.post(f"{await backlog.delivery_path(1)}/resend")
    await listener.execute("select 1")
    await listener.close()
    assert heard == [str(backlog.workspace.id)]
