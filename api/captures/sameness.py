"""When two captures are the same: by the message they came from, and by the act they are."""

import hashlib
import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import text
from sqlmodel import col, select

from api.captures.reading import Plan
from api.domain.inbound import CaptureState
from api.models import Advocate, Capture
from api.platform.sessions import WriteSession

_PORTS = {"http": 80, "https": 443}
_UNRESERVED = re.compile(r"%(2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE])")


def evidence_of(link: str) -> str:
    """A link in the form in which two are compared: as RFC 3986 (section 6.2) normalises case, port and encoding.

    Query and fragment stay, as some systems name the message there. What is no web address stays as it is.
    """
    parts = urlsplit(link)
    if parts.scheme not in _PORTS or parts.hostname is None:
        return link
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    host = parts.hostname.removesuffix(".")
    written = parts._replace(netloc=f"{host}{port}", path=parts.path or "/").geturl()
    return _UNRESERVED.sub(lambda escaped: chr(int(escaped[1], 16)), written)


def given_hash_of(told: dict[str, Any], day: date | None) -> bytes:
    """What tells one message from another: its evidence and whom it is about, or all its words and `day` if given."""
    named = {name: told.get(name) for name in ("application", "candidate", "job", "advocate")}
    named["source_url"] = None if day else evidence_of(told["source_url"])
    return sha256(orjson.dumps([told, day] if day else named, option=orjson.OPT_SORT_KEYS))


def sha256(content: str | bytes) -> bytes:
    """Of text, that of its UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).digest()


async def one_at_a_time(session: WriteSession, evidence: str | None, otherwise: bytes) -> None:
    """Let captures with the same evidence wait for each other, before anything is read or made for them."""
    key = sha256(evidence_of(evidence)) if evidence else otherwise
    lock = int.from_bytes(sha256(key + session.workspace.public_id.bytes)[:8], signed=True)
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": lock})


async def same_act(session: WriteSession, plan: Plan, evidence_hash: bytes | None) -> Capture | None:
    """The capture that became an act of this advocate for this application with this evidence, if there is one."""
    if evidence_hash is None or not plan.known_as:
        return None
    advocates = select(Advocate.id).where(
        col(Advocate.workspace_id) == session.workspace.id, col(Advocate.person_id).in_(plan.known_as)
    )
    statement = select(Capture).where(
        Capture.application_id == plan.match.application.id,
        Capture.evidence_hash == evidence_hash,
        Capture.state == CaptureState.COMPLETED,
        col(Capture.advocate_id).in_(advocates),
    )
    return (await session.execute(statement.limit(1))).scalar_one_or_none()
