"""Where a tool says that an application stands: recorded as facts where it is told otherwise than we know it.

What is told is compared with where the application stood at the moment that it is told of, so that an older message
moves nothing back. What happened before the application was recorded here counts as of its first moment.
"""

from datetime import datetime
from typing import Any

from api.applications import lifecycle
from api.applications.bodies import ApplicationClose, ApplicationMove, ApplicationReopen, ApplicationUpdate
from api.applications.service import update_application
from api.domain.errors import InvalidStateTransition
from api.domain.stages import StageView, allowed_verbs, stage_changes, view_at
from api.domain.vocabulary import ApplicationState, StageVerb
from api.models import Application
from api.platform.moments import occurred
from api.platform.sessions import WriteSession
from api.support.locks import Locked
from api.support.queries import load_facts
from api.upserts.application_bodies import ApplicationUpsert

_NOW = ("next_step_at", "next_step_kind", "seen_by_hiring_manager")


async def end(session: WriteSession, locked: Locked, data: ApplicationUpsert, *, source: str) -> None:
    """Close a new application that is told with an outcome."""
    if outcome := data.changes().get("outcome"):
        at = occurred(data.occurred_at, locked.now, "#/occurred_at")
        await lifecycle.close(session, locked, ApplicationClose(outcome=outcome, **_told(data, at, source)))


async def follow(session: WriteSession, locked: Locked, data: ApplicationUpsert, *, source: str) -> None:
    """Record of the locked application what is told otherwise: stage, outcome, and what holds now.

    Raises InTheFuture, TooLongAgo, TooFarAhead, InvalidStateTransition for another stage of a closed application
    without its outcome, and ContradictsLaterFact.
    """
    sent = data.changes()
    at = occurred(data.occurred_at, locked.now, "#/occurred_at")
    if "stage" in sent or "outcome" in sent:
        at = await _follow_stage(session, locked, data, at, source)
    await _bring_up_to_date(session, locked, sent, at)


async def _follow_stage(
    session: WriteSession, locked: Locked, data: ApplicationUpsert, at: datetime, source: str
) -> datetime:
    """Record another stage or outcome; answers the moment as of which it was judged."""
    sent = data.changes()
    at, view = await _standing(session, locked.application, at)
    stage, outcome, told = sent.get("stage"), sent.get("outcome"), _told(data, at, source)
    moves = stage is not None and stage is not view.stage
    # Told as ended in another stage, it was open again in between.
    reopens = view.state is ApplicationState.CLOSED and "outcome" in sent and (outcome is None or moves)
    if reopens:
        await lifecycle.reopen(session, locked, ApplicationReopen(stage=stage, **told))
    elif stage is not None and moves:
        _check_open(view)
        move = ApplicationMove(stage=stage, stage_label=sent.get("stage_label"), **told)
        await lifecycle.move(session, locked, move)
    if outcome is not None and (reopens or outcome is not view.outcome):
        await lifecycle.close(session, locked, ApplicationClose(outcome=outcome, **told))
    return at


def _check_open(view: StageView) -> None:
    """Raise InvalidStateTransition where the application has ended, with what to send instead."""
    if view.state is ApplicationState.CLOSED:
        raise InvalidStateTransition(
            StageVerb.MOVE,
            current_state=view.state,
            allowed=allowed_verbs(view.state),
            advice='Send "outcome": null with the stage to reopen it, or the outcome with which it ended there.',
        )


async def _standing(session: WriteSession, application: Application, at: datetime) -> tuple[datetime, StageView]:
    """Where the application stood, and as of when: at the moment, or at its first where that is later."""
    facts = (await load_facts(session, [application.id]))[application.id]
    changes = stage_changes(facts.stages, facts.policies[-1].policy.zone)
    at = max(at, changes[0].moment)
    return at, view_at(changes, at) or changes[0].view


async def _bring_up_to_date(session: WriteSession, locked: Locked, sent: dict[str, Any], at: datetime) -> None:
    """Change labels and the next step. What was told of a stage before the present one says nothing of those."""
    application = locked.application
    wanted = ["metadata"]
    if at >= application.stage_entered_at:
        wanted += _NOW
        if sent.get("stage", application.stage) is application.stage:
            wanted.append("stage_label")
    if changes := {name: sent[name] for name in wanted if name in sent}:
        await update_application(session, locked, ApplicationUpdate(**changes))


def _told(data: ApplicationUpsert, at: datetime, source: str) -> dict[str, Any]:
    return {"occurred_at": at, "recorded_by": data.recorded_by, "source": source}
