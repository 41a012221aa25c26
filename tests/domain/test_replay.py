"""The fast derivation says what a slow replay of the same facts says."""

from dataclasses import fields
from datetime import datetime

from hypothesis import HealthCheck, given, note, settings

from api.domain.derived import DerivedAdvocacy, DerivedApplication, Support
from api.domain.facts import ApplicationFacts
from api.domain.support import derive_support
from api.domain.vocabulary import AdvocacyWord, Consent, Outcome, Relationship, Stage, StageVerb
from tests.domain.histories import asked_histories
from tests.replay import (
    ReplayedAct,
    ReplayedAdvocacy,
    ReplayedApplication,
    ReplayedReferral,
    ReplayedSupport,
    replay_support,
)
from tests.replay.story import Story, at


@settings(max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked_histories())
def test_fast_derivation_equals_replay(
    asked: tuple[ApplicationFacts, tuple[tuple[datetime, datetime], ...]],
) -> None:
    facts, pairs = asked
    for as_of, known_at in pairs:
        note(f"as_of={as_of} known_at={known_at}")
        fast = derive_support(facts, as_of=as_of, known_at=known_at)
        slow = replay_support(facts, as_of=as_of, known_at=known_at)
        assert differences(fast, slow) == {}


def differences(fast: Support, slow: ReplayedSupport) -> dict[str, tuple[object, object]]:
    """The members in which the two differ. Before the application began only the level and its absence are told."""
    told = as_replayed(fast)
    names = [field.name for field in fields(ReplayedSupport)]
    if slow.application is None:
        names = ["application", "level", "since"]
    pairs = {name: (getattr(told, name), getattr(slow, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def as_replayed(fast: Support) -> ReplayedSupport:
    """What the fast answer says, in the shape of a replayed one."""
    return ReplayedSupport(
        level=fast.level,
        championing=fast.championing,
        confidence=fast.confidence,
        documented_level=fast.documented_level,
        since=fast.since,
        advocacy_id=fast.advocacy_id,
        next_change_at=fast.next_change_at,
        sole_advocate=fast.sole_advocate,
        exposed=fast.exposed,
        heard_by_current_decider=fast.heard_by_current_decider,
        application=_application(fast.application),
        advocacies={advocacy.id: _advocacy(advocacy) for advocacy in fast.advocacies},
        referrals={r.id: ReplayedReferral(state=r.state, credit_position=r.credit_position) for r in fast.referrals},
        references={reference.id: reference.state for reference in fast.references},
    )


def _application(application: DerivedApplication | None) -> ReplayedApplication | None:
    if application is None:
        return None
    return ReplayedApplication(
        state=application.state,
        stage=application.stage,
        hold_until=application.hold_until,
        outcome=application.outcome,
        outcome_at=application.outcome_at,
    )


def _advocacy(advocacy: DerivedAdvocacy) -> ReplayedAdvocacy:
    return ReplayedAdvocacy(
        state=advocacy.state,
        championing=advocacy.championing,
        follow_through=advocacy.follow_through,
        elapsed=advocacy.elapsed,
        lapsed_since=advocacy.lapsed_since,
        lost_since=advocacy.lost_since,
        acts={act.id: ReplayedAct(counts=act.counts, qualifies=act.qualifies, rung=act.rung) for act in advocacy.acts},
    )


def limits_reached() -> list[tuple[Story, datetime]]:
    """Words said at the very moment at which a limit is passed, which comes first."""
    asked_again, linked, closed = Story(), Story(), Story()
    asked_again.word(AdvocacyWord.ASKED, at(3, 1))
    asked_again.word(AdvocacyWord.ASKED, at(3, 16, "00:00"))
    linked.referral(at(2, 10), Consent.GIVEN, Relationship.SAME_TEAM, linked_at=at(8, 10, "00:00"))
    closed.word(AdvocacyWord.ASKED, at(3, 1))
    closed.stage(StageVerb.CLOSE, at(3, 16, "00:00"), outcome=Outcome.REJECTED)
    closed.stage(StageVerb.REOPEN, at(4, 16, "00:00"), stage=Stage.APPLIED)
    return [(asked_again, at(3, 16)), (linked, at(8, 11)), (closed, at(3, 20)), (closed, at(4, 20))]


def test_a_limit_is_passed_before_what_is_said_at_that_moment() -> None:
    answers = []
    for story, moment in limits_reached():
        fast = derive_support(story.facts, as_of=moment, known_at=moment)
        assert differences(fast, replay_support(story.facts, as_of=moment, known_at=moment)) == {}
        answers.append([*(one.state.value for one in fast.advocacies), *(one.state.value for one in fast.referrals)])
    assert answers == [["asked"], ["expired"], ["concluded"], ["no_answer"]]
