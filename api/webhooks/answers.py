"""What came of a call to a receiver, and what the headers of its answer ask of us."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from api.domain.webhooks import AttemptError
from api.webhooks.exchanges import Reply

RETRY_AFTER, CONTROL = "retry-after", "webhook-delivery"
_LONGEST_DETAIL = 500
_LONGEST_WAIT = timedelta(days=365)
_MOST_DIGITS = 9


class Control(StrEnum):
    """What a receiver asks for by the header `webhook-delivery`: to drop this delivery, or to send nothing more."""

    ABORT_MESSAGE = "abort-message"
    DISABLE = "disable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One call as it went. It delivered exactly when `error_code` is None.

    `http_status` and what follows it are there whenever a whole answer came, or 8 KiB of its body, whatever its status.
    `response_headers` have names in lower case; those that came several times are joined by commas. `response_body` is
    at most the first 8 KiB as text; `is_truncated` says that more came. No text holds a NUL. `retry_after`, counted
    from the end of the call, is set for failures alone and never negative; it may be longer than one wants to wait.
    """

    duration_ms: int
    resolved_ip: str | None = None
    http_status: int | None = None
    response_headers: Mapping[str, str] | None = None
    response_body: str | None = None
    is_truncated: bool = False
    error_code: AttemptError | None = None
    error_detail: str | None = None
    retry_after: timedelta | None = None
    control: Control | None = None


def answer_of(reply: Reply, *, ip: str | None, seconds: float, ended: datetime) -> Answer:
    """What came of a call that was answered, after so many seconds, at the real time `ended`."""
    headers = headers_of(reply.headers)
    delivered = 200 <= reply.status < 300
    hint = "; redirects are not followed" if 300 <= reply.status < 400 else ""
    return Answer(
        duration_ms=round(seconds * 1000),
        resolved_ip=ip,
        http_status=reply.status,
        response_headers=headers,
        response_body=text_of(reply.body),
        is_truncated=reply.is_truncated,
        error_code=None if delivered else AttemptError.HTTP_STATUS,
        error_detail=None if delivered else f"the receiver answered {reply.status}{hint}",
        retry_after=None if delivered else retry_after_of(headers, ended),
        control=control_of(headers),
    )


def failure_of(code: AttemptError, detail: str, *, ip: str | None, seconds: float) -> Answer:
    """What came of a call that was not answered, or not with an answer that counts."""
    said = detail.replace("\x00", "")[:_LONGEST_DETAIL]
    return Answer(duration_ms=round(seconds * 1000), resolved_ip=ip, error_code=code, error_detail=said)


def text_of(sent: bytes) -> str:
    """A body as text that PostgreSQL can hold: what is not UTF-8 is replaced, NUL left out."""
    return sent.decode("utf-8", "replace").replace("\x00", "")


def headers_of(sent: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name, those that came several times joined by commas (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in sent:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def control_of(headers: Mapping[str, str]) -> Control | None:
    """What the receiver asks for, the most far-reaching of several; None where it asks for nothing we know."""
    asked = {each.strip() for each in headers.get(CONTROL, "").lower().split(",")}
    return next((control for control in (Control.DISABLE, Control.ABORT_MESSAGE) if control in asked), None)


def retry_after_of(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long from `now` the receiver wants to be left alone, by seconds or by a date (RFC 9110, section 10.2.3).

    None where it says nothing or nothing that can be read; zero for a date that has passed; at most a year.
    """
    said = headers.get(RETRY_AFTER, "")
    if re.fullmatch(r"[0-9]+", said, re.ASCII):
        return min(timedelta(seconds=int(said[:_MOST_DIGITS])), _LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    # A date without a zone is in GMT, too, as all dates of HTTP are.
    wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)
