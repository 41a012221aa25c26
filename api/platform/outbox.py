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
from sqlalchemy import text

from api.domain.events import EVENT_TYPES
from api.domain.webhooks import names_of
from api.platform import ids
from api.platform.sessions import PendingEvent, WriteSession

CHANNEL = "championed_deliveries"
"""Where PostgreSQL notifies of new deliveries; the payload is the internal id of their workspace."""

# An endpoint is never told about itself: what it fails to take would be followed by the news that it failed.
WANTED = """e.workspace_id = :workspace_id and e.state <> 'deleted'
        and e.event_types && string_to_array(g.names, ' ')
        and (e.job_ids = '{}' or g.job_id = any(e.job_ids))
        and (e.levels = '{}' or g.level = any(e.levels))
        and (e.subject_ids = '{}'
            or g.subject_type || '_' || replace(cast(g.subject_id as text), '-', '') = any(e.subject_ids))
        and (g.subject_type <> 'webhook_endpoint' or e.id <> g.subject_id)"""
"""SQL for whether the endpoint `e` wants the event `g`, whose `names` are those of its type, separated by spaces."""
DELIVERY_ID = """cast(overlay(overlay(cast(gen_random_uuid() as text) placing substr(cast(g.id as text), 1, 13) from 1)
            placing '7' from 15) as uuid)"""
"""SQL for the id of a delivery of `g`: it begins with the time of the event's, so that ids stay in order of time."""

_INSERT = text(f"""
with given as (
    select v.*, coalesce(a.job_id, r.job_id, case v.subject_type when 'job' then v.subject_id end) as job_id, a.level
    from unnest(
        cast(:ids as uuid[]), cast(:numbers as bigint[]), cast(:types as text[]), cast(:names as text[]),
        cast(:subject_types as text[]), cast(:subject_ids as uuid[]), cast(:application_ids as uuid[]),
        cast(:occurred as timestamptz[]), cast(:recorded as timestamptz[]), cast(:bodies as bytea[])
    ) v (id, number, type, names, subject_type, subject_id, application_id, occurred_at, recorded_at, body)
    left join applications a on a.workspace_id = :workspace_id and a.id = v.application_id
    left join referrals r on v.subject_type = 'referral' and r.workspace_id = :workspace_id and r.id = v.subject_id
), happened as (
    insert into events (workspace_id, id, number, type, subject_type, subject_id, application_id, occurred_at,
        recorded_at, body, job_id, level)
    select :workspace_id, id, number, type, subject_type, subject_id, application_id, occurred_at, recorded_at, body,
        job_id, level
    from given
), sent as (
    insert into deliveries (workspace_id, id, endpoint_id, event_id, event_number, event_type, subject_id, state,
        trigger, priority, attempts, tries, created_at, next_attempt_at)
    select :workspace_id,
        {DELIVERY_ID},
        e.id, g.id, g.number, g.type, g.subject_id, 'pending', 'schedule', 1, 0, 0, :real_now, :real_now
    from given g join webhook_endpoints e on {WANTED}
    returning 1
)
select pg_notify(:channel, cast(cast(:workspace_id as int) as text)) from (select from sent limit 1) any_sent""")


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
    """Number the transaction's events, freeze and insert them, with a delivery for each endpoint that wants one.

    No lock is taken after the counter but those on the keys of what is referred to. Whoever sends is told at COMMIT.
    """
    if not session.events:
        return
    counted = await session.execute(
        text("update event_counters set last = last + :n where workspace_id = :workspace_id returning last"),
        {"n": len(session.events), "workspace_id": session.workspace.id},
    )
    last: int = counted.scalar_one()
    rows = list(_rows(session, session.events, first=last - len(session.events) + 1))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    await session.execute(
        _INSERT,
        {"workspace_id": session.workspace.id, "real_now": session.clock(), "channel": CHANNEL, **columns},
    )
    session.events = []


def _rows(session: WriteSession, pending: Iterable[PendingEvent], *, first: int) -> Iterable[dict[str, Any]]:
    for number, event in enumerate(pending, start=first):
        event_id = ids.new_id()
        yield {
            "ids": event_id,
            "numbers": number,
            "types": event.type,
            "names": " ".join(names_of(event.type)),
            "subject_types": event.subject_type,
            "subject_ids": event.subject_id,
            "application_ids": event.application_id,
            "occurred": event.occurred_at,
            "recorded": event.recorded_at,
            "bodies": orjson.dumps(body_of(event, event_id, number, session.actor)),
        }


def body_of(event: PendingEvent, event_id: UUID, number: int, actor: dict[str, Any]) -> dict[str, Any]:
    """The event as every reader gets it, before it is rendered."""
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
