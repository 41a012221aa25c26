"""How a referral stood at a moment, by all that is known now: what a word about that moment is judged by."""

from datetime import datetime

from api.domain.errors import Unprocessable
from api.domain.facts import ApplicationFacts
from api.domain.knowledge import known_facts
from api.domain.referrals import LIVE, ReferralStatus, derive_referral, walk_referral
from api.domain.stages import stage_changes, view_at
from api.domain.steps import stage_event
from api.domain.vocabulary import ApplicationState, ReferralState
from api.models import Referral
from api.platform.sessions import WriteSession
from api.support.queries import load_facts, load_referral

TOO_EARLY = "The referral did not exist at that moment; send a later one."


async def standing(session: WriteSession, row: Referral, moment: datetime, *, now: datetime) -> ReferralStatus:
    """Where the referral stood. Raises Unprocessable for a moment before it was submitted."""
    if moment < row.submitted_at:
        raise Unprocessable(TOO_EARLY, pointer="#/occurred_at")
    if row.application_id is None:
        alone, policies = await load_referral(session, row.id)
        return derive_referral(alone, as_of=moment, known_at=now, policies=policies).status
    facts = (await load_facts(session, [row.application_id]))[row.application_id]
    return _within(facts, row, moment, now=now)


def _within(facts: ApplicationFacts, row: Referral, moment: datetime, *, now: datetime) -> ReferralStatus:
    known = known_facts(facts, as_of=moment, known_at=now)
    zone = known.policies[-1].policy.zone
    changes = stage_changes(known.stages, zone)
    referral = next(each for each in known.referrals if each.id == row.id)
    walk = walk_referral(referral, known.policies, [stage_event(change) for change in changes], zone)
    status, view = walk.status_at(moment), view_at(changes, moment)
    if status is None:
        raise Unprocessable(TOO_EARLY, pointer="#/occurred_at")
    is_closed = view is not None and view.state is ApplicationState.CLOSED
    ends = is_closed and status.is_linked and status.state in LIVE
    return status._replace(state=ReferralState.CLOSED) if ends else status
