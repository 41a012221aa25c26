"""Stage, hold and outcome of an application: which verb is possible when, and what the recorded ones add up to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of, day_start
from api.domain.errors import Conflict, DomainError, InvalidStateTransition, Unprocessable
from api.domain.facts import StageFact
from api.domain.vocabulary import ApplicationState, Outcome, Stage, StageVerb

OPEN, ON_HOLD, CLOSED = ApplicationState.OPEN, ApplicationState.ON_HOLD, ApplicationState.CLOSED

ALLOWED_FROM: Mapping[StageVerb, frozenset[ApplicationState | None]] = {
    StageVerb.CREATE: frozenset({None}),
    StageVerb.MOVE: frozenset({OPEN, ON_HOLD}),
    StageVerb.HOLD: frozenset({OPEN, ON_HOLD}),
    StageVerb.RESUME: frozenset({ON_HOLD}),
    StageVerb.CLOSE: frozenset({OPEN, ON_HOLD, CLOSED}),
    StageVerb.REOPEN: frozenset({CLOSED}),
}
"""From which state each verb is possible; null is the state before the application exists."""


class ContradictsLaterFact(Conflict):
    """A backdated fact would make a fact of a later moment senseless."""

    code = "contradicts_later_fact"
    title = "A later fact contradicts this"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """Where an application stands. `hold_until` is null for a hold without a date and where there is no hold."""

    state: ApplicationState
    stage: Stage
    stage_entered_at: datetime
    hold_until: date | None = None
    outcome: Outcome | None = None
    outcome_at: datetime | None = None

    @property
    def held_until_a_date(self) -> bool:
        """Whether the application is on hold and it is known until when."""
        return self.state is ON_HOLD and self.hold_until is not None


@dataclass(frozen=True, slots=True)
class StageChange:
    """What an application became at a moment; `fact` is null where a hold ended by its date.

    `starts_clock`: a stage was entered or a hold ended, so that follow-through is counted from here.
    """

    moment: datetime
    view: StageView
    starts_clock: bool
    fact: StageFact | None


def allowed_verbs(state: ApplicationState | None) -> list[str]:
    """The verbs that are possible from a state, in alphabetical order; null is before the application exists."""
    return sorted(verb.value for verb, states in ALLOWED_FROM.items() if state in states)


def stage_changes(facts: Iterable[StageFact], zone: ZoneInfo) -> list[StageChange]:
    """Everything an application became, in order, holds that end by their date included, also those still to come.

    Facts that make no sense where they stand are skipped.
    """
    changes: list[StageChange] = []
    view: StageView | None = None
    for fact in sorted(facts, key=order_of):
        view = _let_hold_end(changes, view, fact.occurred_at, zone)
        if problem_with(fact, view, zone) is None:
            view = _after(fact, view)
            starts = fact.verb not in (StageVerb.HOLD, StageVerb.CLOSE)
            changes.append(StageChange(fact.occurred_at, view, starts, fact))
    _let_hold_end(changes, view, None, zone)
    return changes


def view_at(changes: Sequence[StageChange], moment: datetime) -> StageView | None:
    """Where the application stands at a moment, or null before its first fact."""
    return next((change.view for change in reversed(changes) if change.moment <= moment), None)


def check_stage_fact(facts: Iterable[StageFact], new: StageFact, *, zone: ZoneInfo) -> None:
    """Refuse a new fact that makes no sense at its own moment, or that takes the sense from a later one.

    Raises InvalidStateTransition where the state does not allow the verb, Unprocessable where the stage, the outcome or
    the date of a hold says nothing new, and ContradictsLaterFact for a backdated fact.
    """
    others = list(facts)
    view = view_at(stage_changes((fact for fact in others if order_of(fact) < order_of(new)), zone), new.occurred_at)
    problem = problem_with(new, view, zone)
    if problem is not None:
        raise problem
    before = {change.fact.id for change in stage_changes(others, zone) if change.fact}
    after = {change.fact.id for change in stage_changes([*others, new], zone) if change.fact}
    contradicted = [fact for fact in sorted(others, key=order_of) if fact.id in before - after]
    if contradicted:
        later = contradicted[0]
        raise ContradictsLaterFact(
            f"With this, '{later.verb}' of {later.occurred_at:%Y-%m-%dT%H:%M:%SZ} would make no sense. Record it with a"
            " later moment.",
            pointer="/occurred_at",
            contradicted_id=str(later.id),
        )


def order_of(fact: StageFact) -> tuple[datetime, datetime, int]:
    """The order of facts: by when they happened, then by when they were recorded, then by id."""
    return fact.occurred_at, fact.recorded_at, fact.id.int


def problem_with(fact: StageFact, view: StageView | None, zone: ZoneInfo) -> DomainError | None:
    """Why a fact makes no sense from where the application stands, or null."""
    state = view.state if view else None
    if state not in ALLOWED_FROM[fact.verb]:
        name = state.value if state else "not_created"
        return InvalidStateTransition(fact.verb, current_state=name, allowed=allowed_verbs(state))
    if fact.verb is StageVerb.HOLD and fact.hold_until and fact.hold_until <= day_of(fact.occurred_at, zone):
        return Unprocessable("A hold ends on a later day than it begins.", pointer="/until")
    if view is not None and fact.verb is StageVerb.MOVE and fact.stage is view.stage:
        return Unprocessable(f"The application is in stage '{view.stage}' already.", pointer="/stage")
    if view is not None and view.state is CLOSED and fact.outcome is not None and fact.outcome is view.outcome:
        return Unprocessable(f"The outcome is '{view.outcome}' already.", pointer="/outcome")
    return None


def _let_hold_end(
    changes: list[StageChange], view: StageView | None, by: datetime | None, zone: ZoneInfo
) -> StageView | None:
    if view is None or view.state is not ON_HOLD or view.hold_until is None:
        return view
    ends_at = day_start(view.hold_until, zone)
    if by is not None and by < ends_at:
        return view
    view = replace(view, state=OPEN, hold_until=None)
    changes.append(StageChange(ends_at, view, True, None))
    return view


def _after(fact: StageFact, view: StageView | None) -> StageView:
    """Where the application stands after a fact that makes sense."""
    match fact.verb:
        case StageVerb.CREATE | StageVerb.MOVE | StageVerb.REOPEN:
            stage = fact.stage or (view.stage if view else Stage.IDENTIFIED)
            return StageView(state=OPEN, stage=stage, stage_entered_at=fact.occurred_at)
        case StageVerb.HOLD | StageVerb.RESUME | StageVerb.CLOSE if view is None:
            raise ValueError(f"'{fact.verb}' before the application exists")
        case StageVerb.HOLD:
            return replace(view, state=ON_HOLD, hold_until=fact.hold_until)
        case StageVerb.RESUME:
            return replace(view, state=OPEN, hold_until=None)
        case StageVerb.CLOSE:
            at = view.outcome_at or fact.occurred_at
            return replace(view, state=CLOSED, hold_until=None, outcome=fact.outcome, outcome_at=at)
        case _:
            assert_never(fact.verb)
