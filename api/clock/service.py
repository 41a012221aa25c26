"""Advancing a sandbox's clock: everything that time moves happens at its own moment, then the clock is set.

One transaction for each thing that happens, and resumable: the goal is stored before anything moves, with the caller's
idempotency key, so that a repeated request, or a worker, goes on towards the same moment.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, select

from api.captures.steps import advance_capture
from api.domain.errors import Unprocessable
from api.models import Event, SupportChange, Workspace
from api.platform import outbox
from api.platform.db import Databases
from api.platform.outbox import moment
from api.platform.sessions import ClockAdvancing, WorkspaceRef, WriteSession
from api.referrals.steps import advance_referral
from api.support.steps import SERVICE, advance_application

LEASE = timedelta(seconds=60)
BATCH = 200
LISTED = 100
FURTHEST = timedelta(days=10 * 366)
CROSSINGS = (
    "application.waiting.changed",
    "application.follow_up_state.changed",
    "follow_up.created",
    "follow_up.due",
    "follow_up.overdue",
    "follow_up.escalated",
    "follow_up.completed",
    "follow_up.cancelled",
    "invitation.created",
    "invitation.taken",
    "invitation.expired",
)
"""What time brings about beside changes of support."""


class ClockTooFar(Unprocessable):
    """The sandbox's clock would run more than ten years ahead of real time. Make a new sandbox instead."""

    code = "clock_too_far"
    title = "The clock would run too far ahead"


@dataclass(frozen=True, slots=True)
class Journey:
    """From where to where a clock is advanced, in the workspace's time."""

    started_at: datetime
    target: datetime


async def begin(session: WriteSession, by: timedelta, *, resume: dict[str, Any] | None) -> Journey:
    """Say that the clock is being advanced; nobody else writes from here on.

    `resume` is the goal of an earlier, unfinished call with the same key. Raises ClockAdvancing while another call is
    at it; one that died is taken over when its lease has run out. Raises ClockTooFar.
    """
    workspace = await _lock(session)
    goal_of_key = _journey(resume) if resume else None
    if workspace.advancing_to is None:
        present = session.clock() + workspace.clock_offset
        if present + by > session.clock() + FURTHEST:
            raise ClockTooFar("A sandbox's clock runs at most ten years ahead of real time.", pointer="#/by")
        return await _set_out(session, workspace, goal_of_key or Journey(present, present + by))
    if goal_of_key is not None and goal_of_key.target == workspace.advancing_to:
        return await _set_out(session, workspace, goal_of_key)
    return await _take_over(session, workspace)


async def take_over(session: WriteSession) -> Journey:
    """Go on where a call has died. Raises ClockAdvancing where nothing is left to do, or its lease still runs."""
    return await _take_over(session, await _lock(session))


async def _take_over(session: WriteSession, workspace: Workspace) -> Journey:
    real_now, lease_until = session.clock(), workspace.advancing_lease_until
    if workspace.advancing_to is None or (lease_until is not None and lease_until >= real_now):
        raise ClockAdvancing("The clock is being advanced by another request; try again when that has ended.")
    journey = Journey(real_now + workspace.clock_offset, workspace.advancing_to)
    return await _set_out(session, workspace, journey)


async def _set_out(session: WriteSession, workspace: Workspace, journey: Journey) -> Journey:
    workspace.advancing_to = journey.target
    workspace.advancing_lease_until = session.clock() + LEASE
    await session.flush()
    return journey


def goal(journey: Journey) -> dict[str, Any]:
    """What is stored with the idempotency key, to resume by."""
    return {"started_at": moment(journey.started_at), "target": moment(journey.target)}


def _journey(resume: dict[str, Any]) -> Journey:
    return Journey(datetime.fromisoformat(resume["started_at"]), datetime.fromisoformat(resume["target"]))


async def travel(databases: Databases, workspace: WorkspaceRef, target: datetime) -> None:
    """Let everything that time moves happen up to `target`, each at its own moment.

    Where that fails for one of them, the others go on; then the first failure is raised. What was reached stays, so
    that the next attempt has less to do.
    """
    failed: dict[UUID, Exception] = {}
    for table, advance in MOVED_BY_TIME:
        while due := await _due(databases, workspace, target, table, apart_from=list(failed)):
            for row_id in due:
                try:
                    await advance(databases, workspace, row_id, target)
                except Exception as error:  # noqa: BLE001  # raised below, when all others have had their turn
                    failed[row_id] = error
    if failed:
        raise next(iter(failed.values()))


async def arrive(session: WriteSession, journey: Journey) -> None:
    """Set the clock to the goal; it goes on from there. Nothing happens where another call has arrived already."""
    workspace = await _lock(session)
    if workspace.advancing_to is None:
        return
    real_now = session.clock()
    workspace.clock_offset = max(workspace.clock_offset, journey.target - real_now)
    workspace.advancing_to = workspace.advancing_lease_until = None
    outbox.record(
        session,
        "clock.advanced",
        subject=("clock", None),
        version=None,
        occurred_at=journey.target,
        recorded_at=journey.target,
        data={"object": "clock", "now": moment(journey.target)},
        previous={"now": moment(journey.started_at)},
    )
    await session.flush()


async def changes(session: WriteSession, journey: Journey) -> tuple[int, Sequence[SupportChange]]:
    """How many changes of support lie between start and goal, and the first hundred in order."""
    between = (
        col(SupportChange.workspace_id) == session.workspace.id,
        col(SupportChange.occurred_at) > journey.started_at,
        col(SupportChange.occurred_at) <= journey.target,
    )
    count = await session.execute(select(func.count()).select_from(SupportChange).where(*between))
    first = select(SupportChange).where(*between).order_by(col(SupportChange.occurred_at), col(SupportChange.id))
    return count.scalar_one(), (await session.execute(first.limit(LISTED))).scalars().all()


async def crossings(session: WriteSession, journey: Journey) -> dict[str, int]:
    """How often each of the crossings was told that lies between start and goal, by the type of its event."""
    between = (
        col(Event.workspace_id) == session.workspace.id,
        col(Event.occurred_at) > journey.started_at,
        col(Event.occurred_at) <= journey.target,
        col(Event.type).in_(CROSSINGS),
    )
    counted = await session.execute(select(Event.type, func.count()).where(*between).group_by(col(Event.type)))
    found = {row[0]: row[1] for row in counted}
    return {event_type: found.get(event_type, 0) for event_type in CROSSINGS}


async def _lock(session: WriteSession) -> Workspace:
    locked = await session.execute(
        select(Workspace)
        .where(col(Workspace.id) == session.workspace.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return locked.scalar_one()


async def _due(
    databases: Databases, workspace: WorkspaceRef, target: datetime, table: str, *, apart_from: Sequence[UUID]
) -> list[UUID]:
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        rows = await session.execute(
            text(
                f"select id from {table} where workspace_id = :w and recheck_at <= :target"
                " and id <> all(:failed) order by recheck_at, id limit :limit"
            ),
            {"w": workspace.id, "target": target, "failed": apart_from, "limit": BATCH},
        )
        await session.execute(
            text("update workspaces set advancing_lease_until = :lease_until where id = :w"),
            {"w": workspace.id, "lease_until": session.clock() + LEASE},
        )
        await session.commit()
        return list(rows.scalars())


Advance = Callable[[Databases, WorkspaceRef, UUID, datetime], Awaitable[None]]

MOVED_BY_TIME: Sequence[tuple[str, Advance]] = (
    ("applications", advance_application),
    ("referrals", advance_referral),
    ("captures", advance_capture),
)
"""The tables whose rows have a `recheck_at`, and what lets one row's time pass."""
