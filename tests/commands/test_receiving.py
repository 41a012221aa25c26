"""The receiver for development: verifies with the vectors of Standard Webhooks, and shows what each delivery is."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO, StringIO, TextIOWrapper

import httpx
import pytest
from rich.console import Console

from api.commands.receiving import MOST_BYTES, MOST_SHOWN, Receiver
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
    async with _client(Console(file=shown, width=200)) as client:
        yield client


@pytest.fixture
async def brief(shown: StringIO) -> AsyncIterator[httpx.AsyncClient]:
    """The same of one that shows no bodies."""
    async with _client(Console(file=shown, width=200), brief=True) as client:
        yield client


def _client(console: Console, **options: bool) -> httpx.AsyncClient:
    app = Receiver(SECRET, console, lambda: NOW, **options)
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
    line, _, event = shown.getvalue().partition("\n")
    time, *rest = line.split("  ")
    assert len(time) == len("09:30:00")
    assert rest == ["job.created", "#7", "job_7", "attempt 3", "verified"]
    assert event == json.dumps(json.loads(BODY), indent=2) + "\n"


async def test_a_brief_one_says_it_in_a_line(brief: httpx.AsyncClient, shown: StringIO) -> None:
    await brief.post("/", content=BODY, headers=_headers(BODY))
    assert shown.getvalue().endswith("job_7  attempt 3  verified\n")
    assert shown.getvalue().count("\n") == 1


async def test_only_a_terminal_gets_colours(shown: StringIO) -> None:
    async with _client(Console(file=shown, force_terminal=True, color_system="standard", width=200)) as client:
        await client.post("/", content=BODY, headers=_headers(BODY))
    assert "\x1b[" in shown.getvalue().partition("\n")[2]


async def test_what_is_not_is_refused_and_says_why(brief: httpx.AsyncClient, shown: StringIO) -> None:
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
        assert (await brief.post("/", content=body, headers=headers)).status_code == 400
        line = shown.getvalue().splitlines()[-1]
        assert "not verified: " in line
        assert why in line


async def test_a_test_is_marked(receiver: httpx.AsyncClient, shown: StringIO) -> None:
    body = BODY.replace(b'"number"', b'"test":true,"number"')
    await receiver.post("/", content=body, headers=_headers(body))
    assert "#7 test" in shown.getvalue()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{}", b"[1]", b'"job"', b"[" * 100_000, b"\xff\xfe", b'{"a":' + b"[" * 1_500 + b"]" * 1_500 + b"}"],
)
async def test_whatever_the_body_is_there_is_a_line(brief: httpx.AsyncClient, shown: StringIO, body: bytes) -> None:
    assert (await brief.post("/", content=body, headers=_headers(body))).status_code == 204
    assert shown.getvalue().count("\n") == 1


@pytest.mark.parametrize("body", [b"", b"[1]", b"nonsense"])
async def test_what_is_no_event_is_not_shown(receiver: httpx.AsyncClient, shown: StringIO, body: bytes) -> None:
    await receiver.post("/", content=body, headers=_headers(body))
    assert "no event" in shown.getvalue()
    assert shown.getvalue().count("\n") == 1


async def test_what_is_sent_does_not_steer_the_terminal(receiver: httpx.AsyncClient, shown: StringIO) -> None:
    name = "\\u001b[2J[red]x\\r\\n\\ud800\x9b\u202e\U000e0001 Zoë"
    body = f'{{"type":"{name}","subject":{{"id":"{"s" * 5_000}"}}}}'.encode()
    await receiver.post("/", content=body)
    line, *event = shown.getvalue().splitlines()
    assert "?[2J[red]x??" in line
    assert len(line) < 500
    assert all(text.isprintable() for text in (line, *event))
    assert json.loads("".join(event)) == json.loads(body)
    assert "Zoë" in event[1]


@pytest.mark.parametrize(
    "value",
    ['"' + "x" * 900_000 + '"', "[" + "1," * 100_000 + "1]", "[" * 900 + "]" * 900, '"' + "\x9b" * 100_000 + '"'],
    ids=["long", "wide", "deep", "escaped"],
)
async def test_of_a_huge_event_only_the_beginning_is_shown(
    receiver: httpx.AsyncClient, shown: StringIO, value: str
) -> None:
    body = f'{{"type":"job.created","data":{value}}}'.encode()
    await receiver.post("/", content=body, headers=_headers(body))
    _, beginning, *_, last = shown.getvalue().splitlines()
    assert beginning == "{"
    assert last == "... and more, which is not shown"
    assert MOST_SHOWN < len(shown.getvalue()) < MOST_SHOWN + 300


async def test_a_terminal_without_unicode_takes_it_too() -> None:
    shown = TextIOWrapper(BytesIO(), encoding="ascii", write_through=True)
    body = BODY.replace(b"{}", '{"name":"Zoë"}'.encode())
    async with _client(Console(file=shown, width=200)) as client:
        assert (await client.post("/", content=body, headers=_headers(body))).status_code == 204


async def test_it_takes_no_more_than_it_has_to(receiver: httpx.AsyncClient, shown: StringIO) -> None:
    assert (await receiver.get("/")).status_code == 405
    assert (await receiver.post("/", content=b"x" * (MOST_BYTES + 1))).status_code == 413
    assert shown.getvalue() == ""
