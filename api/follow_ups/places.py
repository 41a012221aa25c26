"""Where a follow-up belongs, under the lock that guards it: an application, or what is linked to none."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.follow_ups.bodies import FollowUpCreate
from api.models import Application, Capture, FollowUp, Referral
from api.platform import rows
from api.platform.problems import ServiceUnavailable
from api.platform.references import require
from api.platform.sessions import WriteSession
from api.support.alone import Lone, announce_alone, catch_up_alone
from api.support.locks import Locked, lock_application, lock_named_application
from api.support.said import Said
from api.support.service import announce


@dataclass(frozen=True, slots=True)
class Place:
    """An application, or a referral or capture that is linked to none, and the time read once it was locked."""

    owner: Application | Lone
    now: datetime

    @property
    def application_id(self) -> UUID | None:
        """Which application it is, if it is one."""
        return self.owner.id if isinstance(self.owner, Application) else None

    @property
    def job_id(self) -> UUID | None:
        """The job whose members own what is owed here; null where there is none."""
        return None if isinstance(self.owner, Capture) else self.owner.job_id

    async def hear(self, session: WriteSession, said: Said) -> None:
        """Announce what people say, and whatever else flushed facts make of it."""
        if isinstance(self.owner, Application):
            await announce(session, self.owner, now=self.now, said=said)
        else:
            await announce_alone(session, self.owner, now=self.now, said=said)


@dataclass(frozen=True, slots=True)
class LockedFollowUp:
    """A follow-up under the lock of where it belongs."""

    row: FollowUp
    place: Place


async def lock_follow_up(session: WriteSession, follow_up_id: UUID) -> LockedFollowUp:
    """Lock a follow-up and what it belongs to, and let time catch up. Raises NotFound."""
    found = await rows.find(session, FollowUp, follow_up_id)
    if found.application_id is not None:
        place = _of(await lock_application(session, found.application_id))
    elif found.referral_id is not None:
        place = await _lock_alone(session, Referral, found.referral_id)
    elif found.capture_id is not None:
        place = await _lock_alone(session, Capture, found.capture_id)
    else:
        raise ValueError("a follow-up belongs to an application, a referral or a capture")
    return LockedFollowUp(await rows.lock(session, FollowUp, follow_up_id), place)


async def lock_place(session: WriteSession, data: FollowUpCreate) -> Place:
    """Lock the application that the body names, or the one that its referral is linked to, or else the referral.

    Raises UnknownReference.
    """
    if data.application_id is not None:
        return _of(await lock_named_application(session, data.application_id))
    if data.referral_id is None:
        raise ValueError("a body names an application or a referral")
    referral = await require(session, Referral, data.referral_id, "#/referral_id")
    if referral.application_id is not None:
        return _of(await lock_application(session, referral.application_id))
    return await _lock_alone(session, Referral, referral.id)


def _of(locked: Locked) -> Place:
    return Place(locked.application, locked.now)


async def _lock_alone(session: WriteSession, model: type[Referral] | type[Capture], row_id: UUID) -> Place:
    row = await rows.lock(session, model, row_id)
    if row.application_id is not None:
        raise ServiceUnavailable("It is being linked to an application; try again.", retry_after=1)
    now = await session.now()
    await catch_up_alone(session, row, now=now)
    return Place(row, now)
