"""Where the application stood at a moment."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from api.domain.facts import StageFact
from api.domain.vocabulary import ApplicationState, Outcome, Stage, StageVerb
from tests.replay.book import Book

OPEN, ON_HOLD, CLOSED = ApplicationState.OPEN, ApplicationState.ON_HOLD, ApplicationState.CLOSED


@dataclass(frozen=True, kw_only=True)
class Standing:
    """State and stage of the application; `hold_ended_at` is the last end of a hold so far."""

    state: ApplicationState
    stage: Stage
    entered_at: datetime
    hold_until: date | None = None
    hold_ended_at: datetime | None = None
    outcome: Outcome | None = None
    outcome_at: datetime | None = None


@lru_cache(maxsize=2000)
def standing(book: Book, moment: datetime) -> Standing | None:
    """Stage, hold and outcome at a moment; null before the application existed."""
    stand: Standing | None = None
    for fact in book.stages:
        if fact.occurred_at <= moment:
            stand = _apply(fact, _pass_time(book, stand, fact.occurred_at))
    return _pass_time(book, stand, moment)


def _pass_time(book: Book, stand: Standing | None, moment: datetime) -> Standing | None:
    if stand is None or stand.state is not ON_HOLD or stand.hold_until is None:
        return stand
    end = book.midnight(stand.hold_until)
    return replace(stand, state=OPEN, hold_until=None, hold_ended_at=end) if end <= moment else stand


def _apply(fact: StageFact, stand: Standing | None) -> Standing | None:
    if stand is None:
        return _create(fact)
    match fact.verb, stand.state:
        case StageVerb.MOVE, ApplicationState.OPEN | ApplicationState.ON_HOLD if fact.stage not in (None, stand.stage):
            return _enter(fact, stand)
        case StageVerb.HOLD, ApplicationState.OPEN | ApplicationState.ON_HOLD:
            return replace(stand, state=ON_HOLD, hold_until=fact.hold_until)
        case StageVerb.RESUME, ApplicationState.ON_HOLD:
            return replace(stand, state=OPEN, hold_until=None, hold_ended_at=fact.occurred_at)
        case StageVerb.CLOSE, ApplicationState.CLOSED:
            return replace(stand, outcome=fact.outcome)
        case StageVerb.CLOSE, _:
            return replace(stand, state=CLOSED, hold_until=None, outcome=fact.outcome, outcome_at=fact.occurred_at)
        case StageVerb.REOPEN, ApplicationState.CLOSED:
            return _enter(fact, replace(stand, outcome=None, outcome_at=None))
    return stand


def _create(fact: StageFact) -> Standing | None:
    if fact.verb is not StageVerb.CREATE or fact.stage is None:
        return None
    return Standing(state=OPEN, stage=fact.stage, entered_at=fact.occurred_at)


def _enter(fact: StageFact, stand: Standing) -> Standing:
    stage = fact.stage or stand.stage
    return replace(stand, state=OPEN, stage=stage, entered_at=fact.occurred_at, hold_until=None)


def window(book: Book, moment: datetime) -> int | None:
    """The window in force at a moment, in counted days; null before the application existed."""
    stand = standing(book, moment)
    if stand is None:
        return None
    if stand.state is ON_HOLD and stand.hold_until is None:
        return book.policy(moment).window_on_hold
    return book.policy(moment).window(stand.stage)


def next_step_at(book: Book, moment: datetime) -> datetime | None:
    """The next step set for the application as of a moment."""
    settings = [fact for fact in book.next_steps if fact.occurred_at <= moment]
    return settings[-1].next_step_at if settings else None
