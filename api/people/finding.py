"""Finding people by what others know of them: their address, and their name, which is only a hint."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from api.models import Person
from api.platform import rows
from api.platform.schemas import normalise_email
from api.platform.sessions import WorkspaceSession
from api.reasons.wording import normalised

MOST_SHARING_A_NAME = 20

_KNOWN_AS = text("""
    with recursive kin (asked, id) as (select p.id, p.id from people p where p.workspace_id = :w and p.id = any(:ids)
    union select k.asked, n.id from kin k cross join lateral (
        select p.merged_into_id as id from people p
            where p.workspace_id = :w and p.id = k.id and p.merged_into_id is not null
        union all select p.id from people p where p.workspace_id = :w and p.merged_into_id = k.id) n)
    select asked, id from kin order by id""")


def name_key(name: str) -> str:
    """The form in which names are compared; of bounded length, as it stands in an index."""
    return normalised(name)[:200]


async def by_email(session: WorkspaceSession, email: str) -> Person | None:
    """The person with this address, compared as addresses are; where they were merged, whom they were merged into."""
    found = await session.execute(select(Person).where(Person.email_normalised == normalise_email(email)))
    person = found.scalar_one_or_none()
    return None if person is None else await present(session, person)


async def by_name(session: WorkspaceSession, name: str) -> Sequence[Person]:
    """Those of this whole name, case and white space aside: at most twenty, without merged and erased ones."""
    statement = select(Person).where(
        Person.name_key == name_key(name), col(Person.merged_into_id).is_(None), col(Person.anonymized_at).is_(None)
    )
    return (await session.execute(statement.order_by(col(Person.id)).limit(MOST_SHARING_A_NAME))).scalars().all()


async def present(session: WorkspaceSession, person: Person) -> Person:
    """The person, or whom they were merged into, however often."""
    seen: set[UUID] = set()
    while person.merged_into_id is not None and person.id not in seen:
        seen.add(person.id)
        person = await rows.find(session, Person, person.merged_into_id)
    return person


async def merged_into(session: WorkspaceSession, person_id: UUID) -> Sequence[UUID]:
    """Everybody who was merged into the person, also by way of others."""
    found: list[UUID] = []
    wanted = [person_id]
    while wanted:
        statement = select(Person.id).where(col(Person.merged_into_id).in_(wanted)).order_by(col(Person.id))
        wanted = [each for each in (await session.execute(statement)).scalars() if each not in found]
        found += wanted
    return found


async def known_as(session: WorkspaceSession, person_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Every id under which each of these people is known by merges, their own included; in one statement."""
    found = await session.execute(_KNOWN_AS, {"w": session.workspace.id, "ids": list(person_ids)})
    ids: dict[UUID, list[UUID]] = defaultdict(list)
    for row in found:
        ids[row.asked].append(row.id)
    return dict(ids)
