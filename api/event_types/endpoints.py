"""What is told of webhook endpoints, and of deliveries to them."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from api.domain.vocabulary import Level
from api.domain.webhooks import AttemptError, DisabledReason, EndpointState, Ordering, Payload, PayloadFormat
from api.event_types.declaring import Declared
from api.event_types.told import Told, former
from api.platform.ids import DeliveryId, EventId, JobId, WebhookEndpointId
from api.platform.schemas import Count, Metadata, Moment

_EXAMPLE = "0192f3a4b5c67d8e9f00112233445566"
_PUBLIC = "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="


class WebhookSecretTold(Told):
    """A secret in use, by its end alone."""

    last_four: str = Field(description="Its last four characters.", examples=["Hh8="])
    created_at: Moment = Field(description="When it was made, in real time.")
    expires_at: Moment | None = Field(
        description="Until when it signs beside the current one, in real time; null for the current one.",
        examples=[None],
    )


class WebhookHealthTold(Told):
    """How sending to an endpoint goes; its times are real time."""

    state: str = Field(description="Extensible enum: `healthy`, `failing`, `blocked`.", examples=["healthy"])
    consecutive_failures: Count = Field(description="Failed attempts since the last success.", examples=[0])
    first_failure_at: Moment | None = Field(description="When the first of these was.", examples=[None])
    last_failure_at: Moment | None = Field(description="When an attempt last failed.", examples=[None])
    last_success_at: Moment | None = Field(
        description="When an attempt last succeeded, to within a minute.", examples=[None]
    )
    blocked_until: Moment | None = Field(description="Until when nothing is tried while `blocked`.", examples=[None])


class WebhookEndpointTold(Told):
    """A receiver of webhooks, as its own answers show it."""

    id: WebhookEndpointId = Field(description="The endpoint.")
    object: Literal["webhook_endpoint"] = Field(
        default="webhook_endpoint", description="Always `webhook_endpoint`.", examples=["webhook_endpoint"]
    )
    url: str = Field(
        description="Where deliveries are sent.",
        examples=["https://receiver.example.com/championed"],
        json_schema_extra={"format": "uri"},
    )
    description: str | None = Field(description="What it is for.", examples=["Our data warehouse"])
    state: EndpointState = Field(description="Only an `active` one is sent to.", examples=["active"])
    disabled_reason: DisabledReason | None = Field(description="Why the service disabled it.", examples=[None])
    disabled_at: Moment | None = Field(description="When it did, in real time.", examples=[None])
    event_types: list[str] = Field(
        description="What it gets: types, `beginning.*`, or `*`.", examples=[["application.*", "advocacy.agreed"]]
    )
    job_ids: list[JobId] = Field(description="Only what concerns these jobs; empty for all.", examples=[[]])
    levels: list[Level] = Field(
        description="Only what concerns applications announced at one of these levels; empty for all.",
        examples=[["championed"]],
    )
    subject_ids: list[str] = Field(description="Only events about these; empty for all.", examples=[[]])
    payload: Payload = Field(description="`thin` sends ids in place of the resource.", examples=["full"])
    payload_format: PayloadFormat = Field(description="The envelope of what is sent.", examples=["standard"])
    ordering: Ordering = Field(description="Whether a delivery waits for older ones of its subject.", examples=["none"])
    ordering_hold_seconds: Count = Field(
        description="For how long one that fails holds up those after it, in seconds.", examples=[60]
    )
    rate_limit: Count | None = Field(description="Deliveries a second at most; null for no limit.", examples=[None])
    max_in_flight: Count = Field(description="Deliveries at once at most.", examples=[10])
    header_names: list[str] = Field(description="The custom headers sent along.", examples=[["authorization"]])
    secrets: list[WebhookSecretTold] = Field(description="The secrets that sign, the current one first.")
    public_key: str = Field(description="Verifies the signatures `v1a` of the current secret.", examples=[_PUBLIC])
    health: WebhookHealthTold = Field(description="How sending goes.")
    created_at: Moment = Field(description="When it was made.")
    updated_at: Moment = Field(description="When it last changed.")
    version: int = Field(description="Rises with every change, not with its health.", examples=[1])
    metadata: Metadata


class DeliveryTold(Told):
    """How one event for one endpoint fares."""

    endpoint_id: WebhookEndpointId = Field(description="The endpoint.")
    delivery_id: DeliveryId = Field(description="The delivery.")
    event_id: EventId = Field(description="The event that is delivered.")
    event_type: str = Field(description="Its type. Extensible enum.", examples=["application.support.changed"])
    attempts: Count = Field(description="How often it was tried so far.", examples=[4])
    error_code: AttemptError | None = Field(
        description="Why the last attempt delivered nothing; null where it did.", examples=["http_status"]
    )
    http_status: int | None = Field(description="What the receiver answered to it, if it did.", examples=[500])


WebhookEndpointBefore = former("WebhookEndpointBefore", WebhookEndpointTold)

_NOW = "2026-01-15T09:30:00Z"
_FAILING = {
    "state": "failing",
    "consecutive_failures": 42,
    "first_failure_at": "2026-01-11T09:30:00Z",
    "last_failure_at": _NOW,
    "last_success_at": "2026-01-11T09:29:00Z",
    "blocked_until": None,
}
_DISABLED = {"state": "disabled", "disabled_reason": "failing", "disabled_at": _NOW, "health": _FAILING}


def _endpoint(was: Mapping[str, object] | None = None, **shown: object) -> Declared:
    return Declared(WebhookEndpointTold, WebhookEndpointBefore, shown=shown, was=was)


ENDPOINTS = {
    "webhook_endpoint.created": _endpoint(),
    "webhook_endpoint.updated": _endpoint({"url": "https://receiver.example.com/former"}),
    "webhook_endpoint.paused": _endpoint({"state": "active"}, state="paused"),
    "webhook_endpoint.resumed": _endpoint({"state": "paused"}),
    "webhook_endpoint.failing": _endpoint(health=_FAILING),
    "webhook_endpoint.disabled": _endpoint({"state": "active"}, **_DISABLED),
    "webhook_endpoint.deleted": _endpoint({"state": "active"}, state="deleted"),
    "delivery.failing": Declared(DeliveryTold),
    "delivery.exhausted": Declared(DeliveryTold, shown={"attempts": 10}),
    "delivery.recovered": Declared(DeliveryTold, shown={"attempts": 6, "error_code": None, "http_status": 200}),
}
"""The types of the operational channel."""
