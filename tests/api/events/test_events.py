"""The feed: every event once, numbered without gaps, in commit order."""

import asyncio

import httpx

from tests.api.advocacies.scene import got, make_person
from tests.cast import Company
from tests.conftest import ClientFor


async def test_it_numbers_without_gaps(client: httpx.AsyncClient) -> None:
    for name in ("Ada", "Bo", "Cleo"):
        await make_person(client, name)
    feed = await got(client, "/v1/events")
    assert [event["number"] for event in feed["data"]] == [1, 2, 3]
    assert (feed["has_more"], feed["next_after"]) == (False, 3)


async def test_it_goes_on_where_it_stopped(client: httpx.AsyncClient) -> None:
    for name in ("Ada", "Bo", "Cleo"):
        await make_person(client, name)
    first = await got(client, "/v1/events?limit=2")
    assert (first["has_more"], first["next_after"]) == (True, 2)
    rest = await got(client, f"/v1/events?after={first['next_after']}")
    assert [event["number"] for event in rest["data"]] == [3]


async def test_it_filters_by_type_and_beginning(client: httpx.AsyncClient) -> None:
    person = await make_person(client, "Ada")
    await client.post("/v1/candidates", json={"person_id": person})
    await client.post("/v1/jobs", json={"title": "Engineer"})
    feed = await got(client, "/v1/events?types=candidate.*&types=job.created")
    assert [event["type"] for event in feed["data"]] == ["candidate.created", "job.created"]


async def test_a_filter_skips_what_it_has_seen(client: httpx.AsyncClient) -> None:
    await make_person(client, "Ada")
    feed = await got(client, "/v1/events?types=job.*")
    assert (feed["data"], feed["next_after"]) == ([], 1)


async def test_it_refuses_unknown_types(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/events", params={"types": "horse.*"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_event_type")


async def test_one_event_is_the_same_bytes(client: httpx.AsyncClient) -> None:
    await make_person(client, "Ada")
    feed = await client.get("/v1/events")
    event = feed.json()["data"][0]
    one = await client.get(f"/v1/events/{event['id']}")
    assert one.content in feed.content
    assert event["subject"]["url"].startswith("/v1/people/person_")


async def test_it_waits_for_the_next_event(client: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(client.get("/v1/events", params={"wait": 20}))
    await make_person(client, "Ada")
    answer = await asyncio.wait_for(waiting, 10)
    assert [event["type"] for event in answer.json()["data"]] == ["person.created"]


async def test_globex_sees_none_of_it(client: httpx.AsyncClient, client_for: ClientFor, globex: Company) -> None:
    await make_person(client, "Ada")
    event = (await got(client, "/v1/events"))["data"][0]
    assert (await got(client_for(globex), "/v1/events"))["data"] == []
    assert (await client_for(globex).get(f"/v1/events/{event['id']}")).status_code == 404
