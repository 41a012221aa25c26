"""Greenhouse Recruiting: how its web hooks are signed, told apart and set up. What they say is read next door."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

import orjson

from api.inbound.providers.greenhouse_payloads import parse
from api.inbound.providers.provider import Provider

_EVENTS = (
    "Application created",
    "Prospect created",
    "Application updated",
    "Application deleted",
    "Candidate stage change",
    "Candidate hired",
    "Candidate unhired",
    "Candidate or prospect rejected",
    "Candidate or prospect unrejected",
    "Candidate or prospect updated",
    "Candidate merged",
    "Candidate deleted",
    "Candidate anonymized",
)

_PASSED_OVER = frozenset(
    {
        "offer_created",
        "offer_approved",
        "offer_updated",
        "offer_deleted",
        "interview_deleted",
        "scorecard_deleted",
        "ping",
    }
)


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
    """Whether the header `Signature: sha256 <hex>` is the HMAC of exactly these bytes under one of the secrets.

    An empty secret never verifies, nor does none at all.
    """
    algorithm, _, digest = headers.get("signature", "").strip().partition(" ")
    if algorithm != "sha256":
        return False
    # Bytes, since a comparison of text raises where a header holds anything but ASCII.
    given = digest.encode(errors="replace")
    return any(
        hmac.compare_digest(given, hmac.digest(secret.encode(), body, "sha256").hex().encode())
        for secret in secrets
        if secret
    )


def delivery_key(headers: Mapping[str, str], body: bytes) -> str:
    """The vendor's delivery id with the event's name and a digest of the body; without an id the whole digest.

    The digest stands beside the id because nothing promises that the id is never used for another body, and two
    changes of one second, one event and one application are told apart by nothing else.
    """
    digest = hashlib.sha256(body).hexdigest()
    given = headers.get("greenhouse-event-id", "").strip()[:200]
    return f"{given}:{_action(body)}:{digest[:16]}" if given else digest


def _action(body: bytes) -> str:
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    action = message.get("action") if isinstance(message, dict) else None
    return action.replace("\x00", "")[:100] if isinstance(action, str) else ""


def setup_steps(url: str) -> Sequence[str]:
    """What to enter in the Dev Center of Greenhouse: one web hook for each kind of event."""
    return (
        "In Greenhouse open Configure, then Dev Center, then Web Hooks (needs the permission to manage web hooks).",
        f"Create one web hook for each of these events, {len(_EVENTS)} in all: {', '.join(_EVENTS)}.",
        f"Endpoint URL of every one of them: {url} (Greenhouse accepts addresses that begin with https:// only).",
        "Secret key of every one of them: the secret of this connection, exactly as shown.",
        "Leave the advanced settings empty and save. Greenhouse sends a ping at once.",
        "A web hook whose ping fails is saved as disabled: enable it by hand once this service can be reached.",
    )


GREENHOUSE = Provider(
    name="greenhouse",
    title="Greenhouse",
    verify=verify,
    delivery_key=delivery_key,
    parse=parse,
    setup_steps=setup_steps,
    kept_headers=frozenset({"greenhouse-event-id"}),
    passed_over=_PASSED_OVER,
)
