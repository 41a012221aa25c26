"""Two people who are to be one, under the locks that a merge needs: people, then applications, each by id."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from api.applications.carrying import lock_advocates
from api.domain.errors import Conflict
from api.merging.queries import applications_moved_by, support_among
from api.models import Application, Candidate, Person
from api.people.finding import known_as, present
from api.platform import ids
from api.platform.sessions import WriteSession
from api.support.service import catch_up, mark_for_recheck


class MergedIntoItself(Conflict):
    """Both ids mean one record, directly or because the other one was merged into this one before.

    They are one already, and stay so: there is nothing to do.
    """

    code = "merged_into_itself"
    title = "Nobody is merged into themself"


class MergedAlready(Conflict):
    """The record was merged into another person before, whom `merged_into` names; a merge is never undone."""

    code = "merged_already"
    title = "The record was merged into another before"


class OwnSupporter(Conflict):
    """The merge would make somebody their own advocate, referrer or referee; `existing_id` names what forbids it.

    The two are different people, or what it names was recorded of the wrong one.
    """

    code = "own_supporter"
    title = "The merge would make somebody support themself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two people who are to be one, everything that names them locked, and the time read after that.

    `gone` and `staying` are all ids that each is known by. Of the candidates that they are, those not merged before;
    `applications` are theirs, and `advocates` the people who advocate for the first, by the ids of their advocates.
    """

    loser: Person
    winner: Person
    gone: Collection[UUID]
    staying: Collection[UUID]
    losing: Candidate | None
    winning: Candidate | None
    applications: Collection[Application]
    advocates: Mapping[UUID, Person]
    now: datetime


async def lock_pair(session: WriteSession, loser: Person, into: Person) -> Pair | None:
    """Lock the two and what names them, and have that judged again; None where they are one already.

    Raises MergedAlready, MergedIntoItself and OwnSupporter.
    """
    gone, staying = await _lock_people(session, loser, into)
    winner = await present(session, into)
    if loser.merged_into_id is not None:
        _check_merged_before(await present(session, loser), winner)
        return None
    if winner.id == loser.id:
        raise MergedIntoItself("The two ids mean one record already; there is nothing to merge.")
    await _refuse_own_support(session, {*gone, *staying})
    losing, winning = await _candidate(session, loser), await _candidate(session, winner)
    candidates = [each.id for each in (losing, winning) if each is not None]
    advocates = await lock_advocates(session, await _applications(session, candidates[:1] if losing else []))
    applications, now = await _lock_applications(session, candidates, gone, staying)
    return Pair(
        loser=loser,
        winner=winner,
        gone=gone,
        staying=staying,
        losing=losing,
        winning=winning,
        applications=applications,
        advocates=advocates,
        now=now,
    )


def _check_merged_before(leads_to: Person, winner: Person) -> None:
    if leads_to.id != winner.id:
        merged_into = ids.encode("person", leads_to.id)
        raise MergedAlready("This record was merged into another one; merge that one.", merged_into=merged_into)


async def _lock_people(session: WriteSession, loser: Person, into: Person) -> tuple[list[UUID], list[UUID]]:
    """Lock everybody whom the two are known as, and answer their ids as they are once the locks are held."""
    locked: set[UUID] = set()
    while True:
        known = await known_as(session, [loser.id, into.id])
        missing = {*known[loser.id], *known[into.id]} - locked
        if not missing:
            return known[loser.id], known[into.id]
        statement = select(Person).where(col(Person.id).in_(missing)).order_by(col(Person.id))
        locking = statement.with_for_update(key_share=True)
        (await session.execute(locking, execution_options={"populate_existing": True})).all()
        locked |= missing


async def _refuse_own_support(session: WriteSession, people: Collection[UUID]) -> None:
    found = await support_among(session, people)
    if found is not None:
        existing = ids.encode(found.kind, found.id)
        raise OwnSupporter(f"One of the two supports the other by {existing}.", existing_id=existing)


async def _candidate(session: WriteSession, person: Person) -> Candidate | None:
    """The candidate that somebody is who was not merged: theirs is not, either."""
    statement = select(Candidate).where(Candidate.person_id == person.id, col(Candidate.merged_into_id).is_(None))
    return (await session.execute(statement, execution_options={"populate_existing": True})).scalar_one_or_none()


async def _applications(session: WriteSession, candidate_ids: Collection[UUID]) -> Collection[UUID]:
    statement = select(Application.id).where(col(Application.candidate_id).in_(candidate_ids))
    return (await session.execute(statement)).scalars().all()


async def _lock_applications(
    session: WriteSession, candidate_ids: Collection[UUID], gone: Collection[UUID], staying: Collection[UUID]
) -> tuple[Collection[Application], datetime]:
    """Lock whatever the merge may move, have it judged again, and answer the candidates' own with the time.

    What is due on those by then is announced first: the merge is to change nothing but its own.
    """
    moved = await applications_moved_by(session, gone=gone, staying=staying)
    locking = select(Application.id).where(col(Application.id).in_(moved)).order_by(col(Application.id))
    (await session.execute(locking.with_for_update(key_share=True))).all()
    now = await session.now()
    theirs = select(Application).where(col(Application.candidate_id).in_(candidate_ids)).order_by(col(Application.id))
    found = await session.execute(theirs, execution_options={"populate_existing": True})
    applications = found.scalars().all()
    for application in applications:
        await catch_up(session, application, now=now)
    await mark_for_recheck(session, moved, now=now)
    return applications, now
