import asyncio

from httpx import AsyncClient

ADA = {"name": "Ada Okafor", "email": "Ada@Example.com"}


async def test_it_makes_a_person_known(client: AsyncClient):
    answer = await client.post("/v1/people", json={**ADA, "metadata": {"hr": "7"}})
    assert answer.status_code == 201
    person = answer.json()
    assert (person["name"], person["email"], person["version"]) == ("Ada Okafor", "Ada@Example.com", 1)
    assert person["metadata"] == {"hr": "7"}
    assert answer.headers["location"] == f"/v1/people/{person['id']}"
    assert answer.headers["etag"] == '"1"'


async def test_it_says_that_a_new_person_is_available_and_of_unknown_affiliation(client: AsyncClient):
    person = (await client.post("/v1/people", json=ADA)).json()
    assert person["availability"] == {"state": "available", "effective_on": None, "until": None, "planned": []}
    assert person["affiliation"] == {"affiliation": None, "effective_on": None, "planned": []}


async def test_it_records_the_affiliation_from_today(client: AsyncClient):
    made = await client.post("/v1/people", json={**ADA, "affiliation": {"affiliation": "employee"}})
    assert made.json()["affiliation"] == {"affiliation": "employee", "effective_on": "2026-03-02", "planned": []}


async def test_it_refuses_an_address_that_differs_in_case_only(client: AsyncClient):
    first = (await client.post("/v1/people", json=ADA)).json()
    answer = await client.post("/v1/people", json={"name": "Somebody", "email": "ada@example.COM"})
    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["existing_id"]) == ("person_exists", first["id"])


async def test_it_lets_many_people_be_without_an_address(client: AsyncClient):
    answers = [await client.post("/v1/people", json={"name": "Kim"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]


async def test_it_answers_the_same_request_once(client: AsyncClient):
    headers = {"Idempotency-Key": "ada-1"}
    answers = [await client.post("/v1/people", json=ADA, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotent-replayed"] == "true"


async def test_it_makes_one_person_of_one_address_however_many_ask_at_once(client: AsyncClient):
    answers = await asyncio.gather(*(client.post("/v1/people", json=ADA) for _ in range(4)))
    (made,) = (answer.json() for answer in answers if answer.status_code == 201)
    assert {answer.json()["existing_id"] for answer in answers if answer.status_code == 409} == {made["id"]}


async def test_it_refuses_an_address_with_characters_that_nobody_sees(client: AsyncClient):
    for hidden in ("\u200b", "\u00ad", "\u202e"):
        answer = await client.post("/v1/people", json={"name": "Ada", "email": f"a{hidden}da@example.com"})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "email_invisible")


async def test_a_dot_after_the_domain_makes_no_other_address(client: AsyncClient):
    await client.post("/v1/people", json=ADA)
    answer = await client.post("/v1/people", json={"name": "Somebody", "email": "ada@example.com."})
    assert (answer.status_code, answer.json()["code"]) == (409, "person_exists")


async def test_it_refuses_an_affiliation_from_a_day_of_another_age(client: AsyncClient):
    for day, code in (("2005-01-01", "too_long_ago"), ("2040-01-01", "too_far_ahead")):
        tie = {"affiliation": "employee", "effective_on": day}
        answer = await client.post("/v1/people", json={**ADA, "affiliation": tie})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["errors"][0]["pointer"] == "#/affiliation/effective_on"
