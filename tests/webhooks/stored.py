"""Endpoints, deliveries and attempts as the courier leaves them, stored without sending anything."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from api.domain.webhooks import DeliveryState, EndpointState, Trigger
from api.models import Attempt, Delivery, Event, WebhookEndpoint
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from tests.conftest import SetClock

ACTOR = {"type": "test", "id": None}
FINISHED = (DeliveryState.SUCCEEDED, DeliveryState.FAILED, DeliveryState.CANCELED)


def endpoint(now: datetime, **members: Any) -> WebhookEndpoint:
    """One that is paused and asks for a type that tests do not cause, so that nothing is added for it by itself."""
    given = {"url": "https://receiver.example/hooks", "event_types": ["clock.advanced"], "secrets": []}
    times = {"enabled_at": now, "created_at": now, "updated_at": now}
    return WebhookEndpoint(**{**given, **times, "state": EndpointState.PAUSED, **members})


def delivery(of: WebhookEndpoint, event: Event, now: datetime, **members: Any) -> Delivery:
    """Of this event for this endpoint; one that succeeded unless its state is given."""
    state = members.setdefault("state", DeliveryState.SUCCEEDED)
    given = {"event_id": event.id, "event_number": event.number, "event_type": event.type, "created_at": now}
    finished_at = now if state in FINISHED else None
    return Delivery(
        **{**given, "endpoint_id": of.id, "subject_id": event.subject_id, "finished_at": finished_at, **members}
    )


def attempt(of: Delivery, now: datetime, **members: Any) -> Attempt:
    """One call of this delivery, answered with 200 unless something else is given."""
    given = {"url": "https://receiver.example/hooks", "request_headers": {}, "body_sha256": b"\0" * 32}
    course = {"started_at": now, "duration_ms": 20, "http_status": 200, "trigger": Trigger.SCHEDULE, "number": 1}
    return Attempt(**{**given, **course, "delivery_id": of.id, **members})


async def store(
    databases: Databases,
    workspace: WorkspaceRef,
    states: Sequence[DeliveryState] = (DeliveryState.SUCCEEDED,),
    **members: Any,
) -> Sequence[Delivery]:
    """A delivery in each state, of the workspace's last events, each with one attempt that has these members."""
    now = databases.clock()
    async with databases.open_writing(workspace, actor=ACTOR) as session:
        latest = select(Event).order_by(col(Event.number).desc()).limit(len(states))
        events = list((await session.execute(latest)).scalars())
        receiver = endpoint(now)
        session.add(receiver)
        await session.flush()
        made = [delivery(receiver, event, now, state=state) for event, state in zip(events, states, strict=True)]
        session.add_all(made)
        await session.flush()
        session.add_all([attempt(each, now, **members) for each in made])
        await session.commit()
    return made


async def counted(databases: Databases, table: str, workspace: WorkspaceRef) -> int:
    """How many rows of a table a workspace has."""
    async with databases.open_system() as connection:
        statement = text(f'select count(*) from "{table}" where workspace_id = :w')
        return int((await connection.execute(statement, {"w": workspace.id})).scalar_one())


def later(clock: SetClock, **by: float) -> datetime:
    """Set the clock to a time after now, by the test's clock and by the machine's, by which ids are made."""
    clock.now = max(clock.now, datetime.now(UTC))
    return clock.advance(**by)
