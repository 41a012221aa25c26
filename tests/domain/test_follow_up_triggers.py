"""What triggers a follow-up and what does not, what undoes it, and what closes it."""

from typing import Any

import pytest

from api.domain.vocabulary import (
    ActWord,
    AdvocacyWord,
    AskKind,
    Availability,
    Consent,
    Direction,
    FollowUpState,
    Outcome,
    Power,
    ReferenceWord,
    ReferralWord,
    Stage,
    StageVerb,
)
from tests.domain.follow_up_stories import asked, at_risk, ended, given, leaving, moved, succeeded, unconfirmed, waited
from tests.domain.story_follow_ups import Office, local
from tests.domain.story_words import R1, R2, at, named

OPEN, COMPLETED, CANCELLED = FollowUpState.OPEN, FollowUpState.COMPLETED, FollowUpState.CANCELLED


def test_a_referral_without_an_application_is_owed_by_nobody_yet() -> None:
    office = Office()
    office.stages.clear()
    office.members.clear()
    office.refer("6 March 15:00", linked=None)
    made = office.only("acknowledge_referral", "9 March")
    assert (made.owner_id, local(made)) == (None, ("10 Mar 09:00", "10 Mar 17:00"))


def test_a_referral_that_waits_for_consent_is_acknowledged_once_it_is_submitted() -> None:
    office = Office()
    office.refer("6 March", Consent.PENDING, linked="6 March", words=[(ReferralWord.CONSENT_GIVEN, "10 March")])
    assert office.owed("acknowledge_referral", "9 March") == []
    assert local(office.only("acknowledge_referral", "10 March")) == ("12 Mar 09:00", "12 Mar 17:00")


@pytest.mark.parametrize("word", [ReferralWord.WITHDRAWN, ReferralWord.CONSENT_REFUSED, ReferralWord.INELIGIBLE])
def test_whatever_takes_a_referral_out_of_submitted_closes_its_acknowledgement(word: ReferralWord) -> None:
    office = Office()
    office.refer("6 March", linked="6 March", words=[(word, "9 March 10:00")])
    assert office.only("acknowledge_referral", "9 March 10:00").state is COMPLETED


def test_an_ask_to_the_panel_is_the_deciders() -> None:
    assert asked("Pam").only("answer_ask", "2 March").owner_id == named("Hanna")


def test_an_ask_to_a_recruiter_is_nobodys() -> None:
    assert asked("Rita").owed("answer_ask", "2 March") == []


def test_an_ask_to_consider_is_answered_too() -> None:
    office = Office()
    office.advocate().act("2 March", "Hanna", ask=AskKind.CONSIDER)
    assert office.only("answer_ask", "2 March").owner_id == named("Hanna")


def test_an_ask_passes_to_the_recruiter_on_the_fifth_working_day_and_is_due_that_day() -> None:
    before, after = (asked().only("answer_ask", when) for when in ("9 March 08:59:59", "9 March 09:00"))
    assert (before.owner_id, before.escalated, local(before)[0]) == (named("Hanna"), False, "5 Mar 09:00")
    assert (after.owner_id, after.escalated, local(after)) == (named("Rita"), True, ("9 Mar 09:00", "9 Mar 17:00"))


def test_an_ask_told_late_is_due_today_and_passes_on_two_working_days_later() -> None:
    office = Office()
    office.advocate().act("2 March", "Hanna", ask=AskKind.INTERVIEW, recorded="19 March 10:00")
    made = office.only("answer_ask", "19 March 10:00")
    assert (made.triggered_at, local(made)) == (at("2 March"), ("19 Mar 09:00", "19 Mar 17:00"))
    assert local(office.only("answer_ask", "23 March 09:00")) == ("23 Mar 09:00", "23 Mar 17:00")


def test_a_retracted_act_takes_its_ask_and_what_is_owed_along() -> None:
    office = asked()
    ada = office.advocate()
    ada.about(ada.facts.acts[0], ActWord.RETRACTED, "Ada", "3 March")
    closed = office.only("answer_ask", "3 March")
    assert (closed.state, closed.closed_by) == (CANCELLED, None)


def test_supporters_are_updated_one_by_one_and_not_after_a_move_back() -> None:
    office = moved()
    office.advocate().say(AdvocacyWord.AGREED, "5 March")
    office.stage("9 March", StageVerb.MOVE, stage=Stage.APPLIED)
    made = office.owed("update_supporters", "9 March")
    assert {each.about.person_id for each in made} == {named("Ref"), named("Ada")}
    assert {each.triggered_at for each in made} == {at("6 March 15:00")}


def test_who_becomes_a_supporter_later_is_not_told_of_an_earlier_move() -> None:
    office = moved()
    office.advocate().say(AdvocacyWord.AGREED, "7 March")
    assert [each.about.person_id for each in office.owed("update_supporters", "9 March")] == [named("Ref")]


def test_a_supporter_who_hears_nothing_for_more_than_ten_days_is_updated_once() -> None:
    office = Office()
    office.refer("2 March", linked="2 March")
    assert office.owed("update_supporters", "12 March 23:59:59") == []
    made = office.only("update_supporters", "13 March 00:00")
    assert (made.triggered_at, local(made)[0]) == (at("13 March 00:00"), "17 Mar 09:00")
    assert len(office.owed("update_supporters", "30 April")) == 1
    office.contact("16 March", "Ref")
    assert [each.state for each in office.owed("update_supporters", "26 March")] == [COMPLETED]
    assert [each.state for each in office.owed("update_supporters", "27 March 00:00")] == [COMPLETED, OPEN]


def test_one_person_who_refers_and_advocates_is_one_supporter() -> None:
    office = moved()
    office.advocate("Ref").say(AdvocacyWord.AGREED, "5 March")
    made = office.only("update_supporters", "6 March 15:00")
    concerned = (office.referrals[0].id, named("referrer Ref"), named("advocacy Ref"), named("advocate Ref"))
    assert all(made.concerns(each) for each in (*concerned, named("application")))


def test_an_advocate_is_checked_on_once_per_clock_start() -> None:
    office = at_risk()
    assert len(office.owed("check_in_advocate", "8 April")) == 1
    office.advocate().act("20 March", "Hanna")
    states = [each.state for each in office.owed("check_in_advocate", "28 March 00:00")]
    assert states == [COMPLETED, OPEN]


def test_a_move_puts_the_advocate_back_on_track_and_undoes_the_check() -> None:
    office = at_risk()
    office.stage("10 March", StageVerb.MOVE, stage=Stage.SCREENING)
    assert office.only("check_in_advocate", "10 March").state is CANCELLED
    assert [each.state for each in office.owed("check_in_advocate", "21 March 00:00")] == [CANCELLED, OPEN]


def test_nobody_checks_on_an_advocate_who_withdrew() -> None:
    office = at_risk()
    office.advocate().say(AdvocacyWord.WITHDRAWN, "10 March")
    assert office.only("check_in_advocate", "10 March").state is CANCELLED


def test_a_lapse_leaves_the_check_owed() -> None:
    assert at_risk().only("check_in_advocate", "20 March").state is OPEN


def test_who_only_started_is_checked_on_as_well() -> None:
    office = Office()
    office.advocate().act("2 March", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    assert local(office.only("check_in_advocate", "10 March 00:00"))[0] == "10 Mar 09:00"


def test_acts_are_confirmed_from_interviewing_on() -> None:
    office = Office(starts_in=Stage.SCREENING)
    office.advocate().act("2 March", "Hanna", R1)
    assert office.owed("confirm_act", "5 March") == []
    office.stage("6 March", StageVerb.MOVE, stage=Stage.INTERVIEWING)
    assert local(office.only("confirm_act", "6 March"))[0] == "11 Mar 09:00"
    office.stage("9 March", StageVerb.MOVE, stage=Stage.OFFER)
    assert len(office.owed("confirm_act", "10 March")) == 1


@pytest.mark.parametrize(("by", "link"), [("Rita", False), ("Ada", True), ("Hanna", False)])
def test_an_act_that_is_claimed_documented_or_confirmed_needs_no_confirmation(by: str, link: bool) -> None:
    office = Office(starts_in=Stage.INTERVIEWING)
    office.advocate().act("2 March", "Hanna", R1, by=by, link=link)
    assert office.owed("confirm_act", "5 March") == []


def test_a_denial_closes_the_confirmation_too() -> None:
    assert unconfirmed(ActWord.DENIED).only("confirm_act", "9 March 10:00").state is COMPLETED


def test_nobody_hands_over_an_absence_within_the_window_or_on_the_day() -> None:
    for since, until in (("10 March", "17 March"), ("4 March", "30 March")):
        office = at_risk()
        office.advocate().be(Availability.AWAY, since, until, recorded="4 March")
        assert office.owed("hand_over", "4 March") == []
    office = at_risk()
    office.advocate().be(Availability.AWAY, "10 March", "18 March", recorded="4 March")
    assert local(office.only("hand_over", "4 March"))[0] == "4 Mar 09:00"


def test_a_leaving_that_is_taken_back_is_handed_over_no_more() -> None:
    office = leaving()
    office.advocate().be(Availability.AVAILABLE, "20 March", recorded="5 March")
    assert office.only("hand_over", "5 March").state is CANCELLED


def test_a_hand_over_stays_owed_after_the_leaving() -> None:
    assert leaving().only("hand_over", "2 April").state is OPEN


def test_only_a_new_decider_who_heard_nothing_is_briefed() -> None:
    office = at_risk()
    office.add_member("Dan", Power.DECIDES, "3 March")
    assert office.owed("brief_new_decider", "4 March") == []
    office.add_member("Hanna", None, "5 March")
    assert office.only("brief_new_decider", "5 March").about.person_id == named("Dan")


def test_a_decider_of_old_is_not_briefed_when_the_panel_hears_first() -> None:
    office = Office()
    office.advocate().act("2 March", "Pam", R1)
    assert office.owed("brief_new_decider", "9 March") == []


def test_a_new_decider_who_goes_again_is_briefed_no_more() -> None:
    office = succeeded()
    office.add_member("Dan", None, "4 March")
    office.add_member("Eve", Power.DECIDES, "4 March")
    states = {each.about.person_id: each.state for each in office.owed("brief_new_decider", "4 March")}
    assert states == {named("Dan"): CANCELLED, named("Eve"): OPEN}


def test_a_corrected_outcome_thanks_nobody_twice() -> None:
    office = ended()
    office.close("9 March", Outcome.WITHDRAWN)
    assert len(office.owed("thank_supporters", "10 March")) == 1


def test_an_outcome_that_is_taken_back_is_no_ground_to_thank() -> None:
    office = ended()
    office.stage("9 March", StageVerb.REOPEN, stage=Stage.APPLIED)
    assert office.only("thank_supporters", "9 March").state is CANCELLED


def test_a_candidate_is_answered_once_for_each_wait() -> None:
    office = waited()
    assert len(office.owed("answer_candidate", "30 April")) == 1
    office.contact("20 February", "Cand")
    states = [each.state for each in office.owed("answer_candidate", "7 March 00:00")]
    assert states == [COMPLETED, OPEN]


def test_a_dated_hold_undoes_the_wait() -> None:
    office = waited()
    office.stage("18 February", StageVerb.HOLD, until="10 March")
    assert office.only("answer_candidate", "18 February").state is CANCELLED
    assert [each.state for each in office.owed("answer_candidate", "10 March 00:00")] == [CANCELLED, OPEN]


def test_an_act_of_the_sole_advocate_undoes_the_exposure() -> None:
    office = at_risk("10 March")
    assert office.only("widen_coverage", "9 March 00:00").state is OPEN
    assert office.only("widen_coverage", "10 March").state is CANCELLED


def test_a_reference_already_asked_for_is_not_requested_again() -> None:
    office = Office()
    office.reference_by("Gil", (ReferenceWord.REQUESTED, "5 March"))
    office.stage("6 March", StageVerb.MOVE, stage=Stage.OFFER)
    assert office.owed("request_reference", "6 March") == []


@pytest.mark.parametrize(
    "contact",
    [
        {"when": "6 March 14:59", "who": "Gil"},
        {"when": "9 March", "who": "Gil", "direction": Direction.FROM_PERSON},
        {"when": "9 March", "who": "Gil", "automatic": True},
        {"when": "9 March", "who": "Gil", "bounced": "9 March"},
        {"when": "9 March", "who": "Ada"},
    ],
)
def test_only_a_contact_that_reached_the_person_since_the_trigger_closes(contact: dict[str, Any]) -> None:
    office = given()
    office.contact(**contact)
    assert office.only("thank_reference", "10 March").state is OPEN


def test_a_contact_that_bounced_later_closed_it_all_the_same() -> None:
    office = given()
    office.contact("9 March", "Gil", bounced="11 March")
    assert office.only("thank_reference", "12 March").state is COMPLETED


def test_a_conversation_closes() -> None:
    office = given()
    office.contact("9 March", "Gil", direction=Direction.BOTH_WAYS)
    assert office.only("thank_reference", "9 March").state is COMPLETED
