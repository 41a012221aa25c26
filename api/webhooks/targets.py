"""The address of a receiver, taken apart once: what is checked here is what is connected to."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import httpx

from api.domain.errors import Unprocessable

LONGEST_URL = 2_048
_LONGEST_HOST = 253
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_LEAST_PORT, _MOST_PORT = 1_024, 65_535
_DEFAULT_PORTS = {"https": 443, "http": 80}


class WebhookUrlRefused(Unprocessable):
    """The service does not send to this address: its form, its port or where it leads is not allowed.

    An https address is needed, on port 443 or from 1024 on, without user name and password, of at most 2048 characters,
    and of a host on the public internet. Whoever runs the service may allow http and networks of their own.
    """

    code = "webhook_url_refused"
    title = "The service does not send to this address"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads. `host` is ASCII, in lower case (RFC 5891) and without brackets; `path` holds the query too."""

    is_https: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the `host` header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS["https" if self.is_https else "http"] else f"{host}:{self.port}"


@lru_cache(maxsize=4_096)
def target_of(url: str, *, allow_http: bool) -> Target:
    """The URL taken apart. Raises WebhookUrlRefused for one that no receiver may have, wherever it leads."""
    if len(url) > LONGEST_URL:
        raise _refused(f"it is longer than {LONGEST_URL} characters")
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise _refused(f"it is no URL: {error}") from None
    if parts.scheme not in (("https", "http") if allow_http else ("https",)):
        raise _refused("it does not begin with https://")
    if "@" in re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]:
        raise _refused("it holds a user name or password; send credentials in headers of the endpoint")
    port = _DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    if not (port == 443 or _LEAST_PORT <= port <= _MOST_PORT or (port == 80 and allow_http)):
        raise _refused(f"port {port} is neither 443 nor {_LEAST_PORT} or more")
    return Target(parts.scheme == "https", _checked_host(parts.raw_host.decode("ascii")), port, parts.raw_path.decode())


def _checked_host(host: str) -> str:
    if ":" in host:
        return str(_ipv6(host))
    if not host or len(host) > _LONGEST_HOST or not all(_is_label(label) for label in host.split(".")):
        raise _refused("its host is not a valid name")
    if _ends_in_number(host):
        # Such hosts are IPv4 addresses to resolvers, in forms that a reader may not recognise (127.1, 0x7f.1).
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise _refused("its host is an IPv4 address that is not written as four decimal numbers") from None
    return host


def _ipv6(host: str) -> IPv6Address:
    try:
        address = IPv6Address(host)
    except AddressValueError:
        raise _refused("its host is not a valid IPv6 address") from None
    if address.scope_id is not None:
        raise _refused("its host names a network interface")
    return address


def _is_label(label: str) -> bool:
    if not _LABEL.fullmatch(label):
        return False
    try:
        label.removeprefix("xn--").encode().decode("punycode" if label.startswith("xn--") else "ascii")
    except UnicodeError:
        return False
    return True


def _ends_in_number(host: str) -> bool:
    return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def _refused(why: str) -> WebhookUrlRefused:
    return WebhookUrlRefused(f"The service does not send to this URL: {why}.", pointer="#/url")
