"""People read by others: their dated records, their names, the applications they matter for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, text
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.domain import facts
from api.domain.calendar import day_of
from api.domain.vocabulary import ApplicationState, Owed
from api.models import (
    Advocacy,
    Advocate,
    AffiliationRecord,
    Application,
    AvailabilityRecord,
    Candidate,
    JobMember,
    Person,
)
from api.people.finding import known_as
from api.platform.sessions import WorkspaceSession
from api.support.queries import current_policy

_RELYING = text("""
    select x.application_id as id from advocacies x join advocates r on r.workspace_id = :w and r.id = x.advocate_id
        where x.workspace_id = :w and r.person_id = any(:ids)
    union select x.application_id from referrals x join referrers r on r.workspace_id = :w and r.id = x.referrer_id
        where x.workspace_id = :w and r.person_id = any(:ids) and x.application_id is not null
    union select x.application_id from "references" x where x.workspace_id = :w and x.person_id = any(:ids)
    union select x.id from applications x join candidates c on c.workspace_id = :w and c.id = x.candidate_id
        where x.workspace_id = :w and c.person_id = any(:ids)
    union select x.application_id from follow_ups x
        where x.workspace_id = :w and x.person_id = any(:ids) and x.state = 'open' and x.application_id is not null
    union select x.application_id from invitations x
        where x.workspace_id = :w and x.person_id = any(:ids) and x.state = 'open'""")


@dataclass(frozen=True, slots=True)
class DatedRecords:
    """What was recorded about a person that holds from a day on."""

    availability: tuple[facts.AvailabilityRecord, ...] = ()
    affiliations: tuple[facts.AffiliationRecord, ...] = ()


async def today(session: WorkspaceSession, now: datetime) -> date:
    """The calendar day in the workspace's time zone."""
    return day_of(now, (await current_policy(session)).zone)


async def availability_records(session: WorkspaceSession, person_ids: Collection[UUID]) -> Sequence[AvailabilityRecord]:
    """All availability records of these people."""
    statement = select(AvailabilityRecord).where(col(AvailabilityRecord.person_id).in_(person_ids))
    return (await session.execute(statement)).scalars().all()


async def affiliation_records(session: WorkspaceSession, person_ids: Collection[UUID]) -> Sequence[AffiliationRecord]:
    """All affiliation records of these people."""
    statement = select(AffiliationRecord).where(col(AffiliationRecord.person_id).in_(person_ids))
    return (await session.execute(statement)).scalars().all()


async def dated_records(session: WorkspaceSession, person_ids: Collection[UUID]) -> dict[UUID, DatedRecords]:
    """The dated records of each of these people, under whichever id they were made, by person; in three statements."""
    ids = await known_as(session, person_ids)
    everybody = {each for known in ids.values() for each in known}
    availability: dict[UUID, list[facts.AvailabilityRecord]] = defaultdict(list)
    affiliations: dict[UUID, list[facts.AffiliationRecord]] = defaultdict(list)
    for stay in await availability_records(session, everybody):
        availability[stay.person_id].append(availability_fact(stay))
    for tie in await affiliation_records(session, everybody):
        affiliations[tie.person_id].append(affiliation_fact(tie))
    return {
        person_id: DatedRecords(
            tuple(stay for each in known for stay in availability[each]),
            tuple(tie for each in known for tie in affiliations[each]),
        )
        for person_id, known in ids.items()
    }


def availability_fact(row: AvailabilityRecord) -> facts.AvailabilityRecord:
    """The record as the rules read it."""
    return facts.AvailabilityRecord(
        id=row.id, effective_on=row.effective_on, recorded_at=row.recorded_at, state=row.state, until=row.until
    )


def affiliation_fact(row: AffiliationRecord) -> facts.AffiliationRecord:
    """The record as the rules read it."""
    return facts.AffiliationRecord(
        id=row.id, effective_on=row.effective_on, recorded_at=row.recorded_at, affiliation=row.affiliation
    )


async def people_by_id(session: WorkspaceSession, person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """These people by id, in one statement."""
    found = await session.execute(select(Person).where(col(Person.id).in_(set(person_ids))))
    return {person.id: person for person in found.scalars()}


async def open_applications_advocated_by(session: WorkspaceSession, person_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The open applications, held ones included, that these people advocate for: the job of each, ordered by id."""
    statement = (
        select(Application.id, Application.job_id)
        .where(
            col(Application.id).in_(_applications_advocated_by(person_ids)),
            Application.state != ApplicationState.CLOSED,
        )
        .order_by(col(Application.id))
    )
    return {row.id: row.job_id for row in await session.execute(statement)}


async def applications_relying_on(session: WorkspaceSession, person_ids: Collection[UUID]) -> Sequence[UUID]:
    """The applications, closed ones included, that may be judged otherwise when one of these may be reached no longer.

    Those for which they have an advocacy, have made a referral or were asked for a reference; their own as a candidate;
    and those about which something is owed or proposed to them.
    """
    found = await session.execute(_RELYING, {"w": session.workspace.id, "ids": list(person_ids)})
    return [row.id for row in found]


async def applications_naming(session: WorkspaceSession, person_id: UUID) -> Sequence[UUID]:
    """The applications that show a person's name, as the candidate or as the advocate."""
    candidates = select(Candidate.id).where(Candidate.person_id == person_id)
    advocates = select(Advocate.id).where(Advocate.person_id == person_id)
    is_advocate = col(Application.id).in_(_applications_advocated_by([person_id])) & col(Application.advocate_id).in_(
        advocates
    )
    statement = select(Application.id).where(col(Application.candidate_id).in_(candidates) | is_advocate)
    return (await session.execute(statement)).scalars().all()


async def applications_owing_with_member(session: WorkspaceSession, person_ids: Collection[UUID]) -> Sequence[UUID]:
    """The applications about which anything is owed, for the jobs on which one of these people is or was a member."""
    jobs = select(JobMember.job_id).where(col(JobMember.person_id).in_(person_ids))
    statement = select(Application.id).where(
        col(Application.job_id).in_(jobs), Application.follow_up_state != Owed.NONE
    )
    return (await session.execute(statement)).scalars().all()


def owed_notice(before: datetime) -> list[ColumnElement[bool]]:
    """The conditions on people who are to be told before a moment that data about them is kept, and were not told."""
    return [
        col(Person.notice_due_at) < before,
        col(Person.notice_due_at).is_not(None),
        col(Person.notice_given_at).is_(None),
        col(Person.anonymized_at).is_(None),
    ]


def _applications_advocated_by(person_ids: Collection[UUID]) -> SelectOfScalar[UUID]:
    advocates = select(Advocate.id).where(col(Advocate.person_id).in_(person_ids))
    return select(Advocacy.application_id).where(col(Advocacy.advocate_id).in_(advocates))
