"""What the OpenAPI document says about headers, of answers and of requests."""

from typing import Any

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-Id": {
        "description": "The id of this request: the caller's own, when it sent one, else a new one.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
    },
    "RateLimit-Policy": {
        "description": "The limits of the API key: quota `q` in a window of `w` seconds. Counted per server process.",
        "schema": {"type": "string", "examples": ['"default";q=6000;w=60, "burst";q=600;w=1']},
    },
    "RateLimit": {
        "description": "What is left: `r` requests, and `t` seconds until there are more.",
        "schema": {"type": "string", "examples": ['"default";r=5998;t=31, "burst";r=599;t=1']},
    },
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "ETag": {
        "description": "The version of the resource, for `If-Match` and `If-None-Match`.",
        "schema": {"type": "string", "examples": ['"3"']},
    },
    "Location": {
        "description": "Where the new resource is.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}},
}
"""The headers of answers."""

_ENTITY_TAGS = r'^(\*|"[0-9]{1,19}"(, ?"[0-9]{1,19}"){0,9})$'
PARAMETERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {
        "description": "Repeating the request with the same key within 24 hours has one effect and one answer.",
        "schema": {
            "type": "string",
            "pattern": "^[!#-~]{1,255}$",
            "examples": ["8e03978e-40d5-43dd-bc93-6894a57f9324"],
        },
    },
    "If-Match": {
        "description": "The `ETag` of what was read: if the resource has changed since, the answer is 412.",
        "schema": {"type": "string", "pattern": _ENTITY_TAGS, "examples": ['"3"']},
    },
    "If-None-Match": {
        "description": "The `ETag` of the copy at hand: while it is current, the answer is 304 without a body.",
        "schema": {"type": "string", "pattern": _ENTITY_TAGS, "examples": ['"3"']},
    },
    "webhook-id": {
        "required": True,
        "description": "The id of the event, the same each time it is sent: what you have had before needs no work.",
        "schema": {"type": "string", "pattern": "^event_[0-9a-f]{32}$"},
    },
    "webhook-timestamp": {
        "required": True,
        "description": "When this was sent, in seconds since 1970: refuse what is over five minutes off.",
        "schema": {"type": "string", "pattern": "^[0-9]{10}$", "examples": ["1768469400"]},
    },
    "webhook-signature": {
        "required": True,
        "description": "Signatures of `<webhook-id>.<webhook-timestamp>.<body>`, separated by spaces; one that fits is"
        " enough. `v1` is by the shared secret (HMAC-SHA256), `v1a` by the key pair (Ed25519).",
        "schema": {"type": "string", "examples": ["v1,rqa97BWaiGw4eDOgVOupDXav+DGMvuqNN32abLAzoU4="]},
    },
}
"""The headers of requests that change or compare something, and of those that we send to receivers."""
WEBHOOK_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
"""Those that every webhook has."""
