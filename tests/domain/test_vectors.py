"""The table of examples for levels and the clock, rows 1 to 21: what happens as time goes by."""

import pytest

from api.domain.policy import Policy
from api.domain.vocabulary import AdvocacyWord, AskKind, AskState, Availability, Outcome, Stage, StageVerb
from tests.domain.story import Story, h1, h2
from tests.domain.story_checks import levels, next_change_is_exact, runs
from tests.domain.story_words import R1, R2, at, day


def test_row_1_championed_by_coming_back_on_another_day() -> None:
    story = Story()
    ada = story.advocate()
    ada.act("2 March", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("5 March", "Hanna", R2)

    assert levels(story, "5 March 11:59", "5 March") == ["recommended none", "championed on_track"]
    support = story.support("5 March")
    assert support.since == at("5 March 12:00")
    assert support.next_change_at == at("13 March 00:00")
    assert next_change_is_exact(story, "5 March")


def test_row_2_started_until_the_window_has_passed_twice() -> None:
    story = h2()
    story.advocate().act("20 March", "Rita")

    runs(story, "started 2 March 12:00 to 16 March", "lapsed 17 March to 20 March 11:59", "on_track 20 March 12:00")
    assert story.ada("2 March").come_back_by == story.ada("16 March").come_back_by == day("9 March")


def test_row_3_a_granted_ask_stands_for_coming_back() -> None:
    story = h2()
    ada = story.advocate()
    ada.answer(ada.facts.acts[0], AskState.GRANTED, "3 March 11:00")

    runs(story, "started 3 March 10:59", "on_track 3 March 11:00 to 9 March", "at_risk 10 March to 16 March")
    runs(story, "lapsed 17 March to 25 March")


def test_row_4_two_acts_on_one_day_are_one_day() -> None:
    story = Story()
    ada = story.advocate()
    ada.act("2 March 09:00", "Hanna", R1)
    ada.act("2 March 15:00", "Hanna", R2, ask=AskKind.INTERVIEW)

    assert levels(story, "2 March", "2 March 15:00") == ["recommended none", "recommended started"]


def test_row_5_the_course_of_a_clock() -> None:
    story = h1()
    runs(story, "on_track 1 March 12:00 to 8 March", "at_risk 9 March to 15 March", "lapsed 16 March to 30 March")
    story.advocate().act("20 March", "Hanna")

    runs(story, "lapsed 16 March to 20 March 11:59", "on_track 20 March 12:00 to 27 March")
    assert story.support("20 March").next_change_at == at("28 March 00:00")
    runs(story, "at_risk 28 March to 3 April", "lapsed 4 April to 10 April")
    assert story.ada("4 April").lapsed_since == at("4 April 00:00")
    assert at("4 April 00:00").isoformat() == "2026-04-03T22:00:00+00:00"


def test_row_6_a_hold_ends_no_lapse() -> None:
    story = h1()
    story.stage("17 March", StageVerb.HOLD, until="1 April")
    story.advocate().act("3 April", "Hanna")

    runs(story, "lapsed 16 March to 3 April 11:59", "on_track 3 April 12:00")


def test_row_7_a_hold_until_a_date_stops_the_clock() -> None:
    story = h1()
    story.stage("10 March", StageVerb.HOLD, until="1 April")

    runs(story, "on_track 2 March to 8 March", "at_risk 9 March to 31 March", "on_track 1 April to 8 April")
    runs(story, "at_risk 9 April to 15 April", "lapsed 16 April to 20 April")
    assert {story.ada(when).elapsed for when in ("10 March", "11 March", "31 March")} == {9}


def test_row_8_a_hold_without_a_date_has_a_window_of_its_own() -> None:
    story = h1()
    story.stage("10 March", StageVerb.HOLD)

    runs(story, "at_risk 9 March to 10 March 11:59", "on_track 10 March 12:00 to 22 March")
    runs(story, "at_risk 23 March to 12 April", "lapsed 13 April to 20 April")
    assert (story.ada("10 March").elapsed, story.ada("10 March").window) == (9, 21)

    story.stage("25 March", StageVerb.RESUME)
    runs(story, "at_risk 23 March to 25 March 11:59", "on_track 25 March 12:00 to 1 April")
    runs(story, "at_risk 2 April to 8 April", "lapsed 9 April to 20 April")


def test_row_9_entering_a_stage_starts_the_clock() -> None:
    story = h1()
    story.stage("6 March", StageVerb.MOVE, stage=Stage.SCREENING)
    runs(story, "on_track 2 March to 16 March", "at_risk 17 March to 26 March", "lapsed 27 March to 31 March")

    late = h1()
    late.stage("16 March", StageVerb.MOVE, stage=Stage.SCREENING)
    runs(late, "at_risk 15 March", "lapsed 16 March to 31 March")


def test_row_10_away_stops_the_clock_and_the_return_starts_it_afresh() -> None:
    story = h1()
    story.advocate().be(Availability.AWAY, "5 March", "19 March")

    assert {story.ada(f"{number} March").elapsed for number in range(4, 19)} == {3}
    assert story.ada("19 March").elapsed == 0
    runs(story, "on_track 2 March to 26 March", "at_risk 27 March to 2 April", "lapsed 3 April to 10 April")


def test_row_11_the_return_ends_no_lapse() -> None:
    story = h1()
    story.advocate().be(Availability.AWAY, "10 March", "19 March")
    runs(story, "at_risk 18 March", "on_track 19 March")
    assert story.ada("18 March").elapsed == 8

    late = h1()
    late.advocate().be(Availability.AWAY, "17 March", "25 March")
    runs(late, "lapsed 26 March")


def test_row_12_a_granted_ask_stops_the_clock_until_the_next_step() -> None:
    story = h1()
    ada = story.advocate()
    ada.answer(ada.facts.acts[0], AskState.GRANTED, "3 March")
    story.set_next_step("3 March", "20 March")

    assert {story.ada(f"{number} March").elapsed for number in range(3, 23)} == {2}
    assert story.ada("23 March").elapsed == 3
    runs(story, "on_track 3 March to 27 March", "at_risk 28 March to 3 April", "lapsed 4 April to 10 April")


def chased() -> Story:
    """1 March to Hanna with both reasons and an ask, chased with her on 4 and 8 March."""
    story = Story()
    ada = story.advocate()
    asked = ada.act("1 March", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    ada.act("4 March", "Hanna", chases=asked)
    ada.act("8 March", "Hanna", chases=asked)
    return story


@pytest.mark.parametrize("chased_again", [False, True])
def test_row_13_a_chased_ask_stops_the_clock(*, chased_again: bool) -> None:
    story = chased()
    if chased_again:
        ada = story.advocate()
        ada.act("30 March", "Hanna", chases=ada.facts.acts[0])

    runs(story, "on_track 4 March 12:00 to 8 March 11:59", "awaiting_answer 8 March 12:00 to 7 April")
    runs(story, "on_track 8 April to 14 April", "at_risk 15 April to 21 April", "lapsed 22 April to 26 April")
    assert story.ada("8 April").elapsed == 1


def test_row_14_an_answer_starts_the_clock_again() -> None:
    story = chased()
    ada = story.advocate()
    ada.answer(ada.facts.acts[0], AskState.REFUSED, "20 March")

    runs(story, "awaiting_answer 8 March 12:00 to 20 March 11:59", "on_track 20 March 12:00 to 27 March")
    runs(story, "at_risk 28 March to 3 April", "lapsed 4 April to 10 April")


@pytest.mark.parametrize("is_back", [True, False])
def test_row_15_a_loss_ends_with_an_act(*, is_back: bool) -> None:
    story = h1()
    ada = story.advocate()
    ada.be(Availability.LEFT, "6 March")
    if is_back:
        ada.be(Availability.AVAILABLE, "12 March")
    ada.act("14 March", "Hanna")

    runs(story, "on_track 5 March", "lost 6 March to 14 March 11:59", "on_track 14 March 12:00")


def test_row_16_do_not_contact_holds_until_an_act_after_it_is_lifted() -> None:
    story = h1()
    ada = story.advocate()
    ada.be(Availability.DO_NOT_CONTACT, "6 March")
    ada.be(Availability.AVAILABLE, "16 March")
    ada.act("14 March", "Hanna")
    ada.act("18 March", "Hanna")

    runs(story, "on_track 5 March", "lost 6 March to 18 March 11:59", "on_track 18 March 12:00")


def test_row_17_a_withdrawal_ends_with_an_act() -> None:
    story = h1()
    ada = story.advocate()
    ada.say(AdvocacyWord.WITHDRAWN, "6 March")
    ada.act("14 March", "Hanna")

    runs(story, "on_track 6 March 11:59", "lost 6 March 12:00 to 14 March 11:59", "on_track 14 March 12:00")


def test_row_18_an_outcome_freezes_and_a_reopening_starts_afresh() -> None:
    story = h1()
    story.close("12 March")
    story.advocate().act("20 March", "Hanna")
    story.stage("2 June", StageVerb.REOPEN, stage=Stage.APPLIED)

    for when in ("12 March", "20 March", "1 June", "2 June 11:59"):
        assert levels(story, when) == ["championed at_risk"]
        support = story.support(when)
        assert (story.ada(when).elapsed, support.next_change_at, support.recheck_at) == (11, None, None)
        assert support.at_outcome is not None
        assert (support.at_outcome.outcome, support.at_outcome.outcome_at) == (Outcome.REJECTED, at("12 March"))
    assert story.support("2 June").at_outcome is None
    runs(story, "on_track 2 June 12:00 to 9 June", "at_risk 10 June to 16 June", "lapsed 17 June to 20 June")


def test_row_19_a_lapse_outlasts_the_reopening() -> None:
    story = h1()
    story.close("18 March")
    story.stage("2 June", StageVerb.REOPEN, stage=Stage.APPLIED)
    story.advocate().act("5 June", "Hanna")

    assert levels(story, "18 March", "1 June", "2 June", "4 June", "5 June 11:59") == ["recommended lapsed"] * 5
    assert levels(story, "5 June") == ["championed on_track"]


def test_row_20_each_moment_is_judged_by_the_policy_in_force() -> None:
    late, early, short = h1(), h1(), h1()
    late.change_policy("17 March", window_applied=14)
    runs(late, "lapsed 18 March")

    early.change_policy("12 March", window_applied=14)
    runs(early, "on_track 12 March 12:00 to 15 March", "at_risk 16 March to 29 March", "lapsed 30 March to 5 April")

    short.change_policy("10 March", window_applied=3)
    assert short.support("10 March 11:59").championing == "at_risk"
    runs(short, "lapsed 10 March 12:00 to 20 March")


def test_row_21_a_holiday_is_not_counted() -> None:
    story = h1(Policy(time_zone="Europe/Berlin", holidays=frozenset({day("6 March")})))

    runs(story, "on_track 2 March to 9 March", "at_risk 10 March to 16 March", "lapsed 17 March to 20 March")
