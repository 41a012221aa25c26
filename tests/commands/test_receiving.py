"""The receiver for development: verifies with the vectors of Standard Webhooks, and shows each delivery in a line."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import StringIO

import httpx
import pytest
from rich.console import Console

from api.commands.receiving import MOST_BYTES, Receiver
from api.platform import signing

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
ID = "event_0192f3a4b5c67d8e9f00112233445566"
NOW = datetime(2026, 1, 15, 9, 30, 0, 250_000, tzinfo=UTC)
BODY = b'{"type":"job.created","number":7,"subject":{"type":"job","id":"job_7","url":"/v1/jobs/job_7"},"data":{}}'


@pytest.fixture
def shown() -> StringIO:
    return StringIO()


@pytest.fixture
async def receiver(shown: StringIO) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a receiver that knows the secret."""
    async with _client(SECRET, shown) as client:
        yield client


def _client(secret: str, shown: StringIO) -> httpx.AsyncClient:
    app = Receiver(secret, Console(file=shown, width=200), lambda: NOW)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


def _headers(body: bytes, *, seconds: int = 0, secret: str = SECRET) -> dict[str, str]:
    timestamp = int(NOW.timestamp()) + seconds
    keys = signing.keys_of(secret, signing.new_ed25519())
    return {
        signing.ID: ID,
        signing.TIMESTAMP: str(timestamp),
        signing.SIGNATURE: signing.signatures(ID, timestamp, body, [keys]),
        "x-championed-attempt": "3",
    }


async def test_what_is_genuine_is_shown_as_verified(receiver: httpx.AsyncClient, shown: StringIO) -> None:
    answer = await receiver.post("/", content=BODY, headers=_headers(BODY))
    assert (answer.status_code, answer.content) == (204, b"")
    time, *rest = shown.getvalue().split("  ")
    assert len(time) == len("09:30:00")
    assert rest == ["job.created", "#7", "job_7", "attempt 3", "verified\n"]


async def test_what_is_not_is_refused_and_says_why(receiver: httpx.AsyncClient, shown: StringIO) -> None:
    other = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
    altered = BODY.replace(b"7", b"8")
    sent = [
        (BODY, {}, "missing header"),
        (altered, _headers(BODY), "no entry of the signature"),
        (BODY, _headers(BODY, secret=other), "no entry of the signature"),
        (BODY, _headers(BODY, seconds=-301), "seconds away"),
        (BODY, _headers(BODY, seconds=302), "seconds away"),
        (BODY, {**_headers(BODY), signing.SIGNATURE: "v1 nonsense v2,x"}, "no entry of the signature"),
    ]
    for body, headers, why in sent:
        assert (await receiver.post("/", content=body, headers=headers)).status_code == 400
        line = shown.getvalue().splitlines()[-1]
        assert "not verified: " in line
        assert why in line


async def test_a_test_is_marked(receiver: httpx.AsyncClient, shown: StringIO) -> None:
    body = BODY.replace(b'"number"', b'"test":true,"number"')
    await receiver.post("/", content=body, headers=_headers(body))
    assert "#7 test" in shown.getvalue()


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"job"', b'{"subject":7}', b"[" * 100_000, b"\xff\xfe"])
async def test_whatever_the_body_is_there_is_a_line(receiver: httpx.AsyncClient, shown: StringIO, body: bytes) -> None:
    assert (await receiver.post("/", content=body, headers=_headers(body))).status_code == 204
    assert shown.getvalue().count("\n") == 1


async def test_what_is_sent_does_not_steer_the_terminal(receiver: httpx.AsyncClient, shown: StringIO) -> None:
    body = rb'{"type":"\u001b[2J[red]x\r\n","subject":{"id":"' + b"s" * 5_000 + b'"}}'
    await receiver.post("/", content=body)
    assert shown.getvalue().count("\n") == 1
    assert "\x1b" not in shown.getvalue()
    assert "?[2J[red]x??" in shown.getvalue()
    assert len(shown.getvalue()) < 500


async def test_it_takes_no_more_than_it_has_to(receiver: httpx.AsyncClient, shown: StringIO) -> None:
    assert (await receiver.get("/")).status_code == 405
    assert (await receiver.post("/", content=b"x" * (MOST_BYTES + 1))).status_code == 413
    assert shown.getvalue() == ""
