"""What a vendor's part offers: everything that is peculiar to one applicant tracking system, as pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api.inbound.changes import Change


@dataclass(frozen=True, slots=True)
class Ignored:
    """A delivery that says nothing to us: a ping, an offer, an event we have never heard of. `event` is its name."""

    event: str


class SenselessDelivery(Exception):
    """A delivery of an event we know (or no JSON at all) that lacks what such an event must say.

    The message names what is wrong, never what was sent. `event` is null where even that cannot be read.
    """

    def __init__(self, reason: str, *, event: str | None = None) -> None:
        super().__init__(reason)
        self.event = event


@dataclass(frozen=True, slots=True)
class Provider:
    """One vendor. The header names it is given are in lower case.

    `verify(headers, body, secrets)` tells whether one of the secrets signed exactly these bytes. `delivery_key(headers,
    body)` is the same for a delivery that is sent again, and 400 characters at most. `parse(body)` raises
    SenselessDelivery. `setup_steps(url)` says what to enter at the vendor. Of the headers those in `kept_headers` are
    stored beside the ones that every delivery has. `passed_over` names events that are known to change nothing here;
    an ignored event that is not among them is one we have never heard of.
    """

    name: str
    title: str
    verify: Callable[[Mapping[str, str], bytes, Sequence[str]], bool]
    delivery_key: Callable[[Mapping[str, str], bytes], str]
    parse: Callable[[bytes], Change | Ignored]
    setup_steps: Callable[[str], Sequence[str]]
    kept_headers: frozenset[str]
    passed_over: frozenset[str]
