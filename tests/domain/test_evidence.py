import pytest

from api.domain.derived import DerivedAct
from api.domain.vocabulary import ActWord, Affiliation, AskKind, AskState, Basis, Confidence, Power
from tests.domain.story import Story
from tests.domain.story_checks import levels
from tests.domain.story_words import R1, R2, ROLE, reason


def first_act(story: Story, when: str) -> DerivedAct:
    return story.support(when).advocacies[0].acts[0]


def spoken(to: str | tuple[str, ...] = "Hanna", by: str | None = None, *, link: bool = False) -> Story:
    story = Story()
    story.advocate().act("2 March", to, R1, R2, ask=AskKind.INTERVIEW, by=by, link=link)
    return story


def test_it_does_not_count_what_its_actor_disputes_until_they_take_that_back() -> None:
    story = spoken(by="Rita")
    ada = story.advocate()
    ada.about(ada.facts.acts[0], ActWord.DISPUTED, "Ada", "3 March")
    ada.about(ada.facts.acts[0], ActWord.DISPUTE_WITHDRAWN, "Ada", "5 March")
    assert levels(story, "3 March 11:59", "4 March", "5 March") == [
        "recommended started",
        "none none",
        "recommended started",
    ]


def test_it_never_counts_again_what_was_retracted() -> None:
    story = spoken(by="Rita")
    ada = story.advocate()
    ada.about(ada.facts.acts[0], ActWord.RETRACTED, "Rita", "3 March")
    ada.about(ada.facts.acts[0], ActWord.DISPUTE_WITHDRAWN, "Ada", "4 March")
    assert levels(story, "5 March") == ["none none"]
    assert first_act(story, "5 March").ask_state is None


def test_it_looks_at_the_affiliation_of_the_day_of_the_act() -> None:
    story = spoken()
    story.advocate().belong(Affiliation.AGENCY, "3 March")
    assert levels(story, "4 March") == ["recommended started"]


def test_it_takes_whoever_denies_out_of_the_audience_until_they_confirm() -> None:
    story = spoken()
    ada = story.advocate()
    ada.about(ada.facts.acts[0], ActWord.DENIED, "Hanna", "3 March")
    ada.about(ada.facts.acts[0], ActWord.CONFIRMED, "Hanna", "5 March")
    assert levels(story, "4 March", "5 March") == ["none none", "recommended started"]
    assert first_act(story, "5 March").rung is Confidence.CONFIRMED


def test_it_ignores_the_word_of_somebody_outside_the_audience() -> None:
    story = spoken()
    ada = story.advocate()
    ada.about(ada.facts.acts[0], ActWord.CONFIRMED, "Pam", "3 March")
    assert first_act(story, "4 March").rung is Confidence.SELF_REPORTED


@pytest.mark.parametrize(
    ("by", "link", "rung"),
    [
        ("Olga", False, Confidence.CLAIMED),
        ("Ada", False, Confidence.SELF_REPORTED),
        ("Olga", True, Confidence.DOCUMENTED),
        ("Hanna", False, Confidence.CONFIRMED),
    ],
)
def test_it_takes_the_highest_rung_that_fits(by: str, *, link: bool, rung: Confidence) -> None:
    assert first_act(spoken(by=by, link=link), "3 March").rung is rung


def test_it_lets_nobody_hear_their_own_act() -> None:
    story = Story()
    story.advocate("Hanna").act("2 March", ("Hanna", ROLE), reason("x", before_process=True), R2, ask=AskKind.HIRE)
    assert levels(story, "3 March") == ["none none"]


def test_it_takes_the_power_of_the_day_of_the_act() -> None:
    story = spoken("Pam")
    story.add_member("Pam", None, "3 March")
    assert levels(story, "4 March") == ["recommended started"]
    late = Story()
    late.add_member("Pam", None, "1 March")
    late.advocate().act("2 March", "Pam", R1, R2, ask=AskKind.INTERVIEW)
    assert levels(late, "3 March") == ["none none"]


def test_it_counts_a_membership_that_the_recorder_had_made_before() -> None:
    story = Story()
    story.add_member("Xen", Power.DECIDES, "1 March", by="Ada")
    story.advocate().act("2 March", "Xen", R1, R2, ask=AskKind.INTERVIEW)
    assert levels(story, "3 March") == ["recommended started"]


def test_it_lets_the_role_stand_for_a_hiring_manager_marked_later() -> None:
    story = Story()
    story.members.clear()
    story.advocate().act("2 March", ROLE, R1, R2, ask=AskKind.INTERVIEW)
    story.add_member("Hanna", Power.DECIDES, "9 March", is_hiring_manager=True)
    story.advocate().about(story.advocate().facts.acts[0], ActWord.CONFIRMED, "Hanna", "10 March")
    assert levels(story, "3 March") == ["recommended started"]
    assert first_act(story, "10 March").rung is Confidence.CONFIRMED


def test_it_reads_what_a_member_saw_in_this_process_as_no_reason() -> None:
    story = Story()
    story.advocate("Pam").act("2 March", "Hanna", R1, ask=AskKind.HIRE)
    assert not first_act(story, "3 March").qualifies


@pytest.mark.parametrize("basis", [Basis.CV_ONLY, Basis.OBSERVED_IN_PROCESS])
def test_it_takes_no_reason_from_the_cv_or_the_process(basis: Basis) -> None:
    story = Story()
    story.advocate().act("2 March", "Hanna", reason("x", basis))
    assert not first_act(story, "3 March").qualifies


def test_it_lets_the_later_answer_stand() -> None:
    story = spoken()
    ada = story.advocate()
    for state, when in ((AskState.DEFERRED, "3 March"), (AskState.GRANTED, "5 March")):
        ada.answer(ada.facts.acts[0], state, when)
    assert [first_act(story, when).ask_state for when in ("2 March", "4 March", "5 March")] == [
        AskState.OPEN,
        AskState.DEFERRED,
        AskState.GRANTED,
    ]
