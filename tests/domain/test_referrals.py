import pytest

from api.domain.errors import InvalidStateTransition, Unprocessable
from api.domain.referrals import ReferralStatus, check_word, derive_referral
from api.domain.vocabulary import Confidence, Consent, ReferralState, ReferralWord, Relationship, Stage, StageVerb
from tests.domain.story import Story
from tests.domain.story_checks import levels
from tests.domain.story_words import R1, at

GIVEN = Consent.GIVEN
TEAM = Relationship.SAME_TEAM


def test_it_counts_from_the_moment_of_its_link() -> None:
    story = Story()
    story.refer("10 February", GIVEN, linked="12 February")
    assert levels(story, "11 February", "12 February") == ["none none", "referred none"]


@pytest.mark.parametrize("word", [ReferralWord.WITHDRAWN, ReferralWord.CONSENT_REFUSED, ReferralWord.INELIGIBLE])
def test_it_gives_no_level_once_it_is_live_no_longer(word: ReferralWord) -> None:
    story = Story()
    story.refer("10 February", GIVEN, TEAM, R1, words=[(word, "20 February")])
    assert levels(story, "19 February", "20 February") == ["referred_with_context none", "none none"]


def test_it_waits_for_consent_and_takes_a_late_yes() -> None:
    story = Story()
    story.refer("10 February", Consent.PENDING, words=[(ReferralWord.CONSENT_GIVEN, "20 March")])
    states = [story.referral(when).state for when in ("12 March", "13 March 00:00", "20 March")]
    assert states == [ReferralState.CONSENT_PENDING, ReferralState.EXPIRED, ReferralState.SUBMITTED]
    assert levels(story, "19 March", "20 March") == ["none none", "referred none"]


def test_it_needs_consent_where_the_policy_says_so() -> None:
    story = Story()
    story.change_policy("5 February", referral_consent_required=True)
    story.refer("10 February", Consent.UNKNOWN)
    assert story.referral("10 February").state is ReferralState.CONSENT_PENDING


def test_it_expires_by_time_while_it_is_not_linked() -> None:
    story = Story()
    referral = story.refer("10 February", GIVEN, linked=None)
    policies = story.policies
    answer = derive_referral(referral, as_of=at("11 February"), known_at=at("11 February"), policies=policies)
    assert answer.referral.state is ReferralState.SUBMITTED
    assert answer.recheck_at == at("10 August 00:00")
    later = derive_referral(referral, as_of=at("10 August 00:00"), known_at=at("10 August 00:00"), policies=policies)
    assert (later.referral.state, later.recheck_at) == (ReferralState.EXPIRED, None)
    with pytest.raises(Unprocessable):
        derive_referral(referral, as_of=at("9 February"), known_at=at("9 February"), policies=policies)


def test_it_is_closed_with_the_application_and_back_when_that_is_reopened() -> None:
    story = Story()
    story.refer("10 February", GIVEN, words=[(ReferralWord.ACKNOWLEDGED, "11 February")])
    story.close("1 March")
    story.stage("1 April", StageVerb.REOPEN, stage=Stage.APPLIED)
    states = [story.referral(when).state for when in ("20 February", "2 March", "1 April")]
    assert states == [ReferralState.ACKNOWLEDGED, ReferralState.CLOSED, ReferralState.ACKNOWLEDGED]
    assert levels(story, "2 March") == ["referred none"]
    assert story.support("1 April").since == at("10 February")


def test_it_stays_a_duplicate() -> None:
    story = Story()
    story.refer("10 February", GIVEN, is_duplicate=True)
    assert story.referral("10 March").state is ReferralState.DUPLICATE


def test_it_is_as_sure_as_whoever_recorded_it() -> None:
    for recorded_by, rung in (("Ref", Confidence.SELF_REPORTED), ("Rita", Confidence.CLAIMED)):
        story = Story()
        story.refer("10 February", GIVEN, recorded_by=recorded_by, is_documented=False)
        assert story.support("11 February").confidence is rung


def test_it_gives_credit_in_the_order_of_submission() -> None:
    story = Story()
    second = story.refer("20 January", GIVEN, by="Second")
    first = story.refer("15 January", GIVEN, by="First")
    by_member = story.refer("16 January", GIVEN, by="Pam")
    late = story.refer("2 February", GIVEN, by="Late")
    places = {each.id: each.credit_position for each in story.support("10 February").referrals}
    assert [places[each.id] for each in (first, second, by_member, late)] == [1, 2, None, None]
    flags = {each.id: (each.after_application, each.is_job_member) for each in story.support("10 February").referrals}
    assert (flags[by_member.id], flags[late.id]) == ((False, True), (True, False))


def test_it_refuses_a_word_that_makes_no_sense() -> None:
    with pytest.raises(InvalidStateTransition):
        check_word(ReferralStatus(ReferralState.ACKNOWLEDGED, True), ReferralWord.ACKNOWLEDGED)
    with pytest.raises(InvalidStateTransition):
        check_word(ReferralStatus(ReferralState.EXPIRED, True), ReferralWord.CONSENT_GIVEN)
    check_word(ReferralStatus(ReferralState.EXPIRED, True, lacked_consent=True), ReferralWord.CONSENT_GIVEN)
