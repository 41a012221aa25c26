"""What must hold of follow-ups and invitations in every history, whatever happened in it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from hypothesis import given, note
from hypothesis import strategies as st

from api.domain.follow_up_facts import FollowUpFacts
from api.domain.follow_up_identity import recognise_followed
from api.domain.follow_ups import FollowUp, follow_up_state
from api.domain.following import Course
from api.domain.history import History
from api.domain.invitations import Invitation
from api.domain.knowledge import known_facts, policies_by
from api.domain.scene import Scene
from api.domain.vocabulary import FollowUpState, InvitationState, Owed
from tests.domain.following_up import FollowingUp, derive_follow_ups, steps
from tests.domain.history_contacts import Told, end_of, examples, told_histories
from tests.domain.history_selection import known_then

ONE_SECOND = timedelta(seconds=1)
AFTERWARDS = timedelta(days=30)


@dataclass
class Run:
    """A history with what was owed and proposed in its course, and for some time after the last word."""

    told: Told

    @cached_property
    def steps(self) -> list[FollowingUp]:
        return steps(*self.told, as_of=end_of(self.told) + AFTERWARDS)

    def at(self, moment: datetime) -> FollowingUp:
        """What had been said last by a moment."""
        return self.steps[bisect_right([each.moment for each in self.steps], moment) - 1]

    def new(self) -> Iterator[tuple[FollowUp, FollowingUp]]:
        """Each follow-up as it was made, with everything of that moment."""
        for answer in self.steps:
            for each in answer.follow_ups:
                if each.noticed_at == answer.moment:
                    yield each, answer


runs = told_histories().map(Run)


def it_is_made_once(run: Run) -> None:
    """Of one trigger there is one, and what comes and goes is not owed twice at once; merges add nothing."""
    for made, answer in run.new():
        assert sum(each.key == made.key for each in answer.follow_ups) == 1
        same = [each for each in answer.follow_ups if each.key[:3] == made.key[:3]]
        assert sum(each.is_open for each in same) <= 1
        assert made.key.since is not None or len(same) == 1


def it_is_kept(run: Run) -> None:
    """What was made stays, and what was closed stays as it was."""
    for before, after in pairwise(run.steps):
        assert len(before.follow_ups) == sum(each.noticed_at < after.moment for each in after.follow_ups)
        assert len(before.invitations) == sum(each.invited_at < after.moment for each in after.invitations)
        for old, new in zip(before.follow_ups, after.follow_ups, strict=False):
            assert (old.triggered_at, old.noticed_at, old.rule) == (new.triggered_at, new.noticed_at, new.rule)
            if not old.is_open:
                assert (old.state, old.closed_by, old.closed_at) == (new.state, new.closed_by, new.closed_at)
            elif not new.is_open:
                assert new.closed_at == after.moment
        for was, now in zip(before.invitations, after.invitations, strict=False):
            assert was.may_be_taken or _ending(was) == _ending(now)


def _ending(invitation: Invitation) -> object:
    return invitation.state, invitation.ended_by, invitation.ended_at, invitation.is_unanswered


def what_closed_it_has_a_kind(run: Run) -> None:
    for each in run.steps[-1].follow_ups:
        assert (each.closed_by is None) == (each.closed_by_kind is None)
    for invitation in run.steps[-1].invitations:
        assert (invitation.ended_by is None) == (invitation.ended_by_kind is None)
        assert (invitation.state is InvitationState.TAKEN) == (invitation.ended_by is not None)


def nothing_differs_before_it_is_time_to_look_again(run: Run) -> None:
    for now, following in pairwise(run.steps):
        assert now.recheck_at is None or now.recheck_at > now.moment
        until = min(now.recheck_at or following.moment, following.moment) - ONE_SECOND
        if until > now.moment:
            assert _owed(now, until) == _owed(now, now.moment)


def _owed(answer: FollowingUp, moment: datetime) -> list[Owed]:
    return [each.owed(moment) for each in answer.follow_ups]


def snoozed_ones_stay_away_and_closed_ones_are_not_owed(run: Run) -> None:
    for answer in run.steps:
        for each in answer.follow_ups:
            if each.snoozed_until and each.snoozed_until > answer.moment and each.is_open:
                assert each.owed(answer.moment) is Owed.SCHEDULED
            if each.state is not FollowUpState.OPEN:
                assert each.owed(answer.moment) is Owed.NONE


def limits_on_asking_are_kept(run: Run) -> None:
    """At each proposal, by what stood then: a late yes may still take what had expired."""
    facts, beside = run.told
    zone = facts.policies[0].policy.zone
    by_people = {each.id for each in beside.invited}
    for then in run.steps:
        for place, made in enumerate(then.invitations):
            if made.invited_at != then.moment or made.key.trigger_id in by_people:
                continue
            policy = policies_by(facts.policies, then.moment)[-1].policy
            pair = made.asker_id, made.person_id
            earlier = [each for each in then.invitations[:place] if (each.asker_id, each.person_id) == pair]
            assert sum(each.is_open for each in earlier) < policy.invitation_open_max
            last = earlier[-policy.invitation_unanswered_max :]
            assert len(last) < policy.invitation_unanswered_max or not all(each.is_unanswered for each in last)
            today = then.moment.astimezone(zone).date()
            gaps = [(today - each.invited_at.astimezone(zone).date()).days for each in earlier]
            assert made.type == "hand_over" or all(gap >= policy.invitation_gap_days for gap in gaps)


def one_is_next_for_each_owner_and_none_is_more_pressing(run: Run) -> None:
    for answer in run.steps:
        by_owner: dict[UUID | None, list[FollowUp]] = defaultdict(list)
        for each in answer.follow_ups:
            if each.is_open:
                by_owner[each.owner_id].append(each)
        for owned in by_owner.values():
            (first,) = (each for each in owned if each.is_next)
            assert first.owed(answer.moment) is follow_up_state(owned, answer.moment)
            alike = [each for each in owned if each.owed(answer.moment) is first.owed(answer.moment)]
            assert all((first.due_on, first.place) <= (each.due_on, each.place) for each in alike)
        assert not any(each.is_next for each in answer.follow_ups if not each.is_open)


INVARIANTS: tuple[Callable[[Run], None], ...] = (
    it_is_made_once,
    it_is_kept,
    what_closed_it_has_a_kind,
    nothing_differs_before_it_is_time_to_look_again,
    snoozed_ones_stay_away_and_closed_ones_are_not_owed,
    limits_on_asking_are_kept,
    one_is_next_for_each_owner_and_none_is_more_pressing,
)


@examples(40)
@given(runs)
def test_what_always_holds(run: Run) -> None:
    for invariant in INVARIANTS:
        note(invariant.__name__)
        invariant(run)


@examples(25)
@given(runs, st.data())
def test_what_was_known_then_was_the_answer_then(run: Run, data: st.DataObject) -> None:
    moment = data.draw(st.sampled_from([each for each in run.steps if each.wait])).moment
    facts, beside = run.told
    then = derive_follow_ups(known_then(facts, moment), beside_then(beside, moment), as_of=moment)
    assert (run.at(moment).course, run.at(moment).wait) == (then.course, then.wait)


def beside_then(beside: FollowUpFacts, moment: datetime) -> FollowUpFacts:
    """Only what was recorded by a moment."""
    kept = {
        name: tuple(each for each in getattr(beside, name) if each.recorded_at <= moment)
        for name in ("interactions", "captures", "by_hand", "words", "invited", "passed")
    }
    people = (
        replace(each, availability=tuple(record for record in each.availability if record.recorded_at <= moment))
        for each in beside.people
    )
    captures = (
        replace(each, settled_at=each.settled_at if each.settled_at and each.settled_at <= moment else None)
        for each in kept.pop("captures")
    )
    return replace(beside, **kept, captures=tuple(captures), people=tuple(people))


@examples(12)
@given(runs)
def test_looking_more_often_shows_nothing_else(run: Run) -> None:
    """To look when something is told and when it is time to look again is to miss nothing."""
    begin, end = run.steps[0].moment, run.steps[-1].moment
    hours = int((end - begin) / timedelta(hours=1))
    looks = [begin + timedelta(hours=number) for number in range(0, hours, 7)]
    for answer in steps(*run.told, as_of=end, looks=looks):
        expected = run.at(answer.moment)
        assert (answer.follow_ups, answer.invitations) == (expected.follow_ups, expected.invitations)
        assert (answer.wait and answer.wait.waiting) == (expected.wait and expected.wait.waiting)


@examples(20)
@given(runs, st.data())
def test_nobody_who_wants_no_contact_is_asked_or_written_to(run: Run, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from(run.steps))
    scene = scene_of(run.told, answer.moment)
    for follow_up in answer.follow_ups:
        if follow_up.is_open:
            assert not scene.is_closed_to(follow_up.owner_id)
            assert not follow_up.rule.reaches_person or not scene.is_closed_to(follow_up.about.person_id)
    assert not any(scene.is_closed_to(each.person_id) for each in answer.invitations if each.is_open)


def scene_of(told: Told, moment: datetime) -> Scene:
    facts = known_facts(told[0], as_of=moment, known_at=moment)
    beside, _ = recognise_followed(told[0].merges, told[1], Course(), known_at=moment)
    return Scene(History(facts, moment, facts.policies[0].policy.zone), beside, moment)
