"""Finding the names and addresses of one person in any text, and putting something else in their place.

An address, and a name of several words, is found whatever its case, and with other signs than spaces between the words
of a name, as links have them. A name of one word is found only as it is written, and not where it is very short or has
no capital letter: too much else is called so. Whole words alone are found.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from api.domain.erasure import REMOVED, REMOVED_LINK
from api.platform.schemas import normalise_email
from api.reasons.wording import normalised

_BETWEEN = r"(?:[\s_.+-]|%20|&nbsp;)+"
_WORD = r"[^\W_]"
_CODE = re.compile(r"[a-z0-9_.:-]*")
"""What a program writes for programs, such as `hiring_manager`: nobody's name."""
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_SHORTEST = 3


def forms_of(name: str, email: str | None) -> list[str]:
    """The forms in which a person's name and address may stand in a text; none of a name that was removed."""
    if name == REMOVED:
        return []
    forms = {unicodedata.normalize(form, name.strip()) for form in ("NFC", "NFD")} | {normalised(name)}
    if email is not None:
        forms |= {email.strip(), normalise_email(email)}
    return sorted(forms)


class Needles:
    """The names and addresses looked for. A name that is part of a `spared` one, which others bear, is left there."""

    def __init__(self, forms: Iterable[str], *, spared: Iterable[str] = ()) -> None:
        forms = list(forms)
        addresses = [_address(form) for form in forms if "@" in form]
        names = [form for form in forms if "@" not in form]
        self._addresses = _any_of(addresses, re.IGNORECASE)
        self._names = _any_of([_name(form) for form in names if _words(form) > 1], re.IGNORECASE)
        self._single = _any_of([_name(form) for form in names if _words(form) == 1 and _is_telling(form)])
        self._spared = _any_of([_name(form) for form in spared], re.IGNORECASE)

    def in_text(self, text: str, *, is_free: bool = False) -> str:
        """The text without them. In a text that reads like a code only addresses are found, unless it `is_free`.

        What is written with percent signs is read. A link that has one of them is replaced as a whole, so that what
        was a link still is one.
        """
        plain = unquote(text) if "%" in text else text
        found = self._without(plain, names=is_free or not _CODE.fullmatch(text))
        if found == plain:
            return text
        return REMOVED_LINK if _LINK.fullmatch(text) else found

    def _without(self, text: str, *, names: bool = True) -> str:
        if self._addresses is not None:
            text = self._addresses.sub(REMOVED, text)
        for pattern in (self._names, self._single) if names else ():
            text = text if pattern is None else self._sub(pattern, text)
        return text

    def in_value(self, value: Any, *, is_free: bool = False) -> Any:
        """The same for every text in a JSON value, names of members included. A caller's own labels are free."""
        if isinstance(value, str):
            return self.in_text(value, is_free=is_free)
        if isinstance(value, list):
            return [self.in_value(each, is_free=is_free) for each in value]
        if isinstance(value, dict):
            return {
                self.in_text(name, is_free=is_free): self.in_value(each, is_free=is_free or name == "metadata")
                for name, each in value.items()
            }
        return value

    def _sub(self, pattern: re.Pattern[str], text: str) -> str:
        if self._spared is None or not pattern.search(text):
            return pattern.sub(REMOVED, text)
        kept = [match.span() for match in self._spared.finditer(text)]
        return pattern.sub(lambda found: found[0] if _lies_in(found.span(), kept) else REMOVED, text)


def _words(name: str) -> int:
    return len(name.split())


def _is_telling(name: str) -> bool:
    """Whether a name of one word can be told from other words."""
    return (len(name) >= _SHORTEST and name != name.lower()) or _is_uncased(name)


def _is_uncased(name: str) -> bool:
    """Whether it is written in letters that have no capitals."""
    return name == name.lower() == name.upper() and any(sign.isalpha() for sign in name)


def _any_of(patterns: Sequence[str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str] | None:
    longest_first = sorted(patterns, key=len, reverse=True)
    return re.compile("|".join(longest_first), flags) if patterns else None


def _name(form: str) -> str:
    words = form.split()
    before = "" if _is_uncased(words[0][:1]) else f"(?<!{_WORD})"
    after = "" if _is_uncased(words[-1][-1:]) else f"(?!{_WORD})"
    return before + _BETWEEN.join(map(re.escape, words)) + after


def _address(form: str) -> str:
    # What follows may end a sentence, but must not go on as a longer address.
    return r"(?<![\w.+-])" + re.escape(form).replace("@", "(?:@|%40)") + r"(?![\w-]|\.[a-z]{2})"


def _lies_in(span: tuple[int, int], kept: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in kept)
