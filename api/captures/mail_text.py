"""What the sender of a mail wrote themself: its text without markup, quotes, history and signature."""

import html
import re
from collections.abc import Iterator, Sequence

from api.captures.mail_parts import Part
from api.captures.mail_words import decoded, transferred

MOST_BYTES = 200_000
MOST_TEXT = 10_000
_MOST_OF_LINE = 2_000

_TAG = re.compile(r"(<[^<>]*>)")
_TAG_NAME = re.compile(r"<(/?)([a-z0-9:]+)", re.IGNORECASE)
_NO_TEXT = frozenset({"script", "style", "head", "title", "blockquote"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "hr", "ul", "ol"})
# What mail programs put around signatures and the history; nothing that the sender wrote follows it.
_LAST_TAG = re.compile(
    r"gmail_quote|gmail_signature|divrplyfwdmsg|appendonsend|mobile-signature|applemailsignature|yahoo_quoted"
    r"|moz-cite-prefix|moz-signature|protonmail_(quote|signature)",
    re.IGNORECASE,
)
_EARLIER_TAG = re.compile(
    r"<[^<>]*(?:gmail_quote|divrplyfwdmsg|appendonsend|yahoo_quoted|moz-forward-container|protonmail_quote|[\"']cite[\"'])",
    re.IGNORECASE,
)

_SIGNATURE = re.compile(r"-- ?$")
_HISTORY = re.compile(
    r"-+ ?(original message|forwarded message|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht"
    r"|message d'origine|mensaje original) ?-+"
    r"|_{20,}|(begin forwarded message|anfang der weitergeleiteten (nachricht|e-mail)) ?:",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"(?=.*[\d@])(on|am|le|el|il|op|den) .{4,300}(wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev)\b.*:"
)
_FIELD = re.compile(r"\*?(from|sent|date|to|cc|subject|von|gesendet|datum|an|betreff)\*? ?:\*?( |$)", re.IGNORECASE)
_FIRST_FIELD = re.compile(r"\*?(from|von)\*? ?:", re.IGNORECASE)
_DEVICE = re.compile(r"(sent from my|von meinem) .{2,40}( gesendet)?\.?|get outlook for .{2,30}", re.IGNORECASE)


def own_text(parts: Sequence[Part]) -> str:
    """What the sender wrote: at most 10,000 characters, without quotes, history and signature."""
    return unquoted(_text(parts))[:MOST_TEXT].strip()


def passes_on(parts: Sequence[Part]) -> bool:
    """Whether an earlier mail follows what the sender wrote, as when it is forwarded, or is attached."""
    if any(part.content_type == "message/rfc822" for part in parts):
        return True
    text, is_markup = _body(parts)
    if is_markup and _EARLIER_TAG.search(text):
        return True
    lines = (without_markup(text) if is_markup else text).split("\n")
    return any(_HISTORY.match(line.strip()) or _begins_fields(lines, place) for place, line in enumerate(lines))


def _text(parts: Sequence[Part]) -> str:
    text, is_markup = _body(parts)
    return without_markup(text) if is_markup else text


def _body(parts: Sequence[Part]) -> tuple[str, bool]:
    """The first plain text of a message, or else its first HTML; and whether it is HTML."""
    markup = ""
    for part in parts:
        if part.is_attachment or part.content_type not in ("text/plain", "text/html"):
            continue
        body = transferred(part.body(MOST_BYTES), part.head.get("content-transfer-encoding", ""))
        text = decoded(body, part.parameter("charset")).strip()
        if text and part.content_type == "text/plain":
            return text, False
        markup = markup or text
    return markup, True


def without_markup(markup: str) -> str:
    """HTML as text in lines, without what it quotes."""
    lines: list[str] = []
    hidden_by: list[str] = []
    for piece in _TAG.split(_without_comments(markup)):
        tag = _TAG_NAME.match(piece)
        if tag is None:
            if not hidden_by and not piece.startswith("<"):
                lines.append(" ".join(piece.split("\n")))
            continue
        closes, name = bool(tag[1]), tag[2].lower()
        if _LAST_TAG.search(piece):
            break
        if name in _NO_TEXT and not piece.endswith("/>"):
            _hide(hidden_by, name, closes=closes)
        lines.append("\n" if name in _BREAKS else "")
    return html.unescape("".join(lines))


def _hide(hidden_by: list[str], name: str, *, closes: bool) -> None:
    if not closes:
        hidden_by.append(name)
    elif name in hidden_by[-1:]:
        hidden_by.pop()


def _without_comments(markup: str) -> str:
    kept, at = [], 0
    while (begin := markup.find("<!--", at)) >= 0:
        kept.append(markup[at:begin])
        end = markup.find("-->", begin)
        at = len(markup) if end < 0 else end + 3
    return "".join([*kept, markup[at:]])


def unquoted(text: str) -> str:
    """The lines that are the sender's own: no quotes, nothing from a signature or the history on."""
    lines = [_storable(line)[:_MOST_OF_LINE].rstrip("\r\t\xa0") for line in text.split("\n")]
    return "\n".join(_own(lines)).strip()


def _own(lines: Sequence[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if _SIGNATURE.fullmatch(lines[place].lstrip()) or _HISTORY.match(line) or _begins_fields(lines, place):
            return
        length = _attribution(lines, place)
        if length and not _is_quote(_next_line(lines, place + length)):
            return
        if not length and not line.startswith(">") and not _DEVICE.fullmatch(line):
            yield line
        place += length or 1


def _attribution(lines: Sequence[str], place: int) -> int:
    """How many lines from here say who wrote what follows; mail programs wrap them."""
    joined = ""
    for length, line in enumerate(lines[place : place + 3], start=1):
        joined = f"{joined} {line.strip()}".strip()
        if not joined or line.lstrip().startswith(">"):
            return 0
        if joined.endswith(":") and _ATTRIBUTION.fullmatch(joined.lower()):
            return length
    return 0


def _begins_fields(lines: Sequence[str], place: int) -> bool:
    """Whether the header of an earlier mail begins here, as some programs write it above the history."""
    if not _FIRST_FIELD.match(lines[place].strip()):
        return False
    return sum(bool(_FIELD.match(line.strip())) for line in lines[place : place + 6]) >= 3


def _next_line(lines: Sequence[str], place: int) -> str:
    return next((line.strip() for line in lines[place : place + 3] if line.strip()), "")


def _is_quote(line: str) -> bool:
    return line.startswith(">")


def _storable(line: str) -> str:
    return "".join(c for c in line if c >= " " or c == "\t").encode("utf-8", "ignore").decode()
