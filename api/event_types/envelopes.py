"""The whole body of each event type as a model, for the document alone: nothing is read or written by these."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field, create_model

from api.domain.events import EVENT_TYPES
from api.event_types.catalogue import DECLARED
from api.event_types.declaring import Declared
from api.events.schemas import Event
from api.platform.openapi_headers import WEBHOOK_HEADERS

UNION = "WebhookEvent"
"""The component that is any event of a known type."""

_COMPONENT = "#/components/schemas/"
_TAKEN = {"description": "Any 2xx takes the event; answer within 15 seconds, and work on it afterwards."}
_NOT_TAKEN = {
    "description": "Anything but 2xx, redirects included, or no answer in time: the event is sent again, later and"
    " later, for about three days. 410 disables the endpoint.",
}
_HEADERS = [{"$ref": f"#/components/parameters/{name}"} for name in WEBHOOK_HEADERS]


@cache
def envelopes() -> Mapping[str, type[Event]]:
    """The model of each type's events, by type."""
    return {event_type: _envelope(event_type, declared) for event_type, declared in DECLARED.items()}


def describe_webhooks(router: APIRouter) -> dict[str, Any]:
    """Add a webhook for each event type to a document's router; answers the union of all their bodies, by its name."""
    for event_type, model in envelopes().items():
        router.post(
            event_type,
            operation_id=f"webhooks_{event_type.replace('.', '_')}",
            summary=event_type,
            description=_description(event_type),
            tags=["event_types"],
            status_code=204,
            response_class=Response,
            responses={204: _TAKEN, "4XX": _NOT_TAKEN},
            openapi_extra={"security": [], "parameters": _HEADERS},
        )(_receiver_of(model))
    return {UNION: _union()}


def name_of(event_type: str) -> str:
    """What the model of a type's events is called: `ApplicationSupportChangedEvent`."""
    return "".join(word.capitalize() for word in event_type.replace("_", ".").split(".")) + "Event"


def _envelope(event_type: str, declared: Declared) -> type[Event]:
    former: Any = None if declared.previous is None else declared.previous | None
    members: dict[str, Any] = {
        "type": (Literal[event_type], Field(description=f"Always `{event_type}`.", examples=[event_type])),
        "data": (declared.data, Field(description="The payload.")),
        "previous": (former, Field(description="Former values of what changed.", examples=[None])),
    }
    made: type[Event] = create_model(name_of(event_type), __base__=Event, __doc__=EVENT_TYPES[event_type], **members)
    return made


def _union() -> dict[str, Any]:
    mapping = {event_type: f"{_COMPONENT}{name_of(event_type)}" for event_type in DECLARED}
    return {
        "title": UNION,
        "description": "Any event, told apart by its `type`. There will be more types: read those you do not know as"
        " `Event`, or ignore them.",
        "oneOf": [{"$ref": reference} for reference in mapping.values()],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }


def _receiver_of(model: type[Event]) -> Any:
    async def receive(body: Any) -> None:
        """Nothing calls this."""

    receive.__annotations__["body"] = model
    return receive


def _description(event_type: str) -> str:
    return f"{EVENT_TYPES[event_type]} Sent to each endpoint that asked for it, signed as Standard Webhooks 1.0.0 says."
