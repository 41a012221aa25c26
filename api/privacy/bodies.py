"""Bytes that were stored as they came, mostly JSON: read, changed and written again, or emptied where that fails."""

import json
import re
from collections.abc import Callable
from typing import Any

from api.privacy.needles import Needles

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def without(body: bytes, needles: Needles, *, change: Callable[[Any], Any]) -> bytes:
    """The body with `change` made to its JSON and the needles taken out; the same bytes where nothing is different.

    What is no JSON and has a needle is emptied.
    """
    try:
        value = json.loads(body)
        changed = needles.in_value(change(value))
        return body if changed == value else written(changed)
    except (ValueError, RecursionError):
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), body.decode(errors="replace"))
        return body if needles.in_text(text, is_free=True) == text else b""


def written(value: Any) -> bytes:
    """JSON as compact as our own, in UTF-8; with escapes where half a character stands alone."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()
