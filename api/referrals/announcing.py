"""Announcing a referral: with the application it is linked to, or alone."""

from datetime import datetime

from api.models import Application, Referral
from api.platform.sessions import WriteSession
from api.support.alone import announce_alone
from api.support.said import NOTHING, Said
from api.support.service import announce


async def settle(
    session: WriteSession, row: Referral, application: Application | None, *, now: datetime, said: Said = NOTHING
) -> None:
    """Announce what flushed facts of a referral make of it, and of the application it is linked to."""
    if application is not None:
        await announce(session, application, now=now, said=said)
    else:
        await announce_alone(session, row, now=now, said=said)
