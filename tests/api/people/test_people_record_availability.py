import pytest
from httpx import AsyncClient


@pytest.fixture
async def ada(client: AsyncClient) -> str:
    return (await client.post("/v1/people", json={"name": "Ada"})).json()["id"]


@pytest.fixture
def record(client: AsyncClient, ada: str):
    async def post(**body: object):
        return await client.post(f"/v1/people/{ada}/availability", json=body)

    return post


async def test_it_records_from_today(client: AsyncClient, record, ada):
    answer = await record(state="unreachable")
    assert answer.status_code == 201
    made = answer.json()["availability"]
    assert (made["state"], made["effective_on"], made["person_id"]) == ("unreachable", "2026-03-02", ada)
    assert answer.json()["consequences"] == {"applications": [], "affected_count": 0}


async def test_it_lets_the_later_recorded_of_a_day_hold(client: AsyncClient, record, ada, clock):
    await record(state="unreachable")
    clock.advance(minutes=1)
    await record(state="available")
    person = (await client.get(f"/v1/people/{ada}")).json()
    assert (person["availability"]["state"], person["version"]) == ("available", 3)


async def test_it_keeps_every_record(client: AsyncClient, record, ada):
    await record(state="away", effective_on="2026-03-20")
    await record(state="unreachable", effective_on="2026-02-01")
    listed = (await client.get(f"/v1/people/{ada}/availability")).json()["data"]
    assert [row["state"] for row in listed] == ["unreachable", "away"]


@pytest.mark.parametrize(
    "body",
    [
        {"state": "left", "until": "2026-04-01"},
        {"state": "away", "until": "2026-03-02"},
        {"state": "away", "effective_on": "2026-05-01", "until": "2026-04-01"},
    ],
)
async def test_it_refuses_an_end_that_makes_no_sense(record, body):
    answer = await record(**body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/until")


@pytest.mark.parametrize("affiliation", ["alumnus", "external", "agency"])
async def test_it_refuses_left_for_somebody_outside_the_company(client: AsyncClient, record, ada, affiliation):
    await client.post(f"/v1/people/{ada}/affiliations", json={"affiliation": affiliation})
    answer = await record(state="left")
    assert (answer.status_code, answer.json()["code"]) == (409, "leaving_not_possible")
    assert answer.json()["affiliation"] == affiliation


async def test_it_goes_by_the_affiliation_of_the_day_of_leaving(client: AsyncClient, record, ada):
    await client.post(f"/v1/people/{ada}/affiliations", json={"affiliation": "external", "effective_on": "2026-04-01"})
    assert (await record(state="left", effective_on="2026-03-31")).status_code == 201
    assert (await record(state="left", effective_on="2026-04-01")).status_code == 409


async def test_it_ends_do_not_contact_on_nobody_elses_word(record):
    await record(state="do_not_contact")
    answer = await record(state="available")
    assert (answer.status_code, answer.json()["code"]) == (409, "do_not_contact_stands")


async def test_it_ends_do_not_contact_on_the_persons_word(record, ada):
    await record(state="do_not_contact")
    answer = await record(state="available", recorded_by=ada)
    assert (answer.status_code, answer.json()["availability"]["is_own_word"]) == (201, True)
    assert (await record(state="available")).status_code == 201


async def test_it_ends_do_not_contact_on_a_word_passed_on(record):
    await record(state="do_not_contact")
    assert (await record(state="available", is_own_word=True)).status_code == 201


async def test_it_does_not_forget_the_wish_behind_another_record(record, clock):
    await record(state="do_not_contact")
    clock.advance(minutes=1)
    assert (await record(state="unreachable")).status_code == 201
    assert (await record(state="available")).status_code == 409
    assert (await record(state="away", until="2026-03-09")).status_code == 409


async def test_it_does_not_ask_for_the_persons_word_before_the_wish(record):
    await record(state="do_not_contact", effective_on="2026-06-01")
    assert (await record(state="available")).status_code == 201


async def test_it_refuses_a_teller_it_does_not_know(client_for, globex, record):
    stranger = (await client_for(globex).post("/v1/people", json={"name": "Eve"})).json()["id"]
    answer = await record(state="away", recorded_by=stranger)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_reference")
    assert answer.json()["errors"][0]["pointer"] == "#/recorded_by"


async def test_it_plans_no_further_than_five_years(record):
    assert (await record(state="away", effective_on="2031-03-01")).status_code == 201
    answer = await record(state="away", effective_on="2031-04-01")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_far_ahead")


async def test_it_refuses_an_absence_until_a_day_far_away(record):
    answer = await record(state="away", until="9998-12-31")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_far_ahead")
