"""How long a call may take and how much of an answer is read, whatever the receiver does."""

import asyncio
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest

from api.domain.webhooks import AttemptError
from api.main import courier_of
from api.platform.db import Databases
from api.platform.settings import Settings
from api.webhooks.answers import Answer
from api.webhooks.courier import Courier
from api.webhooks.sender import Sender
from tests.crashes.sending import local
from tests.webhooks.calling import NAMED, SECONDS, answer_with, call, post, sender
from tests.webhooks.sockets import Receiver, keeping_on, listening, saying


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
    await asyncio.sleep(60)


async def drip_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
    await drip(writer, b"HTTP/1.1 200 OK\r\nx: ")


async def drip_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
    await drip(writer, b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n")


async def drip(writer: asyncio.StreamWriter, beginning: bytes) -> None:
    writer.write(beginning)
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("behaviour", [hang, drip_head, drip_body])
async def test_it_cuts_a_slow_receiver_short(behaviour: object) -> None:
    started = monotonic()
    async with listening(behaviour) as receiver:  # type: ignore[arg-type]
        answer = await post(receiver, seconds=SECONDS)
    assert (answer.error_code, answer.http_status) == (AttemptError.TIMEOUT, None)
    assert SECONDS <= monotonic() - started < 5 * SECONDS
    assert SECONDS * 1000 <= answer.duration_ms + 1 < 5 * SECONDS * 1000


async def test_slow_receivers_hold_up_nobody_else() -> None:
    async with listening(hang) as slow, listening(keeping_on) as quick:
        own = sender(seconds=SECONDS)
        waiting = [asyncio.create_task(own.post(call(f"http://{NAMED}:{slow.port}/", key=str(n)))) for n in range(50)]
        await asyncio.sleep(0.05)
        durations = [(await own.post(call(f"http://{NAMED}:{quick.port}/"))).duration_ms for _ in range(20)]
        answers = await asyncio.gather(*waiting)
        await own.close()
    assert sorted(durations)[10] < 100
    assert {answer.error_code for answer in answers} == {AttemptError.TIMEOUT}


async def test_it_reads_no_more_than_8_kib_of_an_answer() -> None:
    written = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n")
        while written < 2**30:
            writer.write(b"0123456789abcdef" * 4096)
            written += 65_536
            await writer.drain()

    started = monotonic()
    async with listening(flood) as receiver:
        answer = await post(receiver)
    assert (answer.error_code, answer.http_status, answer.is_truncated) == (None, 200, True)
    assert answer.response_body == "0123456789abcdef" * 512
    assert written < 2**26
    assert monotonic() - started < 2


@pytest.mark.parametrize(("size", "is_truncated"), [(8_191, False), (8_192, False), (8_193, True), (100_000, True)])
async def test_it_says_whether_more_came(size: int, is_truncated: bool) -> None:
    async with listening(saying(answer_with("500 Oh", body="x" * size))) as receiver:
        answer = await post(receiver)
    assert (answer.error_code, answer.is_truncated) == (AttemptError.HTTP_STATUS, is_truncated)
    assert answer.response_body == "x" * min(size, 8_192)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nx: " + b"y" * 40_000, b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000], ids=["head", "1xx"]
)
async def test_it_refuses_a_head_without_end(head: bytes) -> None:
    async with listening(saying(head)) as receiver:
        answer = await post(receiver)
    assert answer.error_code is AttemptError.TOO_LARGE


async def test_it_keeps_text_that_a_database_can_hold() -> None:
    async with listening(saying(answer_with("200 OK", body="a\x00b").replace(b"b", b"\xff"))) as receiver:
        answer = await post(receiver)
    assert answer.response_body == "a\ufffd"


# The bounds that hold by default, on a loop whose clock the test puts forward

PutForward = Callable[[float], None]


@pytest.fixture
async def put_forward(monkeypatch: pytest.MonkeyPatch) -> PutForward:
    """Puts the loop's clock forward by so many seconds; what waits for that time goes on with the next turn."""
    loop, ahead = asyncio.get_running_loop(), [0.0]
    real = loop.time
    monkeypatch.setattr(loop, "time", lambda: real() + sum(ahead))
    return ahead.append


async def _put_off_until(sending: Sender, url: str, seconds: float, put_forward: PutForward) -> Answer:
    """What comes of a call that ends when so many seconds have passed, and no sooner."""
    calling = asyncio.create_task(sending.post(call(url)))
    await asyncio.sleep(0.2)
    put_forward(seconds - 1)
    await asyncio.sleep(0.05)
    assert not calling.done()
    put_forward(1)
    async with asyncio.timeout(0.5):
        answer = await calling
    await sending.close()
    return answer


@pytest.fixture
def by_default(databases: Databases, settings: Settings) -> Courier:
    """The courier of a service that may send to this machine, and for which nothing else about webhooks is set."""
    return courier_of(local(settings), databases)


async def test_a_call_takes_15_seconds_at_most(by_default: Courier, put_forward: PutForward) -> None:
    assert by_default.delivering.call_time == timedelta(seconds=15)
    async with listening(hang) as receiver:
        url = f"http://127.0.0.1:{receiver.port}/"
        answer = await _put_off_until(by_default.delivering.sender, url, 15, put_forward)
    assert (answer.error_code, answer.error_detail) == (AttemptError.TIMEOUT, "no whole answer within 15 seconds")
    assert 15_000 <= answer.duration_ms < 17_000


async def test_connecting_takes_5_seconds_at_most(
    by_default: Courier, put_forward: PutForward, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def connect(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", connect)
    answer = await _put_off_until(by_default.delivering.sender, "http://127.0.0.1:8080/", 5, put_forward)
    assert (answer.error_code, answer.error_detail) == (AttemptError.TIMEOUT, "no connection within 5 seconds")


async def test_a_name_is_waited_for_5_seconds_at_most(
    by_default: Courier, put_forward: PutForward, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: free.wait(20))
    try:
        answer = await _put_off_until(by_default.delivering.sender, f"http://{NAMED}:8080/", 5, put_forward)
    finally:
        free.set()
    assert answer.error_code is AttemptError.DNS
