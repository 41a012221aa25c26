"""What an owner owes, as their calendar shows it, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from api.calendars.feed import Owes
from api.calendars.wording import summary
from api.domain.calendar import day_of, due_on
from api.domain.people import availability_on
from api.domain.policy import Policy
from api.domain.vocabulary import Availability, FollowUpState
from api.models import Application, Calendar, Candidate, FollowUp, Job, Person, Referral
from api.people.finding import known_as, present
from api.people.queries import dated_records, people_by_id, today
from api.platform import rows
from api.platform.sessions import WorkspaceSession
from api.support.queries import current_policy

MOST_EVENTS = 500


async def is_open_to_owner(session: WorkspaceSession, calendar: Calendar, *, now: datetime) -> bool:
    """Whether a calendar still works: it was not revoked, and its owner has not left the company by today."""
    if calendar.revoked_at is not None:
        return False
    records = (await dated_records(session, [calendar.owner_id]))[calendar.owner_id]
    return availability_on(records.availability, await today(session, now)).state is not Availability.LEFT


async def owed_by(session: WorkspaceSession, owner_id: UUID) -> list[Owes]:
    """The open follow-ups of an owner, under whichever id they have by merges; the earliest due, at most 500."""
    owner = await present(session, await rows.find(session, Person, owner_id))
    policy = await current_policy(session)
    zone = ZoneInfo(owner.time_zone) if owner.time_zone else policy.zone
    owed = await _open_follow_ups(session, (await known_as(session, [owner_id]))[owner_id])
    people = await people_by_id(session, {each for one in owed for each in one.people}) if owed else {}
    return [_owes(one, people, policy=policy, zone=zone) for one in owed]


class _Owed(NamedTuple):
    """A follow-up with the names of its application, or else with whom and what its referral is about."""

    row: FollowUp
    candidate_name: str | None
    job_title: str | None
    candidate_id: UUID | None
    referral_job: str | None

    @property
    def people(self) -> list[UUID]:
        """Whom it is about, and who was referred."""
        return [each for each in (self.row.person_id, self.candidate_id) if each is not None]


async def _open_follow_ups(session: WorkspaceSession, owner_ids: Sequence[UUID]) -> list[_Owed]:
    statement = (
        select(
            FollowUp,
            col(Application.candidate_name),
            col(Application.job_title),
            col(Candidate.person_id),
            col(Job.title),
        )
        .outerjoin(Application, col(Application.id) == col(FollowUp.application_id))
        .outerjoin(Referral, col(Referral.id) == col(FollowUp.referral_id))
        .outerjoin(Candidate, col(Candidate.id) == col(Referral.candidate_id))
        .outerjoin(Job, col(Job.id) == col(Referral.job_id))
        .where(col(FollowUp.owner_id).in_(owner_ids), col(FollowUp.state) == FollowUpState.OPEN)
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
        .limit(MOST_EVENTS)
    )
    return [_Owed(*each) for each in await session.execute(statement)]


def _owes(owed: _Owed, people: Mapping[UUID, Person], *, policy: Policy, zone: ZoneInfo) -> Owes:
    row, names = owed.row, {person_id: person.name for person_id, person in people.items()}
    line = summary(
        row.type,
        row.standing,
        title=row.title,
        person=names[row.person_id] if row.person_id else None,
        candidate=owed.candidate_name or (names[owed.candidate_id] if owed.candidate_id else None),
        job=owed.job_title or owed.referral_job,
    )
    starts_at, ends_at = _hours(row, policy, zone)
    return Owes(row.id, line, starts_at, ends_at, row.created_at, row.updated_at, row.version)


def _hours(row: FollowUp, policy: Policy, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The working hours of its due day, or of the later one on which it comes back, or came."""
    if row.snoozed_until is not None and (back_on := day_of(row.snoozed_until, zone)) > row.due_on:
        back = due_on(back_on, policy, zone)
        return back.due_at, back.overdue_at
    return row.due_at, row.overdue_at
