"""Webhooks out: receivers, what each is to get, every call that was made, and work on many of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, SmallInteger, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from api.domain.webhooks import (
    AttemptError,
    DeliveryState,
    DisabledReason,
    EndpointState,
    HeldMode,
    Ordering,
    Payload,
    PayloadFormat,
    TaskKind,
    TaskState,
    Trigger,
)
from api.models.base import Moment, Versioned, WorkspaceOwned, closed_set, json_map, refers

_PENDING = "state = 'pending'"
_OPEN = "state in ('pending', 'held')"
_UNDELIVERED = "state in ('failed', 'held')"


class WebhookEndpoint(Versioned, table=True):
    """A receiver: its address, what it wants, its limits and how sending to it goes. Deleted by state, never as a row.

    `event_types` are types, `beginning.*` or `*`. Empty `job_ids`, `levels` and `subject_ids` want all. `headers` (a
    JSON object) is sealed; `secrets` lists the live ones, newest first: `{hmac, ed25519, public_key, last_four,
    created_at, expires_at}`, the first two sealed. What the sending side writes raises no version:
    `consecutive_failures` counts since the last success, `first_failure_at` is the first of them, `blocked_until` and
    `breaker_seconds` are the circuit breaker's, and `taken` says how many were claimed of late, and `taken_at` when:
    what the rate limit goes by. All times but those of a resource are real time.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        Index("ix_webhook_endpoints_created_at", "workspace_id", "created_at", "id"),
        Index("ix_webhook_endpoints_live", "workspace_id", postgresql_where=text("state <> 'deleted'")),
        Index("ix_webhook_endpoints_active", "workspace_id", "id", postgresql_where=text("state = 'active'")),
    )

    url: str = Field(sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    state: EndpointState = Field(default=EndpointState.ACTIVE, sa_column=closed_set("state", EndpointState))
    disabled_reason: DisabledReason | None = Field(
        default=None, sa_column=closed_set("disabled_reason", DisabledReason, nullable=True)
    )
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)
    event_types: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    job_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))
    levels: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    subject_ids: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    payload: Payload = Field(default=Payload.FULL, sa_column=closed_set("payload", Payload))
    payload_format: PayloadFormat = Field(
        default=PayloadFormat.STANDARD, sa_column=closed_set("payload_format", PayloadFormat)
    )
    ordering: Ordering = Field(default=Ordering.NONE, sa_column=closed_set("ordering", Ordering))
    ordering_hold_seconds: int = 60
    rate_limit: int | None = None
    max_in_flight: int = 10
    headers: bytes | None = Field(default=None, sa_type=LargeBinary)
    secrets: list[dict[str, Any]] = Field(sa_column=Column("secrets", JSONB, nullable=False))
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=json_map())
    enabled_at: datetime = Field(sa_type=Moment)
    consecutive_failures: int = 0
    first_failure_at: datetime | None = Field(default=None, sa_type=Moment)
    last_failure_at: datetime | None = Field(default=None, sa_type=Moment)
    last_success_at: datetime | None = Field(default=None, sa_type=Moment)
    warned_at: datetime | None = Field(default=None, sa_type=Moment)
    blocked_until: datetime | None = Field(default=None, sa_type=Moment)
    breaker_seconds: int | None = None
    taken_at: list[datetime] = Field(default_factory=list, sa_column=Column(ARRAY(Moment), nullable=False))
    taken: list[int] = Field(default_factory=list, sa_column=Column(ARRAY(Integer), nullable=False))


class Delivery(WorkspaceOwned, table=True):
    """One event for one endpoint, and how far it has got; its times are real time.

    `event_number`, `event_type` and `subject_id` are copies of the event's. A test has no event but a `body` of its
    own. While it is pending it is due at `next_attempt_at`, first those of the least `priority`; who sends it holds
    `lease_token` until `lease_until`. `attempts` counts all calls; `tries` those since it last became pending, which
    the schedule of retries goes by. `told_failing_at` is when it was last announced that it fails, until it arrives.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        refers("webhook_endpoints", "endpoint_id", "fk_deliveries_endpoint"),
        refers("events", "event_id", "fk_deliveries_event"),
        UniqueConstraint("workspace_id", "endpoint_id", "event_number", name="uq_deliveries_event_number"),
        Index(
            "ix_deliveries_due",
            "workspace_id",
            "endpoint_id",
            "priority",
            "next_attempt_at",
            postgresql_where=text(_PENDING),
        ),
        Index(
            "ix_deliveries_leased",
            "workspace_id",
            "endpoint_id",
            "lease_until",
            postgresql_where=text(f"{_PENDING} and lease_until is not null"),
        ),
        Index(
            "ix_deliveries_subject",
            "workspace_id",
            "endpoint_id",
            "subject_id",
            "event_number",
            postgresql_where=text(_OPEN),
        ),
        Index(
            "ix_deliveries_undelivered",
            "workspace_id",
            "endpoint_id",
            "event_number",
            postgresql_where=text(_UNDELIVERED),
        ),
        Index("ix_deliveries_event_id", "workspace_id", "event_id"),
        Index(
            "ix_deliveries_finished_at",
            "workspace_id",
            "finished_at",
            postgresql_where=text("finished_at is not null"),
        ),
        Index("ix_deliveries_created_at", "workspace_id", "endpoint_id", "created_at", "id"),
        Index("ix_deliveries_state", "workspace_id", "endpoint_id", "state", "created_at", "id"),
        Index("ix_deliveries_event_type", "workspace_id", "endpoint_id", "event_type", "created_at", "id"),
        Index("ix_deliveries_status_class", "workspace_id", "endpoint_id", "status_class", "created_at", "id"),
    )

    endpoint_id: UUID
    event_id: UUID | None = None
    event_number: int | None = Field(default=None, sa_type=BigInteger)
    event_type: str = Field(sa_type=Text)
    subject_id: UUID | None = None
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: DeliveryState = Field(default=DeliveryState.PENDING, sa_column=closed_set("state", DeliveryState))
    trigger: Trigger = Field(default=Trigger.SCHEDULE, sa_column=closed_set("trigger", Trigger))
    priority: int = Field(default=1, sa_type=SmallInteger)
    attempts: int = 0
    tries: int = 0
    created_at: datetime = Field(sa_type=Moment)
    next_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    lease_token: UUID | None = None
    first_failure_at: datetime | None = Field(default=None, sa_type=Moment)
    last_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    last_http_status: int | None = None
    last_error_code: AttemptError | None = Field(
        default=None, sa_column=closed_set("last_error_code", AttemptError, nullable=True)
    )
    status_class: int | None = Field(default=None, sa_type=SmallInteger)
    told_failing_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)


class Attempt(WorkspaceOwned, table=True):
    """One HTTP call of one delivery, as it went; never changed, deleted when its time is over.

    `request_headers` are without secrets; `response_body` holds at most 8 KiB of what was answered.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        refers("deliveries", "delivery_id", "fk_attempts_delivery"),
        Index("ix_attempts_delivery_id", "workspace_id", "delivery_id", "started_at", "id"),
    )

    delivery_id: UUID
    number: int
    trigger: Trigger = Field(sa_column=closed_set("trigger", Trigger))
    url: str = Field(sa_type=Text)
    request_headers: dict[str, Any] = Field(sa_column=Column("request_headers", JSONB, nullable=False))
    body_sha256: bytes = Field(sa_type=LargeBinary)
    started_at: datetime = Field(sa_type=Moment)
    duration_ms: int = Field(sa_type=Integer)
    resolved_ip: str | None = Field(default=None, sa_type=Text)
    http_status: int | None = None
    response_headers: dict[str, Any] | None = Field(default=None, sa_column=Column("response_headers", JSONB))
    response_body: str | None = Field(default=None, sa_type=Text)
    is_truncated: bool = False
    error_code: AttemptError | None = Field(
        default=None, sa_column=closed_set("error_code", AttemptError, nullable=True)
    )
    error_detail: str | None = Field(default=None, sa_type=Text)
    next_attempt_at: datetime | None = Field(default=None, sa_type=Moment)


class Task(WorkspaceOwned, table=True):
    """Work on many deliveries of an endpoint, done in batches; its times are real time, but for `due_at`.

    `since` and `until` bound what it works on: the `created_at` of deliveries, or the `recorded_at` of events; nothing
    recorded after it was asked for, whose numbers lie above `last_number`. It goes by the numbers of events and has
    worked on all up to `after_number`, or, where it goes through a window of events, by when they were recorded and has
    worked on all up to (`after_at`, `after_number`). `due_at` is set while it has work to do, by the workspace's clock.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        refers("webhook_endpoints", "endpoint_id", "fk_tasks_endpoint"),
        Index("ix_tasks_created_at", "workspace_id", "created_at", "id"),
        Index("ix_tasks_endpoint_id", "workspace_id", "endpoint_id", "created_at", "id"),
        Index("ix_tasks_due_at", "workspace_id", "due_at", postgresql_where=text("due_at is not null")),
    )

    endpoint_id: UUID
    kind: TaskKind = Field(sa_column=closed_set("kind", TaskKind))
    state: TaskState = Field(default=TaskState.PENDING, sa_column=closed_set("state", TaskState))
    since: datetime | None = Field(default=None, sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)
    event_types: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    states: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    held_mode: HeldMode | None = Field(default=None, sa_column=closed_set("held_mode", HeldMode, nullable=True))
    after_at: datetime | None = Field(default=None, sa_type=Moment)
    after_number: int = Field(default=0, sa_type=BigInteger)
    last_number: int = Field(default=0, sa_type=BigInteger)
    examined: int = 0
    changed: int = 0
    created_at: datetime = Field(sa_type=Moment)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
