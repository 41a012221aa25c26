"""The framework's validation errors as the `errors` of a problem: where each fault is and what it is."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError

MAX_FAULTS = 100


def faults_of(error: RequestValidationError) -> list[dict[str, str]]:
    """Each fault with its place (`pointer`, `parameter` or `header`), `code` and `detail`; at most 100, never empty."""
    # A parameter that may be left out is a union with None, which no caller can send and none should hear about.
    said = [fault for fault in error.errors() if fault["type"] != "none_required"] or error.errors()
    return [_fault(fault, error.body) for fault in said[:MAX_FAULTS]]


def _fault(fault: dict[str, Any], body: Any) -> dict[str, str]:
    source, *place = fault["loc"]
    # The framework's marker of a custom ValueError is of no use to the reader.
    said = {"code": fault["type"], "detail": fault["msg"].removeprefix("Value error, ")}
    if source == "body":
        return {"pointer": _pointer(place, body, fault["type"]), **said}
    name = str(place[0]) if place else source
    return {"header" if source == "header" else "parameter": name, **said}


def _pointer(place: Sequence[int | str], body: Any, code: str) -> str:
    """The place as a JSON Pointer in a fragment (RFC 6901), without the validator's own steps such as union tags."""
    steps: list[str] = []
    current = body
    for index, step in enumerate(place):
        last = index == len(place) - 1
        if _leads_on(current, step):
            current = current[step]
        elif not (last and code == "missing"):
            continue
        steps.append(quote(str(step).replace("~", "~0").replace("/", "~1"), errors="replace"))
    return "#" + "".join(f"/{step}" for step in steps)


def _leads_on(current: Any, step: int | str) -> bool:
    return step in current if isinstance(current, dict) else isinstance(current, list) and isinstance(step, int)
