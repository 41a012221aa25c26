"""What an endpoint, or work on its deliveries, may ask for: event types, and what events are about."""

from collections.abc import Sequence

from pydantic_core import PydanticCustomError

from api.domain.errors import Unprocessable
from api.domain.events import EVENT_TYPES
from api.domain.webhooks import names_of
from api.event_types.catalogue import subject_of
from api.events.routes import UnknownEventType
from api.platform.ids import InvalidId, decode

_NAMES = {name for event_type in EVENT_TYPES for name in names_of(event_type)}
SUBJECT_KINDS = sorted({subject_of(each) for each in EVENT_TYPES} - {"clock", "policy"})
"""What events are about, but for what a workspace has one of, which has no id."""


def check_types(names: Sequence[str], pointer: str = "#/event_types") -> None:
    """Raise UnknownEventType for names that are no type, no known beginning with `.*` after it, and not `*`."""
    unknown = [(place, name) for place, name in enumerate(names) if name not in _NAMES]
    if unknown:
        faults = [
            {"pointer": f"{pointer}/{place}", "code": UnknownEventType.code, "detail": f"'{name}' is no event type."}
            for place, name in unknown
        ]
        raise _unknown(unknown[0][1], faults)


def check_type(name: str, pointer: str) -> None:
    """Raise UnknownEventType for what is not exactly one type."""
    if name not in EVENT_TYPES:
        detail = f"'{name}' is no event type."
        raise _unknown(name, [{"pointer": pointer, "code": UnknownEventType.code, "detail": detail}])


def first_type(names: Sequence[str]) -> str:
    """The first type of the catalogue that the first of these checked names stands for."""
    return next(event_type for event_type in EVENT_TYPES if names[0] in names_of(event_type))


def subject_id(text: str) -> str:
    """The id of something that events are about, as it is given. Raises PydanticCustomError for any other text."""
    kind = text.rpartition("_")[0]
    if kind not in SUBJECT_KINDS:
        detail = f"Input should be the id of something that events are about: {', '.join(SUBJECT_KINDS)}"
        raise PydanticCustomError(InvalidId.code, detail)
    try:
        decode(kind, text)
    except Unprocessable as error:
        raise PydanticCustomError(error.code, error.detail) from error
    return text


def _unknown(name: str, faults: list[dict[str, str]]) -> UnknownEventType:
    beginnings = ", ".join(sorted({f"{each.partition('.')[0]}.*" for each in EVENT_TYPES}))
    return UnknownEventType(
        f"'{name}' is no event type. `GET /v1/event_types` lists them; known beginnings: {beginnings}", errors=faults
    )
