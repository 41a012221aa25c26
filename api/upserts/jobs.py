"""Upserting jobs: what is sent holds afterwards, and nothing is taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.domain.errors import Unprocessable
from api.domain.vocabulary import Power
from api.jobs import members, queries, schemas, service
from api.models import Job, Person, Requirement
from api.platform import rows
from api.platform.deps import Tagger
from api.platform.references import require
from api.platform.sessions import WriteSession
from api.reasons.wording import normalised
from api.upserts import bodies, places
from api.upserts.mentions import Meant, Mention, bring_up_to_date, find_all
from api.upserts.places import Moment
from api.upserts.refs import Ref, ref_in


@dataclass(frozen=True, slots=True)
class Told:
    """A job in a body at `pointer`, with whom its members mean, by pointer, and who told us."""

    parts: bodies.JobParts
    pointer: str
    meant: Mapping[str, Meant]
    recorded_by: UUID | None

    def grants(self) -> dict[UUID, bodies.MemberUpsert]:
        """What each member is to have, by person; of somebody who stands there twice, what stands first."""
        granted: dict[UUID, bodies.MemberUpsert] = {}
        for position, member in enumerate(self.parts.members):
            granted.setdefault(self.meant[f"{self.pointer}/members/{position}"].person.id, member)
        return granted


async def upsert_job(session: WriteSession, ref: Ref, data: bodies.JobUpsert, tag: Tagger) -> tuple[schemas.Job, bool]:
    """Make the job that the id names, or change it; whether it is new comes second.

    Raises DifferentPeople, PersonExists, PreconditionFailed, UnknownReference and Unprocessable.
    """
    mentions = mentions_in(data, ref.system, "#")
    moment = await places.begin(session, [ref, *(mention.ref for mention in mentions if mention.ref)])
    if data.recorded_by is not None:
        await require(session, Person, data.recorded_by, "#/recorded_by")
    meant = await find_all(session, mentions, today=moment.today, now=moment.now)
    moment = await places.lock_people(session, meant.values())
    await bring_up_to_date(session, meant.values(), today=moment.today, now=moment.now)
    job_id = await ref.find(session)
    job = None if job_id is None else await rows.lock(session, Job, job_id)
    places.check(tag, None if job is None else job.version)
    told = Told(data, "#", meant, data.recorded_by)
    if job is None:
        job = await make(session, told, moment)
        await ref.attach(session, job.id, now=moment.now)
    else:
        await change(session, job, told, moment)
    return await queries.full_job(session, job, now=moment.now), job_id is None


def mentions_in(parts: bodies.JobParts, system: str, pointer: str) -> list[Mention]:
    """The members of a job in a body."""
    return [
        Mention("person", member, ref_in("person", system, member), f"{pointer}/members/{position}")
        for position, member in enumerate(parts.members)
    ]


async def make(session: WriteSession, told: Told, moment: Moment) -> Job:
    """A new job as it was told. Raises Unprocessable without a title."""
    sent = told.parts.changes()
    if "title" not in sent:
        raise Unprocessable("No job is known by this id; send its title.", pointer=f"{told.pointer}/title")
    plain = {name: sent[name] for name in ("title", "kind", "state", "requirements") if name in sent}
    labels = {name: text for name, text in sent.get("metadata", {}).items() if text is not None}
    granted = [
        schemas.JobMemberGrant(person_id=person_id, **_power(member)) for person_id, member in told.grants().items()
    ]
    data = schemas.JobCreate(**plain, members=granted, metadata=labels, recorded_by=told.recorded_by)
    made = await service.create_job(session, data, today=moment.today, now=moment.now)
    return await rows.find(session, Job, made.id)


async def change(session: WriteSession, job: Job, told: Told, moment: Moment) -> None:
    """Change of the locked job what is other than it was told."""
    sent = told.parts.changes()
    plain = {name: sent[name] for name in ("title", "kind", "metadata") if name in sent}
    if plain:
        await service.update_job(session, job, schemas.JobUpdate(**plain), now=moment.now)
    if "state" in sent:
        await service.set_state(session, job, schemas.JobSetState(state=sent["state"]), now=moment.now)
    for text in await _not_stated(session, job, told.parts.requirements):
        await service.state_requirement(session, job, schemas.RequirementCreate(text=text), now=moment.now)
    for data in await _lacking(session, job, told, moment):
        await members.add_member(session, job, data, today=moment.today, now=moment.now)


async def _not_stated(session: WriteSession, job: Job, texts: Sequence[str]) -> list[str]:
    """The requirements that the job lacks, each once."""
    wanted = {normalised(text): text for text in reversed(texts)}
    statement = select(Requirement.text_normalised).where(
        Requirement.job_id == job.id, col(Requirement.is_stated), col(Requirement.text_normalised).in_(wanted)
    )
    stated = set((await session.execute(statement)).scalars()) if wanted else set()
    return [text for key, text in reversed(wanted.items()) if key not in stated]


async def _lacking(session: WriteSession, job: Job, told: Told, moment: Moment) -> list[schemas.JobMemberCreate]:
    """The powers that those who were sent do not have today."""
    grants = told.grants()
    if not grants:
        return []
    held = (await session.execute(queries.members_on(job.id, moment.today))).scalars().all()
    shown = {each.person.id: each for each in await queries.shown_on(session, job.id, held, moment.today)}
    return [
        schemas.JobMemberCreate(
            person_id=person_id, recorded_by=told.recorded_by, **_power(member, shown.get(person_id))
        )
        for person_id, member in grants.items()
        if not _has(shown.get(person_id), member)
    ]


def _has(held: schemas.JobMember | None, member: bodies.MemberUpsert) -> bool:
    if held is None or held.power is not member.power:
        return False
    return bool(member.changes().get("is_hiring_manager", held.is_hiring_manager) == held.is_hiring_manager)


def _power(member: bodies.MemberUpsert, held: schemas.JobMember | None = None) -> dict[str, Any]:
    """What the member is to have. Who is the hiring manager stays so while they decide, unless it is said."""
    stays = held is not None and held.is_hiring_manager and member.power is Power.DECIDES
    return {"power": member.power, "is_hiring_manager": member.changes().get("is_hiring_manager", stays)}
