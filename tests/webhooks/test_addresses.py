"""Where deliveries may go: every address that is refused, by literal, by name and by a name that changes its mind."""

import asyncio
import socket
import threading
from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from api.webhooks import addresses
from api.webhooks.addresses import Blocked, Guard, Network, Unresolvable
from api.webhooks.targets import Target, WebhookUrlRefused

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
ALLOWED = ["8.8.8.8", "93.184.216.34", "::ffff:8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001::200e"]
OTHER_FORMS = ["2130706433", "0x7f.1", "0x7f000001", "127.1", "0", "0177.0.0.1", "127.0.0.01", "127.0.0.256", "1.2.3"]


def guard(*known: str, allow_http: bool = False, networks: Sequence[str] = ()) -> Guard:
    """A guard to whose resolver every name has the given addresses."""

    async def resolve(host: str) -> Sequence[str]:
        return known

    allowed: list[Network] = [ip_network(each) for each in networks]
    return Guard(allow_http=allow_http, allowed_networks=allowed, resolve=resolve)


def in_url(address: str) -> str:
    return f"https://[{address}]/hook" if ":" in address else f"https://{address}/hook"


@pytest.mark.parametrize("address", REFUSED)
async def test_it_refuses_an_address_by_literal_and_by_name(address: str) -> None:
    assert not guard().is_allowed(address)
    with pytest.raises(WebhookUrlRefused):
        guard().check_url(in_url(address))
    with pytest.raises(Blocked):
        await guard().addresses(address)
    with pytest.raises(Blocked):
        await guard(address).addresses("receiver.example.com")
    with pytest.raises(WebhookUrlRefused) as refused:
        await guard(address).check_reachable("https://receiver.example.com/hook")
    assert address not in refused.value.detail


@pytest.mark.parametrize("address", ALLOWED)
async def test_it_allows_what_is_on_the_internet(address: str) -> None:
    assert guard().is_allowed(address)
    guard().check_url(in_url(address))
    assert await guard(address).addresses("receiver.example.com") == [address]
    await guard(address).check_reachable("https://receiver.example.com/hook")


@pytest.mark.parametrize("host", OTHER_FORMS)
async def test_it_refuses_other_forms_of_ipv4(host: str) -> None:
    everywhere = guard(networks=["0.0.0.0/0"])
    with pytest.raises(WebhookUrlRefused, match="IPv4 address"):
        everywhere.check_url(f"https://{host}/hook")


@pytest.mark.parametrize("host", ["127。0。0。1", "１２７.0.0.1", "ⓛocalhost", "[::ffff:7f00:1]"])
def test_it_is_not_fooled_by_other_writings(host: str) -> None:
    with pytest.raises(WebhookUrlRefused):
        guard().check_url(f"https://{host}/")


async def test_it_keeps_the_addresses_that_are_allowed() -> None:
    assert await guard("10.0.0.1", "8.8.8.8", "::1", "2606:4700::1").addresses("x.example") == [
        "8.8.8.8",
        "2606:4700::1",
    ]


async def test_it_resolves_the_systems_own_names() -> None:
    own = Guard(allow_http=False, allowed_networks=())
    with pytest.raises(Blocked):
        await own.addresses("localhost")
    with pytest.raises(Unresolvable):
        await own.addresses("nowhere.invalid")
    own.close()


async def test_it_judges_again_each_time_a_name_is_resolved() -> None:
    answers = [["8.8.8.8"], ["169.254.169.254"]]

    async def rebinding(host: str) -> Sequence[str]:
        return answers.pop(0)

    own = Guard(allow_http=False, allowed_networks=(), resolve=rebinding)
    await own.check_reachable("https://rebinding.example.com/")
    with pytest.raises(Blocked):
        await own.addresses("rebinding.example.com")


async def test_it_accepts_a_name_that_cannot_be_resolved_yet() -> None:
    await guard().check_reachable("https://soon.example.com/hook")
    with pytest.raises(Unresolvable):
        await guard().addresses("soon.example.com")


async def test_an_operator_may_allow_networks() -> None:
    own = guard("10.20.0.5", networks=["10.20.0.0/16", "fd00::/8"])
    await own.check_reachable("https://receiver.internal:8443/hook")
    assert await own.addresses("receiver.internal") == ["10.20.0.5"]
    assert own.is_allowed("::ffff:10.20.0.5")
    assert own.is_allowed("fd00::1")
    assert not own.is_allowed("10.21.0.1")
    assert not own.is_allowed("127.0.0.1")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook",
        "//example.com/hook",
        "ftp://example.com/",
        "http://example.com/",
        "https://",
        "https:///hook",
        "https://example.com:80/",
        "https://example.com:22/",
        "https://example.com:1023/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:x/",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://@example.com/",
        "https://example.com\\@10.0.0.1/",
        "https://exa mple.com/",
        "https://example.com\n/",
        "https://example.com\t/",
        "https://example..com/",
        "https://example.com./",
        "https://-example.com/",
        "https://a_b.example.com/",
        "https://xn--\u00fc.com/",
        "https://xn--a-999999999.com/",
        "https://" + "a" * 64 + ".com/",
        "https://" + "a." * 130 + "com/",
        "https://a%2eexample.com/",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://[2606:4700::zz]/",
        "https://example.com/" + "a" * 2_048,
    ],
)
def test_it_refuses_a_url_by_its_form(url: str) -> None:
    with pytest.raises(WebhookUrlRefused) as refused:
        guard().check_url(url)
    assert refused.value.pointer == "#/url"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com", Target(True, "example.com", 443, "/")),
        ("HTTPS://Example.COM:443/a?b=c#d", Target(True, "example.com", 443, "/a?b=c")),
        ("https://example.com:1024/", Target(True, "example.com", 1024, "/")),
        ("https://bücher.example/ü", Target(True, "xn--bcher-kva.example", 443, "/%C3%BC")),
        ("https://[2606:4700:0::1]:8443/", Target(True, "2606:4700::1", 8443, "/")),
        ("https://93.184.216.34/x", Target(True, "93.184.216.34", 443, "/x")),
    ],
)
def test_it_takes_a_url_apart(url: str, target: Target) -> None:
    assert guard().target(url) == target


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://example.com/", "example.com"),
        ("https://example.com:8443/", "example.com:8443"),
        ("http://example.com:80/", "example.com"),
        ("http://example.com:443/", "example.com:443"),
        ("https://[2606:4700::1]:8443/", "[2606:4700::1]:8443"),
    ],
)
def test_it_names_the_port_where_it_is_not_the_usual_one(url: str, authority: str) -> None:
    assert guard(allow_http=True).target(url).authority == authority


def test_http_and_its_port_are_for_operators_who_allow_them() -> None:
    own = guard(allow_http=True)
    own.check_url("http://example.com/hook")
    own.check_url("http://example.com:8080/hook")
    with pytest.raises(WebhookUrlRefused):
        own.check_url("http://10.0.0.1/hook")


async def test_a_name_server_that_hangs_is_asked_once_and_holds_up_no_other_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, free = [], threading.Event()

    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        if host.startswith("slow"):
            free.wait(5)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 0))] * 2

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    own = Guard(allow_http=False, allowed_networks=())
    waiting = [asyncio.create_task(own.addresses("slow.example.com")) for _ in range(50)]
    assert await own.addresses("quick.example.com") == ["8.8.8.8"]
    waiting[0].cancel()
    free.set()
    rest = await asyncio.gather(*waiting[1:])
    own.close()
    assert rest == [["8.8.8.8"]] * 49
    assert sorted(asked) == ["quick.example.com", "slow.example.com"]


async def test_it_does_not_wait_for_a_name_server_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(host: str) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr(addresses, "_RESOLVE_SECONDS", 0.01)
    own = Guard(allow_http=False, allowed_networks=(), resolve=never)
    with pytest.raises(Unresolvable, match="no name server"):
        await own.addresses("slow.example.com")
    await own.check_reachable("https://slow.example.com/")
