"""Which addresses deliveries may go to: receivers on the internet, never the networks the service itself stands in.

Asked when an endpoint is registered, for an early answer, and again, bindingly, when a connection is opened: names are
resolved once, what is not allowed is dropped, and the connection goes to an address that was kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from api.webhooks.resolving import PATIENCE_SECONDS, Resolver
from api.webhooks.targets import Target, WebhookUrlRefused, target_of

Resolve = Callable[[str], Awaitable[Sequence[str]]]
Network = IPv4Network | IPv6Network

DENIED: Sequence[Network] = tuple(
    ip_network(each)
    for each in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
        "224.0.0.0/4",  # multicast
        "::/96",  # IPv4-compatible
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100:0:0:1::/64",  # dummy prefix (RFC 9780)
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)
"""What Python takes for globally reachable although it is not, or may hold a private IPv4 address."""


class Blocked(Exception):
    """None of the addresses a host has may be sent to. They are not named: whoever asks may not know them."""


class Unresolvable(Exception):
    """The name has no address now: it is unknown, or its name server does not answer."""


class Guard:
    """Judges addresses. Those in `allowed_networks` are allowed whatever they are; `allow_http` allows http as well."""

    def __init__(
        self, *, allow_http: bool, allowed_networks: Sequence[Network], resolve: Resolve | None = None
    ) -> None:
        self._allow_http = allow_http
        self._allowed = tuple(allowed_networks)
        self._resolver = Resolver()
        self._resolve = resolve or self._resolver

    def close(self) -> None:
        """Look up no more names; for the end of the process."""
        self._resolver.close()

    def is_allowed(self, address: str) -> bool:
        """Whether a connection to the IP address may be opened."""
        ip = ip_address(address)
        if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        if any(ip in network for network in self._allowed):
            return True
        return ip.is_global and not any(ip in network for network in DENIED)

    def target(self, url: str) -> Target:
        """The URL taken apart. Raises WebhookUrlRefused for its form; where it leads is not looked at."""
        return target_of(url, allow_http=self._allow_http)

    def check_url(self, url: str) -> None:
        """Raises WebhookUrlRefused for what can be seen without the network: the form, and an IP address as host."""
        target = self.target(url)
        if _is_ip(target.host) and not self.is_allowed(target.host):
            raise _refused()

    async def check_reachable(self, url: str) -> None:
        """As `check_url`, and where the host is a name, resolves it. One that cannot be resolved now is accepted."""
        self.check_url(url)
        try:
            await self.addresses(self.target(url).host)
        except Blocked:
            raise _refused() from None
        except Unresolvable:
            return

    async def refusal(self, url: str) -> WebhookUrlRefused | None:
        """What `check_reachable` would raise, to be raised later."""
        try:
            await self.check_reachable(url)
        except WebhookUrlRefused as refused:
            return refused
        return None

    async def addresses(self, host: str) -> Sequence[str]:
        """The addresses of a name or literal that may be connected to, at least one; takes at most 5 seconds.

        Raises Blocked where none of them is allowed, and Unresolvable where there is none.
        """
        found = [host] if _is_ip(host) else await self._look_up(host)
        kept = [address for address in found if self.is_allowed(address)]
        if not kept:
            raise Blocked("none of its addresses is on the public internet")
        return kept

    async def _look_up(self, host: str) -> Sequence[str]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                found = await self._resolve(host)
        except TimeoutError:
            raise Unresolvable(f"no name server answered within {PATIENCE_SECONDS:.0f} seconds") from None
        except (OSError, UnicodeError) as error:
            raise Unresolvable(str(error)) from None
        if not found:
            raise Unresolvable("the name has no address")
        return found


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _refused() -> WebhookUrlRefused:
    detail = "The service does not send to this URL: none of its addresses is on the public internet."
    return WebhookUrlRefused(detail, pointer="#/url")
