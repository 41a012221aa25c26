"""Webhooks out: endpoints, deliveries, attempts, tasks."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from api.platform.tenancy import protect

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


OWNED = (
    "attempts",
    "deliveries",
    "tasks",
    "webhook_endpoints",
)


JOBS = """
update events e set job_id = a.job_id from applications a
where a.workspace_id = e.workspace_id and a.id = e.application_id
"""


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("job_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("levels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("ordering", sa.Text(), nullable=False),
        sa.Column("ordering_hold_seconds", sa.Integer(), nullable=False),
        sa.Column("rate_limit", sa.Integer(), nullable=True),
        sa.Column("max_in_flight", sa.Integer(), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=True),
        sa.Column("secrets", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("enabled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consecutive_failures", sa.Integer(), nullable=False),
        sa.Column("first_failure_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breaker_seconds", sa.Integer(), nullable=True),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index(
        "ix_webhook_endpoints_active",
        "webhook_endpoints",
        ["workspace_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "ix_webhook_endpoints_created_at", "webhook_endpoints", ["workspace_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_webhook_endpoints_live",
        "webhook_endpoints",
        ["workspace_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'deleted'"),
    )
    op.create_table(
        "tasks",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("states", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("held_mode", sa.Text(), nullable=True),
        sa.Column("after_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("examined", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "endpoint_id"],
            ["webhook_endpoints.workspace_id", "webhook_endpoints.id"],
            name="fk_tasks_endpoint",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_created_at", "tasks", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_tasks_due_at",
        "tasks",
        ["workspace_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_index("ix_tasks_endpoint_id", "tasks", ["workspace_id", "endpoint_id", "created_at", "id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("event_number", sa.BigInteger(), nullable=True),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("first_failure_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_http_status", sa.Integer(), nullable=True),
        sa.Column("last_error_code", sa.Text(), nullable=True),
        sa.Column("status_class", sa.SmallInteger(), nullable=True),
        sa.Column("told_failing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "endpoint_id"],
            ["webhook_endpoints.workspace_id", "webhook_endpoints.id"],
            name="fk_deliveries_endpoint",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "event_id"], ["events.workspace_id", "events.id"], name="fk_deliveries_event"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("workspace_id", "endpoint_id", "event_number", name="uq_deliveries_event_number"),
    )
    op.create_index(
        "ix_deliveries_created_at", "deliveries", ["workspace_id", "endpoint_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["workspace_id", "endpoint_id", "priority", "next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_deliveries_event_id", "deliveries", ["workspace_id", "event_id"], unique=False)
    op.create_index(
        "ix_deliveries_event_type",
        "deliveries",
        ["workspace_id", "endpoint_id", "event_type", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_deliveries_finished_at",
        "deliveries",
        ["workspace_id", "finished_at"],
        unique=False,
        postgresql_where=sa.text("finished_at is not null"),
    )
    op.create_index(
        "ix_deliveries_leased",
        "deliveries",
        ["workspace_id", "endpoint_id", "lease_until"],
        unique=False,
        postgresql_where=sa.text("state = 'pending' and lease_until is not null"),
    )
    op.create_index(
        "ix_deliveries_state", "deliveries", ["workspace_id", "endpoint_id", "state", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_deliveries_status_class",
        "deliveries",
        ["workspace_id", "endpoint_id", "status_class", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_deliveries_subject",
        "deliveries",
        ["workspace_id", "endpoint_id", "subject_id", "event_number"],
        unique=False,
        postgresql_where=sa.text("state in ('pending', 'held')"),
    )
    op.create_index(
        "ix_deliveries_undelivered",
        "deliveries",
        ["workspace_id", "endpoint_id", "event_number"],
        unique=False,
        postgresql_where=sa.text("state in ('failed', 'held')"),
    )
    op.create_table(
        "attempts",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("request_headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("resolved_ip", sa.Text(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("response_headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("response_body", sa.Text(), nullable=True),
        sa.Column("is_truncated", sa.Boolean(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "delivery_id"], ["deliveries.workspace_id", "deliveries.id"], name="fk_attempts_delivery"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_attempts")),
    )
    op.create_index(
        "ix_attempts_delivery_id", "attempts", ["workspace_id", "delivery_id", "started_at", "id"], unique=False
    )
    op.add_column("event_counters", sa.Column("thinned", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("events", sa.Column("job_id", sa.Uuid(), nullable=True))
    op.add_column("events", sa.Column("level", sa.Text(), nullable=True))
    op.create_index("ix_events_recorded_at", "events", ["workspace_id", "recorded_at", "number"], unique=False)
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_state"), "webhook_endpoints", "state in ('active', 'paused', 'disabled', 'deleted')"
    )
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_disabled_reason"),
        "webhook_endpoints",
        "disabled_reason in ('failing', 'gone', 'receiver_request')",
    )
    op.create_check_constraint(op.f("ck_webhook_endpoints_payload"), "webhook_endpoints", "payload in ('full', 'thin')")
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_ordering"), "webhook_endpoints", "ordering in ('none', 'per_subject')"
    )
    op.create_check_constraint(
        op.f("ck_tasks_kind"), "tasks", "kind in ('recover', 'replay', 'replay_missing', 'resume', 'delete')"
    )
    op.create_check_constraint(
        op.f("ck_tasks_state"), "tasks", "state in ('pending', 'running', 'succeeded', 'canceled')"
    )
    op.create_check_constraint(
        op.f("ck_tasks_held_mode"), "tasks", "held_mode in ('send_all', 'send_latest_per_subject', 'discard')"
    )
    op.create_check_constraint(
        op.f("ck_deliveries_state"), "deliveries", "state in ('pending', 'succeeded', 'failed', 'held', 'canceled')"
    )
    op.create_check_constraint(
        op.f("ck_deliveries_trigger"), "deliveries", "trigger in ('schedule', 'manual', 'recover', 'replay', 'test')"
    )
    op.create_check_constraint(
        op.f("ck_deliveries_last_error_code"),
        "deliveries",
        "last_error_code in ('timeout', 'dns', 'connect', 'tls', 'blocked_address', 'http_status', 'too_large', 'invalid_url')",
    )
    op.create_check_constraint(
        op.f("ck_attempts_trigger"), "attempts", "trigger in ('schedule', 'manual', 'recover', 'replay', 'test')"
    )
    op.create_check_constraint(
        op.f("ck_attempts_error_code"),
        "attempts",
        "error_code in ('timeout', 'dns', 'connect', 'tls', 'blocked_address', 'http_status', 'too_large', 'invalid_url')",
    )
    op.alter_column("event_counters", "thinned", server_default=None)
    op.execute(JOBS)
    for table in OWNED:
        for statement in protect(table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_events_recorded_at", table_name="events")
    op.drop_column("events", "level")
    op.drop_column("events", "job_id")
    op.drop_column("event_counters", "thinned")
    op.drop_index("ix_attempts_delivery_id", table_name="attempts")
    op.drop_table("attempts")
    op.drop_index(
        "ix_deliveries_undelivered", table_name="deliveries", postgresql_where=sa.text("state in ('failed', 'held')")
    )
    op.drop_index(
        "ix_deliveries_subject", table_name="deliveries", postgresql_where=sa.text("state in ('pending', 'held')")
    )
    op.drop_index("ix_deliveries_status_class", table_name="deliveries")
    op.drop_index("ix_deliveries_state", table_name="deliveries")
    op.drop_index(
        "ix_deliveries_leased",
        table_name="deliveries",
        postgresql_where=sa.text("state = 'pending' and lease_until is not null"),
    )
    op.drop_index(
        "ix_deliveries_finished_at", table_name="deliveries", postgresql_where=sa.text("finished_at is not null")
    )
    op.drop_index("ix_deliveries_event_type", table_name="deliveries")
    op.drop_index("ix_deliveries_event_id", table_name="deliveries")
    op.drop_index("ix_deliveries_due", table_name="deliveries", postgresql_where=sa.text("state = 'pending'"))
    op.drop_index("ix_deliveries_created_at", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index("ix_tasks_endpoint_id", table_name="tasks")
    op.drop_index("ix_tasks_due_at", table_name="tasks", postgresql_where=sa.text("due_at is not null"))
    op.drop_index("ix_tasks_created_at", table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(
        "ix_webhook_endpoints_live", table_name="webhook_endpoints", postgresql_where=sa.text("state <> 'deleted'")
    )
    op.drop_index("ix_webhook_endpoints_created_at", table_name="webhook_endpoints")
    op.drop_index(
        "ix_webhook_endpoints_active", table_name="webhook_endpoints", postgresql_where=sa.text("state = 'active'")
    )
    op.drop_table("webhook_endpoints")
