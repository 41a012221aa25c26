"""Every kind of address that is refused: by literal, by name, by a name that changes its mind, by a redirect."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from api.domain.webhooks import AttemptError
from api.webhooks.addresses import Blocked, Guard
from api.webhooks.sender import Sender
from api.webhooks.targets import WebhookUrlRefused
from tests.webhooks.calling import answer_with, call, sender
from tests.webhooks.sockets import OK, listening, saying

REFUSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.0.10",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = "8.8.8.8"

every_refused = pytest.mark.parametrize("address", REFUSED)


def guard(*answers: Sequence[str]) -> Guard:
    """A guard whose resolver gives these answers one after the other, and the last of them for ever."""
    left = list(answers)

    async def resolve(host: str) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return Guard(allow_http=False, allowed_networks=(), resolve=resolve)


def in_url(address: str) -> str:
    return f"https://[{address}]/hook" if ":" in address else f"https://{address}/hook"


@pytest.fixture
async def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses to which connections are opened; none is but to this machine."""
    loop, addresses = asyncio.get_running_loop(), list[str]()
    create_connection: Any = loop.create_connection

    async def create(factory: Any, host: str, port: int, **options: Any) -> Any:
        addresses.append(host)
        if host != "127.0.0.1":
            raise OSError("this test opens no connections")
        return await create_connection(factory, host, port, **options)

    monkeypatch.setattr(loop, "create_connection", create)
    return addresses


@every_refused
async def test_it_is_refused_by_literal_and_by_name(address: str) -> None:
    own = guard([address])
    assert not own.is_allowed(address)
    with pytest.raises(WebhookUrlRefused):
        own.check_url(in_url(address))
    with pytest.raises(Blocked):
        await own.addresses(address)
    with pytest.raises(Blocked):
        await own.addresses("receiver.example.com")
    with pytest.raises(WebhookUrlRefused) as refused:
        await own.check_reachable("https://receiver.example.com/hook")
    assert address not in refused.value.detail


@every_refused
async def test_a_name_that_leads_to_it_later_is_not_connected_to(address: str, connected: list[str]) -> None:
    own, url = guard([PUBLIC], [PUBLIC], [address], [address, PUBLIC]), "https://rebinding.example.com/hook"
    await own.check_reachable(url)
    sending = Sender(own)
    answers = [await sending.post(call(url)) for _ in range(3)]
    await sending.close()
    assert [answer.error_code for answer in answers] == [
        AttemptError.CONNECT,
        AttemptError.BLOCKED_ADDRESS,
        AttemptError.CONNECT,
    ]
    assert connected == [PUBLIC, PUBLIC]


@every_refused
@pytest.mark.parametrize("status", ["302 Found", "308 Permanent Redirect"])
async def test_a_redirect_to_it_is_not_followed(status: str, address: str, connected: list[str]) -> None:
    async with listening(saying(answer_with(status, f"location: {in_url(address)}"), OK)) as receiver:
        own = sender(allowed=["127.0.0.1/32"])
        answer = await own.post(call(f"http://127.0.0.1:{receiver.port}/"))
        await own.close()
    assert (answer.http_status, answer.error_code) == (int(status[:3]), AttemptError.HTTP_STATUS)
    assert (len(receiver.requests), connected) == (1, ["127.0.0.1"])
