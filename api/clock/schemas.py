"""The clock, and what advancing it changed."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.domain.vocabulary import Championing, Level
from api.platform.ids import ApplicationId
from api.platform.schemas import Count, Moment, RequestModel, ResponseModel

LONGEST = timedelta(days=366)
_OF_NO_FIXED_LENGTH = re.compile(r"P[^T]{0,40}[YM]")
_DURATION: TypeAdapter[timedelta] = TypeAdapter(timedelta)


def _span(value: Any) -> timedelta:
    if isinstance(value, str) and _OF_NO_FIXED_LENGTH.match(value):
        raise PydanticCustomError(
            "duration_parsing",
            "Months and years have no fixed length: send weeks, days, hours, minutes or seconds, such as P30D",
        )
    try:
        if not (isinstance(value, str) and value.startswith("P") and len(value) <= 40):
            raise ValueError("not a duration")
        span = _DURATION.validate_python(value)
    except (ValueError, ValidationError, OverflowError):
        raise PydanticCustomError(
            "duration_parsing", "Input should be an ISO 8601 duration such as P30D or PT12H"
        ) from None
    if not timedelta(0) < span <= LONGEST:
        raise PydanticCustomError("duration_range", "The clock goes forward, by at most 366 days a call")
    return span


Span = Annotated[
    timedelta,
    PlainValidator(_span),
    WithJsonSchema({"type": "string", "pattern": "^P[0-9DW.]*(T[0-9HMS.]+)?$", "maxLength": 40, "examples": ["P30D"]}),
]


class ClockAdvance(RequestModel):
    """How far to advance the clock."""

    by: Span = Field(
        description="An ISO 8601 duration in weeks, days, hours, minutes and seconds, at most 366 days.",
        examples=["P30D"],
    )


class Clock(ResponseModel):
    """The workspace's time."""

    object: Literal["clock"] = Field(default="clock", description="Always `clock`.", examples=["clock"])
    now: Moment = Field(description="The present moment of this workspace.")
    is_sandbox: bool = Field(description="Whether the clock can be advanced.", examples=[True])
    advancing_to: Moment | None = Field(description="While it is being advanced: where to.")


class ClockChange(ResponseModel):
    """One change of support that time brought about."""

    application_id: ApplicationId = Field(description="The application.")
    occurred_at: Moment = Field(description="When it changed.")
    previous_level: Level = Field(description="The level before.", examples=["championed"])
    level: Level = Field(description="The level after.", examples=["recommended"])
    championing: Championing = Field(description="Championing after.", examples=["lapsed"])


class ClockAdvanced(ResponseModel):
    """Where the clock stands now, and what changed on the way."""

    object: Literal["clock_advance"] = Field(
        default="clock_advance", description="Always `clock_advance`.", examples=["clock_advance"]
    )
    started_at: Moment = Field(description="Where the clock stood.")
    now: Moment = Field(description="Where it stands.")
    change_count: Count = Field(description="How many changes of support there were.", examples=[7])
    crossings: dict[str, Count] = Field(
        description="How often each happened of what is waited for and owed, by the type of its event; with 0 for what "
        "did not. Extensible.",
        examples=[{"follow_up.created": 4, "follow_up.due": 3, "invitation.expired": 1}],
    )
    changes: list[ClockChange] = Field(max_length=100, description="The first hundred of them, in order.")
