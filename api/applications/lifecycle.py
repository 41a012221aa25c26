"""The verbs of an application's lifecycle: each is recorded as a fact, and stage, state and outcome follow from those.

A verb is judged at the moment at which it happened. Where what it wants holds there already, nothing is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from api.applications.bodies import (
    ApplicationClose,
    ApplicationHold,
    ApplicationMove,
    ApplicationReopen,
    ApplicationResume,
    Told,
)
from api.applications.schemas import event_data
from api.applications.service import next_step_fact
from api.applications.telling import announce_cause, announce_causes, say
from api.domain.facts import StageFact
from api.domain.stages import StageView, check_stage_fact, stage_changes, view_at
from api.domain.vocabulary import ApplicationState, Stage, StageVerb
from api.models import Application, Person, StageChange
from api.platform.moments import occurred, planned, planned_day
from api.platform.references import require
from api.platform.revisions import revise
from api.platform.sessions import WriteSession
from api.support.locks import Locked
from api.support.queries import load_facts

_SAID_AS = {
    StageVerb.MOVE: "application.moved",
    StageVerb.HOLD: "application.held",
    StageVerb.RESUME: "application.resumed",
    StageVerb.CLOSE: "application.closed",
    StageVerb.REOPEN: "application.reopened",
}


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where the application stood at the moment of a verb (null: it did not exist), and the facts around it."""

    view: StageView | None
    facts: Sequence[StageFact]
    zone: ZoneInfo


async def move(session: WriteSession, locked: Locked, data: ApplicationMove) -> None:
    """Enter a stage, later or earlier; ends a hold. A next step sent along holds from the same moment on."""
    row = _fact(locked, data, StageVerb.MOVE, stage=data.stage)
    standing = await _standing(session, row)
    if standing.view and standing.view.state is ApplicationState.OPEN and standing.view.stage is data.stage:
        return
    await _check(session, row, standing)
    if sent := data.next_step():
        planned(sent.get("next_step_at"), locked.now, "#/next_step_at")
        session.add(next_step_fact(locked.application, sent, at=row.occurred_at, now=locked.now))
    await _record(session, locked, row, label=data.stage_label)


async def hold(session: WriteSession, locked: Locked, data: ApplicationHold) -> None:
    """Put on hold, until a day or without one; a hold that stands gets this end instead."""
    planned_day(data.until, locked.now.date(), "#/until")
    row = _fact(locked, data, StageVerb.HOLD, hold_until=data.until)
    standing = await _standing(session, row)
    if standing.view and standing.view.state is ApplicationState.ON_HOLD and standing.view.hold_until == data.until:
        return
    await _check(session, row, standing)
    await _record(session, locked, row)


async def resume(session: WriteSession, locked: Locked, data: ApplicationResume) -> None:
    """End a hold."""
    row = _fact(locked, data, StageVerb.RESUME)
    standing = await _standing(session, row)
    if standing.view and standing.view.state is ApplicationState.OPEN:
        return
    await _check(session, row, standing)
    await _record(session, locked, row)


async def close(session: WriteSession, locked: Locked, data: ApplicationClose) -> None:
    """Give the outcome, or correct it: its moment then stays."""
    row = _fact(locked, data, StageVerb.CLOSE, outcome=data.outcome)
    standing = await _standing(session, row)
    if standing.view and standing.view.outcome is data.outcome:
        return
    await _check(session, row, standing)
    await _record(session, locked, row)


async def reopen(session: WriteSession, locked: Locked, data: ApplicationReopen) -> None:
    """Go on, in the stage before the outcome or in a named one."""
    row = _fact(locked, data, StageVerb.REOPEN, stage=data.stage)
    standing = await _standing(session, row)
    view = standing.view
    if view and view.state is ApplicationState.OPEN and data.stage in (None, view.stage):
        return
    row.stage = data.stage or (view.stage if view else Stage.IDENTIFIED)
    await _check(session, row, standing)
    await _record(session, locked, row, label=_label_of(locked.application, row.stage))


async def take_over(
    session: WriteSession, locked: Locked, facts: Sequence[StageFact], *, source: str, shown: Mapping[str, Any]
) -> None:
    """Record facts as another system vouches for them, unjudged, and the columns that it shows beside; tell each.

    Writes nothing where there are no facts and the columns are so already. That an application began earlier than we
    knew is told by no event of its own.
    """
    application, now = locked.application, locked.now
    before = event_data(application)
    changed = revise(application, shown, now=now)
    session.add_all([_taken_over(application, fact, source) for fact in facts])
    await session.flush()
    if facts:
        causes = [(_SAID_AS[fact.verb], fact.occurred_at) for fact in facts if fact.verb in _SAID_AS]
        await announce_causes(session, causes, application, now=now, before=before)
    elif changed:
        say(session, "application.updated", application, occurred_at=now, now=now, before=before)


def _taken_over(application: Application, fact: StageFact, source: str) -> StageChange:
    return StageChange(
        id=fact.id,
        application_id=application.id,
        verb=fact.verb,
        stage=fact.stage,
        hold_until=fact.hold_until,
        outcome=fact.outcome,
        source=source,
        occurred_at=fact.occurred_at,
        recorded_at=fact.recorded_at,
    )


def _fact(locked: Locked, data: Told, verb: StageVerb, **members: Any) -> StageChange:
    """The fact that a body tells. Raises InTheFuture and TooLongAgo."""
    return StageChange(
        application_id=locked.application.id,
        verb=verb,
        source=data.source,
        recorded_by=data.recorded_by,
        occurred_at=occurred(data.occurred_at, locked.now, "#/occurred_at"),
        recorded_at=locked.now,
        **members,
    )


async def _standing(session: WriteSession, row: StageChange) -> _Standing:
    facts = (await load_facts(session, [row.application_id]))[row.application_id]
    zone = facts.policies[-1].policy.zone
    return _Standing(view_at(stage_changes(facts.stages, zone), row.occurred_at), facts.stages, zone)


async def _check(session: WriteSession, row: StageChange, standing: _Standing) -> None:
    """Raise InvalidStateTransition, Unprocessable, ContradictsLaterFact or UnknownReference."""
    fact = StageFact(
        id=row.id,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        verb=row.verb,
        stage=row.stage,
        hold_until=row.hold_until,
        outcome=row.outcome,
    )
    check_stage_fact(standing.facts, fact, zone=standing.zone)
    if row.recorded_by is not None:
        await require(session, Person, row.recorded_by, "#/recorded_by")


async def _record(session: WriteSession, locked: Locked, row: StageChange, *, label: str | None = None) -> None:
    application = locked.application
    before = event_data(application)
    if row.stage is not None and row.occurred_at >= application.stage_entered_at:
        application.stage_label = label
    session.add(row)
    await session.flush()
    await announce_cause(
        session, _SAID_AS[row.verb], application, occurred_at=row.occurred_at, now=locked.now, before=before
    )


def _label_of(application: Application, stage: Stage) -> str | None:
    """What the stage is called, where it is the one that has a label now."""
    return application.stage_label if stage is application.stage else None
