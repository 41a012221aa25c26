"""The custom headers of an endpoint: which there may be, and how they are kept. Their values may be passwords."""

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

import orjson
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from api.domain.errors import Unprocessable
from api.platform.sealing import Sealer
from api.webhooks.sent_headers import is_reserved

MOST_HEADERS = 20

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", re.ASCII)


class WebhookHeaderRefused(Unprocessable):
    """A custom header is one that the service sets itself, or that no request can carry; `errors` says which.

    Reserved are `webhook-*`, `content-*`, `x-championed-*`, `host`, `user-agent` and what concerns one connection only.
    Values are visible ASCII characters, with spaces between them.
    """

    code = "webhook_header_refused"
    title = "The service does not send this header"


def _named_once(headers: dict[str, str | None]) -> dict[str, str | None]:
    # Names are kept in lower case: of two that differ in case alone one would be lost silently.
    if len({name.lower() for name in headers}) < len(headers):
        raise PydanticCustomError("header_repeated", "Each header should be named once; case makes no difference")
    return headers


HeaderName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
HeaderValue = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Headers = Annotated[dict[HeaderName, HeaderValue], Field(max_length=MOST_HEADERS), AfterValidator(_named_once)]
"""Headers by name."""
HeadersPatch = Annotated[
    dict[HeaderName, HeaderValue | None], Field(max_length=2 * MOST_HEADERS), AfterValidator(_named_once)
]
"""Headers by name, `None` for those to be taken away."""


def merged(headers: Mapping[str, str], patch: Mapping[str, str | None]) -> dict[str, str]:
    """The headers with a change in them, their names in lower case.

    Raises WebhookHeaderRefused, and Unprocessable where too many would be left.
    """
    for name, value in patch.items():
        _check(name, value)
    changes = {name.lower(): value for name, value in patch.items()}
    result = {name: value for name, value in {**headers, **changes}.items() if value is not None}
    if len(result) > MOST_HEADERS:
        raise Unprocessable(f"An endpoint has at most {MOST_HEADERS} custom headers.", pointer="#/headers")
    return result


def sealed(headers: Mapping[str, str], sealer: Sealer) -> bytes | None:
    """The headers as they are kept; None for none. Raises SecretKeyMissing."""
    return sealer.seal(orjson.dumps(dict(headers)).decode()) if headers else None


def opened(kept: bytes | None, sealer: Sealer) -> dict[str, str]:
    """The headers by name in lower case. Raises SecretKeyMissing, SealBroken."""
    if kept is None:
        return {}
    headers: dict[str, str] = orjson.loads(sealer.open(bytes(kept)))
    return headers


def _check(name: str, value: str | None) -> None:
    if not _NAME.fullmatch(name):
        detail = "The name of a header should be letters, digits, '-' and other characters of a token (RFC 9110)."
    elif is_reserved(name):
        detail = f"'{name}' is set by the service itself, or by the connection, and cannot be chosen."
    elif value is not None and not _VALUE.fullmatch(value):
        detail = f"The value of '{name}' should be visible ASCII characters, with spaces only between them."
    else:
        return
    place = quote(name.replace("~", "~0").replace("/", "~1"), errors="replace")
    raise WebhookHeaderRefused(detail, pointer=f"#/headers/{place}")
