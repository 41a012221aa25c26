"""Webhooks: what an endpoint took in the last second, its envelope, and the subjects it is about."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ADDED = {
    "subject_ids": (postgresql.ARRAY(sa.Text()), "{}"),
    "payload_format": (sa.Text(), "standard"),
    "taken_at": (postgresql.ARRAY(sa.DateTime(timezone=True)), "{}"),
    "taken": (postgresql.ARRAY(sa.Integer()), "{}"),
}


def upgrade() -> None:
    for name, (kind, value) in ADDED.items():
        op.add_column("webhook_endpoints", sa.Column(name, kind, nullable=False, server_default=value))
        op.alter_column("webhook_endpoints", name, server_default=None)
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_payload_format"),
        "webhook_endpoints",
        "payload_format in ('standard', 'cloudevents')",
    )
    op.drop_column("webhook_endpoints", "window_used")
    op.drop_column("webhook_endpoints", "window_at")


def downgrade() -> None:
    op.add_column("webhook_endpoints", sa.Column("window_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("webhook_endpoints", sa.Column("window_used", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("webhook_endpoints", "window_used", server_default=None)
    op.drop_constraint(op.f("ck_webhook_endpoints_payload_format"), "webhook_endpoints")
    for name in reversed(ADDED):
        op.drop_column("webhook_endpoints", name)
