"""The core: workspaces, people and their roles, jobs, applications, what speaks for them, and the outbox.

Every table of a workspace gets its row-level security policy here; `enter_workspace` says whose rows a transaction
sees and bounds how long it waits.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from api.platform.tenancy import ENTER_WORKSPACE, protect

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


OWNED = (
    "act_listeners",
    "act_reasons",
    "act_statements",
    "acts",
    "advocacies",
    "advocacy_statements",
    "advocacy_transitions",
    "advocates",
    "affiliation_records",
    "applications",
    "ask_answers",
    "asks",
    "availability_records",
    "candidates",
    "event_counters",
    "events",
    "idempotency_keys",
    "job_members",
    "jobs",
    "next_step_changes",
    "people",
    "policies",
    "reasons",
    "reference_statements",
    "reference_transitions",
    "references",
    "referral_reasons",
    "referral_statements",
    "referral_transitions",
    "referrals",
    "referrers",
    "requirements",
    "stage_changes",
    "support_changes",
)


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("resume", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("workspace_id", "key", name="uq_idempotency_keys_key"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["workspace_id", "created_at"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_created_at", "jobs", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index("ix_jobs_state", "jobs", ["workspace_id", "state", "created_at", "id"], unique=False)
    op.create_table(
        "people",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_normalised", sa.Text(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_people")),
    )
    op.create_index(
        "uq_people_email_normalised",
        "people",
        ["workspace_id", "email_normalised"],
        unique=True,
        postgresql_where=sa.text("email_normalised is not null"),
    )
    op.create_index("ix_people_created_at", "people", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index("ix_people_updated_at", "people", ["workspace_id", "updated_at", "id"], unique=False)
    op.create_table(
        "policies",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_spread", sa.Boolean(), nullable=False),
        sa.Column("spread_after", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_policies")),
        sa.UniqueConstraint("workspace_id", "version", name="uq_policies_version"),
    )
    op.create_index(
        "ix_policies_unspread", "policies", ["workspace_id"], unique=False, postgresql_where=sa.text("not is_spread")
    )
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_sandbox", sa.Boolean(), nullable=False),
        sa.Column("clock_offset", sa.Interval(), nullable=False),
        sa.Column("advancing_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("advancing_lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("public_id", name="uq_workspaces_public_id"),
    )
    op.create_table(
        "advocates",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_advocates_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_advocates")),
        sa.UniqueConstraint("workspace_id", "person_id", name="uq_advocates_person_id"),
    )
    op.create_index("ix_advocates_created_at", "advocates", ["workspace_id", "created_at", "id"], unique=False)
    op.create_table(
        "affiliation_records",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("affiliation", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_affiliation_records_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_affiliation_records")),
    )
    op.create_index(
        "ix_affiliation_records_person_id",
        "affiliation_records",
        ["workspace_id", "person_id", "effective_on"],
        unique=False,
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("lookup", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_api_keys_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("lookup", name="uq_api_keys_lookup"),
    )
    op.create_index("ix_api_keys_workspace_id", "api_keys", ["workspace_id"], unique=False)
    op.create_table(
        "availability_records",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("is_own_word", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_availability_records_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_availability_records")),
    )
    op.create_index(
        "ix_availability_records_person_id",
        "availability_records",
        ["workspace_id", "person_id", "effective_on"],
        unique=False,
    )
    op.create_table(
        "candidates",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_candidates_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("workspace_id", "person_id", name="uq_candidates_person_id"),
    )
    op.create_index("ix_candidates_created_at", "candidates", ["workspace_id", "created_at", "id"], unique=False)
    op.create_table(
        "event_counters",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_event_counters_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_event_counters")),
    )
    op.create_table(
        "job_members",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("power", sa.Text(), nullable=True),
        sa.Column("is_hiring_manager", sa.Boolean(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"], ["jobs.workspace_id", "jobs.id"], name="fk_job_members_job"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_job_members_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_job_members")),
    )
    op.create_index(
        "ix_job_members_job_id", "job_members", ["workspace_id", "job_id", "person_id", "effective_on"], unique=False
    )
    op.create_index(
        "ix_job_members_person_id", "job_members", ["workspace_id", "person_id", "job_id", "effective_on"], unique=False
    )
    op.create_table(
        "referrers",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_referrers_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_referrers")),
        sa.UniqueConstraint("workspace_id", "person_id", name="uq_referrers_person_id"),
    )
    op.create_index("ix_referrers_created_at", "referrers", ["workspace_id", "created_at", "id"], unique=False)
    op.create_table(
        "requirements",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_normalised", sa.Text(), nullable=False),
        sa.Column("is_stated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"], ["jobs.workspace_id", "jobs.id"], name="fk_requirements_job"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_requirements")),
        sa.UniqueConstraint("workspace_id", "job_id", "text_normalised", name="uq_requirements_text_normalised"),
    )
    op.create_table(
        "applications",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("stage_label", sa.Text(), nullable=True),
        sa.Column("seen_by_hiring_manager", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("candidate_name", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("advocate_name", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("stage_entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_hold_until", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_kind", sa.Text(), nullable=True),
        sa.Column("last_act_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("level_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("championing", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=True),
        sa.Column("documented_level", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("advocacy_id", sa.Uuid(), nullable=True),
        sa.Column("advocate_id", sa.Uuid(), nullable=True),
        sa.Column("exposed", sa.Boolean(), nullable=False),
        sa.Column("sole_advocate", sa.Boolean(), nullable=False),
        sa.Column("heard_by_current_decider", sa.Boolean(), nullable=True),
        sa.Column("next_change_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("derived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("recheck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocacy_id"],
            ["advocacies.workspace_id", "advocacies.id"],
            name="fk_applications_advocacy",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "candidate_id"],
            ["candidates.workspace_id", "candidates.id"],
            name="fk_applications_candidate",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"], ["jobs.workspace_id", "jobs.id"], name="fk_applications_job"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_applications")),
        sa.UniqueConstraint("workspace_id", "candidate_id", "job_id", name="uq_applications_candidate_id_job_id"),
    )
    op.create_index(
        "ix_applications_candidate_id",
        "applications",
        ["workspace_id", "candidate_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_championing", "applications", ["workspace_id", "championing", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_confidence", "applications", ["workspace_id", "confidence", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_counted",
        "applications",
        ["workspace_id", "state", "stage", "level", "championing", "confidence", "exposed"],
        unique=False,
    )
    op.create_index(
        "ix_applications_counted_by_job",
        "applications",
        ["workspace_id", "job_id", "state", "stage", "level", "championing", "confidence", "exposed"],
        unique=False,
    )
    op.create_index("ix_applications_created_at", "applications", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_applications_exposed", "applications", ["workspace_id", "exposed", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_job_id", "applications", ["workspace_id", "job_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_job_id_level",
        "applications",
        ["workspace_id", "job_id", "level", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_level_changed_at",
        "applications",
        ["workspace_id", "job_id", "level_changed_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_next_change_at",
        "applications",
        ["workspace_id", "job_id", "next_change_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_stage",
        "applications",
        ["workspace_id", "job_id", "stage", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_state",
        "applications",
        ["workspace_id", "job_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_updated_at",
        "applications",
        ["workspace_id", "job_id", "updated_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_level", "applications", ["workspace_id", "level", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_level_changed_at", "applications", ["workspace_id", "level_changed_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_level_level_changed_at",
        "applications",
        ["workspace_id", "level", "level_changed_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_level_next_change_at",
        "applications",
        ["workspace_id", "level", "next_change_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_next_change_at", "applications", ["workspace_id", "next_change_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_outcome", "applications", ["workspace_id", "outcome", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_recheck_at",
        "applications",
        ["workspace_id", "recheck_at"],
        unique=False,
        postgresql_where=sa.text("recheck_at is not null"),
    )
    op.create_index(
        "ix_applications_stage", "applications", ["workspace_id", "stage", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_state", "applications", ["workspace_id", "state", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_applications_stage_level",
        "applications",
        ["workspace_id", "stage", "level", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_stage_level",
        "applications",
        ["workspace_id", "job_id", "stage", "level", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_state_stage_level",
        "applications",
        ["workspace_id", "state", "stage", "level", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_state_exposed",
        "applications",
        ["workspace_id", "state", "exposed", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_state_level",
        "applications",
        ["workspace_id", "state", "level", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_state_stage",
        "applications",
        ["workspace_id", "state", "stage", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_applications_updated_at", "applications", ["workspace_id", "updated_at", "id"], unique=False)
    op.create_table(
        "advocacies",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("application_created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=True),
        sa.Column("worked_from", sa.Date(), nullable=True),
        sa.Column("worked_until", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("outranks_decider", sa.Boolean(), nullable=False),
        sa.Column("origin_kind", sa.Text(), nullable=True),
        sa.Column("origin_id", sa.Text(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("championing", sa.Text(), nullable=False),
        sa.Column("follow_through", sa.Text(), nullable=True),
        sa.Column("is_volunteered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocate_id"], ["advocates.workspace_id", "advocates.id"], name="fk_advocacies_advocate"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_advocacies_application",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_advocacies")),
        sa.UniqueConstraint(
            "workspace_id", "application_id", "advocate_id", name="uq_advocacies_application_id_advocate"
        ),
    )
    op.create_index(
        "ix_advocacies_advocate_applications",
        "advocacies",
        ["workspace_id", "advocate_id", "application_created_at", "application_id"],
        unique=False,
    )
    op.create_index(
        "ix_advocacies_advocate_id", "advocacies", ["workspace_id", "advocate_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_advocacies_application_id",
        "advocacies",
        ["workspace_id", "application_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_advocacies_created_at", "advocacies", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_advocacies_follow_through",
        "advocacies",
        ["workspace_id", "follow_through", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_advocacies_state", "advocacies", ["workspace_id", "state", "created_at", "id"], unique=False)
    op.create_table(
        "events",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_events_application",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_events")),
        sa.UniqueConstraint("workspace_id", "number", name="uq_events_number"),
    )
    op.create_index(
        "ix_events_application_id", "events", ["workspace_id", "application_id", "occurred_at", "number"], unique=False
    )
    op.create_index("ix_events_type_number", "events", ["workspace_id", "type", "number"], unique=False)
    op.create_table(
        "next_step_changes",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_kind", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_next_step_changes_application",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_next_step_changes")),
    )
    op.create_index(
        "ix_next_step_changes_application_id", "next_step_changes", ["workspace_id", "application_id"], unique=False
    )
    op.create_table(
        "reasons",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requirement_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("claim_hash", sa.LargeBinary(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_reasons_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "candidate_id"], ["candidates.workspace_id", "candidates.id"], name="fk_reasons_candidate"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "requirement_id"],
            ["requirements.workspace_id", "requirements.id"],
            name="fk_reasons_requirement",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_reasons")),
        sa.UniqueConstraint(
            "workspace_id",
            "application_id",
            "requirement_id",
            "claim_hash",
            name="uq_reasons_requirement_id_claim_hash",
        ),
    )
    op.create_index(
        "ix_reasons_candidate_id_claim_hash", "reasons", ["workspace_id", "candidate_id", "claim_hash"], unique=False
    )
    op.create_table(
        "references",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=True),
        sa.Column("worked_from", sa.Date(), nullable=True),
        sa.Column("worked_until", sa.Date(), nullable=True),
        sa.Column("praise", sa.Boolean(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_references_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_references_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_references")),
        sa.UniqueConstraint(
            "workspace_id", "application_id", "person_id", name="uq_references_application_id_person_id"
        ),
    )
    op.create_index(
        "ix_references_application_id",
        "references",
        ["workspace_id", "application_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_references_created_at", "references", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_references_person_id", "references", ["workspace_id", "person_id", "created_at", "id"], unique=False
    )
    op.create_index("ix_references_state", "references", ["workspace_id", "state", "created_at", "id"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("referrer_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("application_created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("relationship", sa.Text(), nullable=False),
        sa.Column("worked_from", sa.Date(), nullable=True),
        sa.Column("worked_until", sa.Date(), nullable=True),
        sa.Column("consent_on_entry", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("is_documented", sa.Boolean(), nullable=False),
        sa.Column("is_duplicate", sa.Boolean(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("after_application", sa.Boolean(), nullable=False),
        sa.Column("is_job_member", sa.Boolean(), nullable=False),
        sa.Column("credit_position", sa.Integer(), nullable=True),
        sa.Column("recheck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_referrals_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "candidate_id"],
            ["candidates.workspace_id", "candidates.id"],
            name="fk_referrals_candidate",
        ),
        sa.ForeignKeyConstraint(["workspace_id", "job_id"], ["jobs.workspace_id", "jobs.id"], name="fk_referrals_job"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "referrer_id"], ["referrers.workspace_id", "referrers.id"], name="fk_referrals_referrer"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_referrals")),
    )
    op.create_index(
        "ix_referrals_application_id", "referrals", ["workspace_id", "application_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_referrals_candidate_id", "referrals", ["workspace_id", "candidate_id", "created_at", "id"], unique=False
    )
    op.create_index("ix_referrals_created_at", "referrals", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index("ix_referrals_job_id", "referrals", ["workspace_id", "job_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_referrals_recheck_at",
        "referrals",
        ["workspace_id", "recheck_at"],
        unique=False,
        postgresql_where=sa.text("recheck_at is not null"),
    )
    op.create_index(
        "ix_referrals_referrer_applications",
        "referrals",
        ["workspace_id", "referrer_id", "application_created_at", "application_id"],
        unique=False,
    )
    op.create_index(
        "ix_referrals_referrer_id", "referrals", ["workspace_id", "referrer_id", "created_at", "id"], unique=False
    )
    op.create_index("ix_referrals_state", "referrals", ["workspace_id", "state", "created_at", "id"], unique=False)
    op.create_table(
        "stage_changes",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("hold_until", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_stage_changes_application",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_stage_changes")),
    )
    op.create_index(
        "ix_stage_changes_application_id", "stage_changes", ["workspace_id", "application_id"], unique=False
    )
    op.create_table(
        "support_changes",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("previous_level", sa.Text(), nullable=False),
        sa.Column("championing", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=True),
        sa.Column("documented_level", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("advocacy_id", sa.Uuid(), nullable=True),
        sa.Column("advocate_id", sa.Uuid(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_support_changes_application",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_support_changes")),
    )
    op.create_index(
        "ix_support_changes_application_id",
        "support_changes",
        ["workspace_id", "application_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_table(
        "acts",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("advocacy_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("chases_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_url", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocacy_id"], ["advocacies.workspace_id", "advocacies.id"], name="fk_acts_advocacy"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_acts_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "chases_id"], ["asks.workspace_id", "asks.id"], name="fk_acts_chases", use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "recorded_by"], ["people.workspace_id", "people.id"], name="fk_acts_recorded_by"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_acts")),
    )
    op.create_index("ix_acts_advocacy_id", "acts", ["workspace_id", "advocacy_id", "occurred_at", "id"], unique=False)
    op.create_index(
        "ix_acts_application_id", "acts", ["workspace_id", "application_id", "occurred_at", "id"], unique=False
    )
    op.create_index("ix_acts_chases_id", "acts", ["workspace_id", "chases_id"], unique=False)
    op.create_index("ix_acts_recorded_by", "acts", ["workspace_id", "recorded_by"], unique=False)
    op.create_table(
        "advocacy_statements",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("advocacy_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocacy_id"],
            ["advocacies.workspace_id", "advocacies.id"],
            name="fk_advocacy_statements_advocacy",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_advocacy_statements")),
    )
    op.create_index(
        "ix_advocacy_statements_advocacy_id", "advocacy_statements", ["workspace_id", "advocacy_id"], unique=False
    )
    op.create_table(
        "advocacy_transitions",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advocacy_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocacy_id"],
            ["advocacies.workspace_id", "advocacies.id"],
            name="fk_advocacy_transitions_advocacy",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_advocacy_transitions")),
    )
    op.create_index(
        "ix_advocacy_transitions_advocacy_id", "advocacy_transitions", ["workspace_id", "advocacy_id"], unique=False
    )
    op.create_table(
        "reference_statements",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "reference_id"],
            ["references.workspace_id", "references.id"],
            name="fk_reference_statements_reference",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_reference_statements")),
    )
    op.create_index(
        "ix_reference_statements_reference_id", "reference_statements", ["workspace_id", "reference_id"], unique=False
    )
    op.create_table(
        "reference_transitions",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "reference_id"],
            ["references.workspace_id", "references.id"],
            name="fk_reference_transitions_reference",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_reference_transitions")),
    )
    op.create_index(
        "ix_reference_transitions_reference_id", "reference_transitions", ["workspace_id", "reference_id"], unique=False
    )
    op.create_table(
        "referral_reasons",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("before_process", sa.Boolean(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "reason_id"], ["reasons.workspace_id", "reasons.id"], name="fk_referral_reasons_reason"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "referral_id"],
            ["referrals.workspace_id", "referrals.id"],
            name="fk_referral_reasons_referral",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_referral_reasons")),
    )
    op.create_index(
        "ix_referral_reasons_referral_id", "referral_reasons", ["workspace_id", "referral_id"], unique=False
    )
    op.create_table(
        "referral_statements",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "referral_id"],
            ["referrals.workspace_id", "referrals.id"],
            name="fk_referral_statements_referral",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_referral_statements")),
    )
    op.create_index(
        "ix_referral_statements_referral_id", "referral_statements", ["workspace_id", "referral_id"], unique=False
    )
    op.create_table(
        "referral_transitions",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "referral_id"],
            ["referrals.workspace_id", "referrals.id"],
            name="fk_referral_transitions_referral",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_referral_transitions")),
    )
    op.create_index(
        "ix_referral_transitions_referral_id", "referral_transitions", ["workspace_id", "referral_id"], unique=False
    )
    op.create_table(
        "act_listeners",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "act_id"], ["acts.workspace_id", "acts.id"], name="fk_act_listeners_act"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_act_listeners_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_act_listeners")),
    )
    op.create_index("ix_act_listeners_act_id", "act_listeners", ["workspace_id", "act_id"], unique=False)
    op.create_index("ix_act_listeners_person_id", "act_listeners", ["workspace_id", "person_id"], unique=False)
    op.create_table(
        "act_reasons",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("before_process", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "act_id"], ["acts.workspace_id", "acts.id"], name="fk_act_reasons_act"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "reason_id"], ["reasons.workspace_id", "reasons.id"], name="fk_act_reasons_reason"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_act_reasons")),
    )
    op.create_index("ix_act_reasons_act_id", "act_reasons", ["workspace_id", "act_id"], unique=False)
    op.create_index("ix_act_reasons_reason_id", "act_reasons", ["workspace_id", "reason_id"], unique=False)
    op.create_table(
        "act_statements",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "act_id"], ["acts.workspace_id", "acts.id"], name="fk_act_statements_act"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_act_statements_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_act_statements")),
    )
    op.create_index("ix_act_statements_act_id", "act_statements", ["workspace_id", "act_id"], unique=False)
    op.create_table(
        "asks",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("addressee_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id", "act_id"], ["acts.workspace_id", "acts.id"], name="fk_asks_act"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "addressee_id"], ["people.workspace_id", "people.id"], name="fk_asks_addressee"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_asks")),
        sa.UniqueConstraint("workspace_id", "act_id", name="uq_asks_act_id"),
    )
    op.create_table(
        "ask_answers",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("answer <> 'open'", name=op.f("ck_ask_answers_answered")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ask_id"], ["asks.workspace_id", "asks.id"], name="fk_ask_answers_ask"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "recorded_by"], ["people.workspace_id", "people.id"], name="fk_ask_answers_recorded_by"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_ask_answers")),
    )
    op.create_index("ix_ask_answers_ask_id", "ask_answers", ["workspace_id", "ask_id"], unique=False)
    op.create_check_constraint(op.f("ck_jobs_kind"), "jobs", "kind in ('hire', 'promotion', 'secondment', 'project')")
    op.create_check_constraint(
        op.f("ck_jobs_state"), "jobs", "state in ('open', 'paused', 'unfunded', 'filled', 'cancelled')"
    )
    op.create_check_constraint(
        op.f("ck_affiliation_records_affiliation"),
        "affiliation_records",
        "affiliation in ('employee', 'alumnus', 'external', 'agency')",
    )
    op.create_check_constraint(
        op.f("ck_availability_records_state"),
        "availability_records",
        "state in ('available', 'away', 'left', 'unreachable', 'do_not_contact')",
    )
    op.create_check_constraint(
        op.f("ck_job_members_power"), "job_members", "power in ('decides', 'influences', 'administers')"
    )
    op.create_foreign_key(
        "fk_applications_advocacy",
        "applications",
        "advocacies",
        ["workspace_id", "advocacy_id"],
        ["workspace_id", "id"],
    )
    op.create_check_constraint(
        op.f("ck_applications_origin"),
        "applications",
        "origin in ('cold', 'referred', 'introduced', 'sourced', 'agency', 'event', 'internal', 'returning')",
    )
    op.create_check_constraint(
        op.f("ck_applications_seen_by_hiring_manager"),
        "applications",
        "seen_by_hiring_manager in ('yes', 'no', 'unknown')",
    )
    op.create_check_constraint(op.f("ck_applications_state"), "applications", "state in ('open', 'on_hold', 'closed')")
    op.create_check_constraint(
        op.f("ck_applications_stage"),
        "applications",
        "stage in ('identified', 'preparing', 'applied', 'screening', 'interviewing', 'offer')",
    )
    op.create_check_constraint(
        op.f("ck_applications_outcome"),
        "applications",
        "outcome in ('hired', 'offer_declined', 'rejected', 'withdrawn', 'job_cancelled', 'filled_by_other')",
    )
    op.create_check_constraint(
        op.f("ck_applications_next_step_kind"), "applications", "next_step_kind in ('interview', 'decision')"
    )
    op.create_check_constraint(
        op.f("ck_applications_level"),
        "applications",
        "level in ('none', 'referred', 'referred_with_context', 'recommended', 'championed')",
    )
    op.create_check_constraint(
        op.f("ck_applications_championing"),
        "applications",
        "championing in ('on_track', 'awaiting_answer', 'at_risk', 'started', 'lapsed', 'lost', 'none')",
    )
    op.create_check_constraint(
        op.f("ck_applications_confidence"),
        "applications",
        "confidence in ('claimed', 'self_reported', 'documented', 'confirmed')",
    )
    op.create_check_constraint(
        op.f("ck_applications_documented_level"),
        "applications",
        "documented_level in ('none', 'referred', 'referred_with_context', 'recommended', 'championed')",
    )
    op.create_check_constraint(
        op.f("ck_advocacies_relationship"),
        "advocacies",
        "relationship in ('managed', 'same_team', 'worked_together', 'client_or_supplier', 'outside_work', 'same_organisation', 'social', 'family', 'online_only', 'none')",
    )
    op.create_check_constraint(
        op.f("ck_advocacies_basis"),
        "advocacies",
        "basis in ('observed_directly', 'heard_from', 'observed_in_process', 'cv_only')",
    )
    op.create_check_constraint(
        op.f("ck_advocacies_state"),
        "advocacies",
        "state in ('proposed', 'asked', 'no_answer', 'agreed', 'declined', 'active', 'withdrawn', 'concluded')",
    )
    op.create_check_constraint(
        op.f("ck_advocacies_championing"),
        "advocacies",
        "championing in ('on_track', 'awaiting_answer', 'at_risk', 'started', 'lapsed', 'lost', 'none')",
    )
    op.create_check_constraint(
        op.f("ck_advocacies_follow_through"),
        "advocacies",
        "follow_through in ('on_track', 'awaiting_answer', 'at_risk', 'lapsed')",
    )
    op.create_check_constraint(
        op.f("ck_next_step_changes_next_step_kind"), "next_step_changes", "next_step_kind in ('interview', 'decision')"
    )
    op.create_check_constraint(
        op.f("ck_references_relationship"),
        "references",
        "relationship in ('managed', 'same_team', 'worked_together', 'client_or_supplier', 'outside_work', 'same_organisation', 'social', 'family', 'online_only', 'none')",
    )
    op.create_check_constraint(
        op.f("ck_references_state"), "references", "state in ('requested', 'no_answer', 'agreed', 'given', 'declined')"
    )
    op.create_check_constraint(
        op.f("ck_referrals_relationship"),
        "referrals",
        "relationship in ('managed', 'same_team', 'worked_together', 'client_or_supplier', 'outside_work', 'same_organisation', 'social', 'family', 'online_only', 'none')",
    )
    op.create_check_constraint(
        op.f("ck_referrals_consent_on_entry"),
        "referrals",
        "consent_on_entry in ('given', 'pending', 'refused', 'unknown')",
    )
    op.create_check_constraint(
        op.f("ck_referrals_consent"), "referrals", "consent in ('given', 'pending', 'refused', 'unknown')"
    )
    op.create_check_constraint(
        op.f("ck_referrals_state"),
        "referrals",
        "state in ('consent_pending', 'submitted', 'acknowledged', 'declined', 'withdrawn', 'ineligible', 'duplicate', 'expired', 'closed')",
    )
    op.create_check_constraint(
        op.f("ck_stage_changes_verb"),
        "stage_changes",
        "verb in ('create', 'move', 'hold', 'resume', 'close', 'reopen')",
    )
    op.create_check_constraint(
        op.f("ck_stage_changes_stage"),
        "stage_changes",
        "stage in ('identified', 'preparing', 'applied', 'screening', 'interviewing', 'offer')",
    )
    op.create_check_constraint(
        op.f("ck_stage_changes_outcome"),
        "stage_changes",
        "outcome in ('hired', 'offer_declined', 'rejected', 'withdrawn', 'job_cancelled', 'filled_by_other')",
    )
    op.create_check_constraint(
        op.f("ck_support_changes_level"),
        "support_changes",
        "level in ('none', 'referred', 'referred_with_context', 'recommended', 'championed')",
    )
    op.create_check_constraint(
        op.f("ck_support_changes_previous_level"),
        "support_changes",
        "previous_level in ('none', 'referred', 'referred_with_context', 'recommended', 'championed')",
    )
    op.create_check_constraint(
        op.f("ck_support_changes_championing"),
        "support_changes",
        "championing in ('on_track', 'awaiting_answer', 'at_risk', 'started', 'lapsed', 'lost', 'none')",
    )
    op.create_check_constraint(
        op.f("ck_support_changes_confidence"),
        "support_changes",
        "confidence in ('claimed', 'self_reported', 'documented', 'confirmed')",
    )
    op.create_check_constraint(
        op.f("ck_support_changes_documented_level"),
        "support_changes",
        "documented_level in ('none', 'referred', 'referred_with_context', 'recommended', 'championed')",
    )
    op.create_foreign_key("fk_acts_chases", "acts", "asks", ["workspace_id", "chases_id"], ["workspace_id", "id"])
    op.create_check_constraint(
        op.f("ck_advocacy_statements_word"),
        "advocacy_statements",
        "word in ('proposed', 'asked', 'agreed', 'declined', 'withdrawn')",
    )
    op.create_check_constraint(
        op.f("ck_advocacy_transitions_from_state"),
        "advocacy_transitions",
        "from_state in ('proposed', 'asked', 'no_answer', 'agreed', 'declined', 'active', 'withdrawn', 'concluded')",
    )
    op.create_check_constraint(
        op.f("ck_advocacy_transitions_to_state"),
        "advocacy_transitions",
        "to_state in ('proposed', 'asked', 'no_answer', 'agreed', 'declined', 'active', 'withdrawn', 'concluded')",
    )
    op.create_check_constraint(
        op.f("ck_reference_statements_word"),
        "reference_statements",
        "word in ('requested', 'agreed', 'given', 'declined')",
    )
    op.create_check_constraint(
        op.f("ck_reference_transitions_from_state"),
        "reference_transitions",
        "from_state in ('requested', 'no_answer', 'agreed', 'given', 'declined')",
    )
    op.create_check_constraint(
        op.f("ck_reference_transitions_to_state"),
        "reference_transitions",
        "to_state in ('requested', 'no_answer', 'agreed', 'given', 'declined')",
    )
    op.create_check_constraint(
        op.f("ck_referral_reasons_basis"),
        "referral_reasons",
        "basis in ('observed_directly', 'heard_from', 'observed_in_process', 'cv_only')",
    )
    op.create_check_constraint(
        op.f("ck_referral_statements_word"),
        "referral_statements",
        "word in ('consent_given', 'consent_refused', 'acknowledged', 'withdrawn', 'ineligible', 'linked')",
    )
    op.create_check_constraint(
        op.f("ck_referral_transitions_from_state"),
        "referral_transitions",
        "from_state in ('consent_pending', 'submitted', 'acknowledged', 'declined', 'withdrawn', 'ineligible', 'duplicate', 'expired', 'closed')",
    )
    op.create_check_constraint(
        op.f("ck_referral_transitions_to_state"),
        "referral_transitions",
        "to_state in ('consent_pending', 'submitted', 'acknowledged', 'declined', 'withdrawn', 'ineligible', 'duplicate', 'expired', 'closed')",
    )
    op.create_check_constraint(
        op.f("ck_act_reasons_basis"),
        "act_reasons",
        "basis in ('observed_directly', 'heard_from', 'observed_in_process', 'cv_only')",
    )
    op.create_check_constraint(
        op.f("ck_act_statements_word"),
        "act_statements",
        "word in ('confirmed', 'denied', 'disputed', 'dispute_withdrawn', 'retracted')",
    )
    op.create_check_constraint(
        op.f("ck_asks_kind"), "asks", "kind in ('interview', 'speed_up', 'keep_open', 'reconsider', 'hire', 'consider')"
    )
    op.create_check_constraint(
        op.f("ck_ask_answers_answer"), "ask_answers", "answer in ('open', 'granted', 'refused', 'deferred')"
    )
    op.execute(ENTER_WORKSPACE)
    for table in OWNED:
        for statement in protect(table):
            op.execute(statement)
    for statement in protect("workspaces", "id"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_constraint("fk_applications_advocacy", "applications", type_="foreignkey")
    op.drop_constraint("fk_acts_chases", "acts", type_="foreignkey")
    op.drop_index("ix_ask_answers_ask_id", table_name="ask_answers")
    op.drop_table("ask_answers")
    op.drop_table("asks")
    op.drop_index("ix_act_statements_act_id", table_name="act_statements")
    op.drop_table("act_statements")
    op.drop_index("ix_act_reasons_reason_id", table_name="act_reasons")
    op.drop_index("ix_act_reasons_act_id", table_name="act_reasons")
    op.drop_table("act_reasons")
    op.drop_index("ix_act_listeners_person_id", table_name="act_listeners")
    op.drop_index("ix_act_listeners_act_id", table_name="act_listeners")
    op.drop_table("act_listeners")
    op.drop_index("ix_referral_transitions_referral_id", table_name="referral_transitions")
    op.drop_table("referral_transitions")
    op.drop_index("ix_referral_statements_referral_id", table_name="referral_statements")
    op.drop_table("referral_statements")
    op.drop_index("ix_referral_reasons_referral_id", table_name="referral_reasons")
    op.drop_table("referral_reasons")
    op.drop_index("ix_reference_transitions_reference_id", table_name="reference_transitions")
    op.drop_table("reference_transitions")
    op.drop_index("ix_reference_statements_reference_id", table_name="reference_statements")
    op.drop_table("reference_statements")
    op.drop_index("ix_advocacy_transitions_advocacy_id", table_name="advocacy_transitions")
    op.drop_table("advocacy_transitions")
    op.drop_index("ix_advocacy_statements_advocacy_id", table_name="advocacy_statements")
    op.drop_table("advocacy_statements")
    op.drop_index("ix_acts_recorded_by", table_name="acts")
    op.drop_index("ix_acts_chases_id", table_name="acts")
    op.drop_index("ix_acts_application_id", table_name="acts")
    op.drop_index("ix_acts_advocacy_id", table_name="acts")
    op.drop_table("acts")
    op.drop_index("ix_support_changes_application_id", table_name="support_changes")
    op.drop_table("support_changes")
    op.drop_index("ix_stage_changes_application_id", table_name="stage_changes")
    op.drop_table("stage_changes")
    op.drop_index("ix_referrals_state", table_name="referrals")
    op.drop_index("ix_referrals_referrer_id", table_name="referrals")
    op.drop_index("ix_referrals_referrer_applications", table_name="referrals")
    op.drop_index("ix_referrals_recheck_at", table_name="referrals", postgresql_where=sa.text("recheck_at is not null"))
    op.drop_index("ix_referrals_job_id", table_name="referrals")
    op.drop_index("ix_referrals_created_at", table_name="referrals")
    op.drop_index("ix_referrals_candidate_id", table_name="referrals")
    op.drop_index("ix_referrals_application_id", table_name="referrals")
    op.drop_table("referrals")
    op.drop_index("ix_references_state", table_name="references")
    op.drop_index("ix_references_person_id", table_name="references")
    op.drop_index("ix_references_created_at", table_name="references")
    op.drop_index("ix_references_application_id", table_name="references")
    op.drop_table("references")
    op.drop_index("ix_reasons_candidate_id_claim_hash", table_name="reasons")
    op.drop_table("reasons")
    op.drop_index("ix_next_step_changes_application_id", table_name="next_step_changes")
    op.drop_table("next_step_changes")
    op.drop_index("ix_events_type_number", table_name="events")
    op.drop_index("ix_events_application_id", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_advocacies_state", table_name="advocacies")
    op.drop_index("ix_advocacies_follow_through", table_name="advocacies")
    op.drop_index("ix_advocacies_created_at", table_name="advocacies")
    op.drop_index("ix_advocacies_application_id", table_name="advocacies")
    op.drop_index("ix_advocacies_advocate_id", table_name="advocacies")
    op.drop_index("ix_advocacies_advocate_applications", table_name="advocacies")
    op.drop_table("advocacies")
    op.drop_index("ix_applications_updated_at", table_name="applications")
    op.drop_index("ix_applications_state_stage", table_name="applications")
    op.drop_index("ix_applications_state_level", table_name="applications")
    op.drop_index("ix_applications_state_exposed", table_name="applications")
    op.drop_index("ix_applications_state_stage_level", table_name="applications")
    op.drop_index("ix_applications_job_id_stage_level", table_name="applications")
    op.drop_index("ix_applications_stage_level", table_name="applications")
    op.drop_index("ix_applications_state", table_name="applications")
    op.drop_index("ix_applications_stage", table_name="applications")
    op.drop_index(
        "ix_applications_recheck_at", table_name="applications", postgresql_where=sa.text("recheck_at is not null")
    )
    op.drop_index("ix_applications_outcome", table_name="applications")
    op.drop_index("ix_applications_next_change_at", table_name="applications")
    op.drop_index("ix_applications_level_next_change_at", table_name="applications")
    op.drop_index("ix_applications_level_level_changed_at", table_name="applications")
    op.drop_index("ix_applications_level_changed_at", table_name="applications")
    op.drop_index("ix_applications_level", table_name="applications")
    op.drop_index("ix_applications_job_id_updated_at", table_name="applications")
    op.drop_index("ix_applications_job_id_state", table_name="applications")
    op.drop_index("ix_applications_job_id_stage", table_name="applications")
    op.drop_index("ix_applications_job_id_next_change_at", table_name="applications")
    op.drop_index("ix_applications_job_id_level_changed_at", table_name="applications")
    op.drop_index("ix_applications_job_id_level", table_name="applications")
    op.drop_index("ix_applications_job_id", table_name="applications")
    op.drop_index("ix_applications_exposed", table_name="applications")
    op.drop_index("ix_applications_created_at", table_name="applications")
    op.drop_index("ix_applications_counted_by_job", table_name="applications")
    op.drop_index("ix_applications_counted", table_name="applications")
    op.drop_index("ix_applications_confidence", table_name="applications")
    op.drop_index("ix_applications_championing", table_name="applications")
    op.drop_index("ix_applications_candidate_id", table_name="applications")
    op.drop_table("applications")
    op.drop_table("requirements")
    op.drop_index("ix_referrers_created_at", table_name="referrers")
    op.drop_table("referrers")
    op.drop_index("ix_job_members_person_id", table_name="job_members")
    op.drop_index("ix_job_members_job_id", table_name="job_members")
    op.drop_table("job_members")
    op.drop_table("event_counters")
    op.drop_index("ix_candidates_created_at", table_name="candidates")
    op.drop_table("candidates")
    op.drop_index("ix_availability_records_person_id", table_name="availability_records")
    op.drop_table("availability_records")
    op.drop_index("ix_api_keys_workspace_id", table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_index("ix_affiliation_records_person_id", table_name="affiliation_records")
    op.drop_table("affiliation_records")
    op.drop_index("ix_advocates_created_at", table_name="advocates")
    op.drop_table("advocates")
    op.drop_table("workspaces")
    op.drop_index("ix_policies_unspread", table_name="policies", postgresql_where=sa.text("not is_spread"))
    op.drop_table("policies")
    op.drop_index("ix_people_updated_at", table_name="people")
    op.drop_index("ix_people_created_at", table_name="people")
    op.drop_index("uq_people_email_normalised", table_name="people")
    op.drop_table("people")
    op.drop_index("ix_jobs_state", table_name="jobs")
    op.drop_index("ix_jobs_created_at", table_name="jobs")
    op.drop_table("jobs")
    op.drop_index("ix_idempotency_keys_created_at", table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.execute("drop function enter_workspace(int)")
