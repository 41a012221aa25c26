"""What an error says: what to send instead."""

from typing import Any

import httpx
import pytest

from tests.api.problem import problem
from tests.cast import Company
from tests.conftest import ClientFor


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (None, "Send a JSON body"),
        ({}, "Send 'name', which is required"),
        ({"name": " "}, "more than white space"),
        ({"name": "Ada", "email": "ada"}, "ada@example.com"),
        ({"name": "Ada", "mail": "ada@example.com"}, "known here: name, "),
    ],
)
async def test_a_body_is_corrected_in_words(client: httpx.AsyncClient, body: Any, words: str) -> None:
    answer = await client.post("/v1/people", **({} if body is None else {"json": body}))
    assert words in problem(answer, 422, "invalid_request")["detail"]


async def test_a_parameter_is_named_as_the_place_of_the_fault(client: httpx.AsyncClient) -> None:
    types = problem(await client.get("/v1/events?types=people.*"), 422, "unknown_event_type")
    assert types["errors"][0]["parameter"] == "types"
    assert "person.*" in types["detail"]
    later = problem(await client.get("/v1/pipeline?as_of=2030-01-01T00:00:00Z"), 422, "asked_in_the_future")
    assert later["errors"][0]["parameter"] == "as_of"


async def test_an_unknown_address_is_told_where_the_manual_is(client: httpx.AsyncClient) -> None:
    assert "/docs" in problem(await client.get("/v1/persons"), 404, "not_found")["detail"]


@pytest.mark.parametrize("credentials", [b"Basic \xff", b"Basic /w==", b"Bearer \xff"])
async def test_credentials_that_are_no_text_are_refused(client: httpx.AsyncClient, credentials: bytes) -> None:
    answer = await client.get("/v1/people", headers=[(b"authorization", credentials)])
    problem(answer, 401, "unauthorized")


async def test_time_that_runs_out_while_a_request_is_left_is_a_503(
    client_for: ClientFor, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.platform.db.TRANSACTION_SECONDS", 0)
    answer = await client_for(acme).get("/v1/people")
    problem(answer, 503, "service_unavailable")
    assert int(answer.headers["retry-after"]) >= 1
