"""Where deliveries may go: every address that is refused, by literal, by name and by a name that changes its mind."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from api.webhooks import addresses
from api.webhooks.addresses import Blocked, Guard, Network, Unresolvable
from api.webhooks.targets import Target, WebhookUrlRefused

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
        "https://example.com/" + "é" * 400,
        "https://example.com:/",
        "https://example.com: 443/",
        "https://example.com:٤٤٣/",
        "https://example.com:4_4_3/",
        "https://example.com:+443/",
        "https://example.com:000443/",
        "https://[2606:4700::1]:+443/",
        "https://example.com/a b",
        "https://example.com/?a=b ",
        " https://example.com/",
        "https://example.com/\u0085",
        "https://example.com/\u00a0",
        "https://example.com/\u2028",
        "https://example.com/\u202e",
        "https://example.com/\x00",
        "https://example.com/\ud800",
        "https://example.com/#fragment",
        "https://example.com#",
        "https://xn--a.com/",
        "https://xn--a-ecp.ru/",
        "https://xn--.com/",
        "https://xn--bcher-kva-.example/",
        "https://ⓛ.example/",
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
        ("HTTPS://Example.COM:443/a?b=c", Target(True, "example.com", 443, "/a?b=c")),
        ("https://example.com:1024/", Target(True, "example.com", 1024, "/")),
        ("https://bücher.example/ü", Target(True, "xn--bcher-kva.example", 443, "/%C3%BC")),
        ("https://XN--bcher-kva.example/%C3%BC?a=%23", Target(True, "xn--bcher-kva.example", 443, "/%C3%BC?a=%23")),
        ("https://faß.example/", Target(True, "xn--fa-hia.example", 443, "/")),
        ("https://r3---sn.example/日本/é", Target(True, "r3---sn.example", 443, "/%E6%97%A5%E6%9C%AC/%C3%A9")),
        ("https://example.com:65535/", Target(True, "example.com", 65535, "/")),
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


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.com/" + "é" * 400, "longer than 2048 characters when"),
        ("https://example.com: 443/", "a blank"),
        ("https://example.com:4_4_3/", "not a number of one to five digits"),
        ("https://example.com/#fragment", "a fragment"),
        ("https://xn--a.com/", "not a valid name"),
    ],
)
def test_it_says_why_it_refuses_a_url(url: str, why: str) -> None:
    with pytest.raises(WebhookUrlRefused, match=why):
        guard().check_url(url)


def test_a_url_may_be_2048_characters_long_once_encoded() -> None:
    beginning = "https://example.com/" + "é" * 300
    longest = beginning + "a" * (2_048 - len("https://example.com/") - 1_800)
    assert len(guard().target(longest).path) == 2_048 - len("https://example.com")
    with pytest.raises(WebhookUrlRefused):
        guard().check_url(longest + "a")


def test_http_and_its_port_are_for_operators_who_allow_them() -> None:
    own = guard(allow_http=True)
    own.check_url("http://example.com:80/hook")
    with pytest.raises(WebhookUrlRefused, match="port 80"):
        own.check_url("https://example.com:80/hook")
    own.check_url("http://example.com/hook")
    own.check_url("http://example.com:8080/hook")
    with pytest.raises(WebhookUrlRefused):
        own.check_url("http://10.0.0.1/hook")


async def test_it_does_not_wait_for_a_name_server_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(host: str) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr(addresses, "PATIENCE_SECONDS", 0.01)
    own = Guard(allow_http=False, allowed_networks=(), resolve=never)
    with pytest.raises(Unresolvable, match="no name server"):
        await own.addresses("slow.example.com")
    await own.check_reachable("https://slow.example.com/")
