"""An event and a page of the feed, as readers receive them."""

from typing import Any, Literal

from pydantic import Field

from api.platform.ids import EventId
from api.platform.schemas import Count, Moment, ResponseModel


class Subject(ResponseModel):
    """What an event is about."""

    type: str = Field(description="The kind of resource. Extensible enum.", examples=["application"])
    id: str | None = Field(description="Its id.", examples=["application_0192f3a4b5c67d8e9f00112233445566"])
    url: str = Field(
        description="Where it is.", examples=["/v1/applications/application_0192f3a4b5c67d8e9f00112233445566"]
    )


class Actor(ResponseModel):
    """Who or what did something."""

    type: str = Field(description="`api_key`, `service` or `command`. Extensible enum.", examples=["api_key"])
    id: str | None = Field(
        description="The key; null for the others.", examples=["api_key_0192f3a4b5c67d8e9f00112233445566"]
    )


class Event(ResponseModel):
    """One fact that happened. Its body is frozen: every reader gets the same bytes, until retention makes it thin."""

    id: EventId = Field(description="The event; the same wherever it is sent.")
    object: Literal["event"] = Field(default="event", description="Always `event`.", examples=["event"])
    type: str = Field(description="What happened. Extensible enum.", examples=["application.support.changed"])
    number: Count = Field(description="Its place in the feed: gapless, in commit order.", examples=[42])
    timestamp: Moment = Field(description="When it happened.")
    recorded_at: Moment = Field(description="When we heard of it.")
    actor: Actor = Field(description="Who or what caused it.")
    subject: Subject = Field(description="What it is about.")
    subject_version: int | None = Field(description="The subject's version after it; null for a fact.", examples=[3])
    data: dict[str, Any] = Field(
        description="The payload; the `id` of the subject and no other member once retention has made it thin.",
        examples=[{}],
    )
    previous: dict[str, Any] | None = Field(
        description="Former values of what changed; null in a thin event as well.", examples=[None]
    )


class EventFeed(ResponseModel):
    """One page of the feed, the oldest first."""

    object: Literal["list"] = Field(default="list", description="Always `list`.", examples=["list"])
    data: list[Event] = Field(max_length=100, description="The events after the number asked for.")
    has_more: bool = Field(description="Whether more are there already.", examples=[False])
    next_after: Count = Field(description="Send it as `after` to continue; always present.", examples=[42])
