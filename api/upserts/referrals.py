"""Recording once the referral that a tool tells with an application. It makes no advocacy."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from api.domain.vocabulary import Consent, ReferralState, ReferralWord
from api.models import Application, Person, Referral
from api.platform.moments import occurred
from api.platform.sessions import WriteSession
from api.referrals.bodies import ReferralCreate, ReferralSaid
from api.referrals.places import LockedReferral, lock_place
from api.referrals.queries import STANDING
from api.referrals.recording import create_referral
from api.referrals.service import say
from api.referrers.service import find_or_make_referrer, referrer_of
from api.support.locks import Locked
from api.upserts.application_bodies import ReferralUpsert

_WORDS: Mapping[Consent, ReferralWord] = {
    Consent.GIVEN: ReferralWord.CONSENT_GIVEN,
    Consent.REFUSED: ReferralWord.CONSENT_REFUSED,
}


async def record(
    session: WriteSession,
    locked: Locked,
    told: ReferralUpsert,
    person: Person,
    *,
    source: str,
    teller: UUID | None,
) -> None:
    """Record that the person referred the candidate of the locked application for its job, unless they have.

    One that stands gets the candidate's word, where that is new. After one that was withdrawn, declined, found
    ineligible or expired there is a new one only with a later `submitted_at`: a tool repeats what it once heard.
    Raises InTheFuture and TooLongAgo.
    """
    occurred(told.submitted_at, locked.now, "#/referral/submitted_at")
    occurred(told.consent_at, locked.now, "#/referral/consent_at")
    made = await _made_by(session, person, locked.application)
    standing = next((row for row in made if row.state in STANDING), None)
    if standing is not None:
        await _hear(session, locked, standing, told, teller)
    elif not made or _is_made_again(made, told):
        referrer, _ = await find_or_make_referrer(session, person, now=locked.now)
        data = ReferralCreate(
            candidate_id=locked.application.candidate_id,
            referrer_id=referrer.id,
            application_id=locked.application.id,
            job_id=locked.application.job_id,
            recorded_by=teller,
            source=told.source or source,
            **{name: value for name, value in dict(told).items() if name not in ("referrer", "source")},
        )
        await create_referral(session, data, await lock_place(session, data))


async def _made_by(session: WriteSession, person: Person, application: Application) -> Sequence[Referral]:
    """What the person made for this candidate and job, the first first."""
    referrer = await referrer_of(session, person.id)
    if referrer is None:
        return []
    statement = select(Referral).where(
        Referral.referrer_id == referrer.id,
        Referral.candidate_id == application.candidate_id,
        Referral.job_id == application.job_id,
    )
    ordered = statement.order_by(col(Referral.submitted_at), col(Referral.id))
    return (await session.execute(ordered)).scalars().all()


def _is_made_again(made: Sequence[Referral], told: ReferralUpsert) -> bool:
    if any(row.state is ReferralState.CLOSED for row in made):
        return False
    return told.submitted_at is not None and told.submitted_at > made[-1].submitted_at


async def _hear(
    session: WriteSession, locked: Locked, row: Referral, told: ReferralUpsert, teller: UUID | None
) -> None:
    """Record the candidate's yes or no to a referral that stands, if it is not what was said before."""
    word = _WORDS.get(told.consent)
    if word is None or told.consent is row.consent:
        return
    at = max(told.consent_at or locked.now, row.submitted_at)
    place = LockedReferral(row, locked.application, locked.now)
    await say(session, place, word, ReferralSaid(occurred_at=at, recorded_by=teller))
