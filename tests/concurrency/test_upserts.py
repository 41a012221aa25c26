"""The same upsert sent through two processes at once, and different ones that name the same people."""

from functools import partial
from typing import Any

import httpx

from tests.concurrency.house import Answer, House, at_once

CALLERS = 8


def _body(number: int) -> Answer:
    people = [
        {"name": "Hana", "email": "hana@example.com", "power": "decides", "is_hiring_manager": True},
        {"name": "Ines", "external_id": "u2", "power": "influences"},
    ]
    return {
        "candidate": {"name": "Sam Reyes", "email": "sam@example.com"},
        "job": {"external_id": "j1", "title": "Data engineer", "members": people[:: -1 if number % 2 else 1]},
        "referral": {"referrer": {"name": "Ravi", "email": "ravi@example.com"}, "consent": "given"},
        "stage": "screening",
    }


async def _upsert(house: House, number: int, external_id: str) -> httpx.Response:
    """The answer of one of the processes, asked again while it is busy."""
    while True:
        path = f"/v1/applications/by_ref/ats/{external_id}"
        answer = await house.through(number).put(path, json=_body(number))
        if answer.status_code != 503:
            return answer


async def _counts(house: House) -> dict[str, Any]:
    tables = ("people", "candidates", "referrers", "jobs", "job_members", "applications", "referrals")
    found = {table: await house.rows(f"select count(*) as n from {table} where workspace_id = :w") for table in tables}
    return {table: rows[0].n for table, rows in found.items()}


ONE_OF_EACH = {
    "people": 4,
    "candidates": 1,
    "referrers": 1,
    "jobs": 1,
    "job_members": 2,
    "applications": 1,
    "referrals": 1,
}


async def test_one_id_makes_one_of_everything(house: House) -> None:
    answers = await at_once(*(partial(_upsert, house, number, "a1") for number in range(CALLERS)))
    assert sorted(answer.status_code for answer in answers) == [200] * (CALLERS - 1) + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await _counts(house) == ONE_OF_EACH
    assert await house.damage() == []


async def test_many_ids_for_the_same_meet_in_one_of_everything(house: House) -> None:
    answers = await at_once(*(partial(_upsert, house, number, f"a{number}") for number in range(CALLERS)))
    assert sorted(answer.status_code for answer in answers) == [200] * (CALLERS - 1) + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await _counts(house) == ONE_OF_EACH
    assert await house.damage() == []
