"""Referrals and references, told statement by statement."""

from datetime import date, datetime, timedelta

from api.domain.facts import Fact, ReferenceFacts, ReferenceStatement, ReferralFacts, ReferralStatement, StageFact
from api.domain.policy import Policy
from api.domain.vocabulary import (
    Confidence,
    Consent,
    ReferenceState,
    ReferenceWord,
    ReferralState,
    ReferralWord,
    Relationship,
    Stage,
    StageVerb,
)
from tests.replay.book import Book, in_order
from tests.replay.hearing import specific_uses

LIVE = (ReferralState.SUBMITTED, ReferralState.ACKNOWLEDGED)
WAITING_OR_LIVE = (ReferralState.CONSENT_PENDING, *LIVE)
ENTRIES = (StageVerb.CREATE, StageVerb.MOVE, StageVerb.REOPEN)


class Referral:
    """One referral read under a book, as of a moment."""

    def __init__(self, book: Book, facts: ReferralFacts, moment: datetime) -> None:
        self.book = book
        self.facts = facts
        self.is_linked = False
        self._is_closed = False
        self._before_closing: ReferralState | None = None
        self._expired_from_pending = False
        self._limit_from = book.day(facts.occurred_at)
        self.state = self._first_state()
        self._tell(moment)

    def _first_state(self) -> ReferralState:
        if self.facts.is_duplicate:
            return ReferralState.DUPLICATE
        policy = self.book.policy(self.facts.occurred_at)
        if self.facts.consent is Consent.REFUSED:
            return ReferralState.DECLINED
        unknown = self.facts.consent is Consent.UNKNOWN and policy.referral_consent_required
        return ReferralState.CONSENT_PENDING if self.facts.consent is Consent.PENDING or unknown else LIVE[0]

    def _tell(self, moment: datetime) -> None:
        verbs = [f for f in self.book.stages if f.verb in (StageVerb.CLOSE, StageVerb.REOPEN)]
        facts: list[Fact] = in_order([*verbs, *self.facts.statements])
        begun = self.facts.occurred_at
        self._is_closed = [f.verb for f in verbs if f.occurred_at < begun][-1:] == [StageVerb.CLOSE]
        for at in self.book.moments():
            if at > moment:
                break
            if at < begun:
                continue
            if self.book.is_midnight(at):
                self._pass_time(at)
            for fact in facts:
                if fact.occurred_at == at:
                    self._apply(fact)

    def _pass_time(self, moment: datetime) -> None:
        policy = self.book.policy(moment)
        if self._is_closed:
            return
        if self.state is ReferralState.CONSENT_PENDING and self._is_past(policy.referral_consent_days, moment):
            self.state, self._expired_from_pending = ReferralState.EXPIRED, True
        is_loose = self.state in LIVE and not self.is_linked
        if is_loose and self._is_past(policy.referral_valid_days, moment):
            self.state = ReferralState.EXPIRED

    def _is_past(self, days: int, moment: datetime) -> bool:
        return self.book.day(moment) > self._limit_from + timedelta(days=days)

    def _apply(self, fact: Fact) -> None:
        if isinstance(fact, StageFact):
            self._apply_stage(fact)
        elif isinstance(fact, ReferralStatement):
            self._apply_statement(fact)
        if self._is_closed and self.is_linked and self.state in LIVE:
            self._before_closing, self.state = self.state, ReferralState.CLOSED

    def _apply_stage(self, fact: StageFact) -> None:
        if fact.verb is StageVerb.CLOSE:
            self._is_closed = True
        elif self._is_closed:
            self._is_closed = False
            self._limit_from = self.book.day(fact.occurred_at)
            if self.state is ReferralState.CLOSED and self._before_closing is not None:
                self.state = self._before_closing

    def _apply_statement(self, statement: ReferralStatement) -> None:
        match statement.word:
            case ReferralWord.LINKED:
                self.is_linked = True
            case ReferralWord.CONSENT_GIVEN if self.state is ReferralState.CONSENT_PENDING:
                self.state = ReferralState.SUBMITTED
            case ReferralWord.CONSENT_GIVEN if self.state is ReferralState.EXPIRED and self._expired_from_pending:
                self.state = ReferralState.SUBMITTED
            case ReferralWord.ACKNOWLEDGED if self.state is ReferralState.SUBMITTED:
                self.state = ReferralState.ACKNOWLEDGED
            case ReferralWord.CONSENT_REFUSED if self.state in WAITING_OR_LIVE:
                self.state = ReferralState.DECLINED
            case ReferralWord.WITHDRAWN if self.state in WAITING_OR_LIVE:
                self.state = ReferralState.WITHDRAWN
            case ReferralWord.INELIGIBLE if self.state in LIVE:
                self.state = ReferralState.INELIGIBLE

    @property
    def gives_level(self) -> bool:
        """Whether it is live and linked."""
        return self.state in LIVE and self.is_linked

    @property
    def gives_context(self) -> bool:
        """Whether it also states how the referrer knows the candidate, and something specific."""
        uses = specific_uses(self.book, self.facts.person_id, self.book.day(self.facts.occurred_at), self.facts.uses)
        return self.gives_level and self.facts.relationship is not Relationship.NONE and bool(uses)

    def is_job_member(self, today: date) -> bool:
        """Whether the referrer is a member of the job, or was one on the day of the referral."""
        days = (self.book.day(self.facts.occurred_at), today)
        return any(self.book.membership(self.facts.person_id, day) is not None for day in days)

    @property
    def is_after_application(self) -> bool:
        """Whether it was submitted after the candidate had applied."""
        order = list(Stage)
        applied = [
            fact.occurred_at
            for fact in self.book.stages
            if fact.verb in ENTRIES and fact.stage is not None and order.index(fact.stage) >= order.index(Stage.APPLIED)
        ]
        return bool(applied) and self.facts.occurred_at > min(applied)

    @property
    def rung(self) -> Confidence:
        """How sure we are that it was made."""
        if self.facts.is_documented:
            return Confidence.DOCUMENTED
        is_own = self.facts.recorded_by == self.facts.person_id
        return Confidence.SELF_REPORTED if is_own else Confidence.CLAIMED

    def is_valid_for_credit(self, today: date) -> bool:
        """Whether it takes a position. A live one is closed while an outcome stands and valid either way."""
        valid = self.state in (*LIVE, ReferralState.CLOSED)
        return self.is_linked and valid and not self.is_after_application and not self.is_job_member(today)


REFERENCE_ALLOWED: dict[ReferenceWord, tuple[ReferenceState | None, ...]] = {
    ReferenceWord.REQUESTED: (None,),
    ReferenceWord.AGREED: (ReferenceState.REQUESTED, ReferenceState.NO_ANSWER),
    ReferenceWord.GIVEN: (None, ReferenceState.REQUESTED, ReferenceState.AGREED, ReferenceState.NO_ANSWER),
    ReferenceWord.DECLINED: (ReferenceState.REQUESTED, ReferenceState.AGREED, ReferenceState.NO_ANSWER),
}


def reference_state(book: Book, facts: ReferenceFacts, moment: datetime) -> ReferenceState | None:
    """Where a reference stands; null before its first statement."""
    verbs = [f for f in book.stages if f.verb in (StageVerb.CLOSE, StageVerb.REOPEN)]
    events: list[Fact] = in_order([*verbs, *facts.statements])
    state: ReferenceState | None = None
    limit_from: date | None = None
    is_closed = False
    for at in book.moments():
        if at > moment:
            break
        if book.is_midnight(at) and state is ReferenceState.REQUESTED and limit_from is not None and not is_closed:
            state = _unanswered(book.policy(at), limit_from, book.day(at))
        for fact in events:
            if fact.occurred_at != at:
                continue
            if isinstance(fact, StageFact):
                limit_from = book.day(at) if is_closed and fact.verb is StageVerb.REOPEN else limit_from
                is_closed = fact.verb is StageVerb.CLOSE
            elif isinstance(fact, ReferenceStatement) and state in REFERENCE_ALLOWED[fact.word]:
                state = ReferenceState(fact.word.value)
                limit_from = book.day(at) if fact.word is ReferenceWord.REQUESTED else limit_from
    return state


def _unanswered(policy: Policy, since: date, today: date) -> ReferenceState:
    is_passed = today > since + timedelta(days=policy.reference_no_answer_days)
    return ReferenceState.NO_ANSWER if is_passed else ReferenceState.REQUESTED
