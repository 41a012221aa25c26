"""The feed as server-sent events: everything once, in order, until the key or the process ends."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.events import open_streams
from api.platform.auth import Scope
from api.platform.db import Databases
from api.workspaces.service import create_key, revoke_key
from tests.api.advocacies.scene import got, make_person, sent
from tests.api.events.streaming import Stream
from tests.api.problem import places, problem
from tests.cast import START, Company
from tests.conftest import ClientFor, SetClock

PATH = "/v1/events/stream"
WRITERS = 6
EACH = 5


async def test_what_is_there_comes_first_and_then_what_happens(
    client: httpx.AsyncClient, app: FastAPI, acme: Company
) -> None:
    await make_person(client, "Ada")
    async with Stream(app, PATH, acme.headers("read")) as stream:
        assert (stream.status, stream.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert stream.headers["cache-control"] == "no-cache"
        assert [told.id for told in await stream.take(1)] == ["1"]
        await sent(client, "/v1/jobs", {"title": "Engineer"})
        assert [(told.id, told.event) for told in await stream.take(1)] == [("2", "job.created")]


async def test_data_is_the_frozen_body_byte_for_byte(client: httpx.AsyncClient, app: FastAPI, acme: Company) -> None:
    await make_person(client, 'Zoë "Zo"\u2028\nBell')
    event = (await got(client, "/v1/events"))["data"][0]
    one = await client.get(f"/v1/events/{event['id']}")
    async with Stream(app, PATH, acme.headers()) as stream:
        assert (await stream.take(1))[0].data.encode() == one.content


async def test_it_is_taken_up_after_the_last_event_id(client: httpx.AsyncClient, app: FastAPI, acme: Company) -> None:
    for name in ("Ada", "Bo", "Cleo"):
        await make_person(client, name)
    async with Stream(app, f"{PATH}?after=2", acme.headers()) as stream:
        assert [told.id for told in await stream.take(1)] == ["3"]
    async with Stream(app, f"{PATH}?after=2", {**acme.headers(), "Last-Event-ID": "1"}) as stream:
        assert [told.id for told in await stream.take(2)] == ["2", "3"]


async def test_it_carries_the_wanted_types_alone(client: httpx.AsyncClient, app: FastAPI, acme: Company) -> None:
    async with Stream(app, f"{PATH}?types=job.*", acme.headers()) as stream:
        await make_person(client, "Ada")
        await sent(client, "/v1/jobs", {"title": "Engineer"})
        assert [(told.id, told.event) for told in await stream.take(1)] == [("2", "job.created")]


async def test_what_cannot_be_is_refused_before_it_begins(client: httpx.AsyncClient) -> None:
    problem(await client.get(PATH, params={"types": "horse.*"}), 422, "unknown_event_type")
    assert places(problem(await client.get(PATH, params={"wait": 1}), 422, "unknown_parameter")) == ["wait"]
    assert (await client.get(PATH, params={"after": -1})).status_code == 422
    assert (await client.get(PATH, headers={"Last-Event-ID": "latest"})).status_code == 422
    assert (await client.get(PATH, headers={"Authorization": "Bearer sesame"})).status_code == 401


async def test_more_than_a_page_comes_without_a_gap(client: httpx.AsyncClient, app: FastAPI, acme: Company) -> None:
    for number in range(60):
        await make_person(client, f"Person {number}")
    async with Stream(app, PATH, acme.headers()) as stream:
        assert [told.id for told in await stream.take(60)] == [str(number) for number in range(1, 61)]


async def test_beside_writers_and_interrupted_it_misses_nothing_and_repeats_nothing(
    client: httpx.AsyncClient, app: FastAPI, acme: Company
) -> None:
    async def write(number: int) -> None:
        for count in range(EACH):
            await make_person(client, f"Person {number}.{count}")

    writing = asyncio.gather(*(write(number) for number in range(WRITERS)))
    seen: list[str] = []
    while len(seen) < WRITERS * EACH:
        last = {"Last-Event-ID": seen[-1]} if seen else {}
        async with Stream(app, PATH, {**acme.headers(), **last}) as stream:
            seen += [told.id for told in await stream.take(min(7, WRITERS * EACH - len(seen)))]
    await writing
    assert seen == [str(number) for number in range(1, WRITERS * EACH + 1)]


async def test_globex_hears_nothing_of_it(client_for: ClientFor, app: FastAPI, acme: Company, globex: Company) -> None:
    async with Stream(app, PATH, globex.headers()) as stream:
        await make_person(client_for(acme), "Ada")
        await sent(client_for(globex), "/v1/jobs", {"title": "Engineer"})
        assert [(told.id, told.event) for told in await stream.take(1)] == [("1", "job.created")]


async def test_a_comment_comes_where_nothing_happens(
    app: FastAPI, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    async with Stream(app, PATH, acme.headers()) as stream:
        assert await stream.block() == ": ping"


async def test_head_is_answered_at_once(client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        answer = await asyncio.wait_for(client.head(PATH), 5)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-type"].startswith("text/event-stream")
        await make_person(client, "Ada")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


# When it ends


async def test_it_ends_when_the_key_is_revoked(app: FastAPI, acme: Company, databases: Databases) -> None:
    async with databases.open_system() as connection:
        key_id, plain = await create_key(connection, acme.workspace, [Scope.READ], expires_at=None, now=START)
    async with Stream(app, PATH, {"Authorization": f"Bearer {plain}"}) as stream:
        async with databases.open_system() as connection:
            await revoke_key(connection, key_id, now=START)
        assert await stream.next() is None


async def test_it_ends_when_the_key_expires(app: FastAPI, acme: Company, databases: Databases, clock: SetClock) -> None:
    ends = START + timedelta(hours=1)
    async with databases.open_system() as connection:
        _, plain = await create_key(connection, acme.workspace, [Scope.READ], expires_at=ends, now=START)
    async with Stream(app, PATH, {"Authorization": f"Bearer {plain}"}) as stream:
        clock.advance(hours=1)
        assert await stream.next() is None


async def test_it_ends_when_the_service_stops(client: httpx.AsyncClient, app: FastAPI, acme: Company) -> None:
    await make_person(client, "Ada")
    async with Stream(app, PATH, acme.headers()) as stream:
        await stream.take(1)
        app.state.wakeups.close()
        assert await stream.next() is None
        await asyncio.wait_for(stream.call, 5)


async def test_it_outlives_a_database_that_goes_away(
    client: httpx.AsyncClient, app: FastAPI, acme: Company, databases: Databases
) -> None:
    cut = "select pg_terminate_backend(pid) from pg_stat_activity"
    others = text(f"{cut} where datname = current_database() and pid <> pg_backend_pid()")
    async with Stream(app, PATH, acme.headers()) as stream:
        await make_person(client, "Ada")
        await stream.take(1)
        async with databases.open_system() as connection:
            await connection.execute(others)
        await _insist(client)
        assert [told.event for told in await stream.take(1)] == ["job.created"]


async def _insist(client: httpx.AsyncClient) -> None:
    """Make a job; connections that were cut answer 503 until each has been replaced."""
    answers = [503]
    while answers[-1] == 503 and len(answers) < 50:
        answers.append((await client.post("/v1/jobs", json={"title": "Engineer"})).status_code)
    assert answers[-1] == 201


async def test_a_workspace_has_a_bounded_number_of_streams(
    client: httpx.AsyncClient, app: FastAPI, acme: Company, globex: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_streams, "MOST_STREAMS", 2)
    async with Stream(app, PATH, acme.headers()), Stream(app, PATH, acme.headers()):
        answer = await client.get(PATH)
        assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (429, "too_many_streams", 2)
        assert answer.headers["Retry-After"] == "15"
        async with Stream(app, PATH, globex.headers()) as other:
            assert other.status == 200
    async with Stream(app, PATH, acme.headers()), Stream(app, PATH, acme.headers()) as second:
        assert second.status == 200


async def test_many_streams_hold_no_connections(client: httpx.AsyncClient, app: FastAPI, acme: Company) -> None:
    streams = [Stream(app, PATH, acme.headers()) for _ in range(40)]
    for stream in streams:
        await stream.__aenter__()
    await make_person(client, "Ada")
    for stream in streams:
        assert [told.id for told in await stream.take(1)] == ["1"]
    for stream in streams:
        await stream.__aexit__(None, None, None)
