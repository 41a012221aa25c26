"""A mail as bytes, taken apart into header fields and MIME parts in bounded time, whatever was sent.

Only heads are given to the standard library's parser. Bodies are cut at their boundaries where they lie, so an
attachment costs no more than a look for the next boundary.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value

from api.domain.errors import Unprocessable

MOST_HEAD = 256 * 1024
"""In the header of a mail, and in those of all its parts together."""
MOST_OF_FIELD = 2_000
"""In the fields of a part; longer ones are read as absent."""
MOST_PARTS = 500
MOST_DEPTH = 20
MOST_LOOKALIKES = 100_000
"""Of places that begin like a boundary."""

_NEWLINE = re.compile(rb"\r?\n")
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_END_OF_DELIMITER = re.compile(rb"(--)?[ \t]{0,100}(?:\r?\n|\Z)")


class MalformedMail(Unprocessable):
    """The message cannot be read as a mail of one sender (RFC 5322). Sending it again will not help."""

    code = "malformed_mail"
    title = "The mail cannot be read"


@dataclass(slots=True)
class _Budget:
    """What reading one mail may still cost."""

    parts: int = MOST_PARTS
    heads: int = MOST_HEAD
    lookalikes: int = MOST_LOOKALIKES

    def pay(self, *, parts: int = 0, heads: int = 0, lookalikes: int = 0) -> None:
        self.parts -= parts
        self.heads -= heads
        self.lookalikes -= lookalikes
        if min(self.parts, self.heads, self.lookalikes) < 0:
            raise MalformedMail("The mail has too many parts.")


@dataclass(frozen=True, slots=True)
class Part:
    """A MIME entity: its header fields, and where in `raw` its body lies."""

    raw: bytes = field(repr=False)
    start: int
    end: int
    head: Message

    @property
    def content_type(self) -> str:
        """The media type in lower case; `text/plain` where none is given."""
        return "text/plain" if self._is_too_long("content-type") else self.head.get_content_type()

    @property
    def is_attachment(self) -> bool:
        """Whether it is sent to be kept apart from the text."""
        disposition = "content-disposition"
        return self._is_too_long(disposition) or self.head.get_content_disposition() == "attachment"

    def parameter(self, name: str, *, of: str = "content-type") -> str | None:
        """A parameter of a header field (RFC 2231), None without one."""
        if self._is_too_long(of):
            return None
        try:
            given = self.head.get_param(name, header=of)
            return None if given is None else collapse_rfc2231_value(given)
        except (HeaderParseError, ValueError, LookupError, TypeError):
            return None

    def body(self, most: int) -> bytes:
        """The first `most` bytes of what follows the head."""
        return self.raw[self.start : min(self.end, self.start + most)]

    def _is_too_long(self, name: str) -> bool:
        return len(self.head.get(name, "")) > MOST_OF_FIELD


def message(raw: bytes) -> Part:
    """The whole mail as one entity. Raises MalformedMail."""
    start = len(raw) - len(raw.lstrip(b"\r\n"))
    return _entity(raw, start, len(raw), most_head=MOST_HEAD)


def pieces(whole: Part) -> Iterator[Part]:
    """The direct parts of a multipart entity, none where it names no boundary. Raises MalformedMail."""
    yield from _pieces(whole, _Budget())


def leaves(whole: Part) -> Iterator[Part]:
    """Everything in it that is no multipart, in order; attached mails are not opened. Raises MalformedMail."""
    yield from _leaves(whole, _Budget(), depth=0)


def _leaves(whole: Part, budget: _Budget, *, depth: int) -> Iterator[Part]:
    if not whole.content_type.startswith("multipart/"):
        yield whole
        return
    if depth == MOST_DEPTH:
        raise MalformedMail("The parts of the mail are nested too deeply.")
    for piece in _pieces(whole, budget):
        yield from _leaves(piece, budget, depth=depth + 1)


def _pieces(whole: Part, budget: _Budget) -> Iterator[Part]:
    boundary = whole.parameter("boundary")
    if not boundary:
        return
    begun: int | None = None
    for delimiter_start, delimiter_end, is_last in _delimiters(whole, boundary.encode(errors="replace"), budget):
        if begun is not None:
            yield _piece(whole.raw, begun, max(begun, _before_newline(whole.raw, delimiter_start)), budget)
        begun = None if is_last else delimiter_end
    if begun is not None:
        yield _piece(whole.raw, begun, whole.end, budget)


def _piece(raw: bytes, start: int, end: int, budget: _Budget) -> Part:
    part = _entity(raw, start, end, most_head=budget.heads)
    budget.pay(parts=1, heads=part.start - start)
    return part


def _entity(raw: bytes, start: int, end: int, *, most_head: int) -> Part:
    """The entity between two places: fields up to the first empty line, then a body."""
    newline = _NEWLINE.match(raw, start, end)
    if newline is not None:
        return Part(raw, newline.end(), end, Message())
    found = _END_OF_HEAD.search(raw, start, min(end, start + most_head))
    if found is None and end - start > most_head:
        raise MalformedMail("The header of the mail is too large.")
    body = end if found is None else found.end()
    # Addresses and subjects may be UTF-8 (RFC 6532); bytes that are not show as replacement characters.
    head = HeaderParser().parsestr(raw[start:body].decode("utf-8", "replace"))
    return Part(raw, body, end, head)


def _delimiters(whole: Part, boundary: bytes, budget: _Budget) -> Iterator[tuple[int, int, bool]]:
    """Where each line of the boundary begins and ends, up to the one that closes the parts."""
    raw, mark = whole.raw, b"--" + boundary
    at = raw.find(mark, whole.start, whole.end)
    while at >= 0:
        budget.pay(lookalikes=1)
        rest = _END_OF_DELIMITER.match(raw, at + len(mark), whole.end)
        begins_line = at == whole.start or raw[at - 1 : at] == b"\n"
        if begins_line and rest is not None:
            yield at, rest.end(), rest[1] is not None
            if rest[1] is not None:
                return
        at = raw.find(mark, at + len(mark), whole.end)


def _before_newline(raw: bytes, at: int) -> int:
    return at - 2 if raw[at - 2 : at] == b"\r\n" else at - 1
