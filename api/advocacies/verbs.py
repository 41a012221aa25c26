"""What may be said about taking part, as the verbs of the API name it."""

from collections.abc import Mapping

from api.domain.advocacies import ALLOWED_FROM
from api.domain.errors import InvalidStateTransition
from api.domain.vocabulary import AdvocacyState, AdvocacyWord

_VERBS: Mapping[AdvocacyWord, str] = {
    AdvocacyWord.ASKED: "ask",
    AdvocacyWord.AGREED: "agree",
    AdvocacyWord.DECLINED: "decline",
    AdvocacyWord.WITHDRAWN: "withdraw",
}


def allowed_verbs(state: AdvocacyState | None) -> list[str]:
    """The verbs that are possible from a state, in alphabetical order."""
    return sorted(verb for word, verb in _VERBS.items() if state in ALLOWED_FROM[word])


def check_allowed(state: AdvocacyState | None, word: AdvocacyWord) -> None:
    """Refuse a word that makes no sense from the state, with InvalidStateTransition; null is a new advocacy."""
    if state not in ALLOWED_FROM[word]:
        name = state.value if state else "new"
        raise InvalidStateTransition(_VERBS[word], current_state=name, allowed=allowed_verbs(state))
