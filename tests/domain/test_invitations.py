"""Invitations: what is proposed to whom, what takes it, how it ends, and the limits on asking."""

from datetime import timedelta

import pytest

from api.domain.digests import next_digest_at
from api.domain.errors import InvalidStateTransition
from api.domain.follow_up_facts import About
from api.domain.invitations import check_pass
from api.domain.vocabulary import (
    ActWord,
    AdvocacyWord,
    AskKind,
    Availability,
    Consent,
    FollowUpVerb,
    InvitationState,
    Owed,
    ReferenceWord,
    Relationship,
    Stage,
    StageVerb,
)
from tests.domain.story_follow_ups import Office
from tests.domain.story_words import BERLIN, R1, R2, at, named

OPEN, TAKEN, PASSED, EXPIRED = InvitationState

ADA = About(person_id=named("Ada"), advocacy_id=named("advocacy Ada"))


def agreed(when: str = "2 March") -> Office:
    office = Office()
    office.advocate().say(AdvocacyWord.AGREED, when)
    return office


def silent(words: str = "1 March") -> Office:
    """Ada spoke with links, so that nothing asks anybody to confirm; she is at risk from 9 March on."""
    office = Office()
    ada = office.advocate()
    ada.act("26 February", "Hanna", R1, ask=AskKind.INTERVIEW, link=True)
    ada.act(words, "Hanna", R2, link=True)
    return office


def test_an_advocate_who_agreed_is_invited_to_act() -> None:
    office = agreed()
    (made,) = office.proposed("act", "2 March")
    assert (made.person_id, made.asker_id, made.state) == (named("Ada"), named("Rita"), OPEN)
    office.advocate().act("9 March", "Hanna", R1)
    (taken,) = office.proposed("act", "9 March")
    assert (taken.state, taken.ended_by) == (TAKEN, office.advocate().facts.acts[0].id)


def test_it_expires_when_its_limit_is_passed_and_a_late_yes_takes_it() -> None:
    office = agreed()
    assert [each.state for each in office.proposed("act", "16 March 23:59:59")] == [OPEN]
    (expired,) = office.proposed("act", "17 March 00:00")
    assert (expired.state, expired.is_unanswered) == (EXPIRED, True)
    office.advocate().act("20 March", "Hanna", R1)
    assert [each.state for each in office.proposed("act", "20 March")] == [TAKEN]


def test_passing_has_no_consequence_and_is_final() -> None:
    office = agreed()
    (made,) = office.proposed("act", "2 March")
    office.pass_on("3 March", made.key)
    before, after = office.derive("2 March"), office.derive("3 March")
    (passed,) = after.invitations
    assert passed.state is PASSED
    assert [each for each in after.follow_ups if each.noticed_at == at("3 March")] == []
    assert before.follow_ups == after.follow_ups
    with pytest.raises(InvalidStateTransition):
        check_pass(passed.state)
    office.advocate().act("9 March", "Hanna", R1)
    assert [each.state for each in office.proposed("act", "9 March")] == [PASSED]


def test_an_advocate_at_risk_is_invited_to_act() -> None:
    (made,) = silent().proposed("act", "9 March 00:00")
    assert (made.person_id, made.invited_at) == (named("Ada"), at("9 March 00:00"))


def test_an_act_that_nobody_bore_out_asks_one_of_its_audience() -> None:
    office = Office()
    act = office.advocate().act("2 March", ("Pam", "Hanna"), R1)
    (made,) = office.proposed("confirm", "2 March")
    assert made.person_id == named("Hanna")
    office.advocate().about(act, ActWord.CONFIRMED, "Hanna", "4 March")
    assert [each.state for each in office.proposed("confirm", "4 March")] == [TAKEN]


def test_who_is_not_needed_any_more_is_asked_no_more() -> None:
    office = Office()
    act = office.advocate().act("2 March", ("Pam", "Hanna"), R1)
    office.advocate().about(act, ActWord.CONFIRMED, "Pam", "4 March")
    (ended,) = office.proposed("confirm", "4 March")
    assert (ended.state, ended.is_unanswered) == (EXPIRED, False)


def test_from_interviewing_on_confirming_is_owed_and_not_proposed() -> None:
    office = Office(starts_in=Stage.INTERVIEWING)
    office.advocate().act("2 March", "Hanna", R1)
    assert office.proposed("confirm", "2 March") == []
    assert len(office.owed("confirm_act", "2 March")) == 1


def test_a_hand_over_is_proposed_until_the_leaving_and_takes_the_place_of_an_act() -> None:
    office = silent()
    office.advocate().be(Availability.LEFT, "20 March", recorded="10 March")
    (replaced,) = office.proposed("act", "10 March")
    assert (replaced.state, replaced.is_unanswered) == (EXPIRED, False)
    (made,) = office.proposed("hand_over", "10 March")
    assert (made.invited_at, made.expires_at) == (at("10 March"), at("20 March 00:00"))
    assert [each.state for each in office.proposed("hand_over", "19 March 23:59:59")] == [OPEN]
    assert [each.state for each in office.proposed("hand_over", "20 March 00:00")] == [EXPIRED]
    office.advocate("Bo").say(AdvocacyWord.AGREED, "12 March")
    assert [each.state for each in office.proposed("hand_over", "12 March")] == [TAKEN]


def test_a_referrer_with_reasons_is_invited_to_advocate() -> None:
    office = Office()
    office.refer("2 March", Consent.GIVEN, Relationship.SAME_TEAM, R1, linked="2 March")
    office.refer("2 March", Consent.GIVEN, Relationship.NONE, R1, linked="2 March", by="Cleo")
    (made,) = office.proposed("become_advocate", "2 March")
    assert made.person_id == named("Ref")
    office.advocate("Ref").say(AdvocacyWord.AGREED, "5 March")
    assert [each.state for each in office.proposed("become_advocate", "5 March")] == [TAKEN]


@pytest.mark.parametrize("word", [AdvocacyWord.ASKED, AdvocacyWord.AGREED])
def test_who_was_asked_or_agreed_already_is_not_invited_to_advocate(word: AdvocacyWord) -> None:
    office = Office()
    office.advocate("Ref").say(word, "1 March")
    office.refer("2 March", Consent.GIVEN, Relationship.SAME_TEAM, R1, linked="2 March")
    assert office.proposed("become_advocate", "2 March") == []


def test_a_reference_given_with_praise_invites_its_giver() -> None:
    office = Office()
    office.reference_by("Gil", (ReferenceWord.GIVEN, "2 March"))
    assert office.proposed("become_advocate", "5 March") == []
    office.reference_by("Ina", (ReferenceWord.GIVEN, "2 March"), praised="3 March")
    (made,) = office.proposed("become_advocate", "5 March")
    assert (made.person_id, made.invited_at) == (named("Ina"), at("3 March"))


def test_fourteen_days_lie_between_two() -> None:
    near, far = silent(), silent("3 March")
    for office, heard in ((near, "12 March"), (far, "16 March")):
        office.advocate().act(heard, "Hanna", link=True)
    assert [each.invited_at for each in near.proposed("act", "30 March")] == [at("9 March 00:00")]
    assert [each.invited_at for each in far.proposed("act", "30 March")] == [at("11 March 00:00")]
    far.change_policy("1 January", invitation_gap_days=13)
    assert len(far.proposed("act", "30 March")) == 2


def test_one_is_open_at_a_time() -> None:
    office = agreed()
    office.refer("3 March", Consent.GIVEN, Relationship.SAME_TEAM, R1, linked="3 March", by="Ada")
    office.change_policy("1 January", invitation_gap_days=1)
    assert [each.type for each in office.derive("5 March").invitations] == ["act"]


def test_nobody_is_asked_after_two_unanswered_in_a_row() -> None:
    quiet = agreed("2 February")
    quiet.change_policy("1 January", invitation_gap_days=1, invitation_expires_days=1)
    for number, month in ((10, "February"), (20, "February")):
        quiet.advocate().say(AdvocacyWord.WITHDRAWN, f"{number} {month}")
        quiet.advocate().say(AdvocacyWord.AGREED, f"{number + 1} {month}")
    made = quiet.proposed("act", "30 March")
    assert [each.invited_at for each in made] == [at("2 February"), at("11 February")]
    assert all(each.is_unanswered for each in made)


def test_limits_do_not_restrain_people() -> None:
    office = agreed()
    key = office.invite("3 March", "act", "Ada", ADA)
    made = {each.key: each.state for each in office.derive("3 March").invitations}
    assert (len(made), made[key]) == (2, OPEN)


def test_limits_count_for_each_who_asks() -> None:
    office = silent()
    office.invite("8 March", "act", "Ada", ADA, by="Pam")
    assert [each.asker_id for each in office.proposed("act", "9 March")] == [named("Pam"), named("Rita")]


def test_nothing_is_proposed_to_who_does_not_want_to_be_contacted() -> None:
    office = agreed()
    office.advocate().be(Availability.DO_NOT_CONTACT, "5 March")
    (ended,) = office.proposed("act", "5 March 00:00")
    assert (ended.state, ended.is_unanswered) == (EXPIRED, False)
    assert ended.ended_at == at("5 March 00:00")
    blocked = agreed("6 March")
    blocked.advocate().be(Availability.DO_NOT_CONTACT, "5 March")
    blocked.invite("7 March", "act", "Ada", ADA)
    assert blocked.proposed("act", "9 March") == []


def test_an_outcome_ends_what_is_open_and_proposes_nothing() -> None:
    office = agreed()
    office.close("5 March")
    (ended,) = office.proposed("act", "5 March")
    assert (ended.state, ended.is_unanswered) == (EXPIRED, False)
    office.advocate().act("6 March", "Hanna", R1)
    assert [each.state for each in office.proposed("act", "30 April")] == [EXPIRED]
    office.stage("2 May", StageVerb.REOPEN, stage=Stage.APPLIED)
    assert [each.state for each in office.proposed("act", "2 May")] == [TAKEN]


def test_invitations_enter_no_follow_up_state() -> None:
    office = agreed()
    office.contact("2 March", "Cand")
    follow_ups = office.derive("10 March").follow_ups
    assert all(each.owed(at("10 March")) is Owed.NONE for each in follow_ups)


def test_a_word_on_a_follow_up_says_nothing_of_the_invitation_that_came_with_it() -> None:
    office = silent()
    office.say("9 March 10:00", FollowUpVerb.SKIP, office.only("check_in_advocate", "9 March 00:00").key)
    assert [each.state for each in office.proposed("act", "9 March")] == [OPEN]


def test_deciders_get_three_digests_a_week() -> None:
    monday = at("2 March 09:00")
    sent = [monday + timedelta(days=days) for days in (-1, 0, 1, 2)]
    assert next_digest_at(sent[:3], monday + timedelta(days=2), per_week=3, zone=BERLIN) == monday + timedelta(days=2)
    assert next_digest_at(sent, monday + timedelta(days=3), per_week=3, zone=BERLIN) == at("9 March 00:00")
    spring = [at(f"{day} March") for day in (24, 25, 29)]
    assert next_digest_at(spring, at("29 March 13:00"), per_week=3, zone=BERLIN) == at("30 March 00:00")
