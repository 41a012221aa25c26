import pytest

from api.domain.levels import label
from api.domain.vocabulary import AskKind, Availability, Consent, Level, Outcome, Power, Relationship, Rule
from api.domain.wording import sentence
from tests.domain.story import Story, h1, h2
from tests.domain.story_words import BERLIN, R1, R2, at, named

BLAMING = ("only referred", "merely", "unsupported")


def test_it_needs_no_lower_level() -> None:
    support = h1().support("2 March")
    assert (support.level, support.referrals) == (Level.CHAMPIONED, ())


def test_it_names_the_best_advocate() -> None:
    story = h1()
    story.advocate("Bo").act("3 March", "Hanna", R1)
    assert story.support("4 March").advocate_id == named("advocate Ada")
    assert story.support("20 March").advocate_id == named("advocate Ada")


def test_it_names_the_later_heard_of_two_that_stand_alike() -> None:
    story = h2()
    story.advocate("Bo").act("3 March", "Hanna", R1, R2, ask=AskKind.HIRE)
    assert story.support("4 March").advocate_id == named("advocate Bo")


def test_it_names_nobody_without_a_qualifying_act() -> None:
    story = Story()
    story.advocate().act("2 March", "Rita", R1)
    assert story.support("3 March").advocacy_id is None


def test_it_falls_no_further_than_recommended() -> None:
    assert h1().support("31 December").level is Level.RECOMMENDED


def test_it_counts_since_without_a_break() -> None:
    story = h1()
    story.advocate().act("20 March", "Hanna")
    assert story.support("12 March").since == at("1 March")
    assert story.support("18 March").since == at("16 March 00:00")
    assert story.support("22 March").since == at("20 March")
    assert Story().support("1 March").since == at("1 February")


def test_it_explains_the_level_and_all_above() -> None:
    parts = {part.rule: part for part in h2().support("3 March").parts}
    assert set(parts) == set(Rule) - {Rule.REFERRAL, Rule.CONTEXT}
    assert {rule for rule, part in parts.items() if not part.satisfied} == {Rule.RETURN}
    assert parts[Rule.RETURN].missing == (
        "An act to the hiring side on another day, by 9 March 2026 to stay within the window; or a granted ask."
    )
    assert {part.rule for part in Story().support("3 March").parts} == set(Rule)


def test_it_is_exposed_by_a_long_absence_of_its_only_advocate() -> None:
    story = h1()
    story.advocate().be(Availability.AWAY, "4 March", "11 March")
    assert not story.support("5 March").exposed
    story.advocate().be(Availability.AWAY, "5 March", "13 March")
    assert story.support("5 March").exposed
    story.advocate("Bo").act("5 March", "Hanna", R1)
    assert (story.support("6 March").sole_advocate, story.support("6 March").exposed) == (False, False)


def test_it_knows_whether_a_present_decider_heard_it() -> None:
    story = h1()
    assert story.support("1 February").heard_by_current_decider is None
    assert story.support("2 March").heard_by_current_decider
    story.add_member("Hanna", None, "4 March")
    story.add_member("Dora", Power.DECIDES, "4 March")
    assert story.support("5 March").heard_by_current_decider is False


def test_it_repeats_what_was_so_at_the_outcome() -> None:
    story = h1()
    story.close("3 March", Outcome.HIRED)
    before = story.support("4 March")
    story.advocate().be(Availability.LEFT, "20 March", recorded="5 March")
    story.change_policy("6 March", window_applied=1)
    after = story.support("30 March")
    assert after.at_outcome is not None
    assert (after.level, after.championing, after.exposed) == (before.level, before.championing, before.exposed)
    assert (after.policy_version, after.next_change_at, after.recheck_at) == (1, None, None)


def test_it_is_none_before_the_application_began() -> None:
    story = Story()
    story.refer("10 January", Consent.GIVEN, Relationship.SAME_TEAM, R1)
    assert (story.support("20 January").level, story.support("20 January").since) == (Level.NONE, None)
    assert story.support("1 February").level is Level.REFERRED_WITH_CONTEXT


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("5 March", "Championed by Ada since 1 March 2026; on track."),
        ("27 February", "Recommended by Ada since 26 February 2026."),
        ("20 March", "Recommended by Ada since 16 March 2026; follow-through lapsed."),
        ("2 February", "Applied directly."),
    ],
)
def test_it_says_so_in_a_sentence(when: str, expected: str) -> None:
    support = h1().support(when)
    assert sentence(support, "Ada" if support.advocate_id else None, zone=BERLIN) == expected


def test_it_says_by_when_to_come_back_and_how_it_ended() -> None:
    story = h2()
    words = sentence(story.support("3 March"), "Ada", zone=BERLIN)
    assert words.endswith("; to be championed, the advocate comes back by 9 March 2026.")
    story.close("4 March", Outcome.FILLED_BY_OTHER)
    assert sentence(story.support("5 March"), "Ada", zone=BERLIN).endswith(" Closed on 4 March 2026: filled by other.")


def test_it_never_names_a_lack() -> None:
    for level in Level:
        assert not any(word in label(level).lower() for word in BLAMING)
