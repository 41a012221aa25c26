"""The catalogue over HTTP."""

import httpx
import jsonschema_rs

from api.domain.events import EVENT_TYPES
from tests.cast import Company
from tests.conftest import ClientFor


async def test_it_lists_every_type_by_name(client: httpx.AsyncClient) -> None:
    names: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get("/v1/event_types", params={"limit": 50, **cursor})).json()
        names += [each["type"] for each in page["data"]]
        if not page["has_more"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert names == sorted(EVENT_TYPES)


async def test_a_page_points_at_the_next(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/event_types", params={"limit": 1})
    assert 'rel="next"' in answer.headers["link"]
    following = await client.get(answer.headers["link"].partition(">")[0].removeprefix("<"))
    assert following.json()["data"][0]["type"] == sorted(EVENT_TYPES)[1]


async def test_a_type_comes_with_schemas_and_an_example_that_fits(client: httpx.AsyncClient) -> None:
    shown = (await client.get("/v1/event_types/job.updated")).json()
    assert shown["description"] == EVENT_TYPES["job.updated"]
    assert (shown["subject_type"], shown["is_operational"]) == ("job", False)
    for member in ("data", "previous"):
        jsonschema_rs.Draft202012Validator(shown[f"{member}_schema"]).validate(shown["example"][member])
    assert shown["example"]["type"] == "job.updated"
    assert shown["example"]["timestamp"] == "2026-01-15T09:30:00Z"


async def test_a_type_that_changes_nothing_has_no_former_values(client: httpx.AsyncClient) -> None:
    shown = (await client.get("/v1/event_types/job.created")).json()
    assert shown["previous_schema"] is None
    assert shown["example"]["previous"] is None


async def test_what_is_recorded_fits_the_schema(client: httpx.AsyncClient) -> None:
    await client.post("/v1/people", json={"name": "Ada Okafor"})
    schema = (await client.get("/v1/event_types/person.created")).json()["data_schema"]
    event = (await client.get("/v1/events", params={"types": "person.created"})).json()["data"][0]
    jsonschema_rs.Draft202012Validator(schema).validate(event["data"])


async def test_a_type_that_does_not_exist_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/event_types/application.teleported")
    assert answer.status_code == 404


async def test_it_is_the_same_for_everybody(client_for: ClientFor, acme: Company, globex: Company) -> None:
    ours, theirs = [await client_for(company, "read").get("/v1/event_types") for company in (acme, globex)]
    assert ours.json() == theirs.json()


async def test_a_cursor_of_another_list_is_refused(client: httpx.AsyncClient) -> None:
    cursor = (await client.get("/v1/event_types", params={"limit": 1})).json()["next_cursor"]
    answer = await client.get("/v1/people", params={"cursor": cursor})
    assert answer.json()["code"] == "cursor_mismatch"
