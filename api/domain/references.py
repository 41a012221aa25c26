"""The lifecycle of a reference: what may be said when, and its state by time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from api.domain.calendar import day_start, days_after, limit_passed_at
from api.domain.errors import InvalidStateTransition
from api.domain.facts import PolicyVersion, ReferenceFacts, ReferenceStatement
from api.domain.policy import Policy
from api.domain.stages import StageChange
from api.domain.steps import Event, Walk, happened, took_effect
from api.domain.vocabulary import ApplicationState, ReferenceState, ReferenceWord

REQUESTED, AGREED, NO_ANSWER = ReferenceState.REQUESTED, ReferenceState.AGREED, ReferenceState.NO_ANSWER

ALLOWED_FROM: Mapping[ReferenceWord, frozenset[ReferenceState | None]] = {
    ReferenceWord.REQUESTED: frozenset({None}),
    ReferenceWord.AGREED: frozenset({REQUESTED, NO_ANSWER}),
    ReferenceWord.GIVEN: frozenset({None, REQUESTED, AGREED, NO_ANSWER}),
    ReferenceWord.DECLINED: frozenset({REQUESTED, AGREED, NO_ANSWER}),
}
"""From which state each word is possible; null is a new reference."""


def allowed_words(state: ReferenceState | None) -> list[str]:
    """The words that are possible from a state, in alphabetical order."""
    return sorted(word.value for word, states in ALLOWED_FROM.items() if state in states)


def check_word(state: ReferenceState | None, word: ReferenceWord) -> None:
    """Refuse a word that makes no sense from the state, with InvalidStateTransition; null is a new reference."""
    if state not in ALLOWED_FROM[word]:
        name = state.value if state else "new"
        raise InvalidStateTransition(word, current_state=name, allowed=allowed_words(state))


class ReferenceWalk(Walk[ReferenceState | None]):
    """The history of one reference; null before its first statement."""

    def __init__(self, policy: Policy, zone: ZoneInfo) -> None:
        super().__init__(None, zone)
        self._policy = policy
        self._state: ReferenceState | None = None
        self._requested_on = date.min

    def state_at(self, moment: datetime) -> ReferenceState | None:
        """The state by the reference's own facts, the last of which is not later than the moment."""
        return self._state if self.closed else self.steps.at(moment)

    def apply(self, what: object) -> None:
        """Let a statement, a change of the application or a policy take effect."""
        match what:
            case ReferenceStatement() if self._state in ALLOWED_FROM[what.word]:
                self._state = ReferenceState(what.word.value)
                if self._state is REQUESTED:
                    self._requested_on = self.day
            case StageChange():
                was_closed = self.closed
                self.closed = what.view.state is ApplicationState.CLOSED
                if was_closed and not self.closed:
                    self._requested_on = self.day
            case Policy():
                self._policy = what

    def _passed_at(self) -> datetime | None:
        """When the request stays without an answer, or null where none is awaited."""
        if self._state is not REQUESTED or self.closed:
            return None
        return limit_passed_at(self._requested_on, self._policy.reference_no_answer_days, self.zone)

    def next_wake(self) -> datetime | None:
        """When the running limit is passed, at the first moment of a day."""
        passed_at = self._passed_at()
        return passed_at and max(passed_at, day_start(days_after(self.day, 1), self.zone))

    def pass_limit(self) -> None:
        """A request that waited too long stays without an answer."""
        passed_at = self._passed_at()
        if passed_at is not None and self.now >= passed_at:
            self._state = NO_ANSWER

    def judge(self) -> ReferenceState | None:
        """The state at the present moment."""
        return self._state


def walk_reference(
    reference: ReferenceFacts, policies: Sequence[PolicyVersion], application: Iterable[Event], zone: ZoneInfo
) -> ReferenceWalk:
    """Walk through the history of a reference; `application` holds the events of its application."""
    events = [*map(happened, reference.statements), *application]
    events += [took_effect(each.recorded_at, each.policy) for each in policies[1:]]
    return ReferenceWalk(policies[0].policy, zone).run(events)
