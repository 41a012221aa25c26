from api.domain.vocabulary import (
    AskKind,
    AskState,
    Availability,
    FollowThrough,
    Outcome,
    Stage,
    StageVerb,
)
from tests.domain.story import Story, h1, h2
from tests.domain.story_checks import next_change_is_exact, runs
from tests.domain.story_words import R1, R2, at, day


def test_it_has_no_follow_through_without_a_qualifying_act() -> None:
    story = Story()
    story.advocate().act("2 March", "Rita", R1, R2)
    ada = story.ada("3 March")
    assert (ada.follow_through, ada.elapsed, ada.window, ada.come_back_by) == (None, None, None, None)


def test_it_follows_through_with_recruiters_on_a_later_day_alone() -> None:
    story = h2()
    story.advocate().act("2 March 18:00", "Rita")
    assert [act.is_hiring_side for act in story.ada("3 March").acts] == [True, False]
    story.advocate().act("3 March", "Rita")
    assert story.support("3 March").championing == "on_track"


def test_it_does_not_follow_through_with_somebody_who_is_no_member() -> None:
    story = h2()
    story.advocate().act("5 March", "Xen")
    assert story.ada("6 March").last_hiring_side_at == at("2 March")


def test_it_counts_weekends() -> None:
    assert h1().ada("8 March").elapsed == 7


def test_it_ends_a_lapse_with_an_act_alone() -> None:
    story = h1()
    ada = story.advocate()
    ada.answer(ada.facts.acts[0], AskState.GRANTED, "17 March")
    story.stage("18 March", StageVerb.MOVE, stage=Stage.OFFER)
    story.change_policy("19 March", window_offer=90)
    ada.be(Availability.AWAY, "20 March", "22 March")
    runs(story, "lapsed 16 March to 30 March")


def test_it_keeps_a_lapse_from_before_an_outcome_unless_an_act_came_after_it() -> None:
    story = h1()
    story.close("18 March")
    story.advocate().act("20 March", "Hanna")
    story.stage("2 June", StageVerb.REOPEN, stage=Stage.APPLIED)
    assert story.support("1 June").championing == "lapsed"
    assert story.support("2 June").championing == "on_track"


def test_it_begins_no_lapse_while_away() -> None:
    story = h1()
    story.advocate().be(Availability.AWAY, "15 March")
    runs(story, "at_risk 9 March to 30 March")
    support = story.support("20 March")
    assert (support.level, support.next_change_at) == ("championed", None)


def test_it_stands_still_until_a_next_step_with_a_granted_ask_only() -> None:
    story = h1()
    story.set_next_step("3 March", "20 March")
    assert story.ada("8 March").elapsed == 7


def test_it_takes_an_ask_with_the_act_that_stops_counting() -> None:
    story = Story()
    ada = story.advocate()
    ada.act("26 February", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    second = ada.act("1 March", "Hanna", ask=AskKind.SPEED_UP)
    ada.answer(second, AskState.GRANTED, "2 March")
    story.set_next_step("2 March", "20 March")
    assert story.ada("8 March").elapsed == 1
    facts = ada.facts
    ada.facts = type(facts)(
        **{name: getattr(facts, name) for name in ("id", "advocate_id", "person_id")},
        acts=facts.acts[:1],
        answers=facts.answers,
    )
    assert story.ada("8 March").elapsed == 10


def test_it_lets_only_an_open_ask_be_chased() -> None:
    story = Story()
    ada = story.advocate()
    asked = ada.act("1 March", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    ada.act("1 March 18:00", "Hanna", chases=asked)
    ada.act("4 March", "Hanna", chases=asked)
    assert story.ada("5 March").follow_through is FollowThrough.ON_TRACK
    ada.act("6 March", "Rita", chases=asked)
    assert story.ada("6 March").follow_through is FollowThrough.AWAITING_ANSWER
    assert story.ada("20 March").elapsed == 0


def test_it_counts_an_act_of_the_day_of_leaving_as_before_it() -> None:
    story = h1()
    ada = story.advocate()
    ada.be(Availability.LEFT, "6 March")
    ada.act("6 March 15:00", "Hanna")
    runs(story, "lost 6 March to 10 March")


def test_it_comes_back_by_the_last_day_of_the_window() -> None:
    story = h2()
    assert story.ada("2 March").come_back_by == day("9 March")
    story.advocate().be(Availability.AWAY, "4 March", "10 March", recorded="3 March")
    assert story.ada("3 March").come_back_by == day("17 March")


def test_it_sees_a_plan_coming() -> None:
    story = h1()
    story.advocate().be(Availability.LEFT, "5 March", recorded="2 March")
    assert story.support("1 March").next_change_at == at("9 March 00:00")
    assert story.support("3 March").next_change_at == at("5 March 00:00")
    assert next_change_is_exact(story, "3 March")


def test_it_looks_ahead_over_the_change_to_summer_time() -> None:
    story = Story()
    ada = story.advocate()
    ada.act("20 March", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("24 March", "Hanna", R2)
    assert story.support("24 March").next_change_at == at("1 April 00:00")
    assert at("1 April 00:00").hour == 22


def test_it_is_frozen_by_facts_strictly_before_the_outcome() -> None:
    story = h2()
    story.advocate().act("5 March", "Hanna")
    story.close("5 March", Outcome.HIRED)
    support = story.support("6 March")
    assert (support.championing, support.judged_at) == ("started", at("5 March"))


def test_it_lets_time_pass_at_the_moment_of_the_outcome() -> None:
    story = h1()
    story.close("9 March 00:00")
    assert story.support("10 March").championing == "at_risk"
