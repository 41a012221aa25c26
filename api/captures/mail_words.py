"""Words of mails as text: character sets, transfer encodings, encoded words, addresses. No input makes these fail.

The structured parser of the standard library (`policy.default`) is not used for addresses: on hostile ones it fails in
many ways, and its time grows with the square of their length.
"""

import binascii
import quopri
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_to_datetime

from pydantic import TypeAdapter, ValidationError

from api.platform.schemas import EmailAddress

# Others of Python's codecs are no character sets, or slow on purpose-made input; unknown names would pile up in it.
_CHARSET = re.compile(
    r"(us-)?ascii|utf-?(8|16(-?[lb]e)?)|latin-?1|iso-?8859-\d{1,2}|(windows|cp)-?\d{3,4}|koi8-[rut]|gb(k|2312|18030)"
    r"|big5(-?hkscs)?|euc-(jp|kr)|shift[-_]jis|iso-2022-(jp|kr)|ks_c_5601-1987|macintosh|tis-620"
)
_ADDRESS_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|\(((?:[^()\\]|\\.)*)\)?|<([^<>]*)>?|([,;:])|([^"(<,;:]+)', re.DOTALL)
_IMPROPER = re.compile(r'[\ufffd\s"(),:;<>\[\\\]]')
# They join letters of some scripts; all other invisible characters are dropped.
_JOINERS = "\u200c\u200d"
_EMAIL: TypeAdapter[str] = TypeAdapter(EmailAddress)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address, with the name that was put beside it."""

    name: str | None
    address: str


def decoded(content: bytes, charset: str | None) -> str:
    """The bytes as text; those that do not fit the character set show replacement characters. UTF-8 where unknown."""
    name = (charset or "utf-8").strip().lower()
    try:
        return content.decode(name if _CHARSET.fullmatch(name) else "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def transferred(body: bytes, encoding: str) -> bytes:
    """The content of a body that was sent in this transfer encoding (RFC 2045, section 6)."""
    match encoding.strip().lower():
        case "base64":
            try:
                return binascii.a2b_base64(body + b"===")
            except binascii.Error:
                return b""
        case "quoted-printable":
            return quopri.decodestring(body)
    return body


def line(value: str, most: int = 200) -> str:
    """A header field as one line of at most `most` characters: encoded words decoded, no control characters."""
    return printable(_plain(value[: 4 * most]))[:most].strip()


def printable(text: str) -> str:
    """The text without what a line cannot show or PostgreSQL cannot store; white space is single."""
    spaced = "".join(" " if character.isspace() else character for character in text)
    shown = (c for c in spaced if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(shown).split())


def _plain(value: str) -> str:
    unfolded = value.replace("\r", "").replace("\n", "")
    try:
        words = decode_header(unfolded)
    except (HeaderParseError, ValueError):
        return unfolded
    return "".join(word if isinstance(word, str) else _decoded_word(word, charset) for word, charset in words)


def _decoded_word(word: bytes, charset: str | None) -> str:
    # What stands between encoded words comes from the standard library in an encoding of its own.
    return decoded(word, charset) if charset else word.decode("raw-unicode-escape", "replace")


def mailboxes(value: str) -> Iterator[Mailbox]:
    """The usable addresses of a header field, groups opened, names decoded."""
    words: list[str] = []
    comment = angle = None
    for quoted, aside, inside, mark, plain in _ADDRESS_TOKEN.findall(value + ","):
        if mark == ":" and angle is None:
            words, comment = [], None
        elif mark in (",", ";"):
            yield from _mailbox(words, comment, angle)
            words, comment, angle = [], None, None
        elif aside:
            comment = aside
        elif inside:
            angle = inside
        else:
            words.append(re.sub(r"\\(.)", r"\1", quoted) if quoted else plain)
    yield from _mailbox(words, comment, angle)


def _mailbox(words: list[str], comment: str | None, angle: str | None) -> Iterator[Mailbox]:
    text = "".join(words).strip()
    address = usable(angle if angle is not None else text)
    if address is not None:
        name = line(text if angle is not None else comment or "")
        yield Mailbox(None if not name or "@" in name else name, address)


def usable(address: str) -> str | None:
    """The address without what surrounds it; None where it is no address that a person could have."""
    if _IMPROPER.search(address.strip()):
        return None
    try:
        return _EMAIL.validate_python(address.strip())
    except ValidationError:
        return None


def moment(value: str) -> datetime | None:
    """The moment that a Date field states, in UTC; None where it states none."""
    try:
        stated = parsedate_to_datetime(value[:200])
        return stated.replace(tzinfo=UTC) if stated.tzinfo is None else stated.astimezone(UTC)
    except (TypeError, ValueError, LookupError, OverflowError):
        return None
