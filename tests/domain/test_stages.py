import pytest

from api.domain.errors import InvalidStateTransition, Unprocessable
from api.domain.facts import StageFact
from api.domain.stages import ContradictsLaterFact, check_stage_fact, stage_changes, view_at
from api.domain.vocabulary import ApplicationState, Outcome, Stage, StageVerb
from tests.domain.story import Story
from tests.domain.story_words import BERLIN, at, day


def state_at(story: Story, when: str) -> ApplicationState | None:
    view = view_at(stage_changes(story.stages, BERLIN), at(when))
    return view and view.state


def check(story: Story, fact: StageFact) -> None:
    others = [each for each in story.stages if each is not fact]
    check_stage_fact(others, fact, zone=BERLIN)


def test_it_does_not_exist_before_its_first_fact() -> None:
    assert state_at(Story(), "31 January") is None
    assert Story().support("31 January").application is None


def test_it_opens_again_at_the_first_moment_of_the_date_of_a_hold() -> None:
    story = Story()
    story.stage("10 March", StageVerb.HOLD, until="1 April")
    assert state_at(story, "31 March 23:59:59") is ApplicationState.ON_HOLD
    assert state_at(story, "1 April 00:00") is ApplicationState.OPEN


def test_it_ends_a_hold_with_a_move_and_with_an_outcome() -> None:
    story = Story()
    story.stage("10 March", StageVerb.HOLD)
    story.stage("12 March", StageVerb.MOVE, stage=Stage.SCREENING)
    assert state_at(story, "12 March") is ApplicationState.OPEN


def test_it_replaces_the_date_of_a_hold() -> None:
    story = Story()
    story.stage("10 March", StageVerb.HOLD, until="1 April")
    check(story, story.stage("11 March", StageVerb.HOLD, until="8 April"))
    assert state_at(story, "2 April") is ApplicationState.ON_HOLD


def test_it_corrects_an_outcome_and_keeps_its_moment() -> None:
    story = Story()
    story.close("12 March", Outcome.REJECTED)
    story.close("14 March", Outcome.WITHDRAWN)
    application = story.support("15 March").application
    assert application is not None
    assert (application.outcome, application.outcome_at) == (Outcome.WITHDRAWN, at("12 March"))


@pytest.mark.parametrize("verb", [StageVerb.CREATE, StageVerb.RESUME, StageVerb.REOPEN])
def test_it_refuses_a_verb_that_makes_no_sense_and_says_which_do(verb: StageVerb) -> None:
    story = Story()
    with pytest.raises(InvalidStateTransition) as refused:
        check(story, story.stage("2 March", verb, stage=Stage.APPLIED))
    assert refused.value.members["allowed_transitions"] == ["close", "hold", "move"]


def test_it_refuses_what_says_nothing_new() -> None:
    story = Story()
    with pytest.raises(Unprocessable):
        check(story, story.stage("2 March", StageVerb.MOVE, stage=Stage.APPLIED))
    closed = Story()
    closed.close("12 March")
    with pytest.raises(Unprocessable):
        check(closed, closed.stage("13 March", StageVerb.CLOSE, outcome=Outcome.REJECTED))


def test_it_refuses_a_hold_until_a_day_that_is_not_ahead() -> None:
    story = Story()
    with pytest.raises(Unprocessable):
        check(story, story.stage("2 March", StageVerb.HOLD, until="2 March"))


def test_it_judges_a_backdated_fact_at_its_own_moment() -> None:
    story = Story()
    story.close("12 March")
    check(story, story.stage("5 March", StageVerb.MOVE, stage=Stage.SCREENING, recorded="13 March"))
    with pytest.raises(InvalidStateTransition):
        check(story, story.stage("12 March 13:00", StageVerb.HOLD, recorded="13 March"))


def test_it_refuses_a_backdated_fact_that_takes_the_sense_from_a_later_one() -> None:
    story = Story()
    story.stage("10 March", StageVerb.HOLD)
    story.stage("20 March", StageVerb.RESUME)
    with pytest.raises(ContradictsLaterFact):
        check(story, story.stage("15 March", StageVerb.MOVE, stage=Stage.SCREENING, recorded="21 March"))


def test_it_enters_the_named_stage_when_reopened() -> None:
    story = Story()
    story.close("12 March")
    story.stage("14 March", StageVerb.REOPEN, stage=Stage.SCREENING)
    application = story.support("15 March").application
    assert application is not None
    assert (application.stage, application.stage_entered_at.date()) == (Stage.SCREENING, day("14 March"))
    assert application.outcome is None
