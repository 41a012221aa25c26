"""Making people referrers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from api.domain.errors import Conflict
from api.models import Person, Referrer
from api.owed.schemas import MEMBERS, NOTHING
from api.people.finding import merged_into
from api.platform import outbox
from api.platform.ids import encode
from api.platform.revisions import revise
from api.platform.sessions import WorkspaceSession, WriteSession
from api.platform.uniqueness import Taken, unique
from api.referrers import schemas


class ReferrerExists(Conflict):
    """The person is a referrer already; `existing_id` names the referrer."""

    code = "referrer_exists"
    title = "The person is a referrer already"


async def create_referrer(
    session: WriteSession, person: Person, *, metadata: dict[str, str], now: datetime
) -> Referrer:
    """Make a person a referrer; raises ReferrerExists."""
    referrer = Referrer(person_id=person.id, labels=metadata, created_at=now, updated_at=now)
    try:
        async with unique(session, "uq_referrers_person_id"):
            session.add(referrer)
    except Taken:
        raise await _exists(session, person) from None
    _say(session, "referrer.created", referrer, person, now=now)
    return referrer


async def find_or_make_referrer(session: WriteSession, person: Person, *, now: datetime) -> tuple[Referrer, bool]:
    """The referrer that a person is, or else a new one. Whether they are new comes second.

    Of two transactions that make the same one at once, one makes it.
    """
    found = await referrer_of(session, person.id)
    if found is None:
        try:
            return await create_referrer(session, person, metadata={}, now=now), True
        except ReferrerExists:
            found = await referrer_of(session, person.id)
            if found is None:
                raise
    return found, False


async def referrer_of(session: WorkspaceSession, person_id: UUID) -> Referrer | None:
    """The referrer that a person is, or was before they were merged; None for who is no referrer."""
    for known_as in [person_id, *await merged_into(session, person_id)]:
        found = await session.execute(select(Referrer).where(Referrer.person_id == known_as))
        if (referrer := found.scalar_one_or_none()) is not None:
            return referrer
    return None


async def update_referrer(
    session: WriteSession, referrer: Referrer, person: Person, data: schemas.ReferrerUpdate, *, now: datetime
) -> None:
    """Change the labels of the locked referrer."""
    if previous := revise(referrer, data.changes(), now=now):
        await session.flush()
        _say(session, "referrer.updated", referrer, person, now=now, previous=previous)


async def _exists(session: WriteSession, person: Person) -> ReferrerExists:
    found = await session.execute(select(Referrer.id).where(Referrer.person_id == person.id))
    return ReferrerExists("This person is a referrer already.", existing_id=encode("referrer", found.scalar_one()))


def _say(
    session: WriteSession,
    event_type: str,
    referrer: Referrer,
    person: Person,
    *,
    now: datetime,
    previous: dict[str, Any] | None = None,
) -> None:
    shown = schemas.Referrer.of(referrer, person, NOTHING)
    outbox.record(
        session,
        event_type,
        subject=("referrer", referrer.id),
        version=referrer.version,
        occurred_at=now,
        recorded_at=now,
        data=shown.model_dump(mode="json", exclude={"person": {"name", "email"}, **dict.fromkeys(MEMBERS, True)}),
        previous=previous,
    )
