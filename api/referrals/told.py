"""What a referrer may hear of their referral: how far the candidate is, coarsely, and how long nothing was new."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from api.domain.calendar import day_of, limit_passed_at
from api.domain.stages import StageView, stage_changes
from api.domain.vocabulary import ApplicationState, ReferralState, Stage
from api.models import Application, Referral
from api.platform import rows
from api.platform.ids import ReferralId
from api.platform.schemas import Day, ResponseModel
from api.platform.sessions import WorkspaceSession
from api.support.queries import current_policy, load_facts


class Told(StrEnum):
    """How far a referral is, as its referrer may hear it."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    INTERVIEWING = "interviewing"
    CLOSED = "closed"


class StatusForReferrer(ResponseModel):
    """All that a referrer may hear: no outcome, no reason, no evaluation, no level, no pay, no names."""

    object: Literal["status_for_referrer"] = Field(
        default="status_for_referrer", description="Always `status_for_referrer`.", examples=["status_for_referrer"]
    )
    referral_id: ReferralId = Field(description="The referral.")
    status: Told = Field(
        description="`received` before anybody looked, or while the candidate has not agreed; `in_review` in "
        "screening, `interviewing` up to an offer, `closed` for every end.",
        examples=["in_review"],
    )
    nothing_new_since: Day | None = Field(
        description="Since which day this status has not changed, where that is more than `supporter_quiet_days` ago; "
        "null before that, and once it is closed."
    )


_ENDED = frozenset(
    {ReferralState.DECLINED, ReferralState.WITHDRAWN, ReferralState.INELIGIBLE, ReferralState.EXPIRED},
)
_STAGES = {
    Stage.SCREENING: Told.IN_REVIEW,
    Stage.INTERVIEWING: Told.INTERVIEWING,
    Stage.OFFER: Told.INTERVIEWING,
}


async def status_for_referrer(session: WorkspaceSession, referral: Referral, *, now: datetime) -> StatusForReferrer:
    """The coarse view of a referral at `now`, by the stages of the application it is linked to."""
    policy = await current_policy(session)
    status, since = await _standing(session, referral, now=now)
    day = day_of(since, policy.zone)
    is_quiet = status is not Told.CLOSED and now >= limit_passed_at(day, policy.supporter_quiet_days, policy.zone)
    return StatusForReferrer(referral_id=referral.id, status=status, nothing_new_since=day if is_quiet else None)


async def _standing(session: WorkspaceSession, referral: Referral, *, now: datetime) -> tuple[Told, datetime]:
    """The status, and since when; what was before the referral is no news to whoever made it."""
    status, since = Told.RECEIVED, referral.submitted_at
    if referral.state in _ENDED:
        return Told.CLOSED, since
    if referral.application_id is None or referral.state is ReferralState.CONSENT_PENDING:
        return status, since
    application = await rows.find(session, Application, referral.application_id)
    while application.merged_into_id is not None:
        application = await rows.find(session, Application, application.merged_into_id)
    facts = (await load_facts(session, [application.id]))[application.id]
    for change in stage_changes(facts.stages, facts.policies[-1].policy.zone):
        told = _told(change.view)
        if change.moment <= now and told is not status:
            status, since = told, max(change.moment, since)
    return status, since


def _told(view: StageView) -> Told:
    if view.state is ApplicationState.CLOSED:
        return Told.CLOSED
    return _STAGES.get(view.stage, Told.RECEIVED)
