"""The address of a receiver, taken apart once: what is checked here is what is connected to."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import httpx
import idna

from api.domain.errors import Unprocessable

LONGEST_URL = 2_048
_LONGEST_HOST = 253
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_LEAST_PORT, _MOST_PORT = 1_024, 65_535
_DEFAULT_PORTS = {"https": 443, "http": 80}
_HOST_AND_PORT = re.compile(r"(?:\[[^\]]*\]|[^:\[\]]*)(?::[0-9]{1,5})?", re.ASCII)
_A_LABEL = "xn--"


class WebhookUrlRefused(Unprocessable):
    """The service does not send to this address: its form, its port or where it leads is not allowed.

    An https address is needed, on port 443 or from 1024 on, without user name, password and fragment, of at most 2048
    characters once it is percent-encoded, and of a host on the public internet. Whoever runs the service may allow http
    and networks of their own.
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
    _check_text(url)
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise _refused(f"it is no URL: {error}") from None
    if parts.scheme not in (("https", "http") if allow_http else ("https",)):
        raise _refused("it does not begin with https://")
    if len(str(parts)) > LONGEST_URL:
        raise _refused(f"it is longer than {LONGEST_URL} characters when what is not ASCII is percent-encoded")
    _check_authority(re.split(r"[/?]", url.partition("://")[2], maxsplit=1)[0])
    port = _DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    if not (port in (443, _DEFAULT_PORTS[parts.scheme]) or _LEAST_PORT <= port <= _MOST_PORT):
        raise _refused(f"port {port} is neither 443 nor {_LEAST_PORT} or more")
    return Target(parts.scheme == "https", _checked_host(parts.raw_host.decode("ascii")), port, parts.raw_path.decode())


def _check_text(url: str) -> None:
    if len(url) > LONGEST_URL:
        raise _refused(f"it is longer than {LONGEST_URL} characters")
    if " " in url or not url.isprintable():
        raise _refused("it holds a blank or a character that cannot be printed; percent-encode it")
    if "#" in url:
        raise _refused("it holds a fragment, which would not be sent; leave out '#' and what follows it")


def _check_authority(authority: str) -> None:
    if "@" in authority:
        raise _refused("it holds a user name or password; send credentials in headers of the endpoint")
    if not _HOST_AND_PORT.fullmatch(authority):
        raise _refused("its port is not a number of one to five digits")


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
        return not label.startswith(_A_LABEL) or bool(idna.ulabel(label))
    except idna.IDNAError:
        return False


def _ends_in_number(host: str) -> bool:
    return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def _refused(why: str) -> WebhookUrlRefused:
    return WebhookUrlRefused(f"The service does not send to this URL: {why}.", pointer="#/url")
