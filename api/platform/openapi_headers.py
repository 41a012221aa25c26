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
}
"""The headers of requests that change or compare something."""
