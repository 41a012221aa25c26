"""What may be said about a reference, as the verbs of the API name it."""

from collections.abc import Mapping

from api.domain.errors import InvalidStateTransition
from api.domain.references import ALLOWED_FROM
from api.domain.vocabulary import ReferenceState, ReferenceWord

_VERBS: Mapping[ReferenceWord, str] = {
    ReferenceWord.AGREED: "agree",
    ReferenceWord.DECLINED: "decline",
    ReferenceWord.GIVEN: "give",
}


def allowed_verbs(state: ReferenceState | None) -> list[str]:
    """The verbs that are possible from a state, in alphabetical order; null is before anybody was asked."""
    return sorted(verb for word, verb in _VERBS.items() if state in ALLOWED_FROM[word])


def check_allowed(state: ReferenceState | None, word: ReferenceWord) -> None:
    """Refuse a word that makes no sense from the state, with InvalidStateTransition."""
    if state not in ALLOWED_FROM[word]:
        name = state.value if state else "new"
        raise InvalidStateTransition(_VERBS[word], current_state=name, allowed=allowed_verbs(state))
