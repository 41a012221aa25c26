"""Who may owe something: a member of the job who may be contacted."""

from datetime import datetime
from uuid import UUID

from api.domain.errors import Unprocessable
from api.jobs.queries import holding_record
from api.models import Person
from api.people.contact import require_contactable
from api.people.finding import known_as, present
from api.people.queries import today
from api.platform.references import require
from api.platform.sessions import WriteSession

POINTER = "#/owner_id"


class OwnerNotPossible(Unprocessable):
    """The person is no member of the job today, so they cannot owe anything there.

    Make them a member first, or take somebody who is one.
    """

    code = "owner_not_possible"
    title = "This person cannot own it"


async def require_owner(session: WriteSession, owner_id: UUID, job_id: UUID | None, *, now: datetime) -> Person:
    """The person who is to owe something on a job, or without one anybody who may be contacted.

    Raises UnknownReference, OwnerNotPossible, DoNotContact and PersonAnonymized.
    """
    owner = await present(session, await require(session, Person, owner_id, POINTER))
    await require_contactable(session, owner, POINTER, now=now)
    if job_id is not None and not await _is_member(session, owner, job_id, now=now):
        raise OwnerNotPossible("This person is no member of the job today.", pointer=POINTER)
    return owner


async def _is_member(session: WriteSession, person: Person, job_id: UUID, *, now: datetime) -> bool:
    day = await today(session, now)
    for each in (await known_as(session, [person.id]))[person.id]:
        held = await holding_record(session, job_id, each, day)
        if held is not None and held.power is not None:
            return True
    return False
