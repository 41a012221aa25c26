import pytest
from httpx import AsyncClient


@pytest.fixture
async def ada(client: AsyncClient) -> str:
    return (await client.post("/v1/people", json={"name": "Ada"})).json()["id"]


async def test_it_records_a_tie_from_a_day_on(client: AsyncClient, ada):
    body = {"affiliation": "agency", "effective_on": "2026-02-01", "recorded_by": ada}
    answer = await client.post(f"/v1/people/{ada}/affiliations", json=body)
    assert answer.status_code == 201
    assert answer.json().items() >= {**body, "object": "affiliation", "person_id": ada}.items()


async def test_it_shows_the_latest_by_today_and_what_is_planned(client: AsyncClient, ada):
    for tie, day in (("employee", "2026-02-01"), ("external", "2025-01-01"), ("alumnus", "2026-05-01")):
        await client.post(f"/v1/people/{ada}/affiliations", json={"affiliation": tie, "effective_on": day})
    shown = (await client.get(f"/v1/people/{ada}")).json()["affiliation"]
    assert (shown["affiliation"], shown["effective_on"]) == ("employee", "2026-02-01")
    assert shown["planned"] == [{"affiliation": "alumnus", "effective_on": "2026-05-01"}]


async def test_it_lists_all_of_them_page_by_page(client: AsyncClient, ada):
    for day in ("2026-02-01", "2026-02-02"):
        await client.post(f"/v1/people/{ada}/affiliations", json={"affiliation": "employee", "effective_on": day})
    page = (await client.get(f"/v1/people/{ada}/affiliations?limit=1")).json()
    rest = (await client.get(f"/v1/people/{ada}/affiliations?limit=1&cursor={page['next_cursor']}")).json()
    assert [row["effective_on"] for row in page["data"] + rest["data"]] == ["2026-02-02", "2026-02-01"]


async def test_it_refuses_a_cursor_of_another_person(client: AsyncClient, ada):
    for _ in range(2):
        await client.post(f"/v1/people/{ada}/affiliations", json={"affiliation": "employee"})
    cursor = (await client.get(f"/v1/people/{ada}/affiliations?limit=1")).json()["next_cursor"]
    bo = (await client.post("/v1/people", json={"name": "Bo"})).json()["id"]
    answer = await client.get(f"/v1/people/{bo}/affiliations?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_mismatch")


async def test_it_refuses_a_day_far_away(client: AsyncClient, ada):
    for day, code in (("2005-01-01", "too_long_ago"), ("9998-12-31", "too_far_ahead")):
        body = {"affiliation": "employee", "effective_on": day}
        answer = await client.post(f"/v1/people/{ada}/affiliations", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
