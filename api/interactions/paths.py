"""What has to be locked for an interaction: the capture that it was, its application, itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from api.captures.interactions import lock_waiting
from api.interactions.schemas import InteractionCreate
from api.models import Application, Capture, Interaction
from api.platform import rows
from api.platform.deps import Writing
from api.platform.ids import InteractionId
from api.platform.sessions import WriteSession
from api.support.locks import lock_application, lock_named_application


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new interaction belongs, under the locks of both, and the time read after that."""

    application: Application | None
    capture: Capture | None
    now: datetime


async def lock_place(session: WriteSession, data: InteractionCreate) -> Place:
    """Lock what the body names. Raises InvalidStateTransition, UnknownReference, and Unprocessable as lock_waiting."""
    capture = None if data.capture_id is None else await lock_waiting(session, data.capture_id, data.application_id)
    if data.application_id is None:
        return Place(None, capture, await session.now())
    locked = await lock_named_application(session, data.application_id)
    return Place(locked.application, capture, locked.now)


@dataclass(frozen=True, slots=True)
class LockedInteraction:
    """An interaction and its application, if it has one, under their locks, and the time read after that."""

    row: Interaction
    application: Application | None
    now: datetime


async def _for_update(session: Writing, interaction_id: InteractionId) -> LockedInteraction:
    row = await rows.find(session, Interaction, interaction_id)
    locked = None if row.application_id is None else await lock_application(session, row.application_id)
    row = await rows.lock(session, Interaction, interaction_id)
    if locked is None:
        return LockedInteraction(row, None, await session.now())
    return LockedInteraction(row, locked.application, locked.now)


InteractionForUpdate = Annotated[LockedInteraction, Depends(_for_update)]
"""The interaction of the path, locked."""
