"""Follow-ups and invitations, contact with people, links and calendars."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from api.platform.tenancy import protect

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


OWNED = (
    "action_links",
    "calendars",
    "digests",
    "follow_up_changes",
    "follow_up_subjects",
    "follow_ups",
    "interactions",
    "invitations",
)


CHANGED_AT = """
update applications a set changed_at = greatest(
    a.created_at,
    (select max(s.recorded_at) from support_changes s
        where s.workspace_id = a.workspace_id and s.application_id = a.id),
    (select max(c.recorded_at) from stage_changes c where c.workspace_id = a.workspace_id and c.application_id = a.id)
)
"""


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"], ["people.workspace_id", "people.id"], name="fk_calendars_owner"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_calendars")),
    )
    op.create_index("ix_calendars_created_at", "calendars", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_calendars_owner_id", "calendars", ["workspace_id", "owner_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "digests",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("follow_up_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"], ["people.workspace_id", "people.id"], name="fk_digests_owner"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_digests")),
    )
    op.create_index("ix_digests_owner_id", "digests", ["workspace_id", "owner_id", "sent_at", "id"], unique=False)
    op.create_table(
        "follow_ups",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("capture_id", sa.Uuid(), nullable=True),
        sa.Column("advocacy_id", sa.Uuid(), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.Column("ask_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("is_assigned", sa.Boolean(), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("trigger_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("triggered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("present_until", sa.Date(), nullable=True),
        sa.Column("escalates_on", sa.Date(), nullable=True),
        sa.Column("escalates_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_next", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_by_kind", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_outcome", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id", "act_id"], ["acts.workspace_id", "acts.id"], name="fk_follow_ups_act"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocacy_id"], ["advocacies.workspace_id", "advocacies.id"], name="fk_follow_ups_advocacy"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_follow_ups_application",
        ),
        sa.ForeignKeyConstraint(["workspace_id", "ask_id"], ["asks.workspace_id", "asks.id"], name="fk_follow_ups_ask"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "capture_id"], ["captures.workspace_id", "captures.id"], name="fk_follow_ups_capture"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"], ["people.workspace_id", "people.id"], name="fk_follow_ups_owner"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_follow_ups_person"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "referral_id"], ["referrals.workspace_id", "referrals.id"], name="fk_follow_ups_referral"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint(
            "workspace_id",
            "application_id",
            "type",
            "trigger_id",
            "person_id",
            "since",
            name="uq_follow_ups_trigger",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_follow_ups_application_id", "follow_ups", ["workspace_id", "application_id", "id"], unique=False
    )
    op.create_index("ix_follow_ups_capture_id", "follow_ups", ["workspace_id", "capture_id"], unique=False)
    op.create_index("ix_follow_ups_closed_at", "follow_ups", ["workspace_id", "closed_at", "id"], unique=False)
    op.create_index("ix_follow_ups_created_at", "follow_ups", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index("ix_follow_ups_due_at", "follow_ups", ["workspace_id", "due_at", "id"], unique=False)
    op.create_index(
        "ix_follow_ups_owner_id_due_at", "follow_ups", ["workspace_id", "owner_id", "due_at", "id"], unique=False
    )
    op.create_index(
        "ix_follow_ups_owner_id_standing_due_at",
        "follow_ups",
        ["workspace_id", "owner_id", "standing", "due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_follow_ups_owner_id_state_due_at",
        "follow_ups",
        ["workspace_id", "owner_id", "state", "due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_follow_ups_person_id_due_at", "follow_ups", ["workspace_id", "person_id", "due_at", "id"], unique=False
    )
    op.create_index("ix_follow_ups_referral_id", "follow_ups", ["workspace_id", "referral_id"], unique=False)
    op.create_index(
        "ix_follow_ups_standing_due_at", "follow_ups", ["workspace_id", "standing", "due_at", "id"], unique=False
    )
    op.create_index("ix_follow_ups_state_due_at", "follow_ups", ["workspace_id", "state", "due_at", "id"], unique=False)
    op.create_index("ix_follow_ups_type_due_at", "follow_ups", ["workspace_id", "type", "due_at", "id"], unique=False)
    op.create_index(
        "ix_follow_ups_type_state_due_at", "follow_ups", ["workspace_id", "type", "state", "due_at", "id"], unique=False
    )
    op.create_index("ix_follow_ups_updated_at", "follow_ups", ["workspace_id", "updated_at", "id"], unique=False)
    op.create_table(
        "interactions",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("counterpart_id", sa.Uuid(), nullable=True),
        sa.Column("capture_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("is_hiring_side", sa.Boolean(), nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_by", sa.Uuid(), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_by", sa.Uuid(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_interactions_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "bounced_by"], ["people.workspace_id", "people.id"], name="fk_interactions_bounced_by"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "capture_id"], ["captures.workspace_id", "captures.id"], name="fk_interactions_capture"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "counterpart_id"], ["people.workspace_id", "people.id"], name="fk_interactions_counterpart"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_interactions_person"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "recorded_by"], ["people.workspace_id", "people.id"], name="fk_interactions_recorded_by"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "retracted_by"], ["people.workspace_id", "people.id"], name="fk_interactions_retracted_by"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_interactions")),
    )
    op.create_index(
        "ix_interactions_application_id",
        "interactions",
        ["workspace_id", "application_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_interactions_counterpart_id",
        "interactions",
        ["workspace_id", "counterpart_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_interactions_direction", "interactions", ["workspace_id", "direction", "occurred_at", "id"], unique=False
    )
    op.create_index("ix_interactions_kind", "interactions", ["workspace_id", "kind", "occurred_at", "id"], unique=False)
    op.create_index("ix_interactions_occurred_at", "interactions", ["workspace_id", "occurred_at", "id"], unique=False)
    op.create_index(
        "ix_interactions_person_id", "interactions", ["workspace_id", "person_id", "occurred_at", "id"], unique=False
    )
    op.create_table(
        "invitations",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trigger_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("advocacy_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.Column("ask_id", sa.Uuid(), nullable=True),
        sa.Column("named", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("absence_id", sa.Uuid(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_by_kind", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_unanswered", sa.Boolean(), nullable=False),
        sa.Column("passed_by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "act_id"], ["acts.workspace_id", "acts.id"], name="fk_invitations_act"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocacy_id"],
            ["advocacies.workspace_id", "advocacies.id"],
            name="fk_invitations_advocacy",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_invitations_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ask_id"], ["asks.workspace_id", "asks.id"], name="fk_invitations_ask"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "asker_id"], ["people.workspace_id", "people.id"], name="fk_invitations_asker"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "passed_by_id"], ["people.workspace_id", "people.id"], name="fk_invitations_passed_by"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_invitations_person"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "referral_id"], ["referrals.workspace_id", "referrals.id"], name="fk_invitations_referral"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_invitations")),
        sa.UniqueConstraint(
            "workspace_id",
            "application_id",
            "type",
            "trigger_id",
            "person_id",
            "since",
            name="uq_invitations_trigger",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_invitations_advocacy_id", "invitations", ["workspace_id", "advocacy_id", "invited_at", "id"], unique=False
    )
    op.create_index(
        "ix_invitations_application_id",
        "invitations",
        ["workspace_id", "application_id", "invited_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_invitations_asker_id", "invitations", ["workspace_id", "asker_id", "invited_at", "id"], unique=False
    )
    op.create_index(
        "ix_invitations_asker_id_state",
        "invitations",
        ["workspace_id", "asker_id", "state", "invited_at", "id"],
        unique=False,
    )
    op.create_index("ix_invitations_expires_at", "invitations", ["workspace_id", "expires_at", "id"], unique=False)
    op.create_index("ix_invitations_invited_at", "invitations", ["workspace_id", "invited_at", "id"], unique=False)
    op.create_index(
        "ix_invitations_person_id", "invitations", ["workspace_id", "person_id", "invited_at", "id"], unique=False
    )
    op.create_index(
        "ix_invitations_referral_id", "invitations", ["workspace_id", "referral_id", "invited_at", "id"], unique=False
    )
    op.create_index("ix_invitations_state", "invitations", ["workspace_id", "state", "invited_at", "id"], unique=False)
    op.create_index(
        "ix_invitations_state_expires_at", "invitations", ["workspace_id", "state", "expires_at", "id"], unique=False
    )
    op.create_index("ix_invitations_type", "invitations", ["workspace_id", "type", "invited_at", "id"], unique=False)
    op.create_index(
        "ix_invitations_type_state", "invitations", ["workspace_id", "type", "state", "invited_at", "id"], unique=False
    )
    op.create_index("ix_invitations_updated_at", "invitations", ["workspace_id", "updated_at", "id"], unique=False)
    op.create_table(
        "action_links",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("advocacy_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.Column("ask_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_single_use", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "act_id"], ["acts.workspace_id", "acts.id"], name="fk_action_links_act"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "advocacy_id"],
            ["advocacies.workspace_id", "advocacies.id"],
            name="fk_action_links_advocacy",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "application_id"],
            ["applications.workspace_id", "applications.id"],
            name="fk_action_links_application",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "ask_id"], ["asks.workspace_id", "asks.id"], name="fk_action_links_ask"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "invitation_id"],
            ["invitations.workspace_id", "invitations.id"],
            name="fk_action_links_invitation",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["people.workspace_id", "people.id"], name="fk_action_links_person"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_action_links")),
    )
    op.create_index(
        "ix_action_links_application_id",
        "action_links",
        ["workspace_id", "application_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_action_links_created_at", "action_links", ["workspace_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_action_links_person_id", "action_links", ["workspace_id", "person_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_action_links_purpose", "action_links", ["workspace_id", "purpose", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_action_links_purpose_state",
        "action_links",
        ["workspace_id", "purpose", "state", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_action_links_state", "action_links", ["workspace_id", "state", "created_at", "id"], unique=False
    )
    op.create_table(
        "follow_up_changes",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "follow_up_id"],
            ["follow_ups.workspace_id", "follow_ups.id"],
            name="fk_follow_up_changes_follow_up",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"], ["people.workspace_id", "people.id"], name="fk_follow_up_changes_owner"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "recorded_by"],
            ["people.workspace_id", "people.id"],
            name="fk_follow_up_changes_recorded_by",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_follow_up_changes")),
    )
    op.create_index(
        "ix_follow_up_changes_follow_up_id",
        "follow_up_changes",
        ["workspace_id", "follow_up_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_table(
        "follow_up_subjects",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "follow_up_id"],
            ["follow_ups.workspace_id", "follow_ups.id"],
            name="fk_follow_up_subjects_follow_up",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_follow_up_subjects")),
        sa.UniqueConstraint("workspace_id", "follow_up_id", "subject_id", name="uq_follow_up_subjects_subject_id"),
    )
    op.create_index(
        "ix_follow_up_subjects_open",
        "follow_up_subjects",
        ["workspace_id", "subject_id", "standing", "due_at", "follow_up_id"],
        unique=False,
        postgresql_where=sa.text("standing <> 'none'"),
    )
    op.create_index(
        "ix_follow_up_subjects_standing",
        "follow_up_subjects",
        ["workspace_id", "kind", "standing", "listed_at", "subject_id"],
        unique=False,
        postgresql_where=sa.text("standing <> 'none'"),
    )
    op.create_index(
        "ix_follow_up_subjects_subject_id", "follow_up_subjects", ["workspace_id", "subject_id"], unique=False
    )
    op.add_column("applications", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("applications", sa.Column("waiting", sa.Text(), server_default="none", nullable=False))
    op.add_column("applications", sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("applications", sa.Column("waiting_changes_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("applications", sa.Column("follow_up_state", sa.Text(), server_default="none", nullable=False))
    op.add_column("applications", sa.Column("next_follow_up_id", sa.Uuid(), nullable=True))
    op.add_column("applications", sa.Column("next_follow_up_type", sa.Text(), nullable=True))
    op.add_column("applications", sa.Column("next_follow_up_owner_id", sa.Uuid(), nullable=True))
    op.add_column("applications", sa.Column("next_follow_up_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "applications",
        sa.Column(
            "followed", postgresql.JSONB(astext_type=sa.Text()), server_default='{"policy_version": 0}', nullable=False
        ),
    )
    op.create_index("ix_applications_changed_at", "applications", ["workspace_id", "changed_at", "id"], unique=False)
    op.create_index(
        "ix_applications_follow_up_state",
        "applications",
        ["workspace_id", "follow_up_state", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_changed_at",
        "applications",
        ["workspace_id", "job_id", "changed_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_exposed",
        "applications",
        ["workspace_id", "job_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("exposed and state = 'open'"),
    )
    op.create_index(
        "ix_applications_job_id_follow_up_state",
        "applications",
        ["workspace_id", "job_id", "follow_up_state", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_job_id_waiting",
        "applications",
        ["workspace_id", "job_id", "waiting", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_applications_waiting", "applications", ["workspace_id", "waiting", "created_at", "id"], unique=False
    )
    op.create_foreign_key(
        "fk_applications_next_follow_up",
        "applications",
        "follow_ups",
        ["workspace_id", "next_follow_up_id"],
        ["workspace_id", "id"],
        use_alter=True,
    )
    op.add_column("captures", sa.Column("recheck_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("captures", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_captures_recheck_at",
        "captures",
        ["workspace_id", "recheck_at"],
        unique=False,
        postgresql_where=sa.text("recheck_at is not null"),
    )
    op.add_column("people", sa.Column("time_zone", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_applications_waiting"), "applications", "waiting in ('none', 'waiting', 'waiting_long')"
    )
    op.create_check_constraint(
        op.f("ck_applications_follow_up_state"),
        "applications",
        "follow_up_state in ('none', 'scheduled', 'due', 'overdue')",
    )
    op.create_check_constraint(
        op.f("ck_follow_ups_standing"), "follow_ups", "standing in ('none', 'scheduled', 'due', 'overdue')"
    )
    op.create_check_constraint(
        op.f("ck_follow_ups_state"), "follow_ups", "state in ('open', 'completed', 'skipped', 'cancelled')"
    )
    op.create_check_constraint(
        op.f("ck_interactions_direction"), "interactions", "direction in ('to_person', 'from_person', 'both_ways')"
    )
    op.create_check_constraint(
        op.f("ck_invitations_state"), "invitations", "state in ('open', 'taken', 'passed', 'expired')"
    )
    op.create_check_constraint(
        op.f("ck_action_links_purpose"),
        "action_links",
        "purpose in ('record_act', 'confirm_act', 'answer_ask', 'agree', 'hand_over', 'not_me')",
    )
    op.create_check_constraint(
        op.f("ck_action_links_state"), "action_links", "state in ('open', 'used', 'revoked', 'expired')"
    )
    op.create_check_constraint(
        op.f("ck_action_links_answer"),
        "action_links",
        "answer in ('recorded', 'confirmed', 'denied', 'granted', 'refused', 'deferred', 'agreed', 'declined', 'suggested', 'nobody', 'disputed')",
    )
    op.create_check_constraint(
        op.f("ck_follow_up_changes_verb"),
        "follow_up_changes",
        "verb in ('complete', 'skip', 'cancel', 'snooze', 'reassign')",
    )
    op.create_check_constraint(
        op.f("ck_follow_up_subjects_standing"),
        "follow_up_subjects",
        "standing in ('none', 'scheduled', 'due', 'overdue')",
    )
    for column in ("waiting", "follow_up_state", "followed"):
        op.alter_column("applications", column, server_default=None)
    op.execute(CHANGED_AT)
    op.execute("update applications set recheck_at = least(recheck_at, now()) where state <> 'closed'")
    for table in OWNED:
        for statement in protect(table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_column("people", "time_zone")
    op.drop_index("ix_captures_recheck_at", table_name="captures", postgresql_where=sa.text("recheck_at is not null"))
    op.drop_column("captures", "lease_until")
    op.drop_column("captures", "recheck_at")
    op.drop_constraint("fk_applications_next_follow_up", "applications", type_="foreignkey")
    op.drop_index("ix_applications_waiting", table_name="applications")
    op.drop_index("ix_applications_job_id_waiting", table_name="applications")
    op.drop_index("ix_applications_job_id_follow_up_state", table_name="applications")
    op.drop_index(
        "ix_applications_job_id_exposed",
        table_name="applications",
        postgresql_where=sa.text("exposed and state = 'open'"),
    )
    op.drop_index("ix_applications_job_id_changed_at", table_name="applications")
    op.drop_index("ix_applications_follow_up_state", table_name="applications")
    op.drop_index("ix_applications_changed_at", table_name="applications")
    op.drop_column("applications", "followed")
    op.drop_column("applications", "next_follow_up_due_at")
    op.drop_column("applications", "next_follow_up_owner_id")
    op.drop_column("applications", "next_follow_up_type")
    op.drop_column("applications", "next_follow_up_id")
    op.drop_column("applications", "follow_up_state")
    op.drop_column("applications", "waiting_changes_at")
    op.drop_column("applications", "waiting_since")
    op.drop_column("applications", "waiting")
    op.drop_column("applications", "changed_at")
    op.drop_index("ix_follow_up_subjects_subject_id", table_name="follow_up_subjects")
    op.drop_index(
        "ix_follow_up_subjects_standing",
        table_name="follow_up_subjects",
        postgresql_where=sa.text("standing <> 'none'"),
    )
    op.drop_index(
        "ix_follow_up_subjects_open", table_name="follow_up_subjects", postgresql_where=sa.text("standing <> 'none'")
    )
    op.drop_table("follow_up_subjects")
    op.drop_index("ix_follow_up_changes_follow_up_id", table_name="follow_up_changes")
    op.drop_table("follow_up_changes")
    op.drop_index("ix_action_links_state", table_name="action_links")
    op.drop_index("ix_action_links_purpose_state", table_name="action_links")
    op.drop_index("ix_action_links_purpose", table_name="action_links")
    op.drop_index("ix_action_links_person_id", table_name="action_links")
    op.drop_index("ix_action_links_created_at", table_name="action_links")
    op.drop_index("ix_action_links_application_id", table_name="action_links")
    op.drop_table("action_links")
    op.drop_index("ix_invitations_updated_at", table_name="invitations")
    op.drop_index("ix_invitations_type_state", table_name="invitations")
    op.drop_index("ix_invitations_type", table_name="invitations")
    op.drop_index("ix_invitations_state_expires_at", table_name="invitations")
    op.drop_index("ix_invitations_state", table_name="invitations")
    op.drop_index("ix_invitations_referral_id", table_name="invitations")
    op.drop_index("ix_invitations_person_id", table_name="invitations")
    op.drop_index("ix_invitations_invited_at", table_name="invitations")
    op.drop_index("ix_invitations_expires_at", table_name="invitations")
    op.drop_index("ix_invitations_asker_id_state", table_name="invitations")
    op.drop_index("ix_invitations_asker_id", table_name="invitations")
    op.drop_index("ix_invitations_application_id", table_name="invitations")
    op.drop_index("ix_invitations_advocacy_id", table_name="invitations")
    op.drop_table("invitations")
    op.drop_index("ix_interactions_person_id", table_name="interactions")
    op.drop_index("ix_interactions_occurred_at", table_name="interactions")
    op.drop_index("ix_interactions_kind", table_name="interactions")
    op.drop_index("ix_interactions_direction", table_name="interactions")
    op.drop_index("ix_interactions_counterpart_id", table_name="interactions")
    op.drop_index("ix_interactions_application_id", table_name="interactions")
    op.drop_table("interactions")
    op.drop_index("ix_follow_ups_updated_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_type_state_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_type_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_state_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_standing_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_referral_id", table_name="follow_ups")
    op.drop_index("ix_follow_ups_person_id_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_owner_id_state_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_owner_id_standing_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_owner_id_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_due_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_created_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_closed_at", table_name="follow_ups")
    op.drop_index("ix_follow_ups_capture_id", table_name="follow_ups")
    op.drop_index("ix_follow_ups_application_id", table_name="follow_ups")
    op.drop_table("follow_ups")
    op.drop_index("ix_digests_owner_id", table_name="digests")
    op.drop_table("digests")
    op.drop_index("ix_calendars_owner_id", table_name="calendars")
    op.drop_index("ix_calendars_created_at", table_name="calendars")
    op.drop_table("calendars")
