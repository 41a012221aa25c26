"""Where an upsert begins: the ids it works with are held, then who exists is locked, then the time is read.

The order is external ids, people by id, jobs, applications.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from api.external_refs import service as external_refs
from api.models import Candidate, Person
from api.people import queries
from api.platform import rows
from api.platform.deps import Tagger
from api.platform.problems import PreconditionFailed, ServiceUnavailable
from api.platform.sessions import WriteSession
from api.upserts.mentions import Meant
from api.upserts.refs import Ref


@dataclass(frozen=True, slots=True)
class Moment:
    """The workspace's time and day."""

    now: datetime
    today: date


async def begin(session: WriteSession, refs: Collection[Ref]) -> Moment:
    """Hold these ids against every other upsert that names one of them."""
    await external_refs.hold(session, [(ref.kind, ref.system, ref.external_id) for ref in refs])
    return await _moment(session)


async def lock_people(session: WriteSession, meant: Collection[Meant]) -> Moment:
    """Lock the candidates among them, with their people, and everybody of whom something new is told.

    Raises ServiceUnavailable where one was merged into another meanwhile: who asks again finds that other.
    """
    await _lock(session, {each.person.id for each in meant if each.candidate or each.differing()})
    for each in meant:
        if each.candidate is not None:
            each.candidate = await rows.lock(session, Candidate, each.candidate.id)
        if each.person.merged_into_id or (each.candidate and each.candidate.merged_into_id):
            raise ServiceUnavailable("Somebody who is named here has just been merged; try again.")
    return await _moment(session)


async def _lock(session: WriteSession, person_ids: Collection[UUID]) -> None:
    wanted = select(Person).where(col(Person.id).in_(person_ids)).order_by(col(Person.id))
    await session.execute(wanted.with_for_update(key_share=True), execution_options={"populate_existing": True})


def check(tag: Tagger, version: int | None) -> None:
    """Raise PreconditionFailed unless If-Match, when sent, names this version; None is of what does not exist yet."""
    if version is not None:
        tag.check(version)
    elif tag.request.headers.get("if-match") is not None:
        raise PreconditionFailed("There is nothing yet that If-Match could name; leave it out.")


async def _moment(session: WriteSession) -> Moment:
    now = await session.now()
    return Moment(now, await queries.today(session, now))
