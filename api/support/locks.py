"""The lock that guards an application and everything that hangs on it.

Taken by a statement of its own: facts read in the same statement would be stale. The time is read once the lock is
held, and crossings by time that were due are announced before anything new is written.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.domain.errors import NotFound
from api.models import Act, Advocacy, Application, Reference
from api.platform.deps import Tag, Writing
from api.platform.ids import ActId, AdvocacyId, ApplicationId, ReferenceId
from api.platform.references import UnknownReference
from api.platform.sessions import WriteSession
from api.support.service import catch_up


@dataclass(frozen=True, slots=True)
class Locked:
    """An application under its lock, and the workspace's time read after the lock was held."""

    application: Application
    now: datetime


async def lock_application(session: WriteSession, application_id: UUID) -> Locked:
    """Lock an application by its id. Raises NotFound."""
    return await _lock(session, select(Application).where(col(Application.id) == application_id), "application")


async def lock_named_application(session: WriteSession, application_id: UUID) -> Locked:
    """Lock the application that a body names as `application_id`. Raises UnknownReference."""
    try:
        return await lock_application(session, application_id)
    except NotFound:
        raise UnknownReference("There is no such application.", pointer="#/application_id") from None


async def lock_application_of(session: WriteSession, child: type[Any], child_id: UUID, kind: str) -> Locked:
    """Lock the application that a row of `child` hangs on, in one statement. Raises NotFound naming the `kind`."""
    owner = (
        select(child.application_id)
        .where(child.workspace_id == session.workspace.id, child.id == child_id)
        .scalar_subquery()
    )
    return await _lock(session, select(Application).where(col(Application.id) == owner), kind)


async def _lock(session: WriteSession, statement: SelectOfScalar[Application], kind: str) -> Locked:
    locking = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    application = (await session.execute(locking)).scalar_one_or_none()
    if application is None:
        raise NotFound(f"There is no such {kind} in this workspace.")
    now = await session.now()
    await catch_up(session, application, now=now)
    return Locked(application, now)


async def _application_for_update(session: Writing, application_id: ApplicationId, tag: Tag) -> Locked:
    locked = await lock_application(session, application_id)
    tag.check(locked.application.version)
    return locked


async def _for_advocacy(session: Writing, advocacy_id: AdvocacyId) -> Locked:
    return await lock_application_of(session, Advocacy, advocacy_id, "advocacy")


async def _for_act(session: Writing, act_id: ActId) -> Locked:
    return await lock_application_of(session, Act, act_id, "act")


async def _for_reference(session: Writing, reference_id: ReferenceId) -> Locked:
    return await lock_application_of(session, Reference, reference_id, "reference")


ApplicationForUpdate = Annotated[Locked, Depends(_application_for_update)]
"""The application of the path, locked; If-Match is compared with its version."""
LockedForAdvocacy = Annotated[Locked, Depends(_for_advocacy)]
"""The application that the advocacy of the path belongs to, locked."""
LockedForAct = Annotated[Locked, Depends(_for_act)]
"""The application that the act of the path belongs to, locked."""
LockedForReference = Annotated[Locked, Depends(_for_reference)]
"""The application that the reference of the path belongs to, locked."""
