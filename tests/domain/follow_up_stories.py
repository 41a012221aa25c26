"""A story for each type of follow-up: one in which it is owed, and, where asked, one in which it is done.

In 2026: 2 March is a Monday. The application entered `applied` on Sunday 1 February.
"""

from api.domain.vocabulary import (
    ActWord,
    AdvocacyWord,
    AskKind,
    AskState,
    Availability,
    FollowUpState,
    Power,
    ReferenceWord,
    ReferralWord,
    Stage,
    StageVerb,
)
from tests.domain.story_follow_ups import Office
from tests.domain.story_words import R1, R2

OPEN, COMPLETED, CANCELLED = FollowUpState.OPEN, FollowUpState.COMPLETED, FollowUpState.CANCELLED


def referred() -> Office:
    office = Office()
    office.refer("6 March 15:00", linked="6 March 15:00")
    return office


def acknowledged() -> Office:
    office = Office()
    words = [(ReferralWord.ACKNOWLEDGED, "9 March 10:00")]
    office.refer("6 March 15:00", linked="6 March 15:00", words=words)
    return office


def captured(settled: str | None = None) -> Office:
    office = Office()
    office.capture("6 March 15:00", settled)
    return office


def asked(to: str = "Hanna") -> Office:
    office = Office()
    office.advocate().act("2 March", to, R1, ask=AskKind.INTERVIEW)
    return office


def answered() -> Office:
    office = asked()
    ada = office.advocate()
    ada.answer(ada.facts.acts[0], AskState.DEFERRED, "4 March 10:00")
    return office


def moved(contact: str | None = None) -> Office:
    office = Office()
    office.refer("2 March", linked="2 March", words=[(ReferralWord.ACKNOWLEDGED, "3 March")])
    office.stage("6 March 15:00", StageVerb.MOVE, stage=Stage.SCREENING)
    if contact:
        office.contact(contact, "Ref")
    return office


def at_risk(heard: str | None = None) -> Office:
    office = Office()
    ada = office.advocate()
    ada.act("26 February", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("1 March", "Hanna", R2)
    if heard:
        ada.act(heard, "Rita")
    return office


def unconfirmed(word: ActWord | None = None) -> Office:
    office = Office(starts_in=Stage.INTERVIEWING)
    ada = office.advocate()
    act = ada.act("6 March 15:00", ("Pam", "Hanna"), R1)
    if word:
        ada.about(act, word, "Hanna", "9 March 10:00")
    return office


def leaving(second: bool = False) -> Office:
    office = at_risk()
    office.advocate().be(Availability.LEFT, "20 March", recorded="3 March")
    if second:
        office.advocate("Bo").say(AdvocacyWord.AGREED, "9 March 10:00")
    return office


def succeeded(heard: bool = False) -> Office:
    office = at_risk()
    office.add_member("Hanna", None, "3 March")
    office.add_member("Dan", Power.DECIDES, "3 March")
    if heard:
        office.advocate().act("4 March 10:00", "Dan")
    return office


def ended(contact: str | None = None) -> Office:
    office = Office()
    office.refer("2 March", linked="2 March", words=[(ReferralWord.ACKNOWLEDGED, "3 March")])
    office.close("6 March 15:00")
    if contact:
        office.contact(contact, "Ref")
    return office


def waited(move: str | None = None) -> Office:
    office = Office()
    if move:
        office.stage(move, StageVerb.MOVE, stage=Stage.SCREENING)
    return office


def offered(asked_for: bool = False) -> Office:
    office = Office()
    office.stage("6 March 15:00", StageVerb.MOVE, stage=Stage.OFFER)
    if asked_for:
        office.reference_by("Gil", (ReferenceWord.REQUESTED, "9 March 10:00"))
    return office


def given(contact: str | None = None) -> Office:
    office = Office()
    office.reference_by("Gil", (ReferenceWord.GIVEN, "6 March 15:00"))
    if contact:
        office.contact(contact, "Gil")
    return office
