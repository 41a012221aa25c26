"""Connections to receivers: who they are verified to be, and for whom a connection is used again."""

import asyncio
from contextlib import suppress

import pytest

from api.domain.webhooks import AttemptError
from api.webhooks import kept_connections
from tests.webhooks.calling import NAMED, SECONDS, call, sender
from tests.webhooks.sockets import OK, Authority, Receiver, keeping_on, listening, request_from, saying


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


async def test_it_verifies_the_name_and_not_the_address(authority: Authority) -> None:
    async with listening(keeping_on, context=authority.server(name=NAMED)) as receiver:
        own = sender(tls=authority.trusting())
        named = await own.post(call(f"https://{NAMED}:{receiver.port}/"))
        by_address = await own.post(call(f"https://127.0.0.1:{receiver.port}/"))
        await own.close()
    assert (named.error_code, named.resolved_ip) == (None, "127.0.0.1")
    assert receiver.requests[0].headers["host"] == f"{NAMED}:{receiver.port}"
    assert by_address.error_code is AttemptError.TLS


async def test_it_verifies_an_address_as_well(authority: Authority) -> None:
    async with listening(keeping_on, context=authority.server(name="127.0.0.1")) as receiver:
        own = sender(tls=authority.trusting())
        answer = await own.post(call(f"https://127.0.0.1:{receiver.port}/"))
        await own.close()
    assert answer.error_code is None


@pytest.mark.parametrize(
    ("name", "days", "is_trusted"),
    [("other.example.com", 1, True), (NAMED, -1, True), (NAMED, 1, False)],
    ids=["another name", "expired", "unknown CA"],
)
async def test_it_refuses_a_wrong_certificate(authority: Authority, name: str, days: int, is_trusted: bool) -> None:
    async with listening(keeping_on, context=authority.server(name=name, days=days)) as receiver:
        own = sender(tls=authority.trusting() if is_trusted else None)
        answer = await own.post(call(f"https://{NAMED}:{receiver.port}/"))
    assert (answer.error_code, answer.resolved_ip, receiver.requests) == (AttemptError.TLS, "127.0.0.1", [])


async def test_it_speaks_no_tls_to_a_server_that_does_not() -> None:
    async with listening(saying(OK)) as receiver:
        own = sender(seconds=SECONDS)
        answer = await own.post(call(f"https://{NAMED}:{receiver.port}/"))
    assert answer.error_code in (AttemptError.TLS, AttemptError.TIMEOUT, AttemptError.CONNECT)


async def test_it_keeps_a_connection_for_one_endpoint_alone() -> None:
    async with listening(keeping_on) as receiver:
        own = sender()
        url = f"http://{NAMED}:{receiver.port}/"
        for key in ("one", "one", "two", "one", "two"):
            assert (await own.post(call(url, key=key))).error_code is None
        assert (receiver.connections, len(receiver.requests)) == (2, 5)
        await own.close()
        assert (await own.post(call(url, key="one"))).error_code is None
        assert receiver.connections == 3
        await own.close()


async def test_it_sends_again_on_a_fresh_connection_when_a_kept_one_was_closed() -> None:
    async def answer_once_then_close_on_the_next(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver
    ) -> None:
        receiver.requests.append(await request_from(reader))
        writer.write(OK)
        receiver.requests.append(await request_from(reader))

    async with listening(answer_once_then_close_on_the_next) as receiver:
        own = sender()
        url = f"http://{NAMED}:{receiver.port}/"
        answers = [await own.post(call(url)) for _ in range(3)]
        await own.close()
    assert [answer.error_code for answer in answers] == [None] * 3
    assert receiver.connections == 3


async def test_it_uses_no_connection_that_the_receiver_closed_meanwhile() -> None:
    async with listening(saying(OK)) as receiver:
        own = sender()
        url = f"http://{NAMED}:{receiver.port}/"
        for _ in range(3):
            assert (await own.post(call(url))).error_code is None
            await asyncio.sleep(0.02)
        await own.close()
    assert (receiver.connections, len(receiver.requests)) == (3, 3)


async def test_what_follows_an_answer_is_not_taken_for_the_next() -> None:
    sly = OK + b"HTTP/1.1 500 Oh\r\ncontent-length: 3\r\n\r\nbad"
    late = asyncio.Event()

    async def push(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
        receiver.requests.append(await request_from(reader))
        if receiver.connections == 1:
            writer.write(sly)
        else:
            writer.write(OK)
            await asyncio.sleep(0.02)
            writer.write(OK)
            late.set()
        await asyncio.sleep(5)

    async with listening(push) as receiver:
        own = sender()
        url = f"http://{NAMED}:{receiver.port}/"
        assert (await own.post(call(url))).http_status == 200
        assert (await own.post(call(url))).http_status == 200
        await late.wait()
        await asyncio.sleep(0.02)
        assert (await own.post(call(url))).http_status == 200
        await own.close()
    assert receiver.connections == 3


async def test_a_call_that_is_cancelled_leaves_no_connection() -> None:
    got, closed = asyncio.Event(), asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
        await request_from(reader)
        got.set()
        with suppress(ConnectionError):
            await reader.read()
        closed.set()

    async with listening(wait) as receiver:
        calling = asyncio.create_task(sender().post(call(f"http://{NAMED}:{receiver.port}/")))
        await got.wait()
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        await asyncio.wait_for(closed.wait(), 2)


@pytest.mark.parametrize(
    ("setting", "value"), [("IDLE_SECONDS", 0.01), ("AGE_SECONDS", -1), ("MOST_PER_KEY", 0), ("MOST", 0)]
)
async def test_it_keeps_connections_within_bounds(setting: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_connections, setting, value)
    async with listening(keeping_on) as receiver:
        own = sender()
        for _ in range(2):
            assert (await own.post(call(f"http://{NAMED}:{receiver.port}/"))).error_code is None
            await asyncio.sleep(0.05)
        await own.close()
    assert receiver.connections == 2


async def test_many_calls_at_once_each_get_their_own_answer() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
        while True:
            body = (await request_from(reader)).body
            await asyncio.sleep(0.001)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))

    async with listening(echo) as receiver:
        own = sender()
        url = f"http://{NAMED}:{receiver.port}/"
        answers = await asyncio.gather(*(own.post(call(url, body=str(n).encode())) for n in range(200)))
        again = await asyncio.gather(*(own.post(call(url, body=str(n).encode())) for n in range(200)))
        await own.close()
    assert [answer.response_body for answer in answers + again] == [str(n) for n in range(200)] * 2
