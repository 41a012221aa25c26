"""Follow-ups and invitations: what the hiring side owes, what volunteers could do, and how both reach people."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from api.domain.vocabulary import (
    ActionLinkAnswer,
    ActionLinkPurpose,
    ActionLinkState,
    FollowUpState,
    FollowUpVerb,
    InvitationState,
    Owed,
)
from api.models.base import Happened, Moment, Versioned, WorkspaceOwned, closed_set, refers


class FollowUp(Versioned, table=True):
    """Something the hiring side owes somebody by a day.

    Within an application `type`, `trigger_id`, `person_id` and `since` identify it: one trigger makes one. `rule` is
    the row of the table by which it was made, `standing` how it was last announced to stand in time, `closed_by` the id
    of what closed it, and `closed_by_kind` what kind of thing that is. `title` belongs to one made by hand; `result` is
    the line that whoever closed it left.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        refers("applications", "application_id", "fk_follow_ups_application"),
        refers("referrals", "referral_id", "fk_follow_ups_referral"),
        refers("captures", "capture_id", "fk_follow_ups_capture"),
        refers("advocacies", "advocacy_id", "fk_follow_ups_advocacy"),
        refers("acts", "act_id", "fk_follow_ups_act"),
        refers("asks", "ask_id", "fk_follow_ups_ask"),
        refers("people", "person_id", "fk_follow_ups_person"),
        refers("people", "owner_id", "fk_follow_ups_owner"),
        UniqueConstraint(
            "workspace_id",
            "application_id",
            "type",
            "trigger_id",
            "person_id",
            "since",
            name="uq_follow_ups_trigger",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_follow_ups_application_id", "workspace_id", "application_id", "id"),
        Index("ix_follow_ups_referral_id", "workspace_id", "referral_id"),
        Index("ix_follow_ups_capture_id", "workspace_id", "capture_id"),
        Index("ix_follow_ups_due_at", "workspace_id", "due_at", "id"),
        Index("ix_follow_ups_state_due_at", "workspace_id", "state", "due_at", "id"),
        Index("ix_follow_ups_standing_due_at", "workspace_id", "standing", "due_at", "id"),
        Index("ix_follow_ups_owner_id_standing_due_at", "workspace_id", "owner_id", "standing", "due_at", "id"),
        Index("ix_follow_ups_owner_id_due_at", "workspace_id", "owner_id", "due_at", "id"),
        Index("ix_follow_ups_owner_id_state_due_at", "workspace_id", "owner_id", "state", "due_at", "id"),
        Index("ix_follow_ups_type_due_at", "workspace_id", "type", "due_at", "id"),
        Index("ix_follow_ups_type_state_due_at", "workspace_id", "type", "state", "due_at", "id"),
        Index("ix_follow_ups_person_id_due_at", "workspace_id", "person_id", "due_at", "id"),
        Index("ix_follow_ups_updated_at", "workspace_id", "updated_at", "id"),
        Index("ix_follow_ups_created_at", "workspace_id", "created_at", "id"),
        Index("ix_follow_ups_closed_at", "workspace_id", "closed_at", "id"),
    )

    application_id: UUID | None = None
    referral_id: UUID | None = None
    capture_id: UUID | None = None
    advocacy_id: UUID | None = None
    act_id: UUID | None = None
    ask_id: UUID | None = None
    person_id: UUID | None = None
    owner_id: UUID | None = None
    is_assigned: bool = False
    audience: list[str] = Field(default_factory=list, sa_column=Column("audience", JSONB, nullable=False))
    type: str = Field(sa_type=Text)
    rule: dict[str, Any] = Field(sa_column=Column("rule", JSONB, nullable=False))
    place: int
    trigger: str = Field(sa_type=Text)
    trigger_id: UUID
    since: datetime | None = Field(default=None, sa_type=Moment)
    triggered_at: datetime = Field(sa_type=Moment)
    noticed_at: datetime = Field(sa_type=Moment)
    due_on: date
    due_at: datetime = Field(sa_type=Moment)
    overdue_at: datetime = Field(sa_type=Moment)
    present_until: date | None = None
    escalates_on: date | None = None
    escalates_at: datetime | None = Field(default=None, sa_type=Moment)
    escalated: bool = False
    snoozed_until: datetime | None = Field(default=None, sa_type=Moment)
    is_next: bool = False
    standing: Owed = Field(sa_column=closed_set("standing", Owed))
    state: FollowUpState = Field(sa_column=closed_set("state", FollowUpState))
    closed_by: UUID | None = None
    closed_by_kind: str | None = Field(default=None, sa_type=Text)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_by_outcome: bool = False
    title: str | None = Field(default=None, sa_type=Text)
    result: str | None = Field(default=None, sa_type=Text)


class FollowUpSubject(WorkspaceOwned, table=True):
    """A referral, referrer, advocacy or advocate that a follow-up names.

    All below `subject_id` are copies, so that one index finds what is owed to a subject, and another the subjects to
    whom something is owed in the order of their list: how the follow-up stands and when it is due, what kind of thing
    the subject is, and when it was made.
    """

    __tablename__ = "follow_up_subjects"
    __table_args__ = (
        refers("follow_ups", "follow_up_id", "fk_follow_up_subjects_follow_up"),
        UniqueConstraint("workspace_id", "follow_up_id", "subject_id", name="uq_follow_up_subjects_subject_id"),
        Index("ix_follow_up_subjects_subject_id", "workspace_id", "subject_id"),
        Index(
            "ix_follow_up_subjects_open",
            "workspace_id",
            "subject_id",
            "standing",
            "due_at",
            "follow_up_id",
            postgresql_where=text("standing <> 'none'"),
        ),
        Index(
            "ix_follow_up_subjects_standing",
            "workspace_id",
            "kind",
            "standing",
            "listed_at",
            "subject_id",
            postgresql_where=text("standing <> 'none'"),
        ),
    )

    follow_up_id: UUID
    subject_id: UUID
    standing: Owed = Field(default=Owed.NONE, sa_column=closed_set("standing", Owed))
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    kind: str | None = Field(default=None, sa_type=Text)
    listed_at: datetime | None = Field(default=None, sa_type=Moment)


class FollowUpChange(Happened, table=True):
    """What somebody did with a follow-up: made it by hand, completed, skipped, cancelled, snoozed or reassigned it."""

    __tablename__ = "follow_up_changes"
    __table_args__ = (
        refers("follow_ups", "follow_up_id", "fk_follow_up_changes_follow_up"),
        refers("people", "owner_id", "fk_follow_up_changes_owner"),
        refers("people", "recorded_by", "fk_follow_up_changes_recorded_by"),
        Index("ix_follow_up_changes_follow_up_id", "workspace_id", "follow_up_id", "recorded_at", "id"),
    )

    follow_up_id: UUID
    verb: FollowUpVerb = Field(sa_column=closed_set("verb", FollowUpVerb))
    until: datetime | None = Field(default=None, sa_type=Moment)
    owner_id: UUID | None = None
    text: str | None = Field(default=None, sa_type=Text)


class Invitation(Versioned, table=True):
    """Something a volunteer or a listener could do.

    `type`, `trigger_id`, `person_id` and `since` identify it within an application. `asker_id` is the recruiter, or
    whoever made it by hand; `rule` is the row of the table by which it was made.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        refers("applications", "application_id", "fk_invitations_application"),
        refers("people", "person_id", "fk_invitations_person"),
        refers("people", "asker_id", "fk_invitations_asker"),
        refers("people", "passed_by_id", "fk_invitations_passed_by"),
        refers("advocacies", "advocacy_id", "fk_invitations_advocacy"),
        refers("referrals", "referral_id", "fk_invitations_referral"),
        refers("acts", "act_id", "fk_invitations_act"),
        refers("asks", "ask_id", "fk_invitations_ask"),
        UniqueConstraint(
            "workspace_id",
            "application_id",
            "type",
            "trigger_id",
            "person_id",
            "since",
            name="uq_invitations_trigger",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_invitations_application_id", "workspace_id", "application_id", "invited_at", "id"),
        Index("ix_invitations_person_id", "workspace_id", "person_id", "invited_at", "id"),
        Index("ix_invitations_state", "workspace_id", "state", "invited_at", "id"),
        Index("ix_invitations_type", "workspace_id", "type", "invited_at", "id"),
        Index("ix_invitations_invited_at", "workspace_id", "invited_at", "id"),
        Index("ix_invitations_advocacy_id", "workspace_id", "advocacy_id", "invited_at", "id"),
        Index("ix_invitations_referral_id", "workspace_id", "referral_id", "invited_at", "id"),
        Index("ix_invitations_asker_id", "workspace_id", "asker_id", "invited_at", "id"),
        Index("ix_invitations_asker_id_state", "workspace_id", "asker_id", "state", "invited_at", "id"),
        Index("ix_invitations_type_state", "workspace_id", "type", "state", "invited_at", "id"),
        Index("ix_invitations_state_expires_at", "workspace_id", "state", "expires_at", "id"),
        Index("ix_invitations_expires_at", "workspace_id", "expires_at", "id"),
        Index("ix_invitations_updated_at", "workspace_id", "updated_at", "id"),
    )

    application_id: UUID
    person_id: UUID
    asker_id: UUID | None = None
    is_by_hand: bool = False
    type: str = Field(sa_type=Text)
    rule: dict[str, Any] = Field(sa_column=Column("rule", JSONB, nullable=False))
    trigger_id: UUID
    since: datetime | None = Field(default=None, sa_type=Moment)
    advocacy_id: UUID | None = None
    referral_id: UUID | None = None
    act_id: UUID | None = None
    ask_id: UUID | None = None
    named: list[str] = Field(default_factory=list, sa_column=Column("named", JSONB, nullable=False))
    absence_id: UUID | None = None
    invited_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    state: InvitationState = Field(sa_column=closed_set("state", InvitationState))
    ended_by: UUID | None = None
    ended_by_kind: str | None = Field(default=None, sa_type=Text)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    is_unanswered: bool = False
    passed_by_id: UUID | None = None
    note: str | None = Field(default=None, sa_type=Text)


class ActionLink(Versioned, table=True):
    """A secret address by which one person can do one thing, without an account; its token is kept as a hash alone.

    Its `state` is never `expired`: that follows from `expires_at`. Uses are counted, and `answer`, `used_at` and
    `result_id` tell of the last: what was said, when, and the act or advocacy that it made.
    """

    __tablename__ = "action_links"
    __table_args__ = (
        refers("people", "person_id", "fk_action_links_person"),
        refers("applications", "application_id", "fk_action_links_application"),
        refers("advocacies", "advocacy_id", "fk_action_links_advocacy"),
        refers("acts", "act_id", "fk_action_links_act"),
        refers("asks", "ask_id", "fk_action_links_ask"),
        refers("invitations", "invitation_id", "fk_action_links_invitation"),
        Index("ix_action_links_person_id", "workspace_id", "person_id", "created_at", "id"),
        Index("ix_action_links_application_id", "workspace_id", "application_id", "created_at", "id"),
        Index("ix_action_links_purpose", "workspace_id", "purpose", "created_at", "id"),
        Index("ix_action_links_state", "workspace_id", "state", "created_at", "id"),
        Index("ix_action_links_purpose_state", "workspace_id", "purpose", "state", "created_at", "id"),
        Index("ix_action_links_created_at", "workspace_id", "created_at", "id"),
    )

    purpose: ActionLinkPurpose = Field(sa_column=closed_set("purpose", ActionLinkPurpose))
    person_id: UUID
    application_id: UUID
    advocacy_id: UUID
    act_id: UUID | None = None
    ask_id: UUID | None = None
    invitation_id: UUID | None = None
    state: ActionLinkState = Field(sa_column=closed_set("state", ActionLinkState))
    is_single_use: bool
    expires_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    uses: int = 0
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    answer: ActionLinkAnswer | None = Field(
        default=None, sa_column=closed_set("answer", ActionLinkAnswer, nullable=True)
    )
    result_id: UUID | None = None


class Calendar(Versioned, table=True):
    """A secret address at which a calendar reads an owner's follow-ups; its token is kept as a hash alone."""

    __tablename__ = "calendars"
    __table_args__ = (
        refers("people", "owner_id", "fk_calendars_owner"),
        Index("ix_calendars_owner_id", "workspace_id", "owner_id", "created_at", "id"),
        Index("ix_calendars_created_at", "workspace_id", "created_at", "id"),
    )

    owner_id: UUID
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class Digest(WorkspaceOwned, table=True):
    """A digest was handed out to be sent to an owner, with these follow-ups in it."""

    __tablename__ = "digests"
    __table_args__ = (
        refers("people", "owner_id", "fk_digests_owner"),
        Index("ix_digests_owner_id", "workspace_id", "owner_id", "sent_at", "id"),
    )

    owner_id: UUID
    sent_at: datetime = Field(sa_type=Moment)
    follow_up_ids: list[str] = Field(sa_column=Column("follow_up_ids", JSONB, nullable=False))
