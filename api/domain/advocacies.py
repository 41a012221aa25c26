"""The lifecycle of an advocacy: what may be said when, and what words and acts make of it."""

from collections.abc import Mapping

from api.domain.errors import InvalidStateTransition
from api.domain.vocabulary import AdvocacyState, AdvocacyWord

PROPOSED, ASKED, NO_ANSWER = AdvocacyState.PROPOSED, AdvocacyState.ASKED, AdvocacyState.NO_ANSWER
AGREED, DECLINED = AdvocacyState.AGREED, AdvocacyState.DECLINED
ACTIVE, WITHDRAWN = AdvocacyState.ACTIVE, AdvocacyState.WITHDRAWN

ALLOWED_FROM: Mapping[AdvocacyWord, frozenset[AdvocacyState | None]] = {
    AdvocacyWord.PROPOSED: frozenset({None}),
    AdvocacyWord.ASKED: frozenset({None, PROPOSED, NO_ANSWER}),
    AdvocacyWord.AGREED: frozenset({None, PROPOSED, ASKED, NO_ANSWER, DECLINED, WITHDRAWN}),
    AdvocacyWord.DECLINED: frozenset({None, PROPOSED, ASKED, NO_ANSWER, AGREED}),
    AdvocacyWord.WITHDRAWN: frozenset({PROPOSED, ASKED, NO_ANSWER, AGREED, ACTIVE}),
}
"""From which state each word is possible; null is an advocacy about which nothing was said or done."""


def allowed_words(state: AdvocacyState | None) -> list[str]:
    """The words that are possible from a state, in alphabetical order."""
    return sorted(word.value for word, states in ALLOWED_FROM.items() if state in states)


def check_word(state: AdvocacyState | None, word: AdvocacyWord) -> None:
    """Refuse a word that makes no sense from the state, with InvalidStateTransition; null is a new advocacy."""
    if state not in ALLOWED_FROM[word]:
        name = state.value if state else "new"
        raise InvalidStateTransition(word, current_state=name, allowed=allowed_words(state))


def after_word(state: AdvocacyState | None, word: AdvocacyWord) -> AdvocacyState | None:
    """The state after a word; one that makes no sense changes nothing."""
    return AdvocacyState(word.value) if state in ALLOWED_FROM[word] else state


def concluded(state: AdvocacyState) -> AdvocacyState:
    """The state while the application has an outcome; what was declined or withdrawn stays so."""
    return state if state in (DECLINED, WITHDRAWN) else AdvocacyState.CONCLUDED


def after_act(state: AdvocacyState | None, *, is_first: bool, is_hiring_side: bool) -> AdvocacyState | None:
    """The state after a counting act: active by a hiring-side act, agreed by a first act that is none."""
    if is_hiring_side:
        return ACTIVE
    return AGREED if is_first else state
