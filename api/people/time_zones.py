"""The zone in which a person works."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from api.platform.time_zones import is_time_zone

TIME_ZONE = "IANA name of the zone they work in, whose working hours their follow-ups keep; null for the workspace's."


def _known_zone(name: str) -> str:
    if not is_time_zone(name):
        raise PydanticCustomError("unknown_time_zone", "Input should be an IANA name such as Europe/Berlin")
    return name


TimeZone = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_known_zone),
    Field(examples=["Europe/Berlin"]),
]
"""A name of the IANA time zone database."""
