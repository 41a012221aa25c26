"""Advocates go on speaking up for a candidate whose application goes on under another one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from api.advocacies.creation import create_advocacy
from api.advocacies.schemas import AdvocacyCreate, AdvocacyOriginCreate, FirstWord
from api.domain.carrying import taking_part
from api.domain.identity import recognise
from api.models import Advocacy, Advocate, Application, Person
from api.platform import ids
from api.platform.problems import ServiceUnavailable
from api.platform.sessions import WriteSession
from api.support.queries import load_facts

_CARRIED = ("advocate_id", "relationship", "worked_from", "worked_until", "basis")


async def lock_advocates(session: WriteSession, application_ids: Collection[UUID]) -> dict[UUID, Person]:
    """Lock the people who advocate for these applications against changes, by the ids of their advocates.

    To be called before an application is locked: nobody then leaves while their advocacy is carried over.
    """
    found = await session.execute(
        select(Advocate.id, Advocate.person_id)
        .join(Advocacy, col(Advocacy.advocate_id) == col(Advocate.id))
        .where(col(Advocacy.application_id).in_(application_ids))
    )
    person_of = {row.id: row.person_id for row in found}
    sharing = select(Person).where(col(Person.id).in_(set(person_of.values()))).order_by(col(Person.id))
    locked = await session.execute(sharing.with_for_update(read=True), execution_options={"populate_existing": True})
    people = {person.id: person for person in locked.scalars()}
    return {advocate_id: people[person_id] for advocate_id, person_id in person_of.items()}


async def carry_over(
    session: WriteSession,
    source: Application,
    target: Application,
    advocates: Mapping[UUID, Person],
    *,
    occurred_at: datetime,
    now: datetime,
) -> None:
    """Let everybody who agreed to speak up or does so on one application have agreed on another; both are locked.

    Acts, reasons and asks stay where they are. Whoever has an advocacy there already keeps that.
    """
    facts = await load_facts(session, [source.id, target.id])
    there = {each.person_id for each in recognise(facts[target.id], known_at=now).advocacies}
    for each in taking_part(facts[source.id], now=now):
        if each.person_id in there:
            continue
        if each.advocate_id not in advocates:
            raise ServiceUnavailable("An advocacy was begun meanwhile; try again.")
        row = await session.get_one(Advocacy, (session.workspace.id, each.id))
        data = _agreed(row, target, occurred_at=occurred_at)
        await create_advocacy(session, target, advocates[each.advocate_id], data, now=now)
        there.add(each.person_id)


def _agreed(row: Advocacy, target: Application, *, occurred_at: datetime) -> AdvocacyCreate:
    """An advocacy as it begins anew. What the service itself says needs no check of what a caller may say."""
    same = {name: getattr(row, name) for name in _CARRIED}
    origin = AdvocacyOriginCreate.model_construct(kind="transfer", id=ids.encode("advocacy", row.id))
    return AdvocacyCreate.model_construct(
        **same, application_id=target.id, word=FirstWord.AGREED, occurred_at=occurred_at, origin=origin
    )
