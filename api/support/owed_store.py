"""Writing what was announced: follow-ups, invitations and rows that tell of it, in one statement for all of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import inspect, text
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel

from api.domain.follow_up_documents import follow_up_type_document, invitation_type_document
from api.models import FollowUp, Invitation
from api.models.base import Versioned, WorkspaceOwned
from api.platform import ids
from api.platform.sessions import WriteSession
from api.support.owed_changes import ChangedFollowUp, ChangedInvitation

Values = Mapping[str, Any]

_FREE_TEXT = {"title", "result", "note", "passed_by_id"}
"""Set by whoever announces what people said, and left as it is here."""
_FIRST = {"id", "workspace_id", "created_at", "is_by_hand"}
"""Set once, with the row."""


def _put(model: type[Versioned]) -> str:
    """An insert of the rows in a JSON array, or an update where they are there already."""
    table = str(model.__tablename__)
    columns = [column.name for column in inspect(model).columns if column.name not in _FREE_TEXT]
    updated = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in _FIRST)
    return (
        f"insert into {table} ({', '.join(columns)}) select {', '.join(columns)} from {_given(table)}"
        f" on conflict (workspace_id, id) do update set {updated} returning 1"
    )


_LISTED = " union all ".join(
    f"select '{kind}' as kind, x.created_at as listed_at from {table} x"
    " where x.workspace_id = :w and x.id = n.subject_id"
    for kind, table in (
        ("referral", "referrals"),
        ("referrer", "referrers"),
        ("advocacy", "advocacies"),
        ("advocate", "advocates"),
    )
)

_NAMED = f"""insert into follow_up_subjects
        (workspace_id, id, follow_up_id, subject_id, standing, due_at, kind, listed_at)
    select :w, n.id, n.follow_up_id, n.subject_id, n.standing, n.due_at, s.kind, s.listed_at
    from jsonb_populate_recordset(null::follow_up_subjects, cast(:follow_up_subjects as jsonb)) n
        left join lateral ({_LISTED}) s on true
    on conflict (workspace_id, follow_up_id, subject_id)
        do update set standing = excluded.standing, due_at = excluded.due_at returning 1"""


async def put(
    session: WriteSession,
    follow_ups: Sequence[ChangedFollowUp],
    invitations: Sequence[ChangedInvitation],
    told: Sequence[WorkspaceOwned],
    *,
    application_id: UUID | None,
    now: datetime,
) -> None:
    """Write these, and new rows that tell what was announced. What they refer to has been flushed.

    Follow-ups and invitations that the session has read show it.
    """
    w = session.workspace.id
    owed = [_follow_up(each, application_id, w, now) for each in follow_ups]
    invited = [_invitation(each, w, now) for each in invitations]
    wanted: dict[str, list[Values]] = {"follow_ups": owed, "follow_up_subjects": _subjects(follow_ups)}
    wanted["invitations"] = invited
    await _write(session, wanted, told)
    _show(session, FollowUp, owed)
    _show(session, Invitation, invited)


async def insert(session: WriteSession, rows: Iterable[WorkspaceOwned]) -> None:
    """Write new rows of any tables in one statement; they are no part of the session."""
    await _write(session, {}, rows)


async def _write(session: WriteSession, wanted: dict[str, list[Values]], told: Iterable[WorkspaceOwned]) -> None:
    w = session.workspace.id
    for row in told:
        wanted.setdefault(str(row.__tablename__), []).append(_told(row, w))
    written = {table: orjson.dumps(rows, default=str).decode() for table, rows in wanted.items() if rows}
    if written:
        await session.execute(text(_statement(tuple(written))), {"w": w, **written})


@cache
def _statement(tables: tuple[str, ...]) -> str:
    """One statement for rows of these tables."""
    puts = {"follow_ups": _put(FollowUp), "invitations": _put(Invitation), "follow_up_subjects": _NAMED}
    parts = ", ".join(f"put_{table} as ({puts.get(table) or _insert(table)})" for table in tables)
    return f"with {parts} select cast(:w as integer)"


def _insert(table: str) -> str:
    columns = ", ".join(column.name for column in SQLModel.metadata.tables[table].columns)
    return f"insert into {table} ({columns}) select {columns} from {_given(table)} returning 1"


def _given(table: str) -> str:
    return f"jsonb_populate_recordset(null::{table}, cast(:{table} as jsonb))"


def _told(row: WorkspaceOwned, workspace_id: int) -> Values:
    return {**row.model_dump(), "workspace_id": workspace_id}


def _follow_up(changed: ChangedFollowUp, application_id: UUID | None, workspace_id: int, now: datetime) -> Values:
    follow_up = changed.now
    same = (
        "owner_id is_assigned place trigger triggered_at noticed_at due_on due_at overdue_at present_until"
        " escalates_on escalates_at escalated snoozed_until is_next state closed_by closed_by_kind closed_at"
        " ended_by_outcome"
    )
    about = ("referral_id", "capture_id", "advocacy_id", "act_id", "ask_id")
    return {
        **{name: getattr(follow_up, name) for name in same.split()},
        **{name: getattr(follow_up.about, name) for name in about},
        **follow_up.key._asdict(),
        "audience": [str(each) for each in follow_up.audience],
        "rule": follow_up_type_document(follow_up.rule),
        "standing": changed.standing,
        "application_id": application_id,
        **_row(changed.id, changed.version, workspace_id, now),
    }


def _invitation(changed: ChangedInvitation, workspace_id: int, now: datetime) -> Values:
    invitation = changed.now
    same = (
        "application_id asker_id absence_id invited_at expires_at state ended_by ended_by_kind ended_at is_unanswered"
    )
    about = ("referral_id", "advocacy_id", "act_id", "ask_id")
    return {
        **{name: getattr(invitation, name) for name in same.split()},
        **{name: getattr(invitation.about, name) for name in about},
        **invitation.key._asdict(),
        "person_id": invitation.person_id,
        "named": sorted(map(str, invitation.about.named)),
        "rule": invitation_type_document(invitation.rule),
        "is_by_hand": changed.is_by_hand,
        **_row(changed.id, changed.version, workspace_id, now),
    }


def _row(row_id: UUID, version: int, workspace_id: int, now: datetime) -> Values:
    return {"id": row_id, "workspace_id": workspace_id, "version": version, "created_at": now, "updated_at": now}


def _subjects(follow_ups: Iterable[ChangedFollowUp]) -> list[Values]:
    return [
        {
            "id": ids.new_id(),
            "follow_up_id": changed.id,
            "subject_id": subject_id,
            "standing": changed.standing,
            "due_at": changed.now.due_at,
        }
        for changed in follow_ups
        for subject_id in sorted(changed.now.about.named)
    ]


def _show(session: WriteSession, model: type[Versioned], rows: Iterable[Values]) -> None:
    """Let a row that was read earlier hold what was written, so that nobody answers with what it was."""
    for row in rows:
        read = session.sync_session.identity_map.get(session.sync_session.identity_key(model, _key(row)))
        for name, value in row.items():
            if read is not None and name not in _FIRST:
                set_committed_value(read, name, value)


def _key(row: Values) -> tuple[int, UUID]:
    return row["workspace_id"], row["id"]
