"""The headers of one attempt: those that are ours alone, all that are sent, and what of them is logged."""

from collections.abc import Iterable, Mapping, Sequence

from api.platform.signing import ID, SIGNATURE, TIMESTAMP

CONTENT_TYPE = "application/json"
DELIVERY_ID, ATTEMPT = "x-championed-delivery-id", "x-championed-attempt"
RESERVED_BEGINNINGS = ("webhook-", "content-", "x-championed-")
RESERVED = frozenset(
    {
        "host",
        "user-agent",
        # What concerns one connection only (RFC 9110, section 7.6.1), and who speaks to a proxy.
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Names, beside those that begin like RESERVED_BEGINNINGS, which an endpoint's own headers may not have."""
HIDDEN = "[hidden]"
_LEAST_HIDDEN = 8
"""Shorter words are no passwords, and may stand for anything in what a receiver answers."""


def is_reserved(name: str) -> bool:
    """Whether the header is the service's own, in whatever case it is written."""
    lower = name.lower()
    return lower in RESERVED or lower.startswith(RESERVED_BEGINNINGS)


def request_headers(
    *,
    event_id: str,
    timestamp: int,
    signature: str,
    delivery_id: str,
    attempt: int,
    product_version: str,
    custom: Mapping[str, str],
    content_type: str = CONTENT_TYPE,
) -> dict[str, str]:
    """All headers of one attempt but `host` and `content-length`, which the sender knows; names in lower case.

    `timestamp` is in Unix seconds. Reserved names in `custom` are left out. `x-championed-*` are not signed: they help
    to find an attempt in the log and prove nothing.
    """
    chosen = {name.lower(): value for name, value in custom.items() if not is_reserved(name)}
    return chosen | {
        "content-type": content_type,
        "user-agent": f"Championed-Webhooks/{product_version}",
        ID: event_id,
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature,
        DELIVERY_ID: delivery_id,
        ATTEMPT: str(attempt),
    }


def logged(headers: Mapping[str, str], custom: Iterable[str]) -> dict[str, str]:
    """The headers as an attempt keeps them: the values of an endpoint's own may be passwords and are hidden."""
    hidden = {name.lower() for name in custom if not is_reserved(name)}
    return {name: HIDDEN if name in hidden else value for name, value in headers.items()}


def secret_words(custom: Mapping[str, str]) -> Sequence[str]:
    """The words in the values of an endpoint's own headers, without which the answer of a receiver is kept."""
    words = {word for value in custom.values() for word in value.split(" ") if len(word) >= _LEAST_HIDDEN}
    return sorted(words, key=len, reverse=True)


def concealed(said: str, secrets: Iterable[str]) -> str:
    """What a receiver said, which may repeat what it was sent, without these words."""
    for each in secrets:
        said = said.replace(each, HIDDEN)
    return said
