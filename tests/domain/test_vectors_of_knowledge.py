"""The table of examples for levels and the clock, rows 22 to 39: who said what to whom, and what was known when."""

from dataclasses import replace

import pytest

from api.domain.calendar import due_after
from api.domain.errors import Unprocessable
from api.domain.facts import ReasonUse
from api.domain.policy import Policy
from api.domain.stages import stage_changes, view_at
from api.domain.vocabulary import (
    ActWord,
    AdvocacyState,
    AdvocacyWord,
    Affiliation,
    AskKind,
    AskState,
    Availability,
    Basis,
    Consent,
    Power,
    Relationship,
    Rule,
    Waiting,
)
from api.domain.waiting import candidate_wait
from tests.domain.story import Story, h1, h2
from tests.domain.story_checks import levels, runs
from tests.domain.story_words import BERLIN, POLICY, R1, R2, ROLE, at, reason

INTERVIEW = AskKind.INTERVIEW


def row_1(*, link: bool = False, recorded: str = "5 March") -> Story:
    """2 March to Hanna with a reason seen directly and an ask; 5 March to Hanna with another reason."""
    story = Story()
    story.advocate().act("2 March", "Hanna", R1, ask=INTERVIEW, link=link)
    story.advocate().act("5 March", "Hanna", R2, recorded=recorded)
    return story


def answer(story: Story, as_of: str, known_at: str) -> tuple[str, str]:
    support = story.support(as_of, known_at)
    return support.level.value, support.championing.value


def sureness(story: Story, as_of: str, known_at: str | None = None) -> tuple[str, str | None, str]:
    support = story.support(as_of, known_at)
    return support.level.value, support.confidence and support.confidence.value, support.documented_level.value


def test_row_22_a_retraction_counts_for_every_moment_once_it_is_recorded() -> None:
    story = row_1()
    ada = story.advocate()
    ada.about(ada.facts.acts[1], ActWord.RETRACTED, "Ada", "10 March")

    assert answer(story, "6 March", "6 March") == answer(story, "6 March", "9 March") == ("championed", "on_track")
    assert answer(story, "6 March", "11 March") == answer(story, "11 March", "11 March") == ("recommended", "none")


def test_row_23_a_late_record_counts_from_when_it_was_recorded() -> None:
    story = row_1(recorded="9 March")

    assert answer(story, "6 March", "6 March") == answer(story, "4 March", "10 March") == ("recommended", "none")
    assert answer(story, "6 March", "10 March") == ("championed", "on_track")
    with pytest.raises(Unprocessable):
        story.support("10 March", "6 March")


def test_row_24_a_confirmation_raises_confidence() -> None:
    story = row_1(link=True)
    ada = story.advocate()
    for act in ada.facts.acts:
        ada.about(act, ActWord.CONFIRMED, "Hanna", "8 March")

    assert sureness(story, "6 March", "7 March") == ("championed", "self_reported", "recommended")
    assert sureness(story, "6 March", "9 March") == ("championed", "confirmed", "championed")


def test_row_25_a_link_documents() -> None:
    story = Story()
    ada = story.advocate()
    act = ada.act("2 March", "Hanna", R1, R2, ask=INTERVIEW, link=True)
    ada.answer(act, AskState.GRANTED, "3 March")

    assert sureness(story, "4 March") == ("championed", "documented", "championed")


def test_row_26_confidence_follows_the_acts_that_are_needed() -> None:
    story = Story()
    ada = story.advocate()
    ada.act("26 February", "Hanna", R1, ask=INTERVIEW, link=True)
    ada.act("1 March", "Hanna", R2, link=True)
    ada.act("12 March", "Hanna", by="Rita")

    assert sureness(story, "15 March") == ("championed", "documented", "championed")
    assert sureness(story, "16 March") == ("championed", "claimed", "recommended")
    assert sureness(story, "27 March")[:2] == ("recommended", "documented")
    assert levels(story, "27 March") == ["recommended lapsed"]


def test_row_27_whoever_heard_it_and_recorded_it_confirms_it() -> None:
    story = Story()
    story.advocate().act("2 March", ("Hanna", "Rita"), R1, by="Rita")

    assert levels(story, "2 March") == ["recommended none"]
    assert sureness(story, "2 March")[1] == "confirmed"


def test_row_28_an_agency_advocates_for_nobody() -> None:
    story = row_1()
    story.advocate().belong(Affiliation.AGENCY)

    assert levels(story, "6 March") == ["none none"]
    assert story.support("6 March").confidence is None


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ((R1, R2), "none none"),
        ((reason("incident reviews", before_process=True), R2), "recommended started"),
        ((R2,), "none none"),
    ],
)
def test_row_29_a_member_brings_something_from_before(reasons: tuple[ReasonUse, ...], expected: str) -> None:
    story = Story()
    story.advocate("Pam").act("2 March", "Hanna", *reasons, ask=INTERVIEW)

    assert levels(story, "2 March") == [expected]


def test_row_30_recruiters_hear_but_do_not_decide() -> None:
    story = Story()
    ada = story.advocate()
    ada.act("2 March", "Rita", R1, R2, ask=INTERVIEW)
    ada.act("5 March", "Hanna", R1, R2)
    ada.act("6 March", "Hanna", ask=INTERVIEW)

    assert levels(story, "3 March", "5 March", "6 March") == ["none none", "recommended none", "championed on_track"]
    asked = next(part for part in story.support("5 March").parts if part.rule is Rule.ASK)
    assert not asked.satisfied
    unheard = next(part for part in story.support("3 March").parts if part.rule is Rule.QUALIFYING_ACT)
    assert unheard.missing == "What was said reached recruiters alone: reach somebody who decides or influences."


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (R1, reason(" Incident  REVIEWS", Basis.HEARD_FROM), INTERVIEW),
        (R1, reason("mentoring", Basis.CV_ONLY), INTERVIEW),
        (reason("incident reviews", Basis.HEARD_FROM), R2, INTERVIEW),
        (R1, R2, AskKind.CONSIDER),
    ],
)
def test_row_31_not_enough_to_champion(first: ReasonUse, second: ReasonUse, kind: AskKind) -> None:
    story = Story()
    story.advocate().act("2 March", "Hanna", first, second, ask=kind)
    story.advocate().act("5 March", "Hanna")

    assert levels(story, "5 March") == ["recommended none"]


def test_row_32_two_advocates_do_not_add_up() -> None:
    story = Story()
    story.advocate("Ada").act("2 March", "Hanna", R1, ask=INTERVIEW)
    story.advocate("Bo").act("5 March", "Hanna", R2, ask=INTERVIEW)

    assert levels(story, "6 March") == ["recommended none"]


@pytest.mark.parametrize(("adder", "later"), [("Olga", ("recommended", "started")), ("Ada", ("none", "none"))])
def test_row_33_nobody_makes_their_listener_a_decider(adder: str, later: tuple[str, str]) -> None:
    story = Story()
    story.advocate().act("2 March", "Xen", R1, R2, ask=INTERVIEW)
    story.add_member("Xen", Power.DECIDES, "1 March", by=adder, recorded="3 March")

    assert answer(story, "2 March", "2 March") == ("none", "none")
    assert answer(story, "2 March", "4 March") == later


def test_row_34_the_role_stands_for_the_hiring_manager_who_may_deny() -> None:
    story = Story()
    ada = story.advocate()
    act = ada.act("2 March", ROLE, R1, R2, ask=INTERVIEW)
    ada.about(act, ActWord.DENIED, "Hanna", "4 March")

    assert levels(story, "2 March", "4 March 11:59", "5 March") == [
        "recommended started",
        "recommended started",
        "none none",
    ]


def test_row_35_a_referral_gives_a_level_of_its_own() -> None:
    plain, full = Story(), Story()
    plain.refer("10 February")
    full.refer("10 February", Consent.UNKNOWN, Relationship.SAME_TEAM, R1)

    for when in ("10 February", "20 March", "20 December"):
        assert levels(plain, when) == ["referred none"]
        assert sureness(plain, when)[1] == "documented"
        assert levels(full, when) == ["referred_with_context none"]


@pytest.mark.parametrize("consent", [Consent.PENDING, Consent.REFUSED])
def test_row_35_without_consent_a_referral_gives_none(consent: Consent) -> None:
    story = Story()
    story.refer("10 February", consent)

    assert levels(story, "10 February", "20 March") == ["none none"] * 2


def test_row_36_an_answer_may_come_late() -> None:
    story = Story()
    ada = story.advocate()
    ada.say(AdvocacyWord.ASKED, "1 March")
    ada.say(AdvocacyWord.AGREED, "20 March")

    moments = ["1 March", "15 March 23:59:59", "16 March 00:00", "20 March 11:59", "20 March"]
    assert [story.ada(when).state for when in moments] == [
        AdvocacyState.ASKED,
        AdvocacyState.ASKED,
        AdvocacyState.NO_ANSWER,
        AdvocacyState.NO_ANSWER,
        AdvocacyState.AGREED,
    ]
    assert {story.support(when).level.value for when in moments} == {"none"}
    assert story.support("1 March").recheck_at == at("16 March 00:00")


def test_row_37_a_candidate_waits() -> None:
    story = Story()
    application = story.support("15 February").application
    assert application is not None

    def waiting(when: str) -> Waiting:
        return candidate_wait(application, last_contact_at=None, as_of=at(when), policy=POLICY).waiting

    assert view_at(stage_changes(story.stages, BERLIN), at("15 February")) is not None
    assert [waiting("15 February"), waiting("16 February 00:00")] == [Waiting.NONE, Waiting.WAITING]
    assert [waiting("3 March"), waiting("4 March 00:00")] == [Waiting.WAITING, Waiting.WAITING_LONG]
    first = candidate_wait(application, last_contact_at=None, as_of=at("15 February"), policy=POLICY)
    assert first.next_change_at == at("16 February 00:00")


@pytest.mark.parametrize(("holidays", "due_on"), [((), "10 March"), (("9 March",), "11 March")])
def test_row_38_two_working_days_after_a_friday(holidays: tuple[str, ...], due_on: str) -> None:
    policy = replace(POLICY, holidays=frozenset(at(each).date() for each in holidays))
    submitted = at("6 March 15:00")
    due = due_after(submitted, 2, policy, now=submitted)

    assert (due.due_at, due.overdue_at) == (at(f"{due_on} 09:00"), at(f"{due_on} 17:00"))
    assert submitted < due.due_at
    if not holidays:
        assert due.due_at.isoformat() == "2026-03-10T08:00:00+00:00"
        assert due.overdue_at.isoformat() == "2026-03-10T16:00:00+00:00"


def test_row_39_a_planned_leaving_exposes() -> None:
    story = h1()
    story.advocate().be(Availability.LEFT, "20 March", recorded="3 March")

    before, after = story.support("2 March"), story.support("3 March")
    assert (before.sole_advocate, before.exposed) == (True, False)
    assert (after.sole_advocate, after.exposed) == (True, True)


@pytest.mark.parametrize("story", [h1(), h2()])
def test_nothing_changes_that_was_once_answered(story: Story) -> None:
    before = story.support("5 March")
    story.advocate().act("2 March 13:00", "Hanna", R1, R2, ask=INTERVIEW, recorded="6 March")
    story.advocate("Bo").act("3 March", "Hanna", R1, recorded="6 March")

    assert story.support("5 March") == before


def test_a_policy_keeps_its_zone() -> None:
    assert Policy(time_zone="Europe/Berlin").zone == BERLIN
    runs(h1(), "on_track 8 March", "at_risk 9 March")
