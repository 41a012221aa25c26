import pytest

from api.domain.advocacies import ALLOWED_FROM, check_word
from api.domain.errors import InvalidStateTransition
from api.domain.vocabulary import ActWord, AdvocacyState, AdvocacyWord, StageVerb
from tests.domain.story import Story, h1, h2
from tests.domain.story_words import R1, at

STATES = [None, *AdvocacyState]


@pytest.mark.parametrize("word", AdvocacyWord)
@pytest.mark.parametrize("state", STATES)
def test_it_refuses_a_word_unless_the_table_allows_it(word: AdvocacyWord, state: AdvocacyState | None) -> None:
    if state in ALLOWED_FROM[word]:
        check_word(state, word)
    else:
        with pytest.raises(InvalidStateTransition):
            check_word(state, word)


def test_it_says_what_is_allowed() -> None:
    with pytest.raises(InvalidStateTransition) as refused:
        check_word(AdvocacyState.ACTIVE, AdvocacyWord.DECLINED)
    assert refused.value.members["allowed_transitions"] == ["withdrawn"]


def test_it_becomes_agreed_by_a_first_act_that_does_not_qualify() -> None:
    story = Story()
    story.advocate().act("2 March", "Rita", R1)
    assert story.ada("2 March").state is AdvocacyState.AGREED


def test_it_is_volunteered_if_nobody_had_asked() -> None:
    assert h2().ada("2 March").is_volunteered
    asked = h2()
    asked.advocate().say(AdvocacyWord.ASKED, "1 March")
    assert not asked.ada("2 March").is_volunteered


def test_it_becomes_active_after_a_withdrawal_by_an_act_the_hiring_side_heard() -> None:
    story = h1()
    ada = story.advocate()
    ada.say(AdvocacyWord.WITHDRAWN, "6 March")
    ada.say(AdvocacyWord.AGREED, "7 March")
    ada.act("9 March", "Rita")
    states = [story.ada(when).state for when in ("5 March", "6 March", "8 March", "9 March")]
    assert states == [AdvocacyState.ACTIVE, AdvocacyState.WITHDRAWN, AdvocacyState.AGREED, AdvocacyState.ACTIVE]
    assert story.support("8 March").championing == "lost"


def test_it_falls_back_when_no_qualifying_act_is_left() -> None:
    story = h2()
    ada = story.advocate()
    ada.about(ada.facts.acts[0], ActWord.RETRACTED, "Ada", "4 March")
    assert story.ada("3 March").state is AdvocacyState.ACTIVE
    assert story.ada("5 March").state is AdvocacyState.PROPOSED


def test_it_is_concluded_while_an_outcome_stands_unless_it_was_declined_or_withdrawn() -> None:
    story = h2()
    story.advocate("Bo").say(AdvocacyWord.DECLINED, "2 March")
    story.advocate("Cleo").say(AdvocacyWord.ASKED, "2 March")
    story.close("5 March")
    states = {each.advocate_id: each.state for each in story.support("30 March").advocacies}
    assert sorted(states.values()) == ["concluded", "concluded", "declined"]


def test_it_starts_its_limit_afresh_when_reopened() -> None:
    story = Story()
    story.advocate().say(AdvocacyWord.ASKED, "1 March")
    story.close("5 March")
    application = story.support("4 March").application
    assert application is not None
    story.stage("1 April", StageVerb.REOPEN, stage=application.stage)
    assert story.ada("15 April").state is AdvocacyState.ASKED
    assert story.ada("16 April 00:00").state is AdvocacyState.NO_ANSWER
    assert story.support("1 April").recheck_at == at("16 April 00:00")


def test_it_is_not_listed_before_anything_was_said_or_done() -> None:
    assert h2().support("1 March").advocacies == ()
