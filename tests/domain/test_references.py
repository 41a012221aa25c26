import pytest

from api.domain.errors import InvalidStateTransition
from api.domain.references import ALLOWED_FROM, check_word
from api.domain.vocabulary import ReferenceState, ReferenceWord
from tests.domain.story import Story
from tests.domain.story_words import at

REQUESTED, AGREED, GIVEN = ReferenceWord.REQUESTED, ReferenceWord.AGREED, ReferenceWord.GIVEN


def states(story: Story, *moments: str) -> list[str]:
    return [each.state.value for moment in moments for each in story.support(moment).references]


@pytest.mark.parametrize("word", ReferenceWord)
@pytest.mark.parametrize("state", [None, *ReferenceState])
def test_it_refuses_a_word_unless_the_table_allows_it(word: ReferenceWord, state: ReferenceState | None) -> None:
    if state in ALLOWED_FROM[word]:
        check_word(state, word)
    else:
        with pytest.raises(InvalidStateTransition):
            check_word(state, word)


def test_it_has_no_answer_when_the_limit_is_passed_and_takes_a_late_one() -> None:
    story = Story()
    story.reference((REQUESTED, "1 March"), (AGREED, "20 March"), (GIVEN, "22 March"))
    moments = ("15 March", "16 March 00:00", "20 March", "22 March")
    assert states(story, *moments) == ["requested", "no_answer", "agreed", "given"]
    assert story.support("1 March").recheck_at == at("16 March 00:00")


def test_it_may_be_given_unasked() -> None:
    story = Story()
    story.reference((GIVEN, "3 March"))
    assert states(story, "2 March", "3 March") == ["given"]


def test_it_touches_no_level_and_makes_no_advocacy() -> None:
    story = Story()
    story.reference((GIVEN, "3 March"))
    support = story.support("4 March")
    assert (support.level, support.advocacies) == ("none", ())


def test_it_waits_while_an_outcome_stands() -> None:
    story = Story()
    story.reference((REQUESTED, "1 March"), (GIVEN, "2 May"))
    story.close("5 March")
    assert states(story, "1 May", "2 May") == ["requested", "given"]


def test_it_passes_a_limit_at_the_moment_of_the_outcome() -> None:
    story = Story()
    story.reference((REQUESTED, "1 March"))
    story.close("16 March 00:00")
    assert states(story, "15 March 23:59:59", "20 March") == ["requested", "no_answer"]
