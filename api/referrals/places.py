"""Where a referral is written: what is locked for it, and the time read once that is held.

The order of locks is people, applications, referrals. A referral that hangs on an application is guarded by the
application's lock; one that is linked to none is locked itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import func
from sqlmodel import col, select

from api.domain.errors import NotFound
from api.models import Application, Referral, StageChange
from api.people.notice import owe_notice
from api.platform import rows
from api.platform.deps import Tag, Writing
from api.platform.ids import ReferralId
from api.platform.problems import ServiceUnavailable
from api.platform.sessions import WriteSession
from api.referrals import bodies, queries
from api.support.alone import catch_up_alone
from api.support.locks import lock_application
from api.support.service import catch_up


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new referral belongs: the candidate's application and its first moment, if there is one."""

    named: queries.Named
    application: Application | None
    started_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class LockedReferral:
    """A referral with the application it is linked to, if any, under the lock that guards it."""

    row: Referral
    application: Application | None
    now: datetime


async def lock_place(session: WriteSession, data: bodies.ReferralCreate) -> Place:
    """Lock what a new referral hangs on. Raises UnknownReference."""
    named = await queries.lock_named(session, data)
    if not named.is_owed_notice:
        await owe_notice(session, named.candidate_person_id, now=await session.now())
    application, started_at = await _lock_application(session, data, named.candidate_id)
    now = await session.now()
    if application is not None:
        await catch_up(session, application, now=now)
    return Place(named, application, started_at, now)


async def _lock_application(
    session: WriteSession, data: bodies.ReferralCreate, candidate_id: UUID
) -> tuple[Application, datetime | None] | tuple[None, None]:
    """The application that the body names, or the candidate's for the job; with its first moment, which never moves."""
    if data.application_id is not None:
        belongs = col(Application.id) == data.application_id
    elif data.job_id is not None:
        belongs = (col(Application.candidate_id) == candidate_id) & (col(Application.job_id) == data.job_id)
    else:
        return None, None
    first = select(func.min(StageChange.occurred_at)).where(
        StageChange.workspace_id == session.workspace.id, StageChange.application_id == Application.id
    )
    statement = select(Application, first.correlate(Application).scalar_subquery()).where(belongs)
    locking = statement.with_for_update(key_share=True, of=Application)
    found = (await session.execute(locking, execution_options={"populate_existing": True})).one_or_none()
    if found is not None:
        return found[0], found[1]
    if data.application_id is not None:
        raise queries.unknown("application_id", "application")
    return None, None


async def lock_referral(session: WriteSession, referral_id: UUID) -> LockedReferral:
    """Lock a referral, and first the application it is linked to. Raises NotFound."""
    application_id = await _application_of(session, referral_id)
    if application_id is None:
        return await lock_alone(session, referral_id)
    locked = await lock_application(session, application_id)
    return LockedReferral(await rows.lock(session, Referral, referral_id), locked.application, locked.now)


async def lock_for_link(session: WriteSession, referral_id: UUID, application_id: UUID) -> LockedReferral:
    """Lock a referral and the application it is linked to, or else the one it is to be linked to.

    Raises NotFound, and UnknownReference for the application.
    """
    linked_to = await _application_of(session, referral_id)
    try:
        locked = await lock_application(session, linked_to or application_id)
    except NotFound:
        raise queries.unknown("application_id", "application") from None
    row = await rows.lock(session, Referral, referral_id)
    if row.application_id is None:
        await catch_up_alone(session, row, now=locked.now)
    return LockedReferral(row, locked.application, locked.now)


async def lock_alone(session: WriteSession, referral_id: UUID) -> LockedReferral:
    """Lock a referral that is linked to no application. Raises ServiceUnavailable where it has just been linked."""
    row = await rows.lock(session, Referral, referral_id)
    if row.application_id is not None:
        raise ServiceUnavailable("The referral is being linked to an application; try again.")
    now = await session.now()
    await catch_up_alone(session, row, now=now)
    return LockedReferral(row, None, now)


async def _application_of(session: WriteSession, referral_id: UUID) -> UUID | None:
    found = await session.execute(select(Referral.application_id).where(Referral.id == referral_id))
    linked_to: Sequence[UUID | None] = found.scalars().all()
    if not linked_to:
        raise NotFound("There is no such referral.")
    return linked_to[0]


async def _for_update(session: Writing, referral_id: ReferralId, tag: Tag) -> LockedReferral:
    locked = await lock_referral(session, referral_id)
    tag.check(locked.row.version)
    return locked


ReferralForUpdate = Annotated[LockedReferral, Depends(_for_update)]
"""The referral of the path under its lock; If-Match is compared with its version."""
