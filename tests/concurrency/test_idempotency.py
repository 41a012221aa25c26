"""Fifty equal requests with one Idempotency-Key, through both processes: one effect."""

import pytest

from api.platform import idempotency
from tests.concurrency.house import Answer, House, at_once, is_in_use

TIMES = 50
ADA: Answer = {"name": "Ada Okafor"}


async def test_fifty_equal_requests_have_one_effect(house: House) -> None:
    calls = [house.post(number, "/v1/people", ADA, **{"Idempotency-Key": "ada"}) for number in range(TIMES)]
    answers = [answer for answer in await at_once(*calls) if not is_in_use(answer)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    first = [answer for answer in answers if "Idempotent-Replayed" not in answer.headers]
    assert len(first) == 1
    assert {answer.headers["Location"] for answer in answers} == {first[0].headers["Location"]}
    assert len((await house.get("/v1/people"))["data"]) == 1
    assert [event["subject"]["id"] for event in await house.feed()] == [first[0].json()["id"]]


async def test_the_key_with_another_body_is_refused(house: House) -> None:
    bodies = [{"name": f"Person {number % 2}"} for number in range(10)]
    calls = [
        house.post(number // 2, "/v1/people", body, **{"Idempotency-Key": "one"}) for number, body in enumerate(bodies)
    ]
    answers = [answer for answer in await at_once(*calls) if not is_in_use(answer)]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(422, "idempotency_key_reused")}
    assert len((await house.get("/v1/people"))["data"]) == 1


async def test_without_the_key_s_claim_they_have_fifty(
    unprotected_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: the same requests make a person each, which shows that the first test would notice."""

    async def claim_nothing(*_: object) -> None: ...

    monkeypatch.setattr(idempotency, "begin", claim_nothing)
    house = unprotected_house
    calls = [house.post(number, "/v1/people", ADA, **{"Idempotency-Key": "ada"}) for number in range(TIMES)]
    await at_once(*calls)
    assert len((await house.get("/v1/people", limit=100))["data"]) == TIMES
    assert len(await house.feed()) == TIMES
