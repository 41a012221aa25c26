"""Emptying what another system sent about one person. Ids, numbers, types and dates stay, so that it can still be read.

In the body everything inside a candidate goes, whatever the vendor calls its members; of somebody who is credited there
what names them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.models import InboundMessage
from api.privacy.bodies import written

_CANDIDATES = ("candidate", "person", "prospect")
_ABOUT_CANDIDATES = ("answers", "attachments", "custom_fields", "keyed_custom_fields", "notes")
_USERS = ("email", "first_name", "employee_id")
_KEPT = ("id", "type", "status")
_DATED = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-][\d:]+)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a message is to say nothing more about: its candidate, or the users of these ids whom it may credit."""

    candidate: bool = False
    users: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.candidate or bool(self.users)


def redact_message(
    message: InboundMessage, *, now: datetime, candidate: bool = True, users: frozenset[str] = frozenset()
) -> bool:
    """Empty a message about an anonymised person, such as one that came later; answers whether anything was in it.

    `candidate` says that its candidate is meant, `users` the vendor's ids of those whom it credits. For the row of an
    inbound message that the caller holds; the caller flushes.
    """
    meant = Meant(candidate, users)
    body, parsed = emptied_body(message.body, meant), emptied_parsed(message.parsed, meant)
    if (body, parsed) == (message.body, message.parsed):
        return False
    message.body, message.parsed, message.redacted_at = body, parsed, now
    return True


def emptied_body(body: bytes, meant: Meant) -> bytes:
    """The raw body without what it says of them; no bytes at all where it is no JSON."""
    try:
        value = json.loads(body)
        changed = emptied(value, meant)
        return body if changed == value else written(changed)
    except (ValueError, RecursionError):
        return b""


def emptied(value: Any, meant: Meant) -> Any:
    """A JSON value of the vendor's without what it says of them."""
    if isinstance(value, list):
        return [emptied(each, meant) for each in value]
    if not isinstance(value, dict):
        return value
    if _is_user(value, meant):
        return _bare(value)
    return {name: _member(name, each, meant) for name, each in value.items()}


def emptied_parsed(parsed: Mapping[str, Any] | None, meant: Meant) -> dict[str, Any] | None:
    """What was read out of a message, without what it says of them."""
    if parsed is None:
        return None
    changed = dict(parsed)
    application = changed.get("application")
    if meant.candidate:
        changed["candidate"] = {**parsed["candidate"], "name": None, "emails": []}
    if isinstance(application, dict):
        changed["application"] = _snapshot(application, meant)
    return changed


def _snapshot(application: Mapping[str, Any], meant: Meant) -> dict[str, Any]:
    changed = dict(application)
    if meant.candidate:
        changed["fields"] = {}
    credited = application.get("credited_to")
    if isinstance(credited, dict) and credited.get("external_id") in meant.users:
        changed["credited_to"] = {**credited, "name": None, "email": None}
    return changed


def _member(name: str, value: Any, meant: Meant) -> Any:
    if meant.candidate and isinstance(value, dict) and name.endswith(_CANDIDATES):
        return _bare(value)
    if meant.candidate and name in _ABOUT_CANDIDATES:
        return _nothing_of(value)
    return emptied(value, meant)


def _is_user(value: Mapping[str, Any], meant: Meant) -> bool:
    # Ids of other things may be the same number; only people have such members.
    return str(value.get("id")) in meant.users and any(name in value for name in _USERS)


def _bare(value: Mapping[str, Any]) -> dict[str, Any]:
    """An object with its ids, kinds and dates alone."""
    return {name: each if _stays(name, each) else _nothing_of(each) for name, each in value.items()}


def _stays(name: str, value: Any) -> bool:
    if name in _KEPT or name.endswith(("_id", "_ids")):
        return not isinstance(value, dict)
    return name.endswith("_at") and isinstance(value, str) and bool(_DATED.fullmatch(value))


def _nothing_of(value: Any) -> Any:
    if isinstance(value, list):
        return []
    return {} if isinstance(value, dict) else None
