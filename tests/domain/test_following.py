"""One step after the other: what is remembered between two, who is recognised, and what an edited table changes."""

import json
from dataclasses import replace

import pytest

from api.domain.follow_up_documents import (
    follow_up_type_document,
    follow_up_type_from,
    invitation_type_document,
    invitation_type_from,
)
from api.domain.follow_up_identity import recognise_followed
from api.domain.follow_up_memory import Memory
from api.domain.follow_up_tables import FOLLOW_UPS, INVITATIONS
from api.domain.follow_up_types import (
    CLOSED_BY_KIND,
    TAKEN_BY_KIND,
    Closing,
    FollowUpType,
    InvitationType,
    Owner,
    Taking,
    ThingKind,
    Trigger,
)
from api.domain.following import Course, Followed, follow
from api.domain.support import derive, derive_support
from api.domain.vocabulary import (
    AdvocacyWord,
    AskKind,
    Availability,
    FollowUpState,
    FollowUpVerb,
    InvitationState,
    Stage,
    StageVerb,
)
from tests.domain.story_follow_ups import Office
from tests.domain.story_words import R1, R2, at, named

OPEN, CANCELLED = FollowUpState.OPEN, FollowUpState.CANCELLED
CALL = FollowUpType(
    type="call_referrer",
    owner=Owner.DECIDER,
    triggers=(Trigger.REFERRAL_SUBMITTED,),
    due=1,
    closed_by=(Closing.INTERACTION,),
)


def step(office: Office, when: str, course: Course) -> Followed:
    """A single step by everything told so far, of which nothing was said of a follow-up."""
    history = derive(office.facts(), as_of=at(when), known_at=at(when)).history
    beside, course = recognise_followed(office.merges, office.beside(), course, known_at=at(when))
    return follow(history, beside, course, at(when))


def supported() -> Office:
    """Ada and Bo advocate, and Ref refers; Ada is asked to confirm what nobody bore out."""
    office = Office()
    office.advocate().say(AdvocacyWord.AGREED, "2 March")
    office.advocate("Bo").say(AdvocacyWord.AGREED, "2 March")
    office.refer("2 March", linked="2 March")
    office.stage("3 March", StageVerb.MOVE, stage=Stage.SCREENING)
    return office


def test_the_derivation_of_support_shares_its_history() -> None:
    office = supported()
    office.close("5 March")
    derived = derive(office.facts(), as_of=at("9 March"), known_at=at("9 March"))
    assert derived.support == derive_support(office.facts(), as_of=at("9 March"), known_at=at("9 March"))
    assert (derived.support.judged_at, derived.history.judged_at) == (at("5 March"), at("9 March"))


def test_a_memory_is_written_and_read_as_it_is() -> None:
    office = supported()
    office.person("Ada", blocked="1 March")
    memory = step(office, "20 March", Course()).course.memory
    assert memory.decided
    assert memory.declined
    assert memory.entries
    assert memory.policy_version == 1
    assert Memory.from_document(json.loads(json.dumps(memory.to_document()))) == memory
    assert Memory.from_document({}) == Memory()


def test_what_was_made_is_not_remembered_as_well() -> None:
    followed = step(supported(), "9 March", Course())
    assert not followed.course.memory.decided & followed.course.follow_ups.keys()
    assert not followed.course.memory.declined & followed.course.invitations.keys()


def test_what_came_and_went_is_forgotten() -> None:
    office = Office()
    office.person("Cand", blocked="1 January")
    waiting = step(office, "20 February", Course())
    (undone,) = waiting.course.memory.decided
    assert (undone.type, undone.since) == ("answer_candidate", at("20 February"))
    office.stage("21 February", StageVerb.MOVE, stage=Stage.SCREENING)
    moved = step(office, "21 February", waiting.course)
    assert (moved.course.memory.decided, moved.course.memory.entries) == (frozenset(), {})


def test_what_a_reopening_made_owed_again_is_not_made_twice() -> None:
    office = Office()
    office.advocate().act("2 March", "Hanna", R1, ask=AskKind.INTERVIEW)
    course = step(office, "2 March", Course()).course
    office.close("4 March")
    course = step(office, "4 March", course).course
    office.stage("9 March", StageVerb.REOPEN, stage=Stage.APPLIED)
    for when in ("9 March", "10 March", "11 March"):
        course = step(office, when, course).course
        states = [each.state for each in course.follow_ups.values() if each.type == "answer_ask"]
        assert states == [CANCELLED, OPEN]


def test_a_version_from_before_the_first_lets_go_by_what_holds() -> None:
    course = step(supported(), "9 March", Course(memory=Memory(policy_version=0))).course
    assert course.follow_ups == {}
    office = supported()
    office.refer("10 March", linked="10 March", by="Cleo")
    made = step(office, "10 March", course).course.follow_ups.values()
    assert [(each.type, each.about.person_id) for each in made] == [("acknowledge_referral", named("Cleo"))]


def test_a_type_that_is_new_in_the_table_is_for_what_comes_then() -> None:
    office = Office()
    office.refer("2 March", linked="2 March")
    office.change_policy("5 March", follow_up_types=(*FOLLOW_UPS, CALL))
    assert office.owed("call_referrer", "6 March") == []
    office.refer("9 March", linked="9 March", by="Cleo")
    assert [each.about.person_id for each in office.owed("call_referrer", "10 March")] == [named("Cleo")]


def test_a_trigger_that_is_new_for_a_type_is_for_what_comes_then() -> None:
    rows = tuple(
        replace(row, triggers=(*row.triggers, Trigger.REFERENCE_GIVEN)) if row.type == "thank_supporters" else row
        for row in FOLLOW_UPS
        if row.type != "thank_reference"
    )
    office = supported()
    office.change_policy("5 March", follow_up_types=rows)
    office.close("6 March")
    assert len(office.owed("thank_supporters", "6 March")) == 3


def test_a_start_that_moves_while_somebody_is_owed_a_word_makes_no_second() -> None:
    office = Office()
    ada = office.advocate()
    ada.act("26 February", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("1 March", "Hanna", R2)
    office.stage("2 March", StageVerb.HOLD, until="3 March", recorded="14 March")
    (made,) = office.owed("check_in_advocate", "20 March")
    assert (made.state, made.key.since) == (OPEN, at("1 March"))


def test_a_merge_of_two_people_makes_no_second_follow_up() -> None:
    office = supported()
    before = office.derive("4 March")
    updates = [each.about.person_id for each in before.follow_ups if each.type == "update_supporters"]
    assert set(updates) == {named("Ada"), named("Bo"), named("Ref")}
    office.merge("5 March", "Bo", "Ada")
    after = office.derive("5 March")
    assert after.course.follow_ups.keys() == before.course.follow_ups.keys()
    assert after.course.invitations.keys() == before.course.invitations.keys()
    office.contact("6 March", "Ada")
    still_owed = {each.about.person_id for each in office.owed("update_supporters", "6 March") if each.is_open}
    assert still_owed == {named("Ref")}


def test_words_find_what_they_are_about_after_a_merge() -> None:
    office = supported()
    (key,) = (each.key for each in office.owed("update_supporters", "4 March", "Bo"))
    (invited,) = (each.key for each in office.proposed("act", "4 March") if each.person_id == named("Bo"))
    office.merge("5 March", "Bo", "Ada")
    office.say("6 March", FollowUpVerb.SKIP, key)
    office.pass_on("6 March", invited)
    course = office.derive("6 March").course
    assert course.follow_ups[key].state is FollowUpState.SKIPPED
    assert course.follow_ups[key].about.person_id == named("Ada")
    assert course.invitations[invited].state is InvitationState.PASSED


def test_what_one_id_does_not_want_holds_for_the_other() -> None:
    office = supported()
    office.person("Ada", zone="Asia/Tokyo")
    office.person("Bo", zone="America/New_York", blocked="1 March")
    office.merge("5 March", "Bo", "Ada")
    states = {each.about.person_id: each.state for each in office.owed("update_supporters", "6 March")}
    assert states == {named("Ada"): CANCELLED, named("Ref"): OPEN}
    beside, _ = recognise_followed(office.merges, office.beside(), Course(), known_at=at("5 March"))
    assert [(each.id, each.time_zone) for each in beside.people] == [(named("Ada"), "Asia/Tokyo")]


def test_what_it_passes_to_nobody_stays_with_whose_it_was() -> None:
    office = Office()
    office.advocate().act("2 March", "Hanna", R1, ask=AskKind.INTERVIEW)
    office.add_member("Rita", None, "3 March")
    for when in ("9 March 09:00", "9 March 10:00"):
        made = office.only("answer_ask", when)
        assert (made.escalated, made.owner_id) == (True, named("Hanna"))


def test_everything_that_ends_something_is_of_a_kind() -> None:
    assert (CLOSED_BY_KIND.keys(), TAKEN_BY_KIND.keys()) == (set(Closing), set(Taking))


def test_what_closed_it_is_told_with_its_kind() -> None:
    office = supported()
    contact = office.contact("4 March", "Ref")
    word = office.say("4 March", FollowUpVerb.SKIP, office.only("update_supporters", "3 March", "Bo").key)
    office.advocate().be(Availability.DO_NOT_CONTACT, "5 March")
    move = office.stages[-1].id
    ended = [each for each in office.derive("5 March").follow_ups if not each.is_open]
    assert {(each.about.person_id, each.closed_by, each.closed_by_kind) for each in ended} == {
        (named("Ref"), contact, ThingKind.INTERACTION),
        (named("Bo"), word, ThingKind.FOLLOW_UP_CHANGE),
        (named("Ada"), None, None),
        (named("Cand"), move, ThingKind.STAGE_CHANGE),
    }


@pytest.mark.parametrize("row", [*FOLLOW_UPS, CALL], ids=lambda row: row.type)
def test_a_type_of_follow_up_is_written_and_read_as_it_is(row: FollowUpType) -> None:
    document = json.loads(json.dumps(follow_up_type_document(row)))
    assert follow_up_type_from(document) == row
    bare = {name: document[name] for name in ("type", "owner", "triggers", "due", "closed_by")}
    assert follow_up_type_from(bare).escalate_after is None


@pytest.mark.parametrize("row", INVITATIONS, ids=lambda row: row.type)
def test_a_type_of_invitation_is_written_and_read_as_it_is(row: InvitationType) -> None:
    document = json.loads(json.dumps(invitation_type_document(row)))
    assert invitation_type_from(document) == row


def test_a_word_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="hat_maker"):
        follow_up_type_from({**follow_up_type_document(CALL), "owner": "hat_maker"})
