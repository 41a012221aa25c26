"""Who is addressed by an act, on the wire."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.platform.ids import InvalidId, PersonId

HIRING_MANAGER: Literal["hiring_manager"] = "hiring_manager"
_ENDS_LIKE_ID = re.compile(r"_[0-9a-fA-F]{8,}$")


def _sort_of_listener(value: object) -> str:
    return "role" if value == HIRING_MANAGER else "person"


def _role_or_id(value: object) -> object:
    # A role that does not exist gets a hint; what looks like an id is judged as one.
    if isinstance(value, str) and value != HIRING_MANAGER and not _ENDS_LIKE_ID.search(value):
        raise PydanticCustomError(
            InvalidId.code, "Send a person's id, such as person_0192f3a4..., or hiring_manager, which is the only role"
        )
    return value


Listener = Annotated[
    Annotated[PersonId, Tag("person")] | Annotated[Literal["hiring_manager"], Tag("role")],
    Discriminator(_sort_of_listener),
    BeforeValidator(_role_or_id),
    WithJsonSchema({"type": "string", "pattern": "^(hiring_manager|person_[0-9a-f]{32})$"}),
]
"""Somebody addressed by an act: a person, or `hiring_manager` where the name is not known."""
