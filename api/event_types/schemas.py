"""Event types on the wire."""

from typing import Any, Literal

from pydantic import Field

from api.domain.events import EVENT_TYPES
from api.event_types import catalogue
from api.events.schemas import Event
from api.platform.schemas import Listing, ResponseModel

_SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


class EventType(ResponseModel):
    """What can happen, and what is told of it. A type has one schema for ever; members may be added to it."""

    type: str = Field(
        description="The name: `resource.past_participle`, or `resource.member.changed` for what is derived."
        " Extensible enum.",
        examples=["application.support.changed"],
    )
    object: Literal["event_type"] = Field(
        default="event_type", description="Always `event_type`.", examples=["event_type"]
    )
    description: str = Field(description="What it says.", examples=["An application entered another stage."])
    subject_type: str = Field(
        description="The kind of resource that such events are about. Extensible enum.", examples=["application"]
    )
    is_operational: bool = Field(
        description="Whether it tells how deliveries of webhooks go. Endpoints get these only where they name them, by "
        "type or by `webhook_endpoint.*` and `delivery.*`: `*` leaves them out.",
        examples=[False],
    )
    data_schema: dict[str, Any] = Field(
        description="The JSON Schema (draft 2020-12) of `data`, but in a thin event, which has the `id` of its subject"
        " alone. It is open: ignore members that you do not know.",
        examples=[_SCHEMA],
    )
    previous_schema: dict[str, Any] | None = Field(
        description="The same of `previous`, which may be null; null for a type whose `previous` always is.",
        examples=[_SCHEMA],
    )
    example: Event = Field(description="A whole event of this type, always with the same ids and times.")

    @classmethod
    def of(cls, event_type: str) -> "EventType":
        """What the catalogue says of a type."""
        return cls(
            type=event_type,
            description=EVENT_TYPES[event_type],
            subject_type=catalogue.subject_of(event_type),
            is_operational=catalogue.is_operational(event_type),
            data_schema=catalogue.schema(event_type),
            previous_schema=catalogue.previous_schema(event_type),
            example=Event.model_validate(catalogue.example(event_type)),
        )


class EventTypeList(Listing[EventType]):
    """One page of event types, by name."""
