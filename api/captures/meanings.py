"""Whom or what a piece of plain text means: one of our ids, another system's id, an address, or only a name.

Nothing here knows whether such a row exists.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from api.domain.errors import Unprocessable
from api.platform import ids
from api.platform.schemas import EmailAddress

HIRING_MANAGER = "hiring_manager"

_LOOKS_LIKE_ID = re.compile(r"([a-z]+(?:_[a-z]+)*)_[0-9a-fA-F]{8,}")
_EXTERNAL = re.compile(r"([a-z0-9][a-z0-9_.-]{0,62}):(\S.{0,199})")
_CHAT_ADDRESS = re.compile(r"<mailto:([^|<>\s]+)(?:\|[^<>]*)?>")
# A user as a chat writes them; it does not say which chat that is.
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^<>]*)?>", re.ASCII)
_NAMED_ADDRESS = re.compile(r'"?([^"<>]*?)"?\s*<([^<>]*)>')
_PIECE = re.compile(r'(?:"[^"]*"|[^,;\n])+')
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_EMAIL: TypeAdapter[str] = TypeAdapter(EmailAddress)


@dataclass(frozen=True, slots=True)
class OurId:
    """A row by its public id."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class ExternalId:
    """A row by the id that another system has for it."""

    system: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Address:
    """A person by their e-mail address, perhaps with the name that stood beside it."""

    email: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody or something by name, which is only a hint."""

    name: str


Meaning: TypeAlias = OurId | ExternalId | Address | Name


def meant(text: str, kinds: Collection[str]) -> Meaning:
    """What a text means; an id of ours must be of one of the kinds.

    Raises PydanticCustomError for a malformed address or id, and for an id of another kind.
    """
    text = text.strip()
    if like := _LOOKS_LIKE_ID.fullmatch(text):
        return _our_id(text, like[1], kinds)
    external = _EXTERNAL.fullmatch(text)
    if external and external[1] != "mailto":
        return ExternalId(external[1], external[2])
    return _address(text) if "@" in text and not _MENTION.search(text) else Name(" ".join(text.split()))


def _our_id(text: str, kind: str, kinds: Collection[str]) -> OurId:
    expected = kind if kind in kinds else next(iter(kinds))
    try:
        return OurId(expected, ids.decode(expected, text))
    except Unprocessable as error:
        raise PydanticCustomError(error.code, "{detail}", {"detail": error.detail}) from error


def _address(text: str) -> Address:
    name: str | None = None
    if chat := _CHAT_ADDRESS.fullmatch(text):
        text = chat[1]
    elif named := _NAMED_ADDRESS.fullmatch(text):
        name, text = named[1].strip() or None, named[2].strip()
    try:
        return Address(_EMAIL.validate_python(text.removeprefix("mailto:")), name)
    except ValidationError:
        raise PydanticCustomError("email_parsing", "An e-mail address looks like ada@example.com") from None


def is_hiring_manager(text: str) -> bool:
    """Whether a text names the role, however it is spelled."""
    return word(text) == HIRING_MANAGER


def word(text: str) -> str:
    """A text as a word of a closed set: `Speed up` is `speed_up`."""
    return re.sub(r"[\s_-]+", "_", text.strip()).casefold()


def pieces(text: str) -> list[str]:
    """The parts of a text between commas, semicolons and line ends, quoted names whole."""
    return [part for found in _PIECE.findall(text) if (part := found.strip())]


def reason_lines(text: str) -> list[dict[str, str]]:
    """The reasons in a text, one a line as `requirement: claim`, with or without bullets.

    A line without a colon is a claim of which nobody said what the job requires.
    """
    lines = [_BULLET.sub("", line).strip() for line in text.splitlines()]
    return [_reason(line) for line in lines if line]


def _reason(line: str) -> dict[str, str]:
    requirement, colon, claim = line.partition(":")
    # A colon inside a link, or with nothing on one side, separates nothing.
    if not colon or claim.startswith("//") or not requirement.strip() or not claim.strip():
        return {"claim": line}
    return {"requirement": requirement.strip(), "claim": claim.strip()}


_SPOKEN = frozenset({"call", "calls", "phone", "video", "meeting", "huddle", "voice", "anruf", "telefonat"})
_WRITTEN = frozenset(
    {"email", "mail", "slack", "teams", "chat", "dm", "message", "text", "sms", "whatsapp", "signal", "discord"}
    | {"linkedin", "letter", "note", "memo", "comment", "ticket", "document", "doc", "thread", "form", "nachricht"}
)


def is_written(channel: str | None) -> bool:
    """Whether what goes through a channel, named in the caller's own words, is written."""
    words = set(re.findall(r"[^\W_]+", (channel or "").casefold()))
    return bool(words & _WRITTEN) and not words & _SPOKEN
