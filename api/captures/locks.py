"""What is locked for a capture that lacks details: the applications that it goes to, with what is owed about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.models import Capture
from api.platform.sessions import WriteSession
from api.support.alone import announce_alone, bring_along, catch_up_alone
from api.support.locks import Locked, lock_application
from api.support.service import announce


@dataclass(frozen=True, slots=True)
class Held:
    """A locked capture with what is owed about it: where it belonged, and all applications concerned, locked too."""

    former_id: UUID | None
    applications: Sequence[Locked]
    now: datetime


async def hold(session: WriteSession, row: Capture, into_id: UUID | None) -> Held:
    """Lock the applications that a locked capture, not changed yet, belongs to and is to belong to.

    What time did by now is announced first, as it was while the capture still needed details.
    """
    former_id = row.application_id
    belong = sorted({each for each in (former_id, into_id) if each is not None})
    locked = [await lock_application(session, each) for each in belong]
    now = await session.now()
    if former_id is None:
        await catch_up_alone(session, row, now=now)
    return Held(former_id, locked, now)


async def settle(session: WriteSession, row: Capture, held: Held) -> None:
    """Announce what the flushed capture makes of what is owed, where it belongs now and where it did."""
    if held.former_id != row.application_id:
        row.recheck_at = row.lease_until = None
        await bring_along(session, row, former_id=held.former_id, now=held.now)
    for each in held.applications:
        await announce(session, each.application, now=each.now)
    if row.application_id is None:
        await announce_alone(session, row, now=held.now)
