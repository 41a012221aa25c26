"""What every refusal looks like."""

from typing import Any

import httpx


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem that the answer is."""
    found: dict[str, Any] = answer.json()
    assert (answer.status_code, found["status"], found["code"]) == (status, status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert found["type"].endswith(f"/problems/{code}")
    assert found["instance"] == f"urn:request:{found['request_id']}"
    assert found["request_id"] == answer.headers["x-request-id"]
    assert found["title"]
    assert found["detail"]
    return found


def places(found: dict[str, Any]) -> list[str]:
    """The places that the problem names."""
    return [fault.get("pointer") or fault.get("parameter") or fault["header"] for fault in found["errors"]]
