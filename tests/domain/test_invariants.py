"""What must hold of every history, whatever happened in it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise, takewhile
from uuid import UUID

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from api.domain.derived import DerivedAdvocacy, Support
from api.domain.facts import (
    Act,
    ApplicationFacts,
    AvailabilityRecord,
    MembershipRecord,
    PolicyVersion,
    ReferralFacts,
)
from api.domain.policy import Policy
from api.domain.support import derive_support
from api.domain.vocabulary import ApplicationState, Availability, Confidence, Level, Power, StageVerb
from tests.domain.histories import asked_histories, happened_at, histories
from tests.domain.history_scene import HANNA
from tests.domain.history_selection import keeping, known_then, with_advocacy

ONE_DAY = timedelta(days=1)
FRESH = UUID(int=7 << 80)

examples = settings(
    max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


def end_of(facts: ApplicationFacts) -> datetime:
    return max(happened_at(facts))


def at(facts: ApplicationFacts, as_of: datetime, known_at: datetime | None = None) -> Support:
    return derive_support(facts, as_of=as_of, known_at=known_at or as_of)


def told(answer: Support) -> tuple[object, ...]:
    return answer.level, answer.championing, answer.confidence


def standing(advocacy: DerivedAdvocacy) -> tuple[object, ...]:
    kept_up = advocacy.follow_through, advocacy.elapsed, advocacy.lapsed_since, advocacy.lost_since
    return advocacy.state, advocacy.championing, *kept_up


def both(before: Support, after: Support) -> list[tuple[DerivedAdvocacy, DerivedAdvocacy]]:
    """The advocacies of two answers, paired; one that nothing was known of yet is in the later answer only."""
    now = {advocacy.id: advocacy for advocacy in after.advocacies}
    return [(was, now[was.id]) for was in before.advocacies]


def is_closed(answer: Support) -> bool:
    return answer.application is not None and answer.application.state is ApplicationState.CLOSED


def days_after(facts: ApplicationFacts, moment: datetime, count: int) -> list[datetime]:
    """The beginnings of the days after a moment."""
    zone = facts.policies[0].policy.zone
    today = moment.astimezone(zone).date()
    days = [today + number * ONE_DAY for number in range(1, count + 1)]
    return [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]


@examples
@given(histories(), st.data())
def test_what_was_known_then_stays_the_answer_for_then(facts: ApplicationFacts, data: st.DataObject) -> None:
    moment = data.draw(st.sampled_from(sorted(happened_at(facts))))
    assert at(facts, moment) == at(known_then(facts, moment), moment)


@examples
@given(histories(), st.data())
def test_an_act_never_lowers_the_level_at_its_moment(facts: ApplicationFacts, data: st.DataObject) -> None:
    acts = [act for advocacy in facts.advocacies for act in advocacy.acts]
    assume(acts)
    act = data.draw(st.sampled_from(acts))
    with_it = replace_act(facts, act, replace(act, recorded_at=act.occurred_at))
    without = keeping(facts, acts=lambda other: other.id != act.id)
    assert at(with_it, act.occurred_at).level.rank >= at(without, act.occurred_at).level.rank


def replace_act(facts: ApplicationFacts, old: Act, new: Act) -> ApplicationFacts:
    advocacies = (
        replace(advocacy, acts=tuple(new if act == old else act for act in advocacy.acts))
        for advocacy in facts.advocacies
    )
    return replace(facts, advocacies=tuple(advocacies))


@examples
@given(histories())
def test_time_alone_never_raises_the_level(facts: ApplicationFacts) -> None:
    end = end_of(facts)
    ranks = [at(facts, moment).level.rank for moment in (end, *days_after(facts, end, 40))]
    assert ranks == sorted(ranks, reverse=True)


@examples
@given(histories())
def test_only_a_hiring_side_act_ends_a_lapse_or_a_loss(facts: ApplicationFacts) -> None:
    end = end_of(facts)
    moments = sorted(moment for moment in happened_at(facts) if moment <= end)
    answers = [(moment, at(facts, moment, end)) for moment in moments]
    running = [(moment, answer) for moment, answer in answers if not is_closed(answer)]
    for (earlier, before), (later, after) in pairwise(running):
        for was, now in both(before, after):
            if not _acted(facts, now, earlier, later):
                assert was.lapsed_since is None or now.lapsed_since == was.lapsed_since
                assert was.lost_since is None or now.lost_since == was.lost_since


def _acted(facts: ApplicationFacts, advocacy: DerivedAdvocacy, after: datetime, until: datetime) -> bool:
    moments = {act.id: act.occurred_at for told in facts.advocacies for act in told.acts}
    return any(act.is_hiring_side and after < moments[act.id] <= until for act in advocacy.acts)


@examples
@given(histories(), st.integers(1, 400))
def test_an_outcome_freezes(facts: ApplicationFacts, days: int) -> None:
    closes = [fact.occurred_at for fact in facts.stages if fact.verb is StageVerb.CLOSE]
    assume(closes)
    end = end_of(facts)
    following = [moment for moment in sorted(happened_at(facts)) if moment >= closes[0]][:8]
    frozen = list(takewhile(is_closed, (at(facts, moment, end) for moment in following)))
    for later in frozen:
        assert later.next_change_at is None
        assert (told(later), later.exposed) == (told(frozen[0]), frozen[0].exposed)
        assert all(standing(was) == standing(now) for was, now in both(frozen[0], later))
    if is_closed(at(facts, end)):
        harsher = with_policy(facts, end + ONE_DAY, window=1)
        assert told(at(harsher, end + days * ONE_DAY + ONE_DAY)) == told(at(facts, end))


def with_policy(facts: ApplicationFacts, recorded_at: datetime, *, window: int) -> ApplicationFacts:
    latest = facts.policies[-1]
    policy: Policy = replace(
        latest.policy, window_applied=window, window_screening=window, window_interviewing=window, window_offer=window
    )
    version = PolicyVersion(version=latest.version + 1, recorded_at=recorded_at, policy=policy)
    return replace(facts, policies=(*facts.policies, version))


@examples
@given(histories(), st.integers(1, 20), st.integers(1, 30), st.data())
def test_being_away_lowers_no_level(facts: ApplicationFacts, wait: int, length: int, data: st.DataObject) -> None:
    assume(facts.advocacies)
    end = end_of(facts)
    first = days_after(facts, end, wait)[-1].date()
    advocacy = data.draw(st.sampled_from(facts.advocacies))
    away = _away(end, first, first + length * ONE_DAY)
    leaving = with_advocacy(facts, replace(advocacy, availability=(*advocacy.availability, away)))
    ranks = []
    days = days_after(facts, end, wait + length + 8)
    for number in sorted({wait - 1, wait - 1 + length // 2, wait - 2 + length, wait - 1 + length, len(days) - 1}):
        ranks.append(at(leaving, days[number]).level.rank)
        assert ranks[-1] >= at(facts, days[number]).level.rank
    assert ranks == sorted(ranks, reverse=True)


def _away(recorded_at: datetime, effective_on: date, until: date) -> AvailabilityRecord:
    return AvailabilityRecord(
        id=FRESH, effective_on=effective_on, recorded_at=recorded_at, state=Availability.AWAY, until=until
    )


@examples
@given(asked_histories())
def test_next_change_is_exact(asked: tuple[ApplicationFacts, tuple[tuple[datetime, datetime], ...]]) -> None:
    for as_of, known_at in asked[1]:
        facts = known_then(asked[0], known_at, happened_by=as_of)
        present = at(facts, as_of, known_at)
        change = present.next_change_at
        if change is None:
            still = [as_of + days * ONE_DAY for days in (1, 2, 5, 12, 30, 80, 400)]
        else:
            still = [moment for moment in (as_of + ONE_DAY, change - timedelta(seconds=1)) if as_of <= moment < change]
            assert told(at(facts, change, max(change, known_at))) != told(present)
        for moment in still:
            assert told(at(facts, moment, max(moment, known_at))) == told(present)


@examples
@given(histories())
def test_confidence_is_the_highest_rung_that_carries_the_level(facts: ApplicationFacts) -> None:
    end = end_of(facts)
    answer = at(facts, end)
    if answer.confidence is None:
        assert answer.level is Level.NONE
        return
    rungs = {act.id: act.rung for advocacy in answer.advocacies for act in advocacy.acts}
    rungs |= {referral.id: _rung(referral) for referral in facts.referrals}
    assert at(_from_rung(facts, rungs, answer.confidence.rank), end).level.rank >= answer.level.rank
    if answer.confidence is not Confidence.CONFIRMED:
        assert at(_from_rung(facts, rungs, answer.confidence.rank + 1), end).level.rank < answer.level.rank


def _from_rung(facts: ApplicationFacts, rungs: dict[UUID, Confidence], least: int) -> ApplicationFacts:
    weaker = {told for told, rung in rungs.items() if rung.rank < least}
    return keeping(facts, acts=lambda act: act.id not in weaker, referrals=lambda told: told.id not in weaker)


def _rung(referral: ReferralFacts) -> Confidence:
    if referral.is_documented:
        return Confidence.DOCUMENTED
    return Confidence.SELF_REPORTED if referral.recorded_by == referral.person_id else Confidence.CLAIMED


@examples
@given(histories(), st.data())
def test_saying_it_twice_on_one_day_counts_once(facts: ApplicationFacts, data: st.DataObject) -> None:
    spoken_of = {said.act_id for advocacy in facts.advocacies for said in advocacy.act_statements}
    acts = [(a, act) for a in facts.advocacies for act in a.acts if act.id not in spoken_of]
    assume(acts)
    advocacy, act = data.draw(st.sampled_from(acts))
    copy = replace(act, id=FRESH, ask=None)
    twice = with_advocacy(facts, replace(advocacy, acts=(*advocacy.acts, copy)))
    end = end_of(facts)
    once = at(facts, end)
    assert (told(at(twice, end)), at(twice, end).next_change_at) == (told(once), once.next_change_at)


@examples
@given(histories(), st.data())
def test_no_recorder_gives_their_own_act_an_audience(facts: ApplicationFacts, data: st.DataObject) -> None:
    acts = [act for advocacy in facts.advocacies for act in advocacy.acts]
    assume(acts)
    act = data.draw(st.sampled_from(acts))
    listener = data.draw(st.sampled_from([one.person_id or HANNA for one in act.listeners]))
    granted = MembershipRecord(
        id=FRESH,
        effective_on=act.occurred_at.date() - 2 * ONE_DAY,
        recorded_at=act.recorded_at + timedelta(hours=data.draw(st.integers(0, 50))),
        person_id=listener,
        power=Power.DECIDES,
        is_hiring_manager=False,
        recorded_by=act.recorded_by,
    )
    end = end_of(facts) + 3 * ONE_DAY
    before = _qualifies(at(facts, end), act)
    assert before or not _qualifies(at(replace(facts, members=(*facts.members, granted)), end), act)


def _qualifies(answer: Support, wanted: Act) -> bool:
    acts = [act for advocacy in answer.advocacies for act in advocacy.acts]
    return any(act.id == wanted.id and act.qualifies for act in acts)


@examples
@given(histories(), st.integers(1, 90))
def test_a_new_policy_heals_nothing(facts: ApplicationFacts, window: int) -> None:
    end = end_of(facts)
    after = end + timedelta(hours=1)
    before, then = at(facts, end), at(with_policy(facts, after, window=window), after)
    for was, now in both(before, then):
        assert was.lapsed_since is None or now.lapsed_since == was.lapsed_since
    if is_closed(before):
        assert told(then) == told(before)
