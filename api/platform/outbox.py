"""The outbox: what happened is recorded beside the change itself, numbered and frozen as the last thing before COMMIT.

The counter row is the last lock a transaction takes, so numbers are given in commit order and without gaps: a reader
that has seen n has seen everything up to n.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import insert, text

from api.domain.events import EVENT_TYPES
from api.models import Event
from api.platform import ids
from api.platform.sessions import PendingEvent, WriteSession


def record(
    session: WriteSession,
    event_type: str,
    *,
    subject: tuple[str, UUID | None],
    version: int | None,
    application_id: UUID | None = None,
    occurred_at: datetime,
    recorded_at: datetime,
    data: dict[str, Any],
    previous: dict[str, Any] | None = None,
) -> None:
    """Append an event to the transaction's list; nothing is sent to the database yet.

    `subject` is the kind and id of what the event is about, `version` its version after the change (null for a fact).
    `data` and `previous` are JSON-ready. Raises KeyError for a type that the catalogue lacks.
    """
    EVENT_TYPES[event_type]
    kind, subject_id = subject
    session.events.append(
        PendingEvent(
            type=event_type,
            subject_type=kind,
            subject_id=subject_id,
            subject_version=version,
            application_id=application_id,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            data=data,
            previous=previous,
        )
    )


def date_back(session: WriteSession, event_type: str, subject_id: UUID, occurred_at: datetime) -> bool:
    """Give the pending event of this type and subject the moment at which it happened; False where there is none."""
    for place, event in enumerate(session.events):
        if event.type == event_type and event.subject_id == subject_id:
            session.events[place] = replace(event, occurred_at=occurred_at)
            return True
    return False


async def finish(session: WriteSession) -> None:
    """Number the transaction's events, freeze their bodies and insert them. No lock is taken after this."""
    if not session.events:
        return
    counted = await session.execute(
        text("update event_counters set last = last + :n where workspace_id = :workspace_id returning last"),
        {"n": len(session.events), "workspace_id": session.workspace.id},
    )
    last: int = counted.scalar_one()
    rows = list(_rows(session, session.events, first=last - len(session.events) + 1))
    await session.execute(insert(Event.__table__).values(rows))  # type: ignore[attr-defined]
    session.events = []


def _rows(session: WriteSession, pending: Iterable[PendingEvent], *, first: int) -> Iterable[dict[str, Any]]:
    for number, event in enumerate(pending, start=first):
        event_id = ids.new_id()
        yield {
            "workspace_id": session.workspace.id,
            "id": event_id,
            "number": number,
            "type": event.type,
            "subject_type": event.subject_type,
            "subject_id": event.subject_id,
            "application_id": event.application_id,
            "occurred_at": event.occurred_at,
            "recorded_at": event.recorded_at,
            "body": orjson.dumps(_body(event, event_id, number, session.actor)),
        }


def _body(event: PendingEvent, event_id: UUID, number: int, actor: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": ids.encode("event", event_id),
        "object": "event",
        "type": event.type,
        "number": number,
        "timestamp": moment(event.occurred_at),
        "recorded_at": moment(event.recorded_at),
        "actor": actor,
        "subject": _subject(event),
        "subject_version": event.subject_version,
        "data": event.data,
        "previous": event.previous,
    }


def _subject(event: PendingEvent) -> dict[str, Any]:
    if event.subject_id is None:
        return {"type": event.subject_type, "id": None, "url": f"/v1/{event.subject_type}"}
    subject_id = ids.encode(event.subject_type, event.subject_id)
    return {"type": event.subject_type, "id": subject_id, "url": f"/v1/{_collection(event.subject_type)}/{subject_id}"}


def _collection(kind: str) -> str:
    return {"advocacy": "advocacies", "person": "people"}.get(kind, f"{kind}s")


def moment(value: datetime) -> str:
    """RFC 3339 in UTC with `Z`, as everywhere on the wire."""
    return value.isoformat().replace("+00:00", "Z")
