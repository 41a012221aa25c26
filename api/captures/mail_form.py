"""How mail services hand a mail over: as the body itself, or in a field of a form beside what they know of it."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.captures.mail_parts import MalformedMail, Part, message, pieces
from api.platform.hook_tokens import SHAPE
from api.platform.problems import UnsupportedMediaType

RAW = ("message/rfc822", "text/plain", "application/octet-stream", "")
MULTIPART = "multipart/form-data"
URL_ENCODED = "application/x-www-form-urlencoded"

_MESSAGE_FIELDS = ("email", "body-mime", "message")
_MOST_OF_FIELD = 64 * 1024
_MOST_FIELDS = 100
_MOST_TOKENS = 100
_TOKEN_FIELDS = ("delivered-to", "x-original-to", "x-forwarded-to", "to", "cc", "bcc")
_TOKEN = re.compile(rf"(?<![a-z0-9]){SHAPE.pattern}(?=[@+])", re.IGNORECASE | re.ASCII)


class MailNotAccepted(UnsupportedMediaType):
    """The same, for the one route that takes mails."""

    headers = MappingProxyType({"Accept": f"message/rfc822, {MULTIPART}, {URL_ENCODED}"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail as a service hands it over, with the addresses it was for; `sender` is that of the envelope, if told."""

    mail: Part
    recipients: tuple[str, ...] = ()
    sender: str | None = None

    def tokens(self) -> Iterator[str]:
        """What may be the token of one of our addresses, in the order in which it is believed."""
        values = [*self.recipients, *(value for name in _TOKEN_FIELDS for value in self.mail.head.get_all(name, []))]
        found = (match[0].lower() for value in values for match in _TOKEN.finditer(value[:_MOST_OF_FIELD]))
        for token, _ in zip(found, range(_MOST_TOKENS), strict=False):
            yield token


def read_delivery(content_type: str, body: bytes) -> Delivery:
    """What a request with this body delivers. Raises MailNotAccepted or MalformedMail."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in RAW:
        return Delivery(message(body))
    if media_type == MULTIPART:
        return _delivery(_multipart(content_type, body))
    if media_type == URL_ENCODED:
        return _delivery(_url_encoded(body))
    raise MailNotAccepted("Send the mail as message/rfc822, or in a form as mail services do.")


def _multipart(content_type: str, body: bytes) -> Mapping[str, bytes]:
    # A form is a MIME entity whose header is that of the request.
    head = f"Content-Type: {content_type}\r\n\r\n".encode(errors="replace")
    fields: dict[str, bytes] = {}
    for part in pieces(message(head + body)):
        name = part.parameter("name", of="content-disposition")
        if name is not None and name not in fields:
            fields[name] = part.body(len(body))
    return fields


def _url_encoded(body: bytes) -> Mapping[str, bytes]:
    pairs = body.split(b"&", _MOST_FIELDS)
    if len(pairs) > _MOST_FIELDS:
        raise MalformedMail("The form has too many fields.")
    named = (pair.partition(b"=") for pair in reversed(pairs))
    return {_unescaped(name).decode(errors="replace"): _unescaped(value) for name, _, value in named}


def _unescaped(text: bytes) -> bytes:
    # Percent-encoding but for its sign is quoted-printable, which is undone in native code: a mail has many megabytes.
    return binascii.a2b_qp(text.replace(b"=", b"=3D").replace(b"+", b" ").replace(b"%", b"="))


def _delivery(fields: Mapping[str, bytes]) -> Delivery:
    raw = next((fields[name] for name in _MESSAGE_FIELDS if fields.get(name)), None)
    if raw is None:
        raise MalformedMail(f"The form needs the raw mail in one of the fields {', '.join(_MESSAGE_FIELDS)}.")
    text = {
        name: fields.get(name, b"")[:_MOST_OF_FIELD].decode(errors="replace")
        for name in ("envelope", "recipient", "to")
    }
    envelope = _envelope(text["envelope"])
    to = envelope.get("to")
    listed = [each for each in to if isinstance(each, str)] if isinstance(to, list) else []
    sender = envelope.get("from")
    return Delivery(
        message(raw), (*listed, text["recipient"], text["to"]), sender.strip() if isinstance(sender, str) else None
    )


def _envelope(text: str) -> Mapping[str, object]:
    try:
        envelope = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return envelope if isinstance(envelope, dict) else {}


def tokens_of(authorization: str | None) -> Iterator[str]:
    """What may be a token in the header Authorization: a Bearer one, or either half of a Basic one (RFC 7617)."""
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        yield credentials.strip()
    if scheme.lower() == "basic":
        try:
            yield from base64.b64decode(credentials.strip(), validate=True).decode().split(":")
        except (binascii.Error, ValueError):
            return
