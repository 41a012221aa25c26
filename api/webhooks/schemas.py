"""Endpoints on the wire. Secrets are in answers of their own, which nothing here stores."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field

from api import models
from api.domain.vocabulary import Level
from api.domain.webhooks import DisabledReason, EndpointState, Ordering, Payload, PayloadFormat
from api.platform.ids import JobId, TaskId, WebhookEndpointId
from api.platform.schemas import Count, Listing, Metadata, Moment, ResponseModel
from api.platform.sealing import Sealer
from api.webhooks.headers import MOST_HEADERS, opened
from api.webhooks.secrets import MOST_SECRETS, live, public_key

MOST_TYPES = 100
MOST_JOBS = 100
MOST_SUBJECTS = 100
APPLICATION = "application_0192f3a4b5c67d8e9f00112233445566"
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
_PUBLIC = "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="


class HealthState(StrEnum):
    """How sending to an endpoint goes: `blocked` is spared for a while, after ten failures in a row."""

    HEALTHY = "healthy"
    FAILING = "failing"
    BLOCKED = "blocked"


class WebhookSecret(ResponseModel):
    """A secret in use, by its end alone."""

    last_four: str = Field(description="Its last four characters.", examples=["Hh8="])
    created_at: Moment = Field(description="When it was made, in real time.")
    expires_at: Moment | None = Field(
        description="Until when it signs beside the current one, in real time; null for the current one.",
        examples=[None],
    )


class WebhookEndpointHealth(ResponseModel):
    """How sending to an endpoint goes; its times are real time."""

    state: HealthState = Field(description="`healthy` after a success, or when nothing was sent.", examples=["healthy"])
    consecutive_failures: Count = Field(description="Failed attempts since the last success.", examples=[0])
    first_failure_at: Moment | None = Field(description="When the first of these was.", examples=[None])
    last_failure_at: Moment | None = Field(description="When an attempt last failed.", examples=[None])
    last_success_at: Moment | None = Field(
        description="When an attempt last succeeded, to within a minute.", examples=[None]
    )
    blocked_until: Moment | None = Field(
        description="Until when nothing is tried while `blocked`; then one delivery at a time is.", examples=[None]
    )

    @classmethod
    def of(cls, row: models.WebhookEndpoint, now: datetime) -> Self:
        """What the row tells at this moment of real time."""
        is_blocked = row.blocked_until is not None and now < row.blocked_until
        state = HealthState.FAILING if row.consecutive_failures else HealthState.HEALTHY
        return cls(
            state=HealthState.BLOCKED if is_blocked else state,
            consecutive_failures=row.consecutive_failures,
            first_failure_at=row.first_failure_at,
            last_failure_at=row.last_failure_at,
            last_success_at=row.last_success_at,
            blocked_until=row.blocked_until if is_blocked else None,
        )


class WebhookEndpointRow(ResponseModel):
    """An endpoint as a list shows it."""

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
    state: EndpointState = Field(
        description="Only an `active` one is sent to; for the others what happens is held. `deleted` stands in events"
        " alone.",
        examples=["active"],
    )
    disabled_reason: DisabledReason | None = Field(description="Why the service disabled it.", examples=[None])
    disabled_at: Moment | None = Field(description="When it did, in real time.", examples=[None])
    event_types: list[str] = Field(
        max_length=MOST_TYPES,
        description="What it gets: types, `beginning.*`, or `*` for all but what tells of deliveries themselves.",
        examples=[["application.*", "advocacy.agreed"]],
    )
    job_ids: list[JobId] = Field(
        max_length=MOST_JOBS, description="Only what concerns these jobs; empty for whatever it concerns."
    )
    levels: list[Level] = Field(
        max_length=len(Level),
        description="Only what concerns applications announced at one of these levels; empty for whatever it concerns.",
        examples=[["championed"]],
    )
    subject_ids: list[str] = Field(
        max_length=MOST_SUBJECTS,
        description="Only events whose `subject` is one of these; empty for whatever they are about.",
        examples=[[APPLICATION]],
    )
    payload: Payload = Field(description="`thin` sends ids in place of the resource.", examples=["full"])
    payload_format: PayloadFormat = Field(
        description="`cloudevents` sends events as the `data` of an envelope of CloudEvents 1.0.", examples=["standard"]
    )
    ordering: Ordering = Field(
        description="`per_subject` lets a delivery wait for older ones about the same subject.", examples=["none"]
    )
    ordering_hold_seconds: Count = Field(
        description="For how long one that fails holds up those after it, in seconds.", examples=[60]
    )
    rate_limit: Count | None = Field(description="Deliveries a second at most; null for no limit.", examples=[None])
    max_in_flight: Count = Field(description="Deliveries at once at most.", examples=[10])
    header_names: list[str] = Field(
        max_length=MOST_HEADERS,
        description="The custom headers sent along. Their values are secrets and shown nowhere.",
        examples=[["authorization"]],
    )
    secrets: list[WebhookSecret] = Field(
        max_length=MOST_SECRETS, description="The secrets that sign, the current one first."
    )
    public_key: str = Field(
        description="Verifies the signatures `v1a` of the current secret's entry without sharing a secret.",
        examples=[_PUBLIC],
    )
    health: WebhookEndpointHealth = Field(description="How sending goes.")
    created_at: Moment = Field(description="When it was made.")
    updated_at: Moment = Field(description="When it last changed.")
    version: int = Field(description="Rises with every change, not with its health; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.WebhookEndpoint, sealer: Sealer, now: datetime) -> "WebhookEndpointRow":
        """The endpoint without what is secret of it, at this moment of real time.

        Raises SecretKeyMissing where it has custom headers, whose names are sealed with their values.
        """
        return WebhookEndpointRow(**_members(row, sealer, now))


class WebhookEndpoint(WebhookEndpointRow):
    """A receiver of webhooks: where it is, what it gets, its limits, and how sending to it goes."""

    metadata: Metadata

    @classmethod
    def full(cls, row: models.WebhookEndpoint, sealer: Sealer, now: datetime, **more: Any) -> Self:
        """The endpoint with its labels; `more` is what a subclass adds."""
        return cls(**_members(row, sealer, now), metadata=row.labels, **more)


class WebhookEndpointWithSecret(WebhookEndpoint):
    """An endpoint with a secret that is shown this once."""

    secret: str | None = Field(
        description="Verifies the signatures `v1`, where the service made it: shown only now. Null for your own.",
        examples=[SECRET],
    )


class WebhookEndpointResumed(WebhookEndpoint):
    """An endpoint that is sent to again."""

    task_id: TaskId | None = Field(
        description="The task that works on what was held meanwhile; null where it was active already.",
        examples=[None],
    )


class WebhookEndpointList(Listing[WebhookEndpointRow]):
    """One page of endpoints."""


def _members(row: models.WebhookEndpoint, sealer: Sealer, now: datetime) -> dict[str, Any]:
    shown = ("id", "url", "description", "state", "disabled_reason", "disabled_at")
    filters = ("event_types", "job_ids", "levels", "subject_ids")
    forms = ("payload", "payload_format", "ordering", "ordering_hold_seconds", "rate_limit", "max_in_flight")
    counted = ("created_at", "updated_at", "version")
    return {
        **{name: getattr(row, name) for name in (*shown, *filters, *forms, *counted)},
        "header_names": sorted(opened(row.headers, sealer)),
        "secrets": [
            {name: each[name] for name in ("last_four", "created_at", "expires_at")} for each in live(row.secrets, now)
        ],
        "public_key": public_key(row.secrets),
        "health": WebhookEndpointHealth.of(row, now),
    }
