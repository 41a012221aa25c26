"""Examples of evidence, people and knowledge with known answers, to judge the judge of the fast derivation."""

from datetime import date

from api.domain.vocabulary import (
    ActWord,
    AdvocacyWord,
    Affiliation,
    Availability,
    Consent,
    Power,
    Relationship,
)
from tests.replay.readings import INTERVIEW, asked, h1, reads, row_1
from tests.replay.story import INCIDENTS, MENTORING, PEOPLE, ROLE, Story, at


def test_vector_22() -> None:
    story = row_1()
    story.say(story.advocate("Ada").acts[1], ActWord.RETRACTED, "Ada", at(3, 10))
    assert reads(story, at(3, 6)) == reads(story, at(3, 6), at(3, 9)) == "championed on_track"
    assert reads(story, at(3, 6), at(3, 11)) == reads(story, at(3, 11)) == "recommended none"


def test_vector_23() -> None:
    story = Story()
    story.act(at(3, 2), "Hanna", INCIDENTS, ask=INTERVIEW)
    story.act(at(3, 5), "Hanna", MENTORING, recorded_at=at(3, 9))
    assert reads(story, at(3, 6)) == reads(story, at(3, 4), at(3, 10)) == "recommended none"
    assert reads(story, at(3, 6), at(3, 10)) == "championed on_track"


def test_vector_24() -> None:
    story = Story()
    first = story.act(at(3, 2), "Hanna", INCIDENTS, ask=INTERVIEW, has_link=True)
    second = story.act(at(3, 5), "Hanna", MENTORING)
    story.say(first, ActWord.CONFIRMED, "Hanna", at(3, 8))
    story.say(second, ActWord.CONFIRMED, "Hanna", at(3, 8))
    before, after = asked(story, at(3, 6), at(3, 7)), asked(story, at(3, 6), at(3, 9))
    assert (before.level, before.confidence, before.documented_level) == ("championed", "self_reported", "recommended")
    assert (after.level, after.confidence, after.documented_level) == ("championed", "confirmed", "championed")


def test_vector_26() -> None:
    story = Story()
    story.act(at(2, 26), "Hanna", INCIDENTS, ask=INTERVIEW, has_link=True)
    story.act(at(3, 1), "Hanna", MENTORING, has_link=True)
    story.act(at(3, 12), by="Rita")
    answers = [asked(story, at(3, day)) for day in (15, 16, 27)]
    assert [(a.level.value, a.confidence, a.documented_level.value) for a in answers] == [
        ("championed", "documented", "championed"),
        ("championed", "claimed", "recommended"),
        ("recommended", "documented", "recommended"),
    ]


def test_vector_28() -> None:
    story = row_1()
    story.affiliation(Affiliation.AGENCY)
    assert reads(story, at(3, 6)) == "none none"
    assert asked(story, at(3, 6)).confidence is None


def test_vector_29() -> None:
    from_before = type(INCIDENTS)(
        reason_id=INCIDENTS.reason_id,
        requirement_id=INCIDENTS.requirement_id,
        basis=INCIDENTS.basis,
        before_process=True,
    )
    for uses, expected in (
        ((INCIDENTS, MENTORING), "none none"),
        ((from_before, MENTORING), "recommended started"),
        ((MENTORING,), "none none"),
    ):
        story = Story()
        story.act(at(3, 2), "Hanna", *uses, actor="Pam", ask=INTERVIEW)
        assert reads(story, at(3, 2)) == expected


def test_vector_33() -> None:
    for adder, expected in (("Olga", "recommended started"), ("Ada", "none none")):
        story = Story()
        story.act(at(3, 2), "Xen", INCIDENTS, MENTORING, ask=INTERVIEW)
        story.member("Xen", Power.DECIDES, at(3, 3), by=adder, effective_on=date(2026, 3, 1))
        assert reads(story, at(3, 2)) == "none none"
        assert reads(story, at(3, 2), at(3, 4)) == expected


def test_vector_34() -> None:
    story = Story()
    act = story.act(at(3, 2), ROLE, INCIDENTS, MENTORING, ask=INTERVIEW)
    story.say(act, ActWord.DENIED, "Hanna", at(3, 4))
    assert reads(story, at(3, 2)) == "recommended started"
    assert reads(story, at(3, 5)) == "none none"


def test_vector_35() -> None:
    plain, rich, pending = Story(), Story(), Story()
    plain.referral(at(2, 10), Consent.UNKNOWN, Relationship.SAME_TEAM)
    rich.referral(at(2, 10), Consent.UNKNOWN, Relationship.SAME_TEAM, INCIDENTS)
    pending.referral(at(2, 10), Consent.PENDING, Relationship.SAME_TEAM, INCIDENTS)
    levels = [asked(story, at(2, 20)).level.value for story in (plain, rich, pending)]
    assert levels == ["referred", "referred_with_context", "none"]
    assert asked(plain, at(2, 20)).confidence == "documented"


def test_vector_36() -> None:
    story = Story()
    story.word(AdvocacyWord.ASKED, at(3, 1))
    story.word(AdvocacyWord.AGREED, at(3, 20))
    moments = (at(3, 15), at(3, 15, "23:59"), at(3, 16, "00:00"), at(3, 20))
    answers = [asked(story, moment) for moment in moments]
    assert [a.advocacies.popitem()[1].state.value for a in answers] == ["asked", "asked", "no_answer", "agreed"]
    assert {a.level.value for a in answers} == {"none"}


def test_vector_39() -> None:
    story = h1()
    story.availability(Availability.LEFT, date(2026, 3, 20), recorded_at=at(3, 3))
    answers = [asked(story, at(3, 2)), asked(story, at(3, 3))]
    assert [(a.sole_advocate, a.exposed) for a in answers] == [(True, False), (True, True)]
    assert story.advocate("Ada").person_id == PEOPLE["Ada"]
