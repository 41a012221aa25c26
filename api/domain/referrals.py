"""The lifecycle of a referral: what may happen when, its state by time, and its place for credit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from api.domain.calendar import day_start, days_after, limit_passed_at
from api.domain.derived import DerivedReferral
from api.domain.errors import InvalidStateTransition, Unprocessable
from api.domain.facts import PolicyVersion, ReferralFacts, ReferralStatement
from api.domain.knowledge import policies_by, referral_known
from api.domain.policy import Policy
from api.domain.stages import StageChange
from api.domain.steps import Event, Walk, happened, took_effect
from api.domain.vocabulary import ApplicationState, Confidence, Consent, ReferralState, ReferralWord

PENDING, SUBMITTED = ReferralState.CONSENT_PENDING, ReferralState.SUBMITTED
ACKNOWLEDGED, EXPIRED = ReferralState.ACKNOWLEDGED, ReferralState.EXPIRED

LIVE = frozenset({SUBMITTED, ACKNOWLEDGED})
CREDITABLE = LIVE | {ReferralState.CLOSED}

ALLOWED_FROM: Mapping[ReferralWord, frozenset[ReferralState]] = {
    ReferralWord.CONSENT_GIVEN: frozenset({PENDING}),
    ReferralWord.CONSENT_REFUSED: frozenset({PENDING}) | LIVE,
    ReferralWord.ACKNOWLEDGED: frozenset({SUBMITTED}),
    ReferralWord.WITHDRAWN: frozenset({PENDING}) | LIVE,
    ReferralWord.INELIGIBLE: LIVE,
    ReferralWord.LINKED: frozenset(ReferralState),
}
"""From which state each word is possible. A late consent is possible too where a referral expired without one."""

_AFTER: Mapping[ReferralWord, ReferralState] = {
    ReferralWord.CONSENT_GIVEN: SUBMITTED,
    ReferralWord.CONSENT_REFUSED: ReferralState.DECLINED,
    ReferralWord.ACKNOWLEDGED: ACKNOWLEDGED,
    ReferralWord.WITHDRAWN: ReferralState.WITHDRAWN,
    ReferralWord.INELIGIBLE: ReferralState.INELIGIBLE,
}


class ReferralStatus(NamedTuple):
    """How a referral stands by its own facts; it shows as `closed` while the application it is linked to is closed."""

    state: ReferralState
    is_linked: bool
    lacked_consent: bool = False

    @property
    def gives_level(self) -> bool:
        """Whether the referral is live and linked to the application."""
        return self.is_linked and self.state in LIVE


def is_possible(status: ReferralStatus, word: ReferralWord) -> bool:
    """Whether a word makes sense from where the referral stands."""
    is_late = word is ReferralWord.CONSENT_GIVEN and status.state is EXPIRED and status.lacked_consent
    return is_late or status.state in ALLOWED_FROM[word]


def check_word(status: ReferralStatus, word: ReferralWord) -> None:
    """Refuse a word that makes no sense from where the referral stands, with InvalidStateTransition."""
    if not is_possible(status, word):
        allowed = sorted(each.value for each in ReferralWord if is_possible(status, each))
        raise InvalidStateTransition(word, current_state=status.state, allowed=allowed)


def rung_of(referral: ReferralFacts) -> Confidence:
    """How well a referral is documented: by an ATS or a form, by the referrer, or by somebody else's word."""
    if referral.is_documented:
        return Confidence.DOCUMENTED
    return Confidence.SELF_REPORTED if referral.recorded_by == referral.person_id else Confidence.CLAIMED


def initial_state(referral: ReferralFacts, policy: Policy) -> ReferralState:
    """The state in which a referral begins, by the consent known then."""
    if referral.is_duplicate:
        return ReferralState.DUPLICATE
    if referral.consent is Consent.REFUSED:
        return ReferralState.DECLINED
    if referral.consent is Consent.GIVEN:
        return SUBMITTED
    needed = referral.consent is Consent.PENDING or policy.referral_consent_required
    return PENDING if needed else SUBMITTED


class ReferralWalk(Walk[ReferralStatus | None]):
    """The history of one referral; null before it was submitted."""

    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        super().__init__(None, zone)
        self._policy = policy
        self._status: ReferralStatus | None = None
        self._counted_from = date.min

    def status_at(self, moment: datetime) -> ReferralStatus | None:
        """Where the referral stands by its own facts, the last of which is not later than the moment."""
        return self._status if self.closed else self.steps.at(moment)

    def apply(self, what: object) -> None:
        """Let the submission, a statement, a change of the application or a policy take effect."""
        match what:
            case ReferralFacts():
                self._status = ReferralStatus(initial_state(what, self._policy), False)
                self._counted_from = self.day
            case ReferralStatement() if self._status is not None:
                self._say(self._status, what.word)
            case StageChange():
                self._enter(what)
            case Policy():
                self._policy = what

    def _say(self, status: ReferralStatus, word: ReferralWord) -> None:
        if word is ReferralWord.LINKED:
            self._status = status._replace(is_linked=True)
        elif is_possible(status, word) and not (self.closed and status.gives_level):
            self._status = status._replace(state=_AFTER[word])

    def _enter(self, change: StageChange) -> None:
        was_closed = self.closed
        self.closed = change.view.state is ApplicationState.CLOSED
        if was_closed and not self.closed:
            self._counted_from = self.day

    def _passed_at(self) -> datetime | None:
        """When the limit that is running is passed, or null where none is."""
        status = self._status
        if status is None or self.closed:
            return None
        if status.state is PENDING:
            return limit_passed_at(self._counted_from, self._policy.referral_consent_days, self.zone)
        if status.state in LIVE and not status.is_linked:
            return limit_passed_at(self._counted_from, self._policy.referral_valid_days, self.zone)
        return None

    def next_wake(self) -> datetime | None:
        """When the running limit is passed, at the first moment of a day."""
        passed_at = self._passed_at()
        return passed_at and max(passed_at, day_start(days_after(self.day, 1), self.zone))

    def pass_limit(self) -> None:
        """A referral that waited too long expires."""
        passed_at = self._passed_at()
        if self._status is not None and passed_at is not None and self.now >= passed_at:
            lacked_consent = self._status.state is PENDING
            self._status = ReferralStatus(EXPIRED, self._status.is_linked, lacked_consent)

    def judge(self) -> ReferralStatus | None:
        """Where the referral stands."""
        return self._status


def walk_referral(
    referral: ReferralFacts, policies: Sequence[PolicyVersion], application: Iterable[Event], zone: ZoneInfo
) -> ReferralWalk:
    """Walk through the history of a referral; `application` holds the events of the application it may be linked to."""
    submission = happened(referral)._replace(order=-1)  # before what was said of it at the same moment
    events = [submission, *map(happened, referral.statements), *application]
    events += [took_effect(each.recorded_at, each.policy) for each in policies[1:]]
    return ReferralWalk(policies[0].policy, zone).run(events)


class ReferralAnswer(NamedTuple):
    """Where a referral stands, and when that changes by time alone, or null."""

    referral: DerivedReferral
    status: ReferralStatus
    recheck_at: datetime | None


def derive_referral(
    referral: ReferralFacts, *, as_of: datetime, known_at: datetime, policies: Sequence[PolicyVersion]
) -> ReferralAnswer:
    """Where a referral stands that is linked to no application.

    Raises Unprocessable for a `known_at` before `as_of`, and for a moment before the referral was known.
    """
    if known_at < as_of:
        raise Unprocessable("'known_at' must not be before 'as_of'.", pointer="/known_at")
    in_force = policies_by(policies, as_of)
    zone = in_force[-1].policy.zone
    known = referral_known(referral, as_of=as_of, known_at=known_at)
    walk = walk_referral(known, in_force, (), zone) if known else None
    status = walk.steps.at(as_of) if walk else None
    if walk is None or status is None:
        raise Unprocessable("The referral was not known at that moment.", pointer="/as_of")
    later = [moment for moment in walk.steps.moments if moment > as_of]
    return ReferralAnswer(describe(referral, status), status, later[0] if later else None)


def describe(
    referral: ReferralFacts,
    status: ReferralStatus,
    *,
    after_application: bool = False,
    is_job_member: bool = False,
    credit_position: int | None = None,
) -> DerivedReferral:
    """A referral as it is shown."""
    return DerivedReferral(
        id=referral.id,
        state=status.state,
        is_live=status.state in LIVE,
        is_linked=status.is_linked,
        after_application=after_application,
        is_job_member=is_job_member,
        credit_position=credit_position,
    )
