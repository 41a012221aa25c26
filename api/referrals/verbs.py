"""What may be said about a referral, as the verbs of the API name it."""

from collections.abc import Mapping

from api.domain.errors import InvalidStateTransition
from api.domain.referrals import LIVE, ReferralStatus, is_possible
from api.domain.vocabulary import Consent, ReferralState, ReferralWord

_LEADS_TO: Mapping[ReferralWord, ReferralState] = {
    ReferralWord.CONSENT_REFUSED: ReferralState.DECLINED,
    ReferralWord.ACKNOWLEDGED: ReferralState.ACKNOWLEDGED,
    ReferralWord.WITHDRAWN: ReferralState.WITHDRAWN,
    ReferralWord.INELIGIBLE: ReferralState.INELIGIBLE,
}
CONSENTS: Mapping[ReferralWord, Consent] = {
    ReferralWord.CONSENT_GIVEN: Consent.GIVEN,
    ReferralWord.CONSENT_REFUSED: Consent.REFUSED,
}
"""What the candidate's words say about consent."""

EVENTS: Mapping[ReferralWord, str] = {
    ReferralWord.ACKNOWLEDGED: "referral.acknowledged",
    ReferralWord.CONSENT_REFUSED: "referral.declined",
    ReferralWord.WITHDRAWN: "referral.withdrawn",
    ReferralWord.INELIGIBLE: "referral.ineligible",
}
"""The event that tells of a word; a yes is told as `referral.consent.recorded`, before what it moves."""

_VERBS: Mapping[ReferralWord, str] = {
    ReferralWord.ACKNOWLEDGED: "acknowledge",
    ReferralWord.CONSENT_GIVEN: "consent",
    ReferralWord.CONSENT_REFUSED: "decline",
    ReferralWord.INELIGIBLE: "mark_ineligible",
    ReferralWord.WITHDRAWN: "withdraw",
}


def is_reached(state: ReferralState, consent: Consent, word: ReferralWord) -> bool:
    """Whether what the word is meant to bring about is so already; it is then not recorded again."""
    if word is ReferralWord.CONSENT_GIVEN:
        return consent is Consent.GIVEN
    return state is _LEADS_TO.get(word)


def allowed_verbs(status: ReferralStatus, consent: Consent) -> list[str]:
    """The verbs that are possible from where a referral stands, in alphabetical order."""
    verbs = {verb for word, verb in _VERBS.items() if is_allowed(status, word, consent)}
    return sorted(verbs if status.is_linked else verbs | {"link"})


def is_allowed(status: ReferralStatus, word: ReferralWord, consent: Consent) -> bool:
    """Whether a word may be recorded. A yes may be too where the referral is live and nobody had asked for one."""
    is_welcome = word is ReferralWord.CONSENT_GIVEN and consent is Consent.UNKNOWN and status.state in LIVE
    return is_welcome or is_possible(status, word)


def check_allowed(status: ReferralStatus, word: ReferralWord, consent: Consent) -> None:
    """Refuse a word that makes no sense from where the referral stands, with InvalidStateTransition."""
    if not is_allowed(status, word, consent):
        raise InvalidStateTransition(_VERBS[word], current_state=status.state, allowed=allowed_verbs(status, consent))
