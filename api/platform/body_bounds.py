"""What is refused in a body before its members are looked at: too much of it, and text that PostgreSQL cannot store."""

from collections.abc import Iterator
from typing import Any

from pydantic_core import InitErrorDetails, PydanticCustomError

Place = tuple[int | str, ...]

MOST_MEMBERS = 200
"""In one object; no object of ours has nearly as many."""
MOST_VALUES = 5_000
"""In a whole body, objects and arrays included."""
MOST_FAULTS = 100


def faults_in(body: Any) -> list[InitErrorDetails]:
    """What is wrong with a JSON value as such: at most a hundred faults, found in bounded time however large it is."""
    faults: list[InitErrorDetails] = []
    for place, value in _values(body):
        fault = _fault(value)
        if fault is not None:
            faults.append(InitErrorDetails(type=fault, loc=place, input=None))
        if len(faults) == MOST_FAULTS or (fault is not None and fault.type == "too_many_members"):
            break
    return faults


def text_fault(text: str) -> PydanticCustomError | None:
    """What keeps PostgreSQL from storing `text`: a NUL or half of a surrogate pair; None when nothing does."""
    if "\x00" in text:
        return PydanticCustomError("text_has_nul", "Text must not contain the character U+0000")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return PydanticCustomError("text_has_lone_surrogate", "Text must not contain half of a surrogate pair")
    return None


class _TooMany:
    """Stands in the walk for what is not walked into."""


def _fault(value: Any) -> PydanticCustomError | None:
    if isinstance(value, _TooMany):
        return PydanticCustomError(
            "too_many_members",
            f"An object has at most {MOST_MEMBERS} members, and a body at most {MOST_VALUES:,} values in all",
        )
    return text_fault(value)


def _values(root: Any) -> Iterator[tuple[Place, Any]]:
    """Every string in a JSON value with its place, keys included; no recursion, as the value may be nested deeply."""
    pending: list[tuple[Place, Any]] = [((), root)]
    room = MOST_VALUES
    while pending:
        place, value = pending.pop()
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, dict | list):
            room -= len(value)
            if room < 0 or (isinstance(value, dict) and len(value) > MOST_MEMBERS):
                yield place, _TooMany()
                return
            if isinstance(value, list):
                pending.extend(((*place, index), member) for index, member in enumerate(value))
                continue
            for key, member in value.items():
                yield place, str(key)
                pending.append(((*place, _printable(key)), member))


def _printable(key: object) -> str:
    """The key as it may stand in a place: pydantic's places cannot hold half of a surrogate pair."""
    return str(key).encode(errors="replace").decode()
