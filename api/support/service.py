"""Announcing: derive how an application is backed, compare with what was said last, then store and say what differs.

Facts are the truth and are written by the features; whatever is derived from them is written here and nowhere else.
Follow-ups and invitations step on with it, to the same moment: they are records that go on from what is stored.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text

from api.domain.derived import Support
from api.domain.support import derive
from api.domain.vocabulary import ApplicationState
from api.models import Application, SupportChange
from api.models.base import WorkspaceOwned
from api.platform import ids, outbox
from api.platform.sessions import WriteSession
from api.support import announcements
from api.support.owed import Step, earliest, owed_columns, step_application
from api.support.owed_events import tell_application, tell_follow_ups, tell_invitations
from api.support.owed_facts import facts_beside
from api.support.owed_store import put
from api.support.queries import Loaded, load
from api.support.rechecks import next_recheck, recorded_beside
from api.support.said import NOTHING, Said
from api.support.schemas import event_data

MARK_BATCH = 500

_OWED_EVENTS = {
    "waiting": "application.waiting.changed",
    "follow_up_state": "application.follow_up_state.changed",
}

_CHANGES = {"state", "stage", "outcome", "level", "championing"}
_CHANGE_MEMBERS = ("level", "championing", "confidence", "documented_level", "advocacy_id", "advocate_id")


async def announce(session: WriteSession, application: Application, *, now: datetime, said: Said = NOTHING) -> Support:
    """Derive the application's support from its facts at `now` and announce what changed.

    The caller holds the application's lock and has flushed the facts; `said` is what people say of follow-ups and
    invitations, heard once. Writes the announced columns of the application and of the advocacies, referrals and
    references that hang on it, their transitions, the support history, follow-ups and invitations, and events.
    """
    return await _announce_at(session, application, now, now=now, said=said)


async def catch_up(session: WriteSession, application: Application, *, now: datetime) -> int:
    """Announce every crossing by time up to `now`, each at its own moment; answers how many moments were judged.

    To be called under the lock before a fact is added, so that a write never swallows a crossing that was due.
    """
    judged = 0
    while application.recheck_at is not None and application.recheck_at <= now:
        due = max(application.recheck_at, application.derived_at)
        await _cross(session, application, due, now=now)
        judged += 1
    return judged


async def _cross(session: WriteSession, application: Application, due: datetime, *, now: datetime) -> None:
    was_on_hold = application.state == ApplicationState.ON_HOLD
    await _announce_at(session, application, due, now=now)
    if was_on_hold and application.state is ApplicationState.OPEN:
        announcements.hold_ended(session, application, occurred_at=due, now=now)


async def mark_for_recheck(session: WriteSession, application_ids: Sequence[UUID], *, now: datetime) -> None:
    """Have a worker derive these applications again within seconds; locks them in batches, ordered by id."""
    statement = text(
        "update applications a set recheck_at = least(a.recheck_at, :now) from (select id from applications"
        " where workspace_id = :w and id in :ids order by id for no key update) marked"
        " where a.workspace_id = :w and a.id = marked.id"
    ).bindparams(bindparam("ids", expanding=True))
    ordered = sorted(application_ids)
    for start in range(0, len(ordered), MARK_BATCH):
        batch = ordered[start : start + MARK_BATCH]
        await session.execute(statement, {"w": session.workspace.id, "ids": batch, "now": now})


async def _announce_at(
    session: WriteSession, application: Application, at: datetime, *, now: datetime, said: Said = NOTHING
) -> Support:
    loaded = await _load(session, application, at, now=now)
    support, history = derive(loaded.facts, as_of=at, known_at=at)
    step = step_application(loaded, history, said, at=at)
    changed = apply(application, {**columns(loaded, support), **owed_columns(step, application, at=at)})
    application.derived_at = at
    by_time = earliest([support.recheck_at, step.followed.recheck_at])
    application.recheck_at = next_recheck(by_time, recorded_beside(loaded.facts, step.beside), after=at)
    application.policy_version = support.policy_version
    _remember(application, step)
    told: list[WorkspaceOwned] = []
    if changed:
        application.version += 1
        application.updated_at = now
        told += _say(session, application, changed, occurred_at=at, now=now)
    told += await announcements.dependents(session, loaded, support, occurred_at=at, now=now)
    # Before the application, which refers to a follow-up.
    await put(session, step.follow_ups, step.invitations, told, application_id=application.id, now=now)
    _tell_owed(session, application, step, changed, occurred_at=at, now=now)
    await session.flush()
    return support


async def _load(session: WriteSession, application: Application, at: datetime, *, now: datetime) -> Loaded:
    """The facts. What was recorded beside them since the last look, and before this one, is judged on its own first."""
    while True:
        (loaded,) = await load(session, [application.id], with_owed=True)
        records = recorded_beside(loaded.facts, facts_beside(loaded.document, loaded.facts, NOTHING))
        missed = next_recheck(None, records, after=application.derived_at)
        if missed is None or missed >= at:
            return loaded
        await _announce_at(session, application, missed, now=now)


def _remember(application: Application, step: Step) -> None:
    remembered = step.course.memory.to_document()
    if remembered != application.followed:
        application.followed = remembered


def _tell_owed(
    session: WriteSession,
    application: Application,
    step: Step,
    former: dict[str, Any],
    *,
    occurred_at: datetime,
    now: datetime,
) -> None:
    """Tell what the step made different, the application's own members after what moved them."""
    tell_follow_ups(session, step.follow_ups, application_id=application.id, occurred_at=occurred_at, now=now)
    tell_invitations(session, step.invitations, occurred_at=occurred_at, now=now)
    for name, event_type in _OWED_EVENTS.items():
        if name in former:
            told = {name: former[name]}
            tell_application(session, application, event_type, told, occurred_at=occurred_at, now=now)


def columns(loaded: Loaded, support: Support) -> dict[str, Any]:
    """The announced columns of an application, by name, as a derivation gives them."""
    names = {advocacy["id"]: advocacy["name"] for advocacy in loaded.document["advocacies"]}
    counting = {act.id for advocacy in support.advocacies for act in advocacy.acts if act.counts}
    acts = [act.occurred_at for advocacy in loaded.facts.advocacies for act in advocacy.acts if act.id in counting]
    return {
        "candidate_name": loaded.document["candidate_name"],
        "job_title": loaded.document["job_title"],
        "advocate_name": names[str(support.advocacy_id)] if support.advocacy_id else None,
        "last_act_at": max(acts, default=None),
        "level": support.level,
        "championing": support.championing,
        "confidence": support.confidence,
        "documented_level": support.documented_level,
        "since": support.since,
        "advocacy_id": support.advocacy_id,
        "advocate_id": support.advocate_id,
        "exposed": support.exposed,
        "sole_advocate": support.sole_advocate,
        "heard_by_current_decider": support.heard_by_current_decider,
        "next_change_at": support.next_change_at,
        **_lifecycle(support),
    }


def _lifecycle(support: Support) -> dict[str, Any]:
    life = support.application
    if life is None:
        return {}
    return {
        "state": life.state,
        "stage": life.stage,
        "stage_entered_at": life.stage_entered_at,
        "on_hold_until": life.hold_until,
        "outcome": life.outcome,
        "outcome_at": life.outcome_at,
        "next_step_at": life.next_step_at,
        "next_step_kind": life.next_step_kind,
    }


def apply(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Set the columns that differ and return their former values."""
    former = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in former:
        setattr(row, name, values[name])
    return former


def _say(
    session: WriteSession, application: Application, former: dict[str, Any], *, occurred_at: datetime, now: datetime
) -> list[WorkspaceOwned]:
    """Tell what was derived otherwise; answers the entry of the support history, which is still to be written."""
    if "level" in former:
        application.level_changed_at = occurred_at
    if former.keys() & _CHANGES:
        application.changed_at = now
    said = {name: former[name] for name in _CHANGE_MEMBERS if name in former}
    if said:
        _record(session, application, "application.support.changed", said, occurred_at=occurred_at, now=now)
    exposure = {name: former[name] for name in ("exposed",) if name in former}
    if exposure:
        _record(session, application, "application.exposure.changed", exposure, occurred_at=occurred_at, now=now)
    return [_history(application, former, occurred_at=occurred_at, now=now)] if said else []


def _history(
    application: Application, former: dict[str, Any], *, occurred_at: datetime, now: datetime
) -> SupportChange:
    return SupportChange(
        application_id=application.id,
        occurred_at=occurred_at,
        recorded_at=now,
        previous_level=former.get("level", application.level),
        since=application.since,
        policy_version=application.policy_version,
        **{name: getattr(application, name) for name in _CHANGE_MEMBERS},
    )


def _record(
    session: WriteSession,
    application: Application,
    event_type: str,
    previous: dict[str, Any],
    *,
    occurred_at: datetime,
    now: datetime,
) -> None:
    outbox.record(
        session,
        event_type,
        subject=("application", application.id),
        version=application.version,
        application_id=application.id,
        occurred_at=occurred_at,
        recorded_at=now,
        data=event_data(application),
        previous={name: _public(name, value) for name, value in previous.items()},
    )


def _public(name: str, value: Any) -> Any:
    return ids.encode(name.removesuffix("_id"), value) if isinstance(value, UUID) else value
