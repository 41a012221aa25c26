"""Reading everything that is linked to one person, table by table."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, union
from sqlmodel import SQLModel, col, select

from api import models
from api.models import WorkspaceOwned
from api.platform.ids import encode
from api.platform.sessions import WorkspaceSession
from api.privacy.export_schemas import MOST_ROWS, Rows
from api.privacy.subject import Subject

_KINDS = {
    "acts": "act",
    "advocacies": "advocacy",
    "advocates": "advocate",
    "affiliation_records": "affiliation",
    "applications": "application",
    "asks": "ask",
    "availability_records": "availability",
    "candidates": "candidate",
    "capture_addresses": "capture_address",
    "captures": "capture",
    "connections": "connection",
    "external_refs": "external_ref",
    "inbound_messages": "inbound_message",
    "follow_up_changes": "follow_up_change",
    "follow_ups": "follow_up",
    "interactions": "interaction",
    "invitations": "invitation",
    "job_members": "job_member",
    "jobs": "job",
    "people": "person",
    "privacy_records": "privacy_record",
    "reasons": "reason",
    "references": "reference",
    "referrals": "referral",
    "referrers": "referrer",
    "requirements": "requirement",
    "stage_changes": "stage_change",
}
"""The kind of public id that the rows of a table have; the ids of other rows are shown nowhere."""

_UNBOUND = {"advocacy_id": "advocacy", "advocate_id": "advocate", "recorded_by": "person"}
"""The kinds of ids that some tables keep without a foreign key."""

_HOW_WE_WORK = frozenset(
    "workspace_id lease_until recheck_at due_at attempts name_key email_normalised delivery_key headers body"  # noqa: SIM905
    " followed audience named rule place".split()
)
"""Columns that say nothing about anybody, or say it a second time."""


async def read_export(session: WorkspaceSession, subject: Subject) -> tuple[dict[str, Rows], list[str]]:
    """The rows of every member of an export, and which members were cut."""
    sections: dict[str, Rows] = {}
    truncated = []
    for name, (model, conditions) in _sections(subject).items():
        rows = await _read(session, model, conditions)
        if len(rows) > MOST_ROWS:
            truncated.append(name)
        sections[name] = [_shown(model, row) for row in rows[:MOST_ROWS]]
    return sections, truncated


async def _read(
    session: WorkspaceSession, model: type[WorkspaceOwned], conditions: Iterable[ColumnElement[bool]]
) -> list[Any]:
    # Each condition has an index of its own, which one condition made of all of them would not use.
    w = session.workspace.id
    found = union(*(select(model.id).where(col(model.workspace_id) == w, each) for each in conditions)).subquery()
    statement = select(model).where(col(model.id).in_(select(found.c.id))).order_by(col(model.id))
    return list((await session.execute(statement.limit(MOST_ROWS + 1))).scalars())


def _sections(subject: Subject) -> Mapping[str, tuple[type[WorkspaceOwned], list[ColumnElement[bool]]]]:
    m, people, applications = models, subject.people, subject.applications
    return {
        "people": (m.Person, [col(m.Person.id).in_(people)]),
        "candidates": (m.Candidate, [col(m.Candidate.person_id).in_(people)]),
        "referrers": (m.Referrer, [col(m.Referrer.person_id).in_(people)]),
        "advocates": (m.Advocate, [col(m.Advocate.person_id).in_(people)]),
        "external_refs": (
            m.ExternalRef,
            [
                col(m.ExternalRef.person_id).in_(people),
                col(m.ExternalRef.candidate_id).in_(subject.candidates),
                col(m.ExternalRef.application_id).in_(applications),
            ],
        ),
        "availability": (m.AvailabilityRecord, [col(m.AvailabilityRecord.person_id).in_(people)]),
        "affiliations": (m.AffiliationRecord, [col(m.AffiliationRecord.person_id).in_(people)]),
        "job_memberships": (m.JobMember, [col(m.JobMember.person_id).in_(people)]),
        "applications": (m.Application, [col(m.Application.id).in_(applications)]),
        "stage_changes": (m.StageChange, [col(m.StageChange.application_id).in_(applications)]),
        "reasons": (m.Reason, [col(m.Reason.application_id).in_(applications)]),
        "referrals": (m.Referral, [col(m.Referral.id).in_(subject.referrals)]),
        "referral_reasons": (m.ReferralReason, [col(m.ReferralReason.referral_id).in_(subject.referrals)]),
        **_evidence(subject),
        "privacy_records": (m.PrivacyRecord, [col(m.PrivacyRecord.person_id).in_(people)]),
    }


def _evidence(subject: Subject) -> dict[str, tuple[type[WorkspaceOwned], list[ColumnElement[bool]]]]:
    m, people, applications, advocacies = models, subject.people, subject.applications, subject.advocacies
    about = col(m.Act.application_id).in_(applications)
    by = col(m.Act.advocacy_id).in_(advocacies)
    heard = select(m.ActListener.act_id).where(col(m.ActListener.person_id).in_(people))
    acts = select(m.Act.id).where(or_(about, by))
    return {
        "references": (
            m.Reference,
            [col(m.Reference.application_id).in_(applications), col(m.Reference.person_id).in_(people)],
        ),
        "advocacies": (
            m.Advocacy,
            [col(m.Advocacy.application_id).in_(applications), col(m.Advocacy.id).in_(advocacies)],
        ),
        "acts": (m.Act, [about, by, col(m.Act.recorded_by).in_(people), col(m.Act.id).in_(heard)]),
        "act_statements": (
            m.ActStatement,
            [col(m.ActStatement.person_id).in_(people), col(m.ActStatement.act_id).in_(acts)],
        ),
        "asks": (m.Ask, [col(m.Ask.addressee_id).in_(people), col(m.Ask.act_id).in_(acts)]),
        "interactions": (
            m.Interaction,
            [
                col(m.Interaction.person_id).in_(people),
                col(m.Interaction.counterpart_id).in_(people),
                col(m.Interaction.application_id).in_(applications),
            ],
        ),
        **_owed(subject),
        "captures": (
            m.Capture,
            [
                col(m.Capture.application_id).in_(applications),
                col(m.Capture.advocate_id).in_(subject.advocates),
                col(m.Capture.recorded_by).in_(people),
            ],
        ),
        "inbound_messages": (m.InboundMessage, _messages(subject)),
    }


def _owed(subject: Subject) -> dict[str, tuple[type[WorkspaceOwned], list[ColumnElement[bool]]]]:
    m, people, applications = models, subject.people, subject.applications
    about = [
        col(m.FollowUp.application_id).in_(applications),
        col(m.FollowUp.person_id).in_(people),
        col(m.FollowUp.referral_id).in_(subject.referrals),
    ]
    return {
        "follow_ups": (m.FollowUp, [*about, col(m.FollowUp.owner_id).in_(people)]),
        "follow_up_changes": (
            m.FollowUpChange,
            [
                col(m.FollowUpChange.recorded_by).in_(people),
                col(m.FollowUpChange.follow_up_id).in_(select(m.FollowUp.id).where(or_(*about))),
            ],
        ),
        "invitations": (
            m.Invitation,
            [col(m.Invitation.application_id).in_(applications), col(m.Invitation.person_id).in_(people)],
        ),
    }


def _messages(subject: Subject) -> list[ColumnElement[bool]]:
    message = models.InboundMessage
    known = [(connection_id, f"{kind}:{each}") for connection_id, kind, each in subject.known_to if kind == "candidate"]
    by_subject: list[ColumnElement[bool]] = [
        (col(message.connection_id) == connection_id) & (col(column) == name)
        for connection_id, name in known
        for column in (message.subject, message.other_subject)
    ]
    return by_subject or [col(message.id).is_(None)]


def _shown(model: type[WorkspaceOwned], row: Any) -> dict[str, Any]:
    """A row with public ids, without what only says how we work."""
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    kinds = {"id": _KINDS.get(table.name), **_UNBOUND}
    for key in table.foreign_key_constraints:
        kinds[key.elements[-1].parent.name] = _KINDS.get(key.referred_table.name)
    shown = {}
    for column in table.columns:
        name = "labels" if column.name == "metadata" else column.name
        value = getattr(row, name)
        if column.name in _HOW_WE_WORK or isinstance(value, bytes):
            continue
        if column.name not in kinds and not isinstance(value, UUID):
            shown[column.name] = value
        elif kind := kinds.get(column.name):
            shown[column.name] = None if value is None else encode(kind, value)
    return shown
