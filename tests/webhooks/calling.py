"""Calls to receivers on this machine."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_network

from api.webhooks.addresses import Guard
from api.webhooks.answers import Answer
from api.webhooks.sender import Call, Sender
from tests.webhooks.sockets import Receiver

AT = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
NAMED = "receiver.example.com"
SECONDS = 0.6


def answer_with(status: str, *headers: str, body: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"content-length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def sender(
    *, allowed: Sequence[str] = ("127.0.0.0/8", "::1/128"), tls: ssl.SSLContext | None = None, seconds: float = 5
) -> Sender:
    """A sender to the machine itself, to which all names are this machine's."""

    async def resolve(host: str) -> Sequence[str]:
        return ["127.0.0.1"]

    networks = [ip_network(each) for each in allowed]
    guard = Guard(allow_http=True, allowed_networks=networks, resolve=resolve)
    return Sender(guard, connect_seconds=seconds, total_seconds=seconds, ssl_context=tls)


def call(url: str, *, body: bytes = b'{"a":1}', key: str = "endpoint", **headers: str) -> Call:
    sent = {"content-type": "application/json", "user-agent": "Championed-Webhooks/1", **headers}
    return Call(url, sent, body, key, AT)


async def post(receiver: Receiver, *, seconds: float = 5) -> Answer:
    """One call to a receiver by a sender of its own."""
    own = sender(seconds=seconds)
    answer = await own.post(call(f"http://127.0.0.1:{receiver.port}/hook?a=b"))
    await own.close()
    return answer
