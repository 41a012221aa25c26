"""Ways in: ids of other systems, connections and their messages, captures, merging, erasure."""

import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from api.platform.tenancy import protect

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


OWNED = (
    "capture_addresses",
    "captures",
    "connection_people",
    "connections",
    "erasures",
    "external_refs",
    "inbound_messages",
    "inbound_subjects",
    "privacy_records",
)


def upgrade() -> None:
    op.create_table(
        "capture_addresses",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keeps_text", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_capture_addresses")),
        sa.UniqueConstraint("workspace_id", "name", name="uq_capture_addresses_name"),
    )
    op.create_index(
        "ix_capture_addresses_created_at", "capture_addresses", ["workspace_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "connections",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("former_secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_connections")),
        sa.UniqueConstraint("workspace_id", "system", name="uq_connections_system"),
    )
    op.create_index("ix_connections_created_at", "connections", ["workspace_id", "created_at", "id"], unique=False)
    op.create_table(
        "connection_people",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connections.workspace_id", "connections.id"],
            name="fk_connection_people_connection",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_connection_people_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_connection_people")),
        sa.UniqueConstraint("workspace_id", "connection_id", "name_hash", name="uq_connection_people_name_hash"),
    )
    op.create_index("ix_connection_people_person_id", "connection_people", ["workspace_id", "person_id"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("needles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=True),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("redacted", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_erasures_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_erasures")),
    )
    op.create_index(
        "ix_erasures_due_at",
        "erasures",
        ["workspace_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_index("ix_erasures_person_id", "erasures", ["workspace_id", "person_id"], unique=False)
    op.create_table(
        "hook_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_hook_tokens_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_tokens")),
        sa.UniqueConstraint("token_hash", name="uq_hook_tokens_token_hash"),
    )
    op.create_index("ix_hook_tokens_target_id", "hook_tokens", ["workspace_id", "target_id"], unique=False)
    op.create_table(
        "inbound_messages",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_key", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("other_subject", sa.Text(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parsed", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("effects", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connections.workspace_id", "connections.id"],
            name="fk_inbound_messages_connection",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_inbound_messages")),
        sa.UniqueConstraint("workspace_id", "connection_id", "delivery_key", name="uq_inbound_messages_delivery_key"),
    )
    op.create_index(
        "ix_inbound_messages_connection_id",
        "inbound_messages",
        ["workspace_id", "connection_id", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_inbound_messages_due_at",
        "inbound_messages",
        ["workspace_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_index(
        "ix_inbound_messages_event",
        "inbound_messages",
        ["workspace_id", "connection_id", "event", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("event is not null"),
    )
    op.create_index(
        "ix_inbound_messages_other_subject",
        "inbound_messages",
        ["workspace_id", "connection_id", "other_subject"],
        unique=False,
        postgresql_where=sa.text("other_subject is not null"),
    )
    op.create_index(
        "ix_inbound_messages_received_at", "inbound_messages", ["workspace_id", "received_at", "id"], unique=False
    )
    op.create_index(
        "ix_inbound_messages_state",
        "inbound_messages",
        ["workspace_id", "connection_id", "state", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_inbound_messages_subject",
        "inbound_messages",
        ["workspace_id", "connection_id", "subject"],
        unique=False,
        postgresql_where=sa.text("subject is not null"),
    )
    op.create_table(
        "inbound_subjects",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connections.workspace_id", "connections.id"],
            name="fk_inbound_subjects_connection",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_inbound_subjects")),
        sa.UniqueConstraint("workspace_id", "connection_id", "subject", name="uq_inbound_subjects_subject"),
    )
    op.create_index(
        "ix_inbound_subjects_due_at",
        "inbound_subjects",
        ["workspace_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_table(
        "privacy_records",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_privacy_records_person"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "recorded_by"], ["people.workspace_id", "people.id"], name="fk_privacy_records_recorded_by"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_privacy_records")),
    )
    op.create_index(
        "ix_privacy_records_person_id",
        "privacy_records",
        ["workspace_id", "person_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_privacy_records_recorded_at", "privacy_records", ["workspace_id", "recorded_at", "id"], unique=False
    )
    op.create_table(
        "external_refs",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("is_merged", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(person_id, candidate_id, job_id, application_id) = 1",
            name=op.f("ck_external_refs_one_resource"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_external_refs_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "candidate_id"],
            ["candidates.workspace_id", "candidates.id"],
            name="fk_external_refs_candidate",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"], ["jobs.workspace_id", "jobs.id"], name="fk_external_refs_job"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_external_refs_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_external_refs")),
        sa.UniqueConstraint(
            "workspace_id", "system", "external_id", "kind", name="uq_external_refs_system_external_id"
        ),
    )
    op.create_index(
        "ix_external_refs_application_id", "external_refs", ["workspace_id", "application_id"], unique=False
    )
    op.create_index("ix_external_refs_candidate_id", "external_refs", ["workspace_id", "candidate_id"], unique=False)
    op.create_index("ix_external_refs_created_at", "external_refs", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_external_refs_external_id",
        "external_refs",
        ["workspace_id", "external_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_external_refs_job_id", "external_refs", ["workspace_id", "job_id"], unique=False)
    op.create_index("ix_external_refs_person_id", "external_refs", ["workspace_id", "person_id"], unique=False)
    op.create_table(
        "captures",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("given_hash", sa.LargeBinary(), nullable=True),
        sa.Column("evidence_hash", sa.LargeBinary(), nullable=True),
        sa.Column("needs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("advocate_id", sa.Uuid(), nullable=True),
        sa.Column("advocacy_id", sa.Uuid(), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("capture_address_id", sa.Uuid(), nullable=True),
        sa.Column("discard_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id", "act_id"], ["acts.workspace_id", "acts.id"], name="fk_captures_act"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocacy_id"], ["advocacies.workspace_id", "advocacies.id"], name="fk_captures_advocacy"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocate_id"], ["advocates.workspace_id", "advocates.id"], name="fk_captures_advocate"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_captures_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "capture_address_id"],
            ["capture_addresses.workspace_id", "capture_addresses.id"],
            name="fk_captures_capture_address",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "recorded_by"], ["people.workspace_id", "people.id"], name="fk_captures_recorded_by"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_captures")),
    )
    op.create_index(
        "ix_captures_application_id", "captures", ["workspace_id", "application_id", "created_at", "id"], unique=False
    )
    op.create_index("ix_captures_created_at", "captures", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index("ix_captures_state", "captures", ["workspace_id", "state", "created_at", "id"], unique=False)
    op.create_index(
        "uq_captures_evidence",
        "captures",
        ["workspace_id", "application_id", "advocate_id", "evidence_hash"],
        unique=True,
        postgresql_where=sa.text("evidence_hash is not null and state = 'completed'"),
    )
    op.create_index(
        "uq_captures_given_hash",
        "captures",
        ["workspace_id", "given_hash"],
        unique=True,
        postgresql_where=sa.text("given_hash is not null"),
    )
    op.create_index("ix_act_statements_person_id", "act_statements", ["workspace_id", "person_id"], unique=False)
    op.add_column("applications", sa.Column("transferred_from_id", sa.Uuid(), nullable=True))
    op.add_column("applications", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column("applications", sa.Column("sourced_by_id", sa.Uuid(), nullable=True))
    op.add_column("applications", sa.Column("deleted_at_source", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        "fk_applications_merged_into",
        "applications",
        "applications",
        ["workspace_id", "merged_into_id"],
        ["workspace_id", "id"],
    )
    op.create_foreign_key(
        "fk_applications_sourced_by",
        "applications",
        "people",
        ["workspace_id", "sourced_by_id"],
        ["workspace_id", "id"],
    )
    op.create_foreign_key(
        "fk_applications_transferred_from",
        "applications",
        "applications",
        ["workspace_id", "transferred_from_id"],
        ["workspace_id", "id"],
    )
    op.add_column("candidates", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_candidates_merged_into",
        "candidates",
        "candidates",
        ["workspace_id", "merged_into_id"],
        ["workspace_id", "id"],
    )
    op.create_index("ix_events_subject_id", "events", ["workspace_id", "subject_id"], unique=False)
    op.add_column("people", sa.Column("name_key", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column("people", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("anonymized_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("notice_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("notice_given_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_people_merged_into_id",
        "people",
        ["workspace_id", "merged_into_id"],
        unique=False,
        postgresql_where=sa.text("merged_into_id is not null"),
    )
    op.create_index("ix_people_name_key", "people", ["workspace_id", "name_key"], unique=False)
    op.create_index(
        "ix_people_notice_due_at",
        "people",
        ["workspace_id", "notice_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("notice_due_at is not null and notice_given_at is null and anonymized_at is null"),
    )
    op.create_foreign_key(
        "fk_people_merged_into", "people", "people", ["workspace_id", "merged_into_id"], ["workspace_id", "id"]
    )
    op.create_check_constraint(op.f("ck_connections_state"), "connections", "state in ('active', 'paused')")
    op.create_check_constraint(op.f("ck_erasures_state"), "erasures", "state in ('running', 'completed')")
    op.create_check_constraint(
        op.f("ck_inbound_messages_state"),
        "inbound_messages",
        "state in ('received', 'held', 'processed', 'ignored', 'failed')",
    )
    op.create_check_constraint(
        op.f("ck_captures_state"), "captures", "state in ('needs_details', 'completed', 'discarded')"
    )
    for table in OWNED:
        for statement in protect(table):
            op.execute(statement)
    _fill_name_keys()


def _fill_name_keys() -> None:
    """Give the people who are known already the form of their name by which they are found."""
    people = sa.table(
        "people",
        sa.column("workspace_id", sa.Integer),
        sa.column("id", sa.Uuid),
        sa.column("name", sa.Text),
        sa.column("name_key", sa.Text),
    )
    connection = op.get_bind()
    changing = (
        people.update()
        .where(
            people.c.workspace_id == sa.bindparam("w"),
            people.c.id == sa.bindparam("person"),
        )
        .values(name_key=sa.bindparam("key"))
    )
    unnamed = sa.select(people.c.workspace_id, people.c.id, people.c.name).where(people.c.name_key.is_(None))
    while batch := connection.execute(unnamed.limit(5_000)).all():
        keys = [
            {
                "w": row.workspace_id,
                "person": row.id,
                "key": " ".join(unicodedata.normalize("NFKC", row.name).casefold().split())[:200],
            }
            for row in batch
        ]
        connection.execute(changing, keys)


def downgrade() -> None:
    op.drop_constraint("fk_people_merged_into", "people", type_="foreignkey")
    op.drop_index(
        "ix_people_notice_due_at",
        table_name="people",
        postgresql_where=sa.text("notice_due_at is not null and notice_given_at is null and anonymized_at is null"),
    )
    op.drop_index("ix_people_name_key", table_name="people")
    op.drop_index(
        "ix_people_merged_into_id", table_name="people", postgresql_where=sa.text("merged_into_id is not null")
    )
    op.drop_column("people", "notice_given_at")
    op.drop_column("people", "notice_due_at")
    op.drop_column("people", "anonymized_at")
    op.drop_column("people", "merged_at")
    op.drop_column("people", "merged_into_id")
    op.drop_column("people", "name_key")
    op.drop_index("ix_events_subject_id", table_name="events")
    op.drop_constraint("fk_candidates_merged_into", "candidates", type_="foreignkey")
    op.drop_column("candidates", "merged_into_id")
    op.drop_constraint("fk_applications_transferred_from", "applications", type_="foreignkey")
    op.drop_constraint("fk_applications_sourced_by", "applications", type_="foreignkey")
    op.drop_constraint("fk_applications_merged_into", "applications", type_="foreignkey")
    op.drop_column("applications", "deleted_at_source")
    op.drop_column("applications", "sourced_by_id")
    op.drop_column("applications", "merged_into_id")
    op.drop_column("applications", "transferred_from_id")
    op.drop_index("ix_act_statements_person_id", table_name="act_statements")
    op.drop_index("uq_captures_given_hash", table_name="captures", postgresql_where=sa.text("given_hash is not null"))
    op.drop_index(
        "uq_captures_evidence",
        table_name="captures",
        postgresql_where=sa.text("evidence_hash is not null and state = 'completed'"),
    )
    op.drop_index("ix_captures_state", table_name="captures")
    op.drop_index("ix_captures_created_at", table_name="captures")
    op.drop_index("ix_captures_application_id", table_name="captures")
    op.drop_table("captures")
    op.drop_index("ix_external_refs_person_id", table_name="external_refs")
    op.drop_index("ix_external_refs_job_id", table_name="external_refs")
    op.drop_index("ix_external_refs_external_id", table_name="external_refs")
    op.drop_index("ix_external_refs_created_at", table_name="external_refs")
    op.drop_index("ix_external_refs_candidate_id", table_name="external_refs")
    op.drop_index("ix_external_refs_application_id", table_name="external_refs")
    op.drop_table("external_refs")
    op.drop_index("ix_privacy_records_recorded_at", table_name="privacy_records")
    op.drop_index("ix_privacy_records_person_id", table_name="privacy_records")
    op.drop_table("privacy_records")
    op.drop_index(
        "ix_inbound_subjects_due_at", table_name="inbound_subjects", postgresql_where=sa.text("due_at is not null")
    )
    op.drop_table("inbound_subjects")
    op.drop_index(
        "ix_inbound_messages_subject",
        table_name="inbound_messages",
        postgresql_where=sa.text("subject is not null"),
    )
    op.drop_index("ix_inbound_messages_state", table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_received_at", table_name="inbound_messages")
    op.drop_index(
        "ix_inbound_messages_other_subject",
        table_name="inbound_messages",
        postgresql_where=sa.text("other_subject is not null"),
    )
    op.drop_index(
        "ix_inbound_messages_event", table_name="inbound_messages", postgresql_where=sa.text("event is not null")
    )
    op.drop_index(
        "ix_inbound_messages_due_at", table_name="inbound_messages", postgresql_where=sa.text("due_at is not null")
    )
    op.drop_index("ix_inbound_messages_connection_id", table_name="inbound_messages")
    op.drop_table("inbound_messages")
    op.drop_index("ix_hook_tokens_target_id", table_name="hook_tokens")
    op.drop_table("hook_tokens")
    op.drop_index("ix_erasures_person_id", table_name="erasures")
    op.drop_index("ix_erasures_due_at", table_name="erasures", postgresql_where=sa.text("due_at is not null"))
    op.drop_table("erasures")
    op.drop_index("ix_connection_people_person_id", table_name="connection_people")
    op.drop_table("connection_people")
    op.drop_index("ix_connections_created_at", table_name="connections")
    op.drop_table("connections")
    op.drop_index("ix_capture_addresses_created_at", table_name="capture_addresses")
    op.drop_table("capture_addresses")
