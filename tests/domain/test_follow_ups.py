"""Follow-ups in time: days, zones, snoozing, what people do with them, outcomes, and what is most pressing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from api.domain.errors import InvalidStateTransition, Unprocessable
from api.domain.follow_up_facts import About, FollowUpWord
from api.domain.follow_up_tables import FOLLOW_UPS
from api.domain.follow_ups import check_word, follow_up_state
from api.domain.vocabulary import (
    AdvocacyWord,
    AskKind,
    Availability,
    FollowUpState,
    FollowUpVerb,
    Outcome,
    Owed,
    Power,
    ReferenceWord,
    Stage,
    StageVerb,
)
from tests.domain.story_follow_ups import Office, local
from tests.domain.story_words import POLICY, R1, R2, at, named

OPEN, COMPLETED, SKIPPED, CANCELLED = FollowUpState


def referred(when: str = "6 March 15:00", office: Office | None = None) -> Office:
    office = office or Office()
    office.refer(when, linked=when)
    return office


def owed(office: Office, when: str, kind: str = "acknowledge_referral") -> Owed:
    return office.only(kind, when).owed(at(when))


def test_vector_38() -> None:
    office = referred()
    made = office.only("acknowledge_referral", "6 March 15:00")
    assert (made.due_on, made.due_at) == (date(2026, 3, 10), datetime(2026, 3, 10, 8, tzinfo=UTC))
    assert made.overdue_at == datetime(2026, 3, 10, 16, tzinfo=UTC)
    states = [owed(office, when) for when in ("6 March 15:00", "10 March 08:59:59", "10 March 09:00", "10 March 17:00")]
    assert states == [Owed.SCHEDULED, Owed.SCHEDULED, Owed.DUE, Owed.OVERDUE]


def test_vector_38_with_a_holiday_on_monday() -> None:
    office = referred(office=Office(policy=replace(POLICY, holidays=frozenset({date(2026, 3, 9)}))))
    assert local(office.only("acknowledge_referral", "9 March")) == ("11 Mar 09:00", "11 Mar 17:00")


def test_vector_37() -> None:
    waits = [Office().derive(when).wait for when in ("15 February", "16 February", "3 March", "4 March")]
    assert [wait and wait.waiting.value for wait in waits] == ["none", "waiting", "waiting", "waiting_long"]


def test_vector_39() -> None:
    office = Office()
    ada = office.advocate()
    ada.act("26 February", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("1 March", "Hanna", R2)
    ada.be(Availability.LEFT, "20 March", recorded="3 March")
    assert office.owed("widen_coverage", "3 March 11:59:59") == []
    kinds = {each.type for each in office.derive("3 March").follow_ups}
    assert {"hand_over", "widen_coverage"} <= kinds


def test_due_days_follow_the_change_of_the_clocks() -> None:
    spring = referred("26 March 15:00").only("acknowledge_referral", "30 March")
    assert spring.due_at == datetime(2026, 3, 30, 7, tzinfo=UTC)
    autumn = referred("22 October 15:00").only("acknowledge_referral", "26 October")
    assert autumn.due_at == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_working_hours_are_those_of_the_owners_zone() -> None:
    office = referred()
    office.person("Rita", zone="America/New_York")
    made = office.only("acknowledge_referral", "6 March 15:00")
    assert (made.due_at, made.overdue_at) == (
        datetime(2026, 3, 10, 13, tzinfo=UTC),
        datetime(2026, 3, 10, 21, tzinfo=UTC),
    )


def test_a_zone_that_is_ahead_has_done_its_hours_of_today() -> None:
    office = Office()
    office.person("Rita", zone="Asia/Tokyo")
    assert office.only("answer_candidate", "16 February 00:00").due_on == date(2026, 2, 16)
    ada = office.advocate()
    ada.act("26 February", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    ada.say(AdvocacyWord.WITHDRAWN, "27 February")
    office.stage("6 March 10:00", StageVerb.MOVE, stage=Stage.OFFER)
    assert office.only("request_reference", "6 March 10:00").due_on == date(2026, 3, 9)


def test_a_due_day_that_is_past_becomes_today_or_the_next_working_day() -> None:
    for recorded, due in (("19 March 10:00", "19 Mar 09:00"), ("19 March 17:00", "20 Mar 09:00")):
        office = Office()
        office.refer("6 March", linked="6 March")
        office.referrals[0] = replace(
            office.referrals[0],
            recorded_at=at(recorded),
            statements=tuple(replace(each, recorded_at=at(recorded)) for each in office.referrals[0].statements),
        )
        made = office.only("acknowledge_referral", recorded)
        assert (made.triggered_at, made.noticed_at, local(made)[0]) == (at("6 March"), at(recorded), due)


def test_today_in_the_evening_or_at_the_weekend_is_the_next_working_day() -> None:
    office = Office()
    ada = office.advocate()
    ada.act("26 February", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("6 March", "Hanna", R2)
    assert local(office.only("check_in_advocate", "14 March 00:00"))[0] == "16 Mar 09:00"


def test_a_snoozed_one_stays_away_until_its_moment() -> None:
    office = referred()
    made = office.only("acknowledge_referral", "9 March")
    office.say("10 March 10:00", FollowUpVerb.SNOOZE, made.key, until="12 March 08:00")
    states = [owed(office, when) for when in ("10 March 09:59:59", "10 March 10:00", "12 March 07:59:59")]
    assert states == [Owed.DUE, Owed.SCHEDULED, Owed.SCHEDULED]
    assert owed(office, "12 March 08:00") is Owed.OVERDUE
    answered = office.derive("10 March 10:00")
    rechecks = [each.next_change_at(at("10 March 10:00")) for each in answered.follow_ups if each.key == made.key]
    assert rechecks == [at("12 March 08:00")]


@pytest.mark.parametrize(
    ("verb", "state"),
    [(FollowUpVerb.COMPLETE, COMPLETED), (FollowUpVerb.SKIP, SKIPPED), (FollowUpVerb.CANCEL, CANCELLED)],
)
def test_people_end_it(verb: FollowUpVerb, state: FollowUpState) -> None:
    office = referred()
    made = office.only("acknowledge_referral", "9 March")
    word = office.say("9 March", verb, made.key)
    ended = office.only("acknowledge_referral", "20 March")
    assert (ended.state, ended.closed_by, ended.closed_at) == (state, word, at("9 March"))
    office.say("10 March", FollowUpVerb.SKIP, made.key)
    assert office.only("acknowledge_referral", "20 March") == ended


def word(verb: FollowUpVerb, office: Office, **more: object) -> FollowUpWord:
    key = office.only("acknowledge_referral", "9 March").key
    moment = at("9 March")
    return FollowUpWord(id=named("word"), occurred_at=moment, recorded_at=moment, key=key, verb=verb, **more)


def test_senseless_words_are_refused() -> None:
    office = referred()
    open_one = office.only("acknowledge_referral", "9 March")
    with pytest.raises(Unprocessable):
        check_word(open_one.state, word(FollowUpVerb.SNOOZE, office, until=at("9 March")))
    with pytest.raises(Unprocessable):
        check_word(open_one.state, word(FollowUpVerb.REASSIGN, office, owner_id=named("Xen")), may_own=False)
    check_word(open_one.state, word(FollowUpVerb.COMPLETE, office))
    with pytest.raises(InvalidStateTransition):
        check_word(COMPLETED, word(FollowUpVerb.COMPLETE, office))


def test_a_new_owner_has_it_due_in_their_own_hours() -> None:
    office = referred()
    office.person("Pam", zone="America/New_York")
    office.say("9 March", FollowUpVerb.REASSIGN, office.only("acknowledge_referral", "9 March").key, to="Pam")
    made = office.only("acknowledge_referral", "9 March")
    assert (made.owner_id, made.due_on, made.due_at) == (
        named("Pam"),
        date(2026, 3, 10),
        datetime(2026, 3, 10, 13, tzinfo=UTC),
    )


def test_it_belongs_to_whoever_holds_the_role() -> None:
    office = referred()
    office.add_member("Sam", Power.ADMINISTERS, "6 January")
    office.add_member("Rita", None, "9 March")
    owners = [office.only("acknowledge_referral", when).owner_id for when in ("8 March", "9 March")]
    assert owners == [named("Rita"), named("Sam")]
    office.add_member("Sam", None, "9 March")
    assert office.only("acknowledge_referral", "9 March").owner_id is None


def test_the_first_added_stays_first_when_recorded_again() -> None:
    office = referred()
    office.add_member("Sam", Power.ADMINISTERS, "6 January")
    office.add_member("Rita", Power.ADMINISTERS, "7 January")
    assert office.only("acknowledge_referral", "9 March").owner_id == named("Rita")


def test_the_decider_is_the_hiring_manager_else_the_first_added() -> None:
    office = Office()
    office.add_member("Dan", Power.DECIDES, "2 January")
    office.refer("2 March", linked="2 March")
    office.close("6 March")
    assert office.only("thank_supporters", "6 March").owner_id == named("Hanna")
    office.add_member("Hanna", Power.DECIDES, "7 March")
    assert office.only("thank_supporters", "7 March").owner_id == named("Dan")


def test_an_outcome_cancels_what_it_settles() -> None:
    office = Office(starts_in=Stage.INTERVIEWING)
    office.refer("2 March", linked="2 March")
    office.capture("2 March")
    office.reference_by("Gil", (ReferenceWord.GIVEN, "2 March"))
    ada = office.advocate()
    ada.act("20 February", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    ada.be(Availability.LEFT, "20 March", recorded="3 March")
    office.add_member("Hanna", None, "4 March")
    office.add_member("Dan", Power.DECIDES, "4 March")
    office.close("6 March", Outcome.REJECTED)
    states = {each.type: each.state for each in office.derive("6 March").follow_ups}
    kept = {"acknowledge_referral", "complete_capture", "update_supporters", "thank_supporters", "thank_reference"}
    assert {kind for kind, state in states.items() if state is OPEN} == kept
    gone = {kind for kind, state in states.items() if state is CANCELLED}
    made_before = {"answer_ask", "check_in_advocate", "confirm_act", "hand_over", "brief_new_decider", "widen_coverage"}
    assert gone == {*made_before, "answer_candidate"}


def test_a_reopening_makes_owed_again_what_the_outcome_cancelled() -> None:
    office = Office()
    office.advocate().act("2 March", "Hanna", R1, ask=AskKind.INTERVIEW)
    office.close("4 March")
    office.stage("9 March", StageVerb.REOPEN, stage=Stage.APPLIED)
    states = [(each.state, local(each)[0]) for each in office.owed("answer_ask", "9 March")]
    assert states == [(CANCELLED, "5 Mar 09:00"), (OPEN, "12 Mar 09:00")]


def test_do_not_contact_beats_everything() -> None:
    office = referred("2 March")
    office.person("Ref", blocked="5 March", freed="20 March")
    assert office.only("acknowledge_referral", "5 March 00:00").state is CANCELLED
    office.stage("6 March", StageVerb.MOVE, stage=Stage.SCREENING)
    assert office.owed("update_supporters", "30 March") == []
    office.contact("30 March", "Ref")
    assert [each.triggered_at for each in office.owed("update_supporters", "10 April")] == [at("10 April 00:00")]


def test_who_may_not_be_contacted_owns_nothing() -> None:
    office = referred()
    office.add_member("Sam", Power.ADMINISTERS, "6 January")
    office.person("Rita", blocked="9 March")
    owners = [office.only("acknowledge_referral", when).owner_id for when in ("8 March", "9 March")]
    assert owners == [named("Rita"), named("Sam")]


def test_one_is_next_for_each_owner() -> None:
    office = Office()
    office.advocate().act("2 March", "Hanna", R1, ask=AskKind.INTERVIEW)
    office.capture("2 March")
    office.refer("2 March", linked="2 March")
    marked = {each.owner_id: each.type for each in office.derive("2 March").follow_ups if each.is_next}
    assert marked == {named("Rita"): "answer_candidate", named("Hanna"): "answer_ask"}
    office.contact("2 March", "Cand")
    marked = {each.owner_id: each.type for each in office.derive("2 March").follow_ups if each.is_next}
    assert marked[named("Rita")] == "complete_capture"


def test_of_two_due_the_same_day_the_order_of_the_types_decides() -> None:
    office = Office()
    office.reference_by("Gil", (ReferenceWord.GIVEN, "10 February"))
    office.refer("10 February", linked="10 February")
    marked = [each.type for each in office.derive("11 February").follow_ups if each.is_next]
    assert marked == ["acknowledge_referral"]


def test_the_state_of_a_subject_is_its_most_pressing_follow_up() -> None:
    office = Office()
    office.refer("10 February", linked="10 February")
    office.advocate().say(AdvocacyWord.AGREED, "10 February")
    follow_ups = office.derive("13 February").follow_ups
    moment = at("13 February")
    assert follow_up_state(follow_ups, moment) is Owed.OVERDUE
    assert follow_up_state(follow_ups, moment, subject_id=named("referrer Ref")) is Owed.OVERDUE
    assert follow_up_state(follow_ups, moment, subject_id=office.referrals[0].id) is Owed.OVERDUE
    assert follow_up_state(follow_ups, moment, subject_id=named("advocate Ada")) is Owed.NONE


def test_by_hand_it_closes_by_its_type_or_by_a_word() -> None:
    office = Office()
    office.contact("1 March", "Cand")
    call = office.owe("2 March", "answer_candidate", "Pam", "5 March", About(person_id=named("Cand")))
    other = office.owe("2 March", "send_parking_map", "Rita", "5 March", About(person_id=named("Cand")))
    made = {each.key: each for each in office.derive("2 March").follow_ups}
    assert (made[call].owner_id, local(made[call])) == (named("Pam"), ("5 Mar 09:00", "5 Mar 17:00"))
    office.contact("3 March", "Cand")
    after = {each.key: each.state for each in office.derive("3 March").follow_ups}
    assert (after[call], after[other]) == (COMPLETED, OPEN)
    office.close("4 March")
    assert {each.key: each.state for each in office.derive("4 March").follow_ups}[other] is CANCELLED


def test_an_edited_table_holds_from_its_version_on() -> None:
    rows = tuple(replace(row, due=5) for row in FOLLOW_UPS if row.type != "thank_reference")
    office = referred("2 March")
    office.reference_by("Gil", (ReferenceWord.GIVEN, "7 March"))
    office.change_policy("5 March", follow_up_types=rows)
    office.change_policy("12 March", follow_up_types=FOLLOW_UPS)
    office.refer("6 March", linked="6 March", by="Cleo")
    days = [each.due_on for each in office.owed("acknowledge_referral", "13 March")]
    assert days == [date(2026, 3, 4), date(2026, 3, 13)]
    assert office.owed("thank_reference", "13 March") == []


def test_a_later_policy_moves_no_due_day() -> None:
    office = referred()
    office.change_policy("20 March", holidays=frozenset({date(2026, 3, 9)}))
    made = office.only("acknowledge_referral", "23 March")
    assert (made.due_on, made.overdue_at) == (date(2026, 3, 10), datetime(2026, 3, 10, 16, tzinfo=UTC))


def test_it_looks_ahead_to_the_next_moment_at_which_anything_differs() -> None:
    office = referred()
    office.contact("6 March", "Cand")
    moments = ["6 March 15:00", "10 March 09:00", "10 March 17:00", "17 March 00:00"]
    following = [office.derive(moment).recheck_at for moment in moments]
    assert following == [at(each) for each in ("10 March 09:00", "10 March 17:00", "17 March 00:00", "19 March 09:00")]


def test_what_was_made_stays_made_when_more_is_learned() -> None:
    office = Office()
    ada = office.advocate()
    ada.act("26 February", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("1 March", "Hanna", R2)
    ada.act("8 March", "Hanna", recorded="11 March")
    states = [(each.triggered_at, each.state) for each in office.owed("check_in_advocate", "12 March")]
    assert states == [(at("9 March 00:00"), CANCELLED)]


def test_a_moment_between_two_seconds_is_no_edge() -> None:
    made = referred().only("acknowledge_referral", "9 March")
    assert made.owed(made.due_at - timedelta(microseconds=1)) is Owed.SCHEDULED
