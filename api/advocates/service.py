"""Making people advocates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from api.advocates import schemas
from api.domain.errors import Conflict
from api.models import Advocate, Person
from api.owed.schemas import MEMBERS, NOTHING
from api.people.finding import merged_into
from api.people.notice import owe_notice
from api.platform import outbox
from api.platform.ids import encode
from api.platform.revisions import revise
from api.platform.sessions import WorkspaceSession, WriteSession
from api.platform.uniqueness import Taken, unique


class AdvocateExists(Conflict):
    """The person is an advocate already; `existing_id` names the advocate."""

    code = "advocate_exists"
    title = "The person is an advocate already"


async def create_advocate(
    session: WriteSession, person: Person, *, metadata: dict[str, str], now: datetime
) -> Advocate:
    """Make a person an advocate, who is to be told so within a month; raises AdvocateExists."""
    advocate = Advocate(person_id=person.id, labels=metadata, created_at=now, updated_at=now)
    try:
        async with unique(session, "uq_advocates_person_id"):
            session.add(advocate)
    except Taken:
        raise await _exists(session, person) from None
    await owe_notice(session, person.id, now=now)
    _say(session, "advocate.created", advocate, person, now=now)
    return advocate


async def find_or_make_advocate(session: WriteSession, person: Person, *, now: datetime) -> tuple[Advocate, bool]:
    """The advocate that a person is, or else a new one. Whether they are new comes second.

    Of two transactions that make the same one at once, one makes it.
    """
    found = await advocate_of(session, person.id)
    if found is None:
        try:
            return await create_advocate(session, person, metadata={}, now=now), True
        except AdvocateExists:
            found = await advocate_of(session, person.id)
            if found is None:
                raise
    return found, False


async def advocate_of(session: WorkspaceSession, person_id: UUID) -> Advocate | None:
    """The advocate that a person is, or was before they were merged; None for who is no advocate."""
    for known_as in [person_id, *await merged_into(session, person_id)]:
        found = await session.execute(select(Advocate).where(Advocate.person_id == known_as))
        if (advocate := found.scalar_one_or_none()) is not None:
            return advocate
    return None


async def update_advocate(
    session: WriteSession, advocate: Advocate, person: Person, data: schemas.AdvocateUpdate, *, now: datetime
) -> None:
    """Change the labels of the locked advocate."""
    if previous := revise(advocate, data.changes(), now=now):
        await session.flush()
        _say(session, "advocate.updated", advocate, person, now=now, previous=previous)


async def _exists(session: WriteSession, person: Person) -> AdvocateExists:
    found = await session.execute(select(Advocate.id).where(Advocate.person_id == person.id))
    return AdvocateExists("This person is an advocate already.", existing_id=encode("advocate", found.scalar_one()))


def _say(
    session: WriteSession,
    event_type: str,
    advocate: Advocate,
    person: Person,
    *,
    now: datetime,
    previous: dict[str, Any] | None = None,
) -> None:
    shown = schemas.Advocate.of(advocate, person, NOTHING)
    outbox.record(
        session,
        event_type,
        subject=("advocate", advocate.id),
        version=advocate.version,
        occurred_at=now,
        recorded_at=now,
        data=shown.model_dump(mode="json", exclude={"person": {"name", "email"}, **dict.fromkeys(MEMBERS, True)}),
        previous=previous,
    )
