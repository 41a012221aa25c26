"""Deliveries and attempts on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.domain.webhooks import DeliveryState
from api.platform.ids import AttemptId, DeliveryId, EventId, WebhookEndpointId
from api.platform.queries import ListQuery
from api.platform.schemas import Count, Listing, Moment, ResponseModel

ERROR = (
    "What went wrong: `timeout`, `dns`, `connect`, `tls`, `blocked_address`, `http_status`, `too_large`, `invalid_url`."
    " Extensible enum."
)
TRIGGER = "Why it was sent last, or is to be: `schedule`, `manual`, `recover`, `replay` or `test`. Extensible enum."
TYPE = "The type of the event."


class DeliveryProgress(StrEnum):
    """How far a delivery has got: one that is being sent at this moment is in flight."""

    PENDING = "pending"
    IN_FLIGHT = "in_flight"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    HELD = "held"
    CANCELED = "canceled"


class StatusClass(StrEnum):
    """The first digit of an HTTP status."""

    SUCCESSFUL = "2xx"
    REDIRECTION = "3xx"
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"


class Delivery(ResponseModel):
    """One event for one endpoint, and how far it has got. There is one for ever, however often it is sent."""

    id: DeliveryId = Field(description="The delivery.")
    object: Literal["delivery"] = Field(default="delivery", description="Always `delivery`.", examples=["delivery"])
    endpoint_id: WebhookEndpointId = Field(description="For which endpoint.")
    event_id: EventId | None = Field(description="Which event, the same as the header `webhook-id`; null for a test.")
    event_number: Count | None = Field(description="The event's place in the feed; null for a test.", examples=[42])
    event_type: str = Field(description=f"{TYPE} Extensible enum.", examples=["application.created"])
    state: DeliveryProgress = Field(
        description="`pending` until it is due, `in_flight` while it is sent, `succeeded`, `failed` when no"
        " attempt follows, `held` while the endpoint is paused or disabled, `canceled` when it is not to be sent.",
        examples=["succeeded"],
    )
    trigger: str = Field(description=TRIGGER, examples=["schedule"])
    attempts: Count = Field(description="How often it was sent.", examples=[1])
    created_at: Moment = Field(description="When it was made, in real time.")
    next_attempt_at: Moment | None = Field(description="When it is due, while it is pending.")
    last_attempt_at: Moment | None = Field(description="When it was last sent.")
    last_http_status: Count | None = Field(description="What was answered last; null for no answer.", examples=[200])
    last_error_code: str | None = Field(description=f"Of the last attempt. {ERROR}", examples=[None])
    finished_at: Moment | None = Field(description="When it succeeded, failed or was canceled.")

    @classmethod
    def of(cls, row: models.Delivery, *, now: datetime) -> Self:
        """The delivery as its row has it at `now`, in real time."""
        copied = ("id", "endpoint_id", "event_id", "event_number", "event_type", "trigger", "attempts", "created_at")
        last = ("last_attempt_at", "last_http_status", "last_error_code", "finished_at")
        state = progress(row, now=now)
        return cls(
            **{name: getattr(row, name) for name in (*copied, *last)},
            state=state,
            next_attempt_at=row.next_attempt_at if state is DeliveryProgress.PENDING else None,
        )


class DeliveryList(Listing[Delivery]):
    """One page of deliveries."""


class Attempt(ResponseModel):
    """One call of the receiver, as it went."""

    id: AttemptId = Field(description="The attempt.")
    object: Literal["attempt"] = Field(default="attempt", description="Always `attempt`.", examples=["attempt"])
    delivery_id: DeliveryId = Field(description="Of which delivery.")
    number: Count = Field(description="Which attempt of the delivery, from 1.", examples=[1])
    trigger: str = Field(
        description="Why it was made: `schedule`, `manual`, `recover`, `replay` or `test`. Extensible enum.",
        examples=["schedule"],
    )
    url: str = Field(
        description="Where it was sent.",
        examples=["https://receiver.example.com/championed"],
        json_schema_extra={"format": "uri"},
    )
    request_headers: dict[str, str] = Field(
        description="What was sent as headers; values that are secret are not shown.",
        examples=[{"content-type": "application/json"}],
    )
    body_sha256: str = Field(
        description="SHA-256 of the body that was sent, in hex.",
        examples=["b01d52e960a39f66f8a829afdfbda8caee027d05ec7826d6a74be798ad5a71a4"],
    )
    started_at: Moment = Field(description="When it began, in real time.")
    duration_ms: Count = Field(description="How long it took, in milliseconds.", examples=[87])
    resolved_ip: str | None = Field(description="The address that was connected to.", examples=["203.0.113.7"])
    http_status: Count | None = Field(description="What was answered; null for no answer.", examples=[200])
    response_headers: dict[str, str] | None = Field(
        description="The headers of the answer.", examples=[{"content-type": "text/plain"}]
    )
    response_body: str | None = Field(description="The first 8 KiB of the answer's body.", examples=["ok"])
    is_truncated: bool = Field(description="Whether the answer's body went on after that.", examples=[False])
    error_code: str | None = Field(description=ERROR, examples=[None])
    error_detail: str | None = Field(description="The same in words, for people.", examples=[None])
    next_attempt_at: Moment | None = Field(description="When the next attempt was due after it; null for none.")

    @classmethod
    def of(cls, row: models.Attempt) -> Self:
        """The attempt as its row has it."""
        members = {name: getattr(row, name) for name in cls.model_fields if name not in ("object", "body_sha256")}
        return cls(**members, body_sha256=row.body_sha256.hex())


class AttemptList(Listing[Attempt]):
    """One page of attempts."""


class DeliveriesQuery(ListQuery):
    """Which deliveries of an endpoint to list."""

    state: DeliveryProgress | SkipJsonSchema[None] = Field(default=None, description="In this state.")
    type: str | SkipJsonSchema[None] = Field(default=None, max_length=100, description="Of an event of this type.")
    http_status: StatusClass | SkipJsonSchema[None] = Field(
        default=None, description="Last answered with a status of this class."
    )
    since: Moment | SkipJsonSchema[None] = Field(default=None, description="Made at this moment or later.")
    until: Moment | SkipJsonSchema[None] = Field(default=None, description="Made before this moment.")
    order_by: str | SkipJsonSchema[None] = Field(
        default=None,
        max_length=200,
        description="`created_at`, with ` desc` after it or not; `created_at desc` by default.",
        examples=["created_at desc"],
    )


class AttemptsQuery(ListQuery):
    """Which attempts of a delivery to list: all."""


def progress(row: models.Delivery, *, now: datetime) -> DeliveryProgress:
    """How far a delivery has got at `now`, in real time."""
    is_leased = row.lease_until is not None and row.lease_until >= now
    if row.state is DeliveryState.PENDING and is_leased:
        return DeliveryProgress.IN_FLIGHT
    return DeliveryProgress(row.state)
