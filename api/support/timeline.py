"""What happened to an application, in the order in which it happened."""

from datetime import datetime
from typing import Any, Literal

import orjson
from pydantic import Field

from api.models import Event
from api.platform.ids import EventId
from api.platform.pages import Orders
from api.platform.schemas import Count, Listing, Moment, ResponseModel

ORDER = Orders("timeline", {"occurred_at": datetime, "number": int}, default="occurred_at,number")


class TimelineEntry(ResponseModel):
    """One thing that happened."""

    id: EventId = Field(description="The event.")
    object: Literal["event"] = Field(default="event", description="Always `event`.", examples=["event"])
    number: Count = Field(description="Its place in the workspace's feed.", examples=[42])
    type: str = Field(description="What happened. Extensible enum.", examples=["act.recorded"])
    occurred_at: Moment = Field(description="When it happened.")
    recorded_at: Moment = Field(description="When we heard of it.")
    actor: dict[str, Any] = Field(description="Who or what caused it.", examples=[{"type": "service", "id": None}])
    data: dict[str, Any] = Field(
        description="The payload of the event; the `id` of its subject alone once retention has made it thin.",
        examples=[{}],
    )
    previous: dict[str, Any] | None = Field(
        description="Former values of what changed; null in a thin event as well.", examples=[None]
    )

    @classmethod
    def of(cls, row: Event) -> "TimelineEntry":
        """The entry as the event was frozen."""
        body = orjson.loads(row.body)
        return cls(
            id=row.id,
            number=row.number,
            type=row.type,
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            actor=body["actor"],
            data=body["data"],
            previous=body["previous"],
        )


class Timeline(Listing[TimelineEntry]):
    """One page of an application's timeline, the oldest first."""
