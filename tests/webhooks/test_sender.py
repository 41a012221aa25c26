"""Calls to receivers on real sockets, most of which behave badly."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_network

import pytest

from api.domain.webhooks import AttemptError
from api.webhooks.addresses import Guard
from api.webhooks.answers import Control
from api.webhooks.sender import Sender
from tests.webhooks.calling import AT, NAMED, answer_with, call, post, sender
from tests.webhooks.sockets import OK, keeping_on, listening, saying


async def test_it_sends_the_bytes_it_is_given() -> None:
    async with listening(saying(answer_with("202 Accepted", "X-Two: 1", "x-two: 2", body="thanks"))) as receiver:
        own = sender()
        body = "Zoë".encode() * 20_000
        answer = await own.post(
            call(f"http://{NAMED}:{receiver.port}/hook?a=b", body=body, **{"webhook-id": "event_1"})
        )
        await own.close()
    (request,) = receiver.requests
    assert request.line == "POST /hook?a=b HTTP/1.1"
    assert request.body == body
    assert request.headers == {
        "host": f"{NAMED}:{receiver.port}",
        "content-type": "application/json",
        "user-agent": "Championed-Webhooks/1",
        "webhook-id": "event_1",
        "content-length": str(len(body)),
    }
    assert (answer.error_code, answer.http_status, answer.response_body) == (None, 202, "thanks")
    assert answer.response_headers == {"x-two": "1, 2", "content-length": "6"}
    assert (answer.resolved_ip, answer.is_truncated, answer.retry_after) == ("127.0.0.1", False, None)


@pytest.mark.parametrize(
    "status", ["204 No Content", "301 Moved", "304 Not Modified", "400 Bad", "404 Not Found", "410 Gone", "500 Oh"]
)
async def test_it_takes_2xx_alone_for_delivered(status: str) -> None:
    async with listening(saying(f"HTTP/1.1 {status}\r\nlocation: http://10.0.0.1/\r\n\r\n".encode())) as receiver:
        answer = await post(receiver)
    assert answer.http_status == int(status[:3])
    assert answer.error_code == (None if status.startswith("2") else AttemptError.HTTP_STATUS)


async def test_it_never_follows_a_redirect() -> None:
    async with listening(keeping_on) as target:
        redirect = answer_with("307 Temporary Redirect", f"location: http://127.0.0.1:{target.port}/private")
        async with listening(saying(redirect, OK)) as receiver:
            answer = await post(receiver)
    assert (answer.http_status, answer.error_code) == (307, AttemptError.HTTP_STATUS)
    assert answer.error_detail == "the receiver answered 307; redirects are not followed"
    assert target.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1:8080/",
        "http://[::1]:8080/",
        "http://[::ffff:7f00:1]:8080/",
        "http://169.254.169.254/latest",
        f"http://{NAMED}:8080/",
    ],
)
async def test_it_connects_to_no_address_that_is_refused(url: str) -> None:
    own = sender(allowed=())
    answer = await own.post(call(url))
    assert (answer.error_code, answer.resolved_ip, answer.http_status) == (AttemptError.BLOCKED_ADDRESS, None, None)


async def test_a_name_that_changes_its_mind_reaches_nothing_private() -> None:
    answers = [["8.8.8.8"], ["127.0.0.1"]]

    async def rebinding(host: str) -> Sequence[str]:
        return answers.pop(0)

    async with listening(keeping_on) as private:
        guard = Guard(allow_http=True, allowed_networks=(), resolve=rebinding)
        url = f"http://rebinding.example.com:{private.port}/"
        await guard.check_reachable(url)
        answer = await Sender(guard).post(call(url))
    assert answer.error_code is AttemptError.BLOCKED_ADDRESS
    assert (private.connections, answers) == (0, [])


async def test_it_connects_to_the_address_that_was_checked() -> None:
    async def asked_twice(host: str) -> Sequence[str]:
        asked.append(host)
        return ["10.0.0.1", "127.0.0.1"]

    asked: list[str] = []
    async with listening(keeping_on) as receiver:
        guard = Guard(allow_http=True, allowed_networks=[ip_network("127.0.0.0/8")], resolve=asked_twice)
        answer = await Sender(guard).post(call(f"http://nowhere.invalid:{receiver.port}/"))
    assert (answer.error_code, answer.resolved_ip, asked) == (None, "127.0.0.1", ["nowhere.invalid"])


async def test_it_uses_no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(keeping_on) as proxy, listening(keeping_on) as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await post(receiver)
    assert (proxy.connections, receiver.connections) == (0, 1)


async def test_it_sends_no_cookie_back() -> None:
    told = answer_with("200 OK", "set-cookie: a=b")
    async with listening(saying(told, told)) as receiver:
        own = sender()
        for _ in range(2):
            await own.post(call(f"http://{NAMED}:{receiver.port}/"))
        await own.close()
    assert len(receiver.requests) == 2
    assert not any("cookie" in request.headers for request in receiver.requests)


@pytest.mark.parametrize("url", ["ftp://example.com/", "http://u:p@example.com/", "http://127.1/", "http://x:25/", ""])
async def test_it_sends_nothing_to_a_url_it_would_not_register(url: str) -> None:
    answer = await sender().post(call(url))
    assert answer.error_code is AttemptError.INVALID_URL


async def test_it_says_when_a_name_is_unknown() -> None:
    async def unknown(host: str) -> Sequence[str]:
        raise OSError("Name or service not known")

    answer = await Sender(Guard(allow_http=True, allowed_networks=(), resolve=unknown)).post(call("https://x.example/"))
    assert (answer.error_code, answer.error_detail) == (AttemptError.DNS, "Name or service not known")


async def test_it_says_when_nobody_listens() -> None:
    async with listening(keeping_on) as receiver:
        pass
    answer = await post(receiver)
    assert (answer.error_code, answer.resolved_ip) == (AttemptError.CONNECT, "127.0.0.1")


async def test_it_tries_the_other_addresses_of_a_name() -> None:
    async def several(host: str) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async with listening(keeping_on) as receiver:
        guard = Guard(allow_http=True, allowed_networks=[ip_network("127.0.0.0/8")], resolve=several)
        answer = await Sender(guard).post(call(f"http://{NAMED}:{receiver.port}/"))
    assert (answer.error_code, answer.resolved_ip) == (None, "127.0.0.1")


# Answers of other shapes


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok"),
        (b"HTTP/1.1 200 OK\r\n\r\nok", "ok"),
        (b"HTTP/1.0 200 OK\r\nconnection: close\r\n\r\nok", "ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK, "ok"),
        (b"HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok", "ok"),
        (OK + b"HTTP/1.1 500 Oh\r\ncontent-length: 3\r\n\r\nbad", "ok"),
        (OK + b"rubbish", "ok"),
    ],
    ids=["chunked", "until closed", "HTTP/1.0", "1xx first", "no reason", "two answers", "rubbish after"],
)
async def test_it_understands(answer: bytes, body: str) -> None:
    async with listening(saying(answer)) as receiver:
        got = await post(receiver)
    assert (got.error_code, got.http_status, got.response_body) == (None, 200, body)
    assert "link" not in (got.response_headers or {})


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\nok",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
async def test_it_takes_no_broken_answer_for_one(answer: bytes) -> None:
    async with listening(saying(answer)) as receiver:
        got = await post(receiver)
    assert (got.error_code, got.http_status) == (AttemptError.CONNECT, None)
    assert got.error_detail
    assert len(receiver.requests) == 1


async def test_leaving_http_is_a_failure() -> None:
    async with listening(saying(b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nx")) as receiver:
        answer = await post(receiver)
    assert (answer.error_code, answer.http_status) == (AttemptError.HTTP_STATUS, 101)


# What receivers ask for


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("999999999999999999999", timedelta(days=365)),
        (format_datetime(AT + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        ("Monday, 02-Mar-26 12:00:00 GMT", timedelta(hours=1)),
        ("Mon Mar  2 12:00:00 2026", timedelta(hours=1)),
        (format_datetime(AT - timedelta(hours=1), usegmt=True), timedelta(0)),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many", "503 Busy", "404 Not Found"])
async def test_it_reads_when_to_come_back(status: str, said: str, wait: timedelta | None) -> None:
    async with listening(saying(answer_with(status, f"Retry-After: {said}"))) as receiver:
        answer = await post(receiver)
    if wait is None or answer.retry_after is None:
        assert answer.retry_after == wait
    else:
        # A date is counted from the end of the call.
        assert timedelta(0) <= wait - answer.retry_after < timedelta(seconds=1)


async def test_a_delivery_that_succeeded_does_not_come_back() -> None:
    async with listening(saying(answer_with("200 OK", "retry-after: 5"))) as receiver:
        answer = await post(receiver)
    assert answer.retry_after is None


@pytest.mark.parametrize(
    ("said", "control"),
    [("abort-message", Control.ABORT_MESSAGE), ("Disable", Control.DISABLE), ("other", None), ("", None)],
)
@pytest.mark.parametrize("status", ["200 OK", "500 Oh"])
async def test_it_hears_what_a_receiver_asks_for(status: str, said: str, control: Control | None) -> None:
    async with listening(saying(answer_with(status, f"Webhook-Delivery: {said}"))) as receiver:
        answer = await post(receiver)
    assert answer.control is control


@pytest.mark.parametrize(
    ("said", "control"),
    [
        (("disable", "disable"), Control.DISABLE),
        (("abort-message", "disable"), Control.DISABLE),
        (("disable", "other", "abort-message"), Control.DISABLE),
        (("other", "Abort-Message"), Control.ABORT_MESSAGE),
        (("abort-message,  DISABLE",), Control.DISABLE),
        (("other", ""), None),
        (("disabled", "dis", "able"), None),
    ],
)
async def test_of_several_requests_the_strongest_counts(said: Sequence[str], control: Control | None) -> None:
    headers = [f"webhook-delivery: {each}" for each in said]
    async with listening(saying(answer_with("500 Oh", *headers))) as receiver:
        answer = await post(receiver)
    assert answer.control is control


async def test_what_follows_the_body_is_no_header() -> None:
    head = b"HTTP/1.1 503 Busy\r\nx-first: 1\r\ntransfer-encoding: chunked\r\ntrailer: webhook-delivery\r\n\r\n"
    trailers = b"webhook-delivery: disable\r\nretry-after: 60\r\nx-first: 2\r\n"
    async with listening(saying(head + b"2\r\nok\r\n0\r\n" + trailers + b"\r\n")) as receiver:
        answer = await post(receiver)
    assert (answer.http_status, answer.response_body) == (503, "ok")
    assert (answer.control, answer.retry_after) == (None, None)
    assert answer.response_headers == {
        "x-first": "1",
        "transfer-encoding": "chunked",
        "trailer": "webhook-delivery",
    }
