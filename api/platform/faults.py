"""The framework's validation errors as the `errors` of a problem: where each fault is and what it is."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError

from api.platform.schemas import EMAIL, LINK, NOT_BLANK, SYSTEM

MAX_FAULTS = 100
_CHOICE = re.compile(r"\^\(([a-z_]+(?:\|[a-z_]+)*)\)\$")
_IN_WORDS = {
    NOT_BLANK: "Text should be more than white space",
    EMAIL: "Input should be an e-mail address, such as ada@example.com",
    LINK: "Input should be an http or https URL, such as https://example.com/jobs/42",
    SYSTEM: "The name of a system should be lower-case letters, digits, '_', '.' and '-', and begin with a letter or a"
    " digit, such as greenhouse",
}
"""What a pattern asks for, for those who do not read patterns."""


def faults_of(error: RequestValidationError) -> list[dict[str, str]]:
    """Each fault with its place (`pointer`, `parameter` or `header`), `code` and `detail`; at most 100, never empty."""
    # A parameter that may be left out is a union with None, which no caller can send and none should hear about.
    said = [fault for fault in error.errors() if fault["type"] != "none_required"] or error.errors()
    return [_fault(fault, error.body) for fault in said[:MAX_FAULTS]]


def _fault(fault: dict[str, Any], body: Any) -> dict[str, str]:
    source, *place = fault["loc"]
    # The framework's marker of a custom ValueError is of no use to the reader.
    said = {"code": fault["type"], "detail": _detail(fault, place)}
    if source == "body":
        return {"pointer": _pointer(place, body, fault["type"]), **said}
    name = str(place[0]) if place else source
    return {"header" if source == "header" else "parameter": name, **said}


def _detail(fault: dict[str, Any], place: Sequence[int | str]) -> str:
    match fault["type"]:
        case "missing":
            return f"Send '{place[-1]}', which is required" if place else "Send a JSON body"
        case "string_pattern_mismatch":
            pattern = fault["ctx"]["pattern"]
            if choice := _CHOICE.fullmatch(pattern):
                return f"Input should be one of: {choice[1].replace('|', ', ')}"
            return _IN_WORDS.get(pattern, str(fault["msg"]))
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")


def _pointer(place: Sequence[int | str], body: Any, code: str) -> str:
    """The place as a JSON Pointer in a fragment (RFC 6901), without the validator's own steps such as union tags."""
    steps: list[str] = []
    current = body
    for index, step in enumerate(place):
        last = index == len(place) - 1
        if _leads_on(current, step):
            current = current[step]
        elif not (last and code.endswith("missing")):
            continue
        steps.append(quote(str(step).replace("~", "~0").replace("/", "~1"), errors="replace"))
    return "#" + "".join(f"/{step}" for step in steps)


def _leads_on(current: Any, step: int | str) -> bool:
    return step in current if isinstance(current, dict) else isinstance(current, list) and isinstance(step, int)
