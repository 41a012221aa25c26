"""Who is on a job, with which power, from which day: records that are only ever added to."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from api.domain.errors import NotFound, Unprocessable
from api.domain.vocabulary import Power
from api.jobs import queries, schemas
from api.models import Job, JobMember, Person
from api.platform import outbox, rows
from api.platform.moments import planned_day
from api.platform.references import require_all
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.support.alone import mark_lone_referrals_for
from api.support.service import mark_for_recheck


async def require_people(
    session: WriteSession, members: Sequence[schemas.JobMemberGrant], recorded_by: UUID | None
) -> dict[UUID, Person]:
    """The people of a new job's members, by id.

    Raises UnknownReference, or Unprocessable for a hiring manager who does not decide.
    """
    for position, member in enumerate(members):
        _check_hiring_manager(member, f"#/members/{position}")
    pointers = {f"#/members/{position}/person_id": member.person_id for position, member in enumerate(members)}
    return await require_all(session, Person, pointers | _teller(recorded_by))


async def add_member(
    session: WriteSession, job: Job, data: schemas.JobMemberCreate, *, today: date, now: datetime
) -> schemas.JobMember:
    """Give a person a power on the locked job from a day on; raises UnknownReference, TooFarAhead and TooLongAgo."""
    _check_hiring_manager(data, "#")
    people = await require_all(session, Person, {"#/person_id": data.person_id} | _teller(data.recorded_by))
    row = granted(job, data, "#", recorded_by=data.recorded_by, today=today, now=now)
    await _store(session, job, row, people[row.person_id], now=now)
    return schemas.JobMember.of(row, people[row.person_id])


async def end_membership(
    session: WriteSession, job: Job, person_id: UUID, data: schemas.JobMemberEnd, *, today: date, now: datetime
) -> schemas.JobMember:
    """End a person's membership of the locked job from a day on; where it has ended by then nothing is written.

    Raises NotFound for a person who has not been a member by that day, TooFarAhead and TooLongAgo.
    """
    person = await rows.find(session, Person, person_id)
    await require_all(session, Person, _teller(data.recorded_by))
    effective_on = planned_day(data.effective_on, today, "#/effective_on")
    held = await queries.holding_record(session, job.id, person_id, effective_on)
    if held is None:
        raise NotFound(f"This person is no member of the job on {effective_on}.")
    if held.power is None:
        return schemas.JobMember.of(held, person)
    row = JobMember(
        job_id=job.id,
        person_id=person_id,
        power=None,
        effective_on=effective_on,
        recorded_by=data.recorded_by,
        recorded_at=now,
    )
    await _store(session, job, row, person, now=now)
    return schemas.JobMember.of(row, person)


def granted(
    job: Job, data: schemas.JobMemberGrant, pointer: str, *, recorded_by: UUID | None, today: date, now: datetime
) -> JobMember:
    """The record of a power given, which stands in the body at `pointer`. Raises TooFarAhead and TooLongAgo."""
    return JobMember(
        job_id=job.id,
        person_id=data.person_id,
        power=data.power,
        is_hiring_manager=data.is_hiring_manager,
        effective_on=planned_day(data.effective_on, today, f"{pointer}/effective_on"),
        recorded_by=recorded_by,
        recorded_at=now,
    )


def say_recorded(session: WriteSession, job: Job, row: JobMember, person: Person, *, now: datetime) -> None:
    """Record the event of a member's record; it names the person by id."""
    outbox.record(
        session,
        "job.member.recorded",
        subject=("job", job.id),
        version=job.version,
        occurred_at=now,
        recorded_at=now,
        data=schemas.JobMember.of(row, person).model_dump(mode="json", exclude={"person": {"name"}}),
    )


async def _store(session: WriteSession, job: Job, row: JobMember, person: Person, *, now: datetime) -> None:
    """Add a record and have the job's applications judged again.

    Ended ones too: where nobody was marked, the role of the hiring manager stands for whoever is marked first later.
    """
    session.add(row)
    touch(job, now=now)
    say_recorded(session, job, row, person, now=now)
    await session.flush()
    await mark_for_recheck(session, await queries.applications_of(session, job.id), now=now)
    await mark_lone_referrals_for(session, job.id, now=now)


def _check_hiring_manager(data: schemas.JobMemberGrant, pointer: str) -> None:
    if data.is_hiring_manager and data.power is not Power.DECIDES:
        raise Unprocessable(
            "Only a member who decides can be the hiring manager.", pointer=f"{pointer}/is_hiring_manager"
        )


def _teller(recorded_by: UUID | None) -> dict[str, UUID]:
    return {} if recorded_by is None else {"#/recorded_by": recorded_by}
