"""What is told of follow-ups and invitations: ids, moments and codes, no names and nothing that was written."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from api.domain.follow_up_facts import About
from api.domain.follow_up_types import ThingKind
from api.models import Application
from api.platform import ids, outbox
from api.platform.sessions import WriteSession
from api.support.owed_changes import ChangedFollowUp, ChangedInvitation

_LINKS = ("referral", "advocacy", "act", "ask")


def tell_follow_ups(
    session: WriteSession,
    changed: Iterable[ChangedFollowUp],
    *,
    application_id: UUID | None,
    occurred_at: datetime,
    now: datetime,
) -> None:
    """Record an event for each crossing of these follow-ups."""
    for each in changed:
        previous = _previous(each)
        for event_type in each.events:
            outbox.record(
                session,
                event_type,
                subject=("follow_up", each.id),
                version=each.version,
                application_id=application_id,
                occurred_at=occurred_at,
                recorded_at=now,
                data=_follow_up(each, application_id),
                previous=previous,
            )


def tell_invitations(
    session: WriteSession, changed: Iterable[ChangedInvitation], *, occurred_at: datetime, now: datetime
) -> None:
    """Record an event for each invitation that was made or ended."""
    for each in changed:
        for event_type in each.events:
            outbox.record(
                session,
                event_type,
                subject=("invitation", each.id),
                version=each.version,
                application_id=each.now.application_id,
                occurred_at=occurred_at,
                recorded_at=now,
                data=_invitation(each),
                previous=None if each.before is None else {"state": each.before.state},
            )


def tell_application(
    session: WriteSession,
    application: Application,
    event_type: str,
    previous: dict[str, Any],
    *,
    occurred_at: datetime,
    now: datetime,
) -> None:
    """Record that what is owed about an application, or whether its candidate waits, is different now."""
    data = {
        "id": ids.encode("application", application.id),
        "object": "application",
        "job_id": ids.encode("job", application.job_id),
        "waiting": application.waiting,
        "waiting_since": _moment(application.waiting_since),
        "waiting_changes_at": _moment(application.waiting_changes_at),
        "follow_up_state": application.follow_up_state,
        "next_follow_up_id": _id("follow_up", application.next_follow_up_id),
    }
    outbox.record(
        session,
        event_type,
        subject=("application", application.id),
        version=application.version,
        application_id=application.id,
        occurred_at=occurred_at,
        recorded_at=now,
        data=data,
        previous=previous,
    )


def _follow_up(changed: ChangedFollowUp, application_id: UUID | None) -> dict[str, Any]:
    follow_up = changed.now
    closed_by = None
    if follow_up.closed_by_kind is not None:
        closed_by = _thing(follow_up.closed_by_kind, follow_up.closed_by)
    return {
        "id": ids.encode("follow_up", changed.id),
        "object": "follow_up",
        "type": follow_up.type,
        "state": follow_up.state,
        "standing": changed.standing,
        "owner_id": _id("person", follow_up.owner_id),
        **_about(follow_up.about, application_id),
        "capture_id": _id("capture", follow_up.about.capture_id),
        "trigger": follow_up.trigger,
        "triggered_at": _moment(follow_up.triggered_at),
        "due_on": _day(follow_up.due_on),
        "due_at": _moment(follow_up.due_at),
        "overdue_at": _moment(follow_up.overdue_at),
        "escalates_at": _moment(follow_up.escalates_at),
        "escalated": follow_up.escalated,
        "snoozed_until": _moment(follow_up.snoozed_until),
        "is_next": follow_up.is_next,
        "closed_at": _moment(follow_up.closed_at),
        "closed_by": closed_by,
    }


def _invitation(changed: ChangedInvitation) -> dict[str, Any]:
    invitation = changed.now
    ended_by = None
    if invitation.ended_by_kind is not None:
        ended_by = _thing(invitation.ended_by_kind, invitation.ended_by)
    return {
        "id": ids.encode("invitation", changed.id),
        "object": "invitation",
        "type": invitation.type,
        "state": invitation.state,
        "asker_id": _id("person", invitation.asker_id),
        **_about(invitation.about, invitation.application_id),
        "person_id": _id("person", invitation.person_id),
        "invited_at": _moment(invitation.invited_at),
        "expires_at": _moment(invitation.expires_at),
        "ended_at": _moment(invitation.ended_at),
        "ended_by": ended_by,
    }


def _about(about: About, application_id: UUID | None) -> dict[str, Any]:
    return {
        "application_id": _id("application", application_id),
        "person_id": _id("person", about.person_id),
        **{f"{kind}_id": _id(kind, getattr(about, f"{kind}_id")) for kind in _LINKS},
    }


def _previous(changed: ChangedFollowUp) -> dict[str, Any] | None:
    before = changed.before
    if before is None:
        return None
    told = {
        "state": (before.state, changed.now.state),
        "standing": (changed.stood, changed.standing),
        "owner_id": (_id("person", before.owner_id), _id("person", changed.now.owner_id)),
        "snoozed_until": (_moment(before.snoozed_until), _moment(changed.now.snoozed_until)),
    }
    return {name: former for name, (former, present) in told.items() if former != present}


def _thing(kind: ThingKind, thing_id: UUID | None) -> dict[str, Any]:
    return {"type": kind, "id": _id(kind, thing_id)}


def _id(kind: str, value: UUID | None) -> str | None:
    return None if value is None else ids.encode(kind, value)


def _moment(value: datetime | None) -> str | None:
    return None if value is None else outbox.moment(value)


def _day(value: date) -> str:
    return value.isoformat()
