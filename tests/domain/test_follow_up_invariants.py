"""What must hold of follow-ups and invitations in every history, whatever happened in it."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.facts import ApplicationFacts
from api.domain.follow_up_facts import FollowUpFacts
from api.domain.follow_ups import FollowUp, follow_up_state
from api.domain.following_up import FollowingUp, derive_follow_ups
from api.domain.history import History
from api.domain.knowledge import known_facts
from api.domain.scene import Scene
from api.domain.vocabulary import FollowUpState, InvitationState, Owed
from tests.domain.histories import happened_at
from tests.domain.history_contacts import Told, end_of, told_histories
from tests.domain.history_selection import known_then

ONE_SECOND = timedelta(seconds=1)

examples = settings(
    max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


def at(told: Told, as_of: datetime, known_at: datetime | None = None) -> FollowingUp:
    return derive_follow_ups(*told, as_of=as_of, known_at=known_at or as_of)


def moments_of(told: Told) -> list[datetime]:
    return sorted({*happened_at(told[0]), *told[1].moments})


def beside_then(beside: FollowUpFacts, moment: datetime) -> FollowUpFacts:
    """Only what was recorded by a moment."""
    kept = {
        name: tuple(each for each in getattr(beside, name) if each.recorded_at <= moment)
        for name in ("interactions", "captures", "by_hand", "words", "invited", "passed")
    }
    rules = tuple(each for each in beside.rules if each == beside.rules[0] or each.recorded_at <= moment)
    people = (
        replace(each, availability=tuple(record for record in each.availability if record.recorded_at <= moment))
        for each in beside.people
    )
    captures = (
        replace(each, settled_at=each.settled_at if each.settled_at and each.settled_at <= moment else None)
        for each in kept.pop("captures")
    )
    return replace(beside, **kept, captures=tuple(captures), rules=rules, people=tuple(people))


@examples
@given(told_histories(), st.data())
def test_what_was_known_then_stays_the_answer_for_then(told: Told, data: st.DataObject) -> None:
    moment = data.draw(st.sampled_from(moments_of(told)))
    facts, beside = told
    assert at(told, moment) == at((known_then(facts, moment), beside_then(beside, moment)), moment)


@examples
@given(told_histories(), st.data())
def test_deriving_late_gives_what_deriving_step_by_step_gave(told: Told, data: st.DataObject) -> None:
    """What was made is kept, with its owner and days as they were when it was closed, and nothing is added before."""
    moments = [*moments_of(told), end_of(told) + timedelta(days=30)]
    early, late = sorted(data.draw(st.lists(st.sampled_from(moments), min_size=2, max_size=2)))
    then, now = at(told, early), at(told, late)
    by_key = {each.key: each for each in now.follow_ups}
    assert {each.key for each in then.follow_ups} == {each.key for each in now.follow_ups if each.noticed_at <= early}
    for each in then.follow_ups:
        if each.is_open:
            assert (by_key[each.key].triggered_at, by_key[each.key].noticed_at) == (each.triggered_at, each.noticed_at)
            assert by_key[each.key].is_open or (by_key[each.key].closed_at or early) > early
        else:
            assert by_key[each.key] == each
    invited = {each.key: each for each in now.invitations}
    assert {each.key for each in then.invitations} == {e.key for e in now.invitations if e.invited_at <= early}
    for invitation in then.invitations:
        if invitation.state in (InvitationState.TAKEN, InvitationState.PASSED):
            assert invited[invitation.key] == invitation


@examples
@given(told_histories())
def test_one_trigger_makes_one_follow_up(told: Told) -> None:
    made = at(told, end_of(told)).follow_ups
    assert max(Counter(each.key for each in made).values(), default=1) == 1
    by_trigger: dict[tuple[object, ...], list[FollowUp]] = defaultdict(list)
    for each in made:
        if each.key.since is None:
            by_trigger[each.key[:3]].append(each)
    assert all(len(same) == 1 for same in by_trigger.values())


@examples
@given(told_histories())
def test_of_an_open_run_of_one_thing_there_is_one_follow_up(told: Told) -> None:
    """What comes and goes by time is never owed twice at once."""
    open_ones = [each for each in at(told, end_of(told)).follow_ups if each.is_open]
    counted = Counter(each.key[:3] for each in open_ones if each.type in ("check_in_advocate", "answer_candidate"))
    by_hand = Counter(each.key[:3] for each in told[1].by_hand)
    assert all(count <= 1 + by_hand[key] for key, count in counted.items())


@examples
@given(told_histories(), st.data())
def test_the_next_change_is_exact(told: Told, data: st.DataObject) -> None:
    as_of = data.draw(st.sampled_from([*moments_of(told), end_of(told)]))
    facts = known_then(told[0], as_of)
    story = facts, beside_then(told[1], as_of)
    now = at(story, as_of)
    if now.recheck_at is None:
        for days in (1, 3, 12, 40, 400):
            later = as_of + timedelta(days=days)
            assert announced(at(story, later), later) == announced(now, as_of)
        return
    just_before = now.recheck_at - ONE_SECOND
    if just_before > as_of:
        assert announced(at(story, just_before), just_before) == announced(now, as_of)
    assert announced(at(story, now.recheck_at), now.recheck_at) != announced(now, as_of)


def announced(answer: FollowingUp, moment: datetime) -> object:
    standing = [(each, each.owed(moment)) for each in answer.follow_ups]
    return standing, answer.invitations, answer.wait and answer.wait.waiting


@examples
@given(told_histories())
def test_snoozed_ones_stay_away_and_closed_ones_are_not_owed(told: Told) -> None:
    for moment in moments_of(told):
        for each in at(told, moment).follow_ups:
            if each.snoozed_until and each.snoozed_until > moment and each.is_open:
                assert each.owed(moment) is Owed.SCHEDULED
            if each.state is not FollowUpState.OPEN:
                assert each.owed(moment) is Owed.NONE


@examples
@given(told_histories())
def test_limits_on_asking_are_kept(told: Told) -> None:
    """At each proposal, by what stood then: a late yes may still take what had expired."""
    facts, beside = told
    zone = facts.policies[0].policy.zone
    by_people = {each.key for each in beside.invited}
    for each in at(told, end_of(told)).invitations:
        if each.key in by_people:
            continue
        rules, then = beside.rules_at(each.invited_at), at(told, each.invited_at).invitations
        same = [other for other in then if (other.asker_id, other.person_id) == (each.asker_id, each.person_id)]
        earlier = same[: [other.key for other in same].index(each.key)]
        assert sum(other.is_open for other in same) <= rules.invitation_open_max
        last = earlier[-rules.invitation_unanswered_max :]
        assert len(last) < rules.invitation_unanswered_max or not all(other.is_unanswered for other in last)
        days = [(each.invited_at.astimezone(zone).date() - o.invited_at.astimezone(zone).date()).days for o in earlier]
        assert each.type == "hand_over" or all(gap >= rules.invitation_gap_days for gap in days)


@examples
@given(told_histories(), st.data())
def test_nobody_who_wants_no_contact_is_asked_or_written_to(told: Told, data: st.DataObject) -> None:
    moment = data.draw(st.sampled_from(moments_of(told)))
    answer, scene = at(told, moment), scene_of(told, moment)
    for follow_up in answer.follow_ups:
        if follow_up.is_open:
            assert not scene.is_closed_to(follow_up.owner_id)
            assert not follow_up.rule.reaches_person or not scene.is_closed_to(follow_up.about.person_id)
    assert not any(scene.is_closed_to(each.person_id) for each in answer.invitations if each.is_open)


def scene_of(told: Told, moment: datetime) -> Scene:
    facts: ApplicationFacts = known_facts(told[0], as_of=moment, known_at=moment)
    return Scene(History(facts, moment, facts.policies[0].policy.zone), told[1], moment, moment)


@examples
@given(told_histories(), st.data())
def test_one_is_next_for_each_owner_and_none_is_more_pressing(told: Told, data: st.DataObject) -> None:
    moment = data.draw(st.sampled_from(moments_of(told)))
    follow_ups = [each for each in at(told, moment).follow_ups if each.is_open]
    by_owner: dict[UUID | None, list[FollowUp]] = defaultdict(list)
    for each in follow_ups:
        by_owner[each.owner_id].append(each)
    for owned in by_owner.values():
        (first,) = (each for each in owned if each.is_next)
        assert first.owed(moment) is follow_up_state(owned, moment)
        alike = [each for each in owned if each.owed(moment) is first.owed(moment)]
        assert all((first.due_on, first.place) <= (each.due_on, each.place) for each in alike)
