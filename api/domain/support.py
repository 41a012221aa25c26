"""How an application is backed at a moment, and why: the one derivation that everything else shows."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from api.domain.backing import Verdict, judge
from api.domain.coverage import coverage_at
from api.domain.derived import AtOutcome, DerivedApplication, Support
from api.domain.errors import Unprocessable
from api.domain.explanation import explain, named_advocacy
from api.domain.facts import ApplicationFacts
from api.domain.history import History
from api.domain.knowledge import facts_before, known_facts
from api.domain.outlook import Outlook, outlook
from api.domain.portrait import portray_advocacies, portray_references, portray_referrals
from api.domain.stages import StageView, stage_changes, view_at
from api.domain.vocabulary import Championing, Level


class Derivation(NamedTuple):
    """How an application is backed, and its history judged at the moment asked for, whatever outcome stands then."""

    support: Support
    history: History


def derive_support(facts: ApplicationFacts, *, as_of: datetime, known_at: datetime) -> Support:
    """Derive how an application is backed at `as_of` by what was recorded by `known_at`.

    While an outcome stands everything but the application itself is judged at the outcome's moment from the facts
    before it. Raises Unprocessable for a `known_at` before `as_of`.
    """
    return derive(facts, as_of=as_of, known_at=known_at).support


def derive(facts: ApplicationFacts, *, as_of: datetime, known_at: datetime) -> Derivation:
    """What `derive_support` answers, with the history that it walked for whoever needs it too."""
    if known_at < as_of:
        raise Unprocessable("'known_at' must not be before 'as_of'.", pointer="/known_at")
    known = known_facts(facts, as_of=as_of, known_at=known_at)
    zone = known.policies[-1].policy.zone
    changes = stage_changes(known.stages, zone)
    view = view_at(changes, as_of)
    present = History(known, as_of, zone)
    if view is None:
        return Derivation(_nothing_yet(known, as_of), present)
    history = present if view.outcome_at is None else _at_outcome(known, view.outcome_at, zone)
    return Derivation(_describe(history, present, as_of, created_at=changes[0].moment, view=view), present)


def _at_outcome(known: ApplicationFacts, outcome_at: datetime | None, zone: ZoneInfo) -> History:
    """The history as it was when the outcome came; if another outcome stood just before, as it was at that one."""
    judged_at = outcome_at
    while outcome_at is not None:
        judged_at = outcome_at
        known = facts_before(known, judged_at, zone)
        view = view_at(stage_changes(known.stages, zone), judged_at)
        outcome_at = view.outcome_at if view else None
    if judged_at is None:
        raise ValueError("no outcome stands")
    return History(known, judged_at, zone)


def _describe(history: History, present: History, as_of: datetime, *, created_at: datetime, view: StageView) -> Support:
    is_closed = history is not present
    verdict = judge(history.backings, history.judged_at)
    coverage = coverage_at(history, history.judged_at)
    ahead = Outlook(None, None) if is_closed else outlook(history)
    named = named_advocacy(history)
    return Support(
        level=verdict.level,
        championing=verdict.championing,
        confidence=verdict.confidence,
        documented_level=verdict.documented_level,
        since=_since(history, verdict.level, created_at),
        advocacy_id=named.facts.id if named else None,
        advocate_id=named.facts.advocate_id if named else None,
        next_change_at=ahead.next_change_at,
        recheck_at=ahead.recheck_at,
        judged_at=history.judged_at,
        policy_version=history.facts.policies[-1].version,
        parts=explain(history, verdict.level),
        advocacies=portray_advocacies(history, present),
        referrals=portray_referrals(history, present, as_of),
        references=portray_references(present, as_of),
        application=_application(present.facts, view),
        at_outcome=_outcome(view, verdict),
        sole_advocate=coverage.sole_advocate,
        exposed=coverage.exposed,
        heard_by_current_decider=coverage.heard_by_current_decider,
    )


def _since(history: History, level: Level, created_at: datetime) -> datetime:
    """The earliest moment from which the level has been the present one without a break."""
    everything = history.everything
    since = history.judged_at
    earlier = {moment for moment in everything.moments if created_at < moment <= history.judged_at}
    for moment in sorted({*earlier, created_at}, reverse=True):
        if everything.level(moment) is not level:
            break
        since = moment
    return since


def _application(facts: ApplicationFacts, view: StageView) -> DerivedApplication:
    steps = sorted(facts.next_steps, key=lambda each: (each.occurred_at, each.recorded_at, each.id.int))
    return DerivedApplication(
        state=view.state,
        stage=view.stage,
        stage_entered_at=view.stage_entered_at,
        hold_until=view.hold_until,
        outcome=view.outcome,
        outcome_at=view.outcome_at,
        next_step_at=steps[-1].next_step_at if steps else None,
        next_step_kind=steps[-1].next_step_kind if steps else None,
    )


def _outcome(view: StageView, verdict: Verdict) -> AtOutcome | None:
    if view.outcome is None or view.outcome_at is None:
        return None
    return AtOutcome(
        outcome=view.outcome,
        outcome_at=view.outcome_at,
        level=verdict.level,
        championing=verdict.championing,
        confidence=verdict.confidence,
    )


def _nothing_yet(facts: ApplicationFacts, as_of: datetime) -> Support:
    """The answer before the first fact of the application."""
    return Support(
        level=Level.NONE,
        championing=Championing.NONE,
        confidence=None,
        documented_level=Level.NONE,
        since=None,
        advocacy_id=None,
        advocate_id=None,
        next_change_at=None,
        recheck_at=None,
        judged_at=as_of,
        policy_version=facts.policies[-1].version,
        parts=(),
        advocacies=(),
        referrals=(),
        references=(),
        application=None,
        at_outcome=None,
        sole_advocate=False,
        exposed=False,
        heard_by_current_decider=None,
    )
