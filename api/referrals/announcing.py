"""Announcing a referral that is linked to no application; a linked one is announced with its application."""

from datetime import datetime

from api.domain.referrals import derive_referral
from api.models import Application, Referral
from api.platform.sessions import WriteSession
from api.support.announcements import referral_alone
from api.support.queries import load_referral
from api.support.rechecks import next_recheck
from api.support.service import announce


async def settle(session: WriteSession, row: Referral, application: Application | None, *, now: datetime) -> None:
    """Announce what flushed facts of a referral make of it, and of the application it is linked to."""
    if application is not None:
        await announce(session, application, now=now)
    else:
        await _announce_alone(session, row, now, now=now)


async def catch_up_alone(session: WriteSession, row: Referral, *, now: datetime) -> None:
    """Announce what time did by `now` to a locked referral that is linked to nothing, each crossing at its moment."""
    while row.recheck_at is not None and row.recheck_at <= now:
        await _announce_alone(session, row, row.recheck_at, now=now)


async def _announce_alone(session: WriteSession, row: Referral, at: datetime, *, now: datetime) -> None:
    facts, policies = await load_referral(session, row.id)
    derived = derive_referral(facts, as_of=at, known_at=at, policies=policies)
    await referral_alone(session, row, derived.referral, occurred_at=at, now=now)
    row.recheck_at = derived.recheck_at and next_recheck(derived.recheck_at, policies, after=at)
    await session.flush()
