"""Random volunteers: advocates with their acts, referrers, and people who give references."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from api.domain.facts import (
    Act,
    ActStatement,
    AdvocacyFacts,
    AdvocacyStatement,
    AffiliationRecord,
    Ask,
    AskAnswer,
    AvailabilityRecord,
    Listener,
    ReferenceFacts,
    ReferenceStatement,
    ReferralFacts,
    ReferralStatement,
)
from api.domain.vocabulary import (
    ActWord,
    AdvocacyWord,
    Affiliation,
    AskKind,
    AskState,
    Availability,
    Consent,
    ReferenceWord,
    ReferralWord,
    Relationship,
)
from tests.domain.history_scene import ADA, BO, DAN, HANNA, PAM, RITA, XEN, Teller

HEARERS = (HANNA, HANNA, DAN, PAM, RITA, XEN, None)


def advocacy(teller: Teller, person: UUID) -> AdvocacyFacts:
    """One advocate: their word, their acts and what was said of them, their comings and goings."""
    acts: list[Act] = []
    for moment in sorted(teller.moment() for _ in teller.some(7)):
        acts.append(_act(teller, person, moment, acts))
    return AdvocacyFacts(
        id=teller.id(),
        advocate_id=teller.id(),
        person_id=person,
        statements=tuple(_advocacy_statement(teller) for _ in range(teller.one_of((0, 0, 1, 3)))),
        acts=tuple(acts),
        act_statements=tuple(
            _act_statement(teller, person, teller.one_of(tuple(acts))) for _ in acts[: teller.one_of((0, 0, 1, 2))]
        ),
        answers=tuple(
            _answer(teller, act) for act in acts for _ in range(teller.one_of((0, 0, 1, 2))) if act.ask is not None
        ),
        availability=tuple(availability(teller) for _ in range(teller.one_of((0, 0, 1, 2, 3)))),
        affiliations=tuple(affiliation(teller) for _ in teller.some(1)),
    )


def _act(teller: Teller, actor: UUID, moment: datetime, earlier: list[Act]) -> Act:
    listeners = tuple(dict.fromkeys(Listener(person_id=teller.one_of(HEARERS)) for _ in teller.some(2, least=1)))
    asks = tuple(act.ask.id for act in earlier if act.ask is not None)
    kind = teller.one_of((None, AskKind.INTERVIEW, AskKind.INTERVIEW, AskKind.HIRE, AskKind.CONSIDER))
    return Act(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=teller.recorded(moment),
        recorded_by=teller.one_of((actor, actor, RITA, HANNA)),
        listeners=listeners,
        uses=teller.uses(),
        ask=None if kind is None else Ask(id=teller.id(), kind=kind, addressee=teller.one_of(listeners)),
        chases=teller.one_of((None, *asks[-1:] * 3, *asks)),
        has_evidence=teller.draw(st.booleans()),
    )


def _act_statement(teller: Teller, actor: UUID, act: Act) -> ActStatement:
    """Seldom anything but a confirmation, or little would remain."""
    word = teller.one_of((ActWord.CONFIRMED, ActWord.CONFIRMED, ActWord.CONFIRMED, *ActWord))
    hearers = tuple(listener.person_id or HANNA for listener in act.listeners)
    by_actor = word in (ActWord.DISPUTED, ActWord.DISPUTE_WITHDRAWN)
    by_either = word is ActWord.RETRACTED
    speakers = (actor,) if by_actor else (actor, act.recorded_by) if by_either else (*hearers, HANNA, DAN)
    return ActStatement(
        id=teller.id(),
        act_id=act.id,
        word=word,
        person_id=teller.one_of(speakers),
        recorded_at=act.recorded_at + timedelta(days=teller.one_of((0, 1, 7))),
    )


def _answer(teller: Teller, act: Act) -> AskAnswer:
    assert act.ask is not None
    moment = teller.moment(since=act.occurred_at)
    return AskAnswer(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=max(act.recorded_at, teller.recorded(moment)),
        ask_id=act.ask.id,
        answer=teller.one_of((AskState.GRANTED, AskState.GRANTED, AskState.REFUSED, AskState.DEFERRED)),
    )


def _advocacy_statement(teller: Teller) -> AdvocacyStatement:
    moment = teller.moment()
    word = teller.one_of((AdvocacyWord.ASKED, *AdvocacyWord))
    return AdvocacyStatement(id=teller.id(), occurred_at=moment, recorded_at=teller.recorded(moment), word=word)


def availability(teller: Teller) -> AvailabilityRecord:
    """Somebody goes away, leaves, comes back."""
    state = teller.one_of((Availability.AWAY, Availability.AWAY, *Availability))
    effective_on = teller.day()
    until = effective_on + timedelta(days=teller.one_of((1, 4, 10, 30)))
    return AvailabilityRecord(
        id=teller.id(),
        effective_on=effective_on,
        recorded_at=teller.moment(),
        state=state,
        until=until if state is Availability.AWAY and teller.draw(st.booleans()) else None,
    )


def affiliation(teller: Teller) -> AffiliationRecord:
    """Somebody's tie to the company."""
    return AffiliationRecord(
        id=teller.id(),
        effective_on=teller.day(),
        recorded_at=teller.moment(),
        affiliation=teller.one_of((Affiliation.EMPLOYEE, Affiliation.EXTERNAL, Affiliation.AGENCY)),
    )


def referral(teller: Teller) -> ReferralFacts:
    """Somebody refers the candidate; mostly linked."""
    moment = teller.moment()
    recorded_at = teller.recorded(moment)
    person = teller.one_of((BO, ADA, PAM))
    words = [teller.one_of(tuple(ReferralWord)) for _ in range(teller.one_of((0, 0, 1, 2)))]
    if teller.one_of((True, True, True, False)):
        words.insert(0, ReferralWord.LINKED)
    return ReferralFacts(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=recorded_at,
        referrer_id=teller.id(),
        person_id=person,
        recorded_by=teller.one_of((person, RITA, None)),
        relationship=teller.one_of((Relationship.SAME_TEAM, Relationship.NONE)),
        consent=teller.one_of((Consent.GIVEN, Consent.GIVEN, *Consent)),
        is_documented=teller.draw(st.booleans()),
        is_duplicate=teller.one_of((False, False, False, True)),
        uses=teller.uses(),
        statements=tuple(_referral_statement(teller, word, moment, recorded_at) for word in words),
    )


def _referral_statement(
    teller: Teller, word: ReferralWord, since: datetime, recorded_since: datetime
) -> ReferralStatement:
    moment = teller.moment(since=since)
    recorded_at = max(recorded_since, teller.recorded(moment))
    return ReferralStatement(id=teller.id(), occurred_at=moment, recorded_at=recorded_at, word=word)


def reference(teller: Teller) -> ReferenceFacts:
    """Somebody is asked for a reference, and perhaps gives it; told in the order in which it happened."""
    first = teller.one_of((ReferenceWord.REQUESTED, ReferenceWord.REQUESTED, ReferenceWord.GIVEN))
    words = [first, *(teller.one_of(tuple(ReferenceWord)) for _ in teller.some(2))]
    moments = sorted(teller.moment() for _ in words)
    recorded = sorted(teller.recorded(moment) for moment in moments)
    statements = tuple(
        ReferenceStatement(id=teller.steady_id(9), occurred_at=o, recorded_at=r, word=w)
        for w, o, r in zip(words, moments, recorded, strict=True)
    )
    return ReferenceFacts(id=teller.id(), statements=statements)
