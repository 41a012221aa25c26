"""What a webhook endpoint cannot be, and what the refusal says."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from api.domain.events import EVENT_TYPES
from api.event_types.catalogue import example
from api.webhooks.addresses import Guard
from api.webhooks.filters import SUBJECT_KINDS
from tests.api.problem import places, problem
from tests.api.webhooks.endpoints import ENDPOINTS, NEW, event_types, make, path_of
from tests.cast import Company
from tests.conftest import ClientFor


async def refused(client: httpx.AsyncClient, code: str, **members: Any) -> dict[str, Any]:
    """The problem that making such an endpoint is, and that changing one so would be."""
    made = problem(await client.post(ENDPOINTS, json={**NEW, **members}), 422, code)
    there = await make(client)
    changed = problem(await client.patch(path_of(there), json=members), 422, code)
    assert places(changed) == places(made)
    assert await event_types(client) == ["created"]
    return made


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example.com/hook",
        "ftp://receiver.example.com/hook",
        "receiver.example.com",
        "https://",
        "https://me:secret@receiver.example.com/hook",
        "https://receiver.example.com:22/hook",
        "https://receiver.example.com:80/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://10.1.2.3/hook",
        "https://169.254.169.254/latest",
        "https://127.1/hook",
        "https://2130706433/hook",
        "https://[::ffff:127.0.0.1]/hook",
    ],
)
async def test_it_refuses_an_address_that_nothing_is_sent_to(client: httpx.AsyncClient, url: str) -> None:
    assert places(await refused(client, "webhook_url_refused", url=url)) == ["#/url"]


@pytest.mark.parametrize("url", ["", f"https://receiver.example.com/{'x' * 2_048}", None, 7, "https://a\x00b.example"])
async def test_it_refuses_what_is_no_address(client: httpx.AsyncClient, url: Any) -> None:
    assert places(await refused(client, "invalid_request", url=url)) == ["#/url"]


def resolving(app: FastAPI, *addresses: str) -> None:
    """Let every name have these addresses, or none."""

    async def resolve(host: str) -> Sequence[str]:
        return addresses

    app.state.guard = Guard(allow_http=False, allowed_networks=(), resolve=resolve)


async def test_it_refuses_a_name_all_of_whose_addresses_are_refused(client: httpx.AsyncClient, app: FastAPI) -> None:
    made = await make(client)
    resolving(app, "10.0.0.7", "::1")
    url = {"url": "https://receiver.example.com/hook"}
    problem(await client.post(ENDPOINTS, json={**NEW, **url}), 422, "webhook_url_refused")
    problem(await client.patch(path_of(made), json=url), 422, "webhook_url_refused")
    assert (await client.patch(path_of(made), json={"description": "Other"})).status_code == 200


@pytest.mark.parametrize("addresses", [(), ("10.0.0.7", "2d00::1")], ids=["none now", "one that is allowed"])
async def test_it_accepts_a_name_that_may_lead_somewhere(
    client: httpx.AsyncClient, app: FastAPI, addresses: tuple[str, ...]
) -> None:
    resolving(app, *addresses)
    await make(client, url="https://receiver.example.com:8443/hook?team=data")


async def test_names_that_take_long_keep_no_connection_from_others(client: httpx.AsyncClient, app: FastAPI) -> None:
    asked, answered = asyncio.Semaphore(0), asyncio.Event()

    async def resolve(host: str) -> Sequence[str]:
        asked.release()
        await answered.wait()
        return ["10.0.0.7"]

    made = await make(client)
    app.state.guard = Guard(allow_http=False, allowed_networks=(), resolve=resolve)
    slow = {"url": "https://slow.example.com/hook"}
    calls = [asyncio.create_task(client.post(ENDPOINTS, json={**NEW, **slow})) for _ in range(20)]
    calls += [asyncio.create_task(client.patch(path_of(made), json=slow)) for _ in range(20)]
    for _ in calls:
        await asked.acquire()
    assert (await client.post("/v1/people", json={"name": "Ada"})).status_code == 201
    answered.set()
    for call in calls:
        problem(await call, 422, "webhook_url_refused")


# Filters


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (["application.created", "application.teleported"], "#/event_types/1"),
        (["applications.*"], "#/event_types/0"),
        (["application*"], "#/event_types/0"),
        (["application"], "#/event_types/0"),
        (["*.created"], "#/event_types/0"),
        (["application.created.*"], "#/event_types/0"),
        (["*", "**"], "#/event_types/1"),
    ],
)
async def test_it_refuses_types_there_are_not(client: httpx.AsyncClient, names: list[str], place: str) -> None:
    found = await refused(client, "unknown_event_type", event_types=names)
    assert places(found) == [place]
    assert "application.*" in found["detail"]


async def test_it_takes_types_beginnings_and_everything(client: httpx.AsyncClient) -> None:
    names = ["*", "application.*", "application.support.*", "delivery.failing", "webhook_endpoint.*"]
    assert (await make(client, event_types=names))["event_types"] == names


@pytest.mark.parametrize("names", [[], None, "*", [""], ["x" * 101], ["*"] * 101, [7]])
async def test_it_refuses_what_is_no_list_of_types(client: httpx.AsyncClient, names: Any) -> None:
    assert places(await refused(client, "invalid_request", event_types=names))[0].startswith("#/event_types")


async def test_it_refuses_jobs_there_are_not(client: httpx.AsyncClient, client_for: ClientFor, globex: Company) -> None:
    own = (await client.post("/v1/jobs", json={"title": "Ours"})).json()["id"]
    foreign = (await client_for(globex).post("/v1/jobs", json={"title": "Theirs"})).json()["id"]
    for job_id in (foreign, f"job_{uuid4().hex}"):
        made = await client.post(ENDPOINTS, json={**NEW, "job_ids": [own, job_id]})
        assert places(problem(made, 422, "unknown_reference")) == ["#/job_ids/1"]
    person = {**NEW, "job_ids": [f"person_{uuid4().hex}"]}
    problem(await client.post(ENDPOINTS, json=person), 422, "wrong_id_kind")


async def test_it_names_the_levels_there_are(client: httpx.AsyncClient) -> None:
    found = await refused(client, "invalid_request", levels=["championed", "backed"])
    assert places(found) == ["#/levels/1"]
    assert "recommended" in found["detail"]


@pytest.mark.parametrize(
    "given",
    [
        "",
        "person",
        "person_123",
        f"person_{'G' * 32}",
        f"PERSON_{'0' * 32}",
        f"policy_{'0' * 32}",
        "0" * 32,
        "✓",
        7,
        None,
    ],
)
async def test_it_refuses_what_is_no_id_of_a_subject(client: httpx.AsyncClient, given: Any) -> None:
    code = "invalid_id" if isinstance(given, str) else "invalid_request"
    found = await refused(client, code, subject_ids=[f"person_{uuid4().hex}", given])
    assert places(found) == ["#/subject_ids/1"]


async def test_subjects_may_be_whatever_events_are_about(client: httpx.AsyncClient) -> None:
    subjects = {example(event_type)["subject"]["id"] for event_type in EVENT_TYPES} - {None}
    assert {each.rpartition("_")[0] for each in subjects} == set(SUBJECT_KINDS)
    assert (await make(client, subject_ids=sorted(subjects)))["subject_ids"] == sorted(subjects)


async def test_a_subject_need_not_exist_and_one_of_another_workspace_lets_nothing_through(
    client: httpx.AsyncClient, client_for: ClientFor, globex: Company
) -> None:
    other = client_for(globex)
    theirs = (await other.post("/v1/people", json={"name": "Ada"})).json()["id"]
    made = await make(client, subject_ids=[theirs, f"person_{uuid4().hex}"])
    assert (await other.patch(f"/v1/people/{theirs}", json={"name": "Ida"})).status_code == 200
    assert (await client.post("/v1/people", json={"name": "Ada"})).status_code == 201
    assert (await client.get(f"{path_of(made)}/deliveries")).json()["data"] == []


# Numbers and choices


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("payload", "fat"),
        ("payload_format", "xml"),
        ("payload_format", None),
        ("subject_ids", None),
        ("subject_ids", [f"person_{uuid4().hex}"] * 101),
        ("ordering", "global"),
        ("ordering_hold_seconds", 0),
        ("ordering_hold_seconds", 86_401),
        ("rate_limit", 0),
        ("rate_limit", 10_001),
        ("rate_limit", "5"),
        ("max_in_flight", 0),
        ("max_in_flight", 101),
        ("max_in_flight", 2**70),
        ("description", "x" * 2_001),
        ("metadata", {"x": 7}),
        ("state", "paused"),
        ("job_ids", [f"job_{uuid4().hex}"] * 101),
        ("headers", ["x"]),
    ],
)
async def test_it_refuses_what_is_out_of_bounds(client: httpx.AsyncClient, member: str, value: Any) -> None:
    found = await refused(client, "invalid_request", **{member: value})
    assert places(found)[0].startswith(f"#/{member}")


@pytest.mark.parametrize("ping", [None, "true", 1])
async def test_a_ping_is_asked_for_or_not(client: httpx.AsyncClient, ping: Any) -> None:
    assert places(problem(await client.post(ENDPOINTS, json={**NEW, "ping": ping}), 422, "invalid_request")) == [
        "#/ping"
    ]
    made = await make(client, ping=True)
    assert "ping" not in made
    assert places(problem(await client.patch(path_of(made), json={"ping": True}), 422, "invalid_request")) == ["#/ping"]


# Custom headers


@pytest.mark.parametrize(
    "name",
    [
        "webhook-id",
        "Webhook-Signature",
        "Content-Type",
        "content-length",
        "Host",
        "User-Agent",
        "Transfer-Encoding",
        "connection",
        "Upgrade",
        "X-Championed-Attempt",
    ],
)
async def test_it_refuses_headers_of_its_own(client: httpx.AsyncClient, name: str) -> None:
    found = await refused(client, "webhook_header_refused", headers={"x-team": "data", name: "x"})
    assert places(found) == [f"#/headers/{name}"]


@pytest.mark.parametrize("value", [" sesame", "sesame ", "sesame\r\nx-other: y", "sesame ä", "\t"])
async def test_it_refuses_values_that_no_request_carries(client: httpx.AsyncClient, value: str) -> None:
    found = await refused(client, "webhook_header_refused", headers={"x-team": value})
    assert places(found) == ["#/headers/x-team"]
    assert "sesame" not in str(found)


@pytest.mark.parametrize(
    "headers",
    [
        {"": "data"},
        {"x-team": ""},
        {"x" * 101: "data"},
        {"x-team": "d" * 2_001},
        {"X-Team": "data", "x-team": "sales"},
        {f"x-{number}": "data" for number in range(41)},
    ],
)
async def test_it_refuses_what_is_no_header(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert places(await refused(client, "invalid_request", headers=headers))[0].startswith("#/headers")


@pytest.mark.parametrize(("name", "place"), [("x team", "x%20team"), ("x:", "x%3A"), ("a/b", "a~1b"), ("ä", "%C3%A4")])
async def test_it_refuses_names_that_no_request_carries(client: httpx.AsyncClient, name: str, place: str) -> None:
    found = await refused(client, "webhook_header_refused", headers={name: "data"})
    assert places(found) == [f"#/headers/{place}"]


async def test_headers_cannot_grow_without_end(client: httpx.AsyncClient) -> None:
    made = await make(client, headers={f"x-{number}": "data" for number in range(20)})
    found = problem(await client.patch(path_of(made), json={"headers": {"x-20": "data"}}), 422, "invalid_request")
    assert places(found) == ["#/headers"]
    change = {"headers": {"x-0": None, "x-20": "data"}}
    assert len((await client.patch(path_of(made), json=change)).json()["header_names"]) == 20
