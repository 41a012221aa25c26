"""The whole answer, moment by moment and day by day from the words of the rules."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile
from uuid import UUID

from api.domain.facts import ApplicationFacts
from api.domain.vocabulary import AdvocacyState, Confidence, ReferenceState
from tests.replay.answer import ReplayedAct, ReplayedAdvocacy, ReplayedApplication, ReplayedReferral, ReplayedSupport
from tests.replay.book import ONE_DAY, Book
from tests.replay.coverage import heard_by_current_decider, is_exposed, is_sole_advocate
from tests.replay.effort import Effort
from tests.replay.judgement import Judgement
from tests.replay.papers import reference_state
from tests.replay.standing import next_step_at, standing

UNTOUCHED = (AdvocacyState.DECLINED, AdvocacyState.WITHDRAWN)


def replay_support(facts: ApplicationFacts, *, as_of: datetime, known_at: datetime) -> ReplayedSupport:
    """Derive an answer as of a moment from what was recorded by another."""
    present = Judgement(facts, as_of=as_of, known_at=known_at)
    outcome_at = present.outcome_at(as_of)
    judged = present if outcome_at is None else present.at_outcome(outcome_at)
    moment, efforts = judged.as_of, judged.efforts
    best = judged.best(moment) if judged.begun_at is not None else None
    return ReplayedSupport(
        level=judged.level(moment),
        championing=judged.championing(moment),
        confidence=judged.confidence(moment),
        documented_level=judged.level_from(Confidence.DOCUMENTED, moment),
        since=_since(present),
        advocacy_id=None if best is None else best.advocacy.id,
        next_change_at=_next_change_at(present) if outcome_at is None else None,
        sole_advocate=is_sole_advocate(efforts, moment),
        exposed=is_exposed(judged.book, efforts, moment),
        heard_by_current_decider=heard_by_current_decider(judged.book, efforts, moment),
        application=_application(present),
        advocacies={
            told.advocacy.id: _advocacy(told, then, moment)
            for told, then in zip(present.efforts, efforts, strict=True)
            if told.is_known
        },
        referrals=_referrals(present, judged.book.day(moment)),
        references=_references(present),
    )


def _application(present: Judgement) -> ReplayedApplication | None:
    stand = standing(present.book, present.as_of)
    if stand is None:
        return None
    return ReplayedApplication(
        state=stand.state,
        stage=stand.stage,
        hold_until=stand.hold_until,
        outcome=stand.outcome,
        outcome_at=stand.outcome_at,
    )


def _advocacy(told: Effort, judged: Effort, moment: datetime) -> ReplayedAdvocacy:
    """An advocacy with all its acts so far, judged at the outcome's moment if one stands."""
    entry = judged.entry(moment)
    is_concluded = judged is not told and entry.state not in UNTOUCHED
    return ReplayedAdvocacy(
        state=AdvocacyState.CONCLUDED if is_concluded else entry.state,
        championing=judged.championing(moment),
        follow_through=judged.follow_through(moment),
        elapsed=judged.elapsed(moment) if judged.has_qualifying(moment) and entry.lapsed_since is None else None,
        lapsed_since=entry.lapsed_since,
        lost_since=entry.lost_since,
        acts={
            h.act.id: ReplayedAct(counts=h.counts, qualifies=h.qualifies, rung=h.rung) for h in told.hearings.values()
        },
    )


def _referrals(present: Judgement, judged_on: date) -> dict[UUID, ReplayedReferral]:
    referrals = present.referrals(present.as_of)
    valid = [r for r in referrals if r.is_valid_for_credit(judged_on)]
    valid.sort(key=lambda referral: (referral.facts.occurred_at, referral.facts.id))
    position = {referral.facts.id: number for number, referral in enumerate(valid, start=1)}
    return {
        referral.facts.id: ReplayedReferral(state=referral.state, credit_position=position.get(referral.facts.id))
        for referral in referrals
    }


def _references(present: Judgement) -> dict[UUID, ReferenceState]:
    states = {facts.id: reference_state(present.book, facts, present.as_of) for facts in present.book.references}
    return {reference: state for reference, state in states.items() if state is not None}


def _since(present: Judgement) -> datetime | None:
    """Walk back over every moment of the application for as long as the level was the present one."""
    begun_at = present.begun_at
    if begun_at is None:
        return None
    past = takewhile(lambda moment: moment <= present.as_of, present.book.moments())
    lived = [moment for moment in past if moment >= begun_at]
    level = present.level(present.as_of)
    return min(takewhile(lambda moment: present.level(moment) is level, reversed(lived)))


def _next_change_at(present: Judgement) -> datetime | None:
    """Step from day to day as if nothing more happened, until something differs or no clock can still run."""
    now = present.as_of
    for moment in _beginnings_of_days(present.book, now):
        if present.level(moment) is not present.level(now):
            return moment
        if present.championing(moment) is not present.championing(now):
            return moment
        if present.confidence(moment) is not present.confidence(now):
            return moment
    return None


def _beginnings_of_days(book: Book, now: datetime) -> Iterator[datetime]:
    end = _last_day(book, now)
    day = book.day(now) + ONE_DAY
    while day <= end:
        yield book.midnight(day)
        day += ONE_DAY


def _last_day(book: Book, now: datetime) -> date:
    """A day by which every plan has come true and every clock that runs has run out."""
    policy = book.policy(now)
    days = [book.day(now) + timedelta(days=policy.awaiting_answer_max_days), *policy.holidays]
    days += [record.effective_on for record in book.members]
    days += [fact.hold_until for fact in book.stages if fact.hold_until is not None]
    step = next_step_at(book, now)
    if step is not None:
        days.append(book.day(step) + timedelta(days=policy.next_step_grace_days))
    for advocacy in book.advocacies:
        days += [record.effective_on for record in advocacy.availability]
        days += [record.until for record in advocacy.availability if record.until is not None]
    stand = standing(book, now)
    longest = policy.window_on_hold if stand is None else max(policy.window_on_hold, policy.window(stand.stage))
    return max(days) + timedelta(days=policy.lapse_factor * longest + 2)
