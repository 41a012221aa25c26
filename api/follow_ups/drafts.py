"""The message to begin with when a follow-up is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from api.domain.calendar import day_of
from api.domain.follow_up_types import Trigger
from api.domain.people import availability_on
from api.domain.vocabulary import ApplicationState, Availability, FollowUpState
from api.follow_ups.draft_words import ARRIVED, CLOSED, COARSE, WHY_NOW, WORDS, Recipient, Words
from api.follow_ups.schemas import Draft, FollowUpPerson
from api.models import Application, Candidate, FollowUp, Job, Person, Referral
from api.people.queries import dated_records, people_by_id
from api.platform.sessions import WorkspaceSession
from api.support.queries import current_policy


@dataclass(frozen=True, slots=True)
class About:
    """What a message may say of an application, or of a referral that is linked to none."""

    candidate: str
    job: str | None
    status: str


async def draft_of(session: WorkspaceSession, row: FollowUp, *, now: datetime) -> Draft | None:
    """The message for an open follow-up that its trigger made.

    None for a type without words, and where the person or the owner does not want to be contacted or was anonymised.
    """
    words = WORDS.get(row.type)
    if words is None or row.state is not FollowUpState.OPEN or row.trigger == Trigger.BY_HAND:
        return None
    concerned = [each for each in (row.person_id, row.owner_id) if each is not None]
    people = await people_by_id(session, concerned)
    policy = await current_policy(session)
    if await _is_anybody_closed(session, people, day_of(now, policy.zone)):
        return None
    to = {Recipient.PERSON: row.person_id, Recipient.OWNER: row.owner_id, Recipient.ANYBODY: None}[words.to]
    person = people[row.person_id].name if row.person_id else "Somebody"
    facts = _facts(await _about(session, row), person, day_of(row.triggered_at, policy.zone))
    return Draft(
        to=FollowUpPerson(id=to, name=people[to].name) if to else None,
        why_now=_why_now(row, words).format_map(facts),
        points=[point.format_map(facts) for point in words.points],
        request=words.request.format_map(facts),
    )


async def _is_anybody_closed(session: WorkspaceSession, people: Mapping[UUID, Person], day: date) -> bool:
    """Whether one of the people was anonymised, or does not want to be contacted."""
    if any(person.anonymized_at is not None for person in people.values()):
        return True
    records = await dated_records(session, people.keys()) if people else {}
    states = [availability_on(each.availability, day).state for each in records.values()]
    return Availability.DO_NOT_CONTACT in states


def _why_now(row: FollowUp, words: Words) -> str:
    return WHY_NOW.get((row.type, Trigger(row.trigger)), words.why_now)


def _facts(about: About, person: str, day: date) -> dict[str, str]:
    return {
        "candidate": about.candidate,
        "for_job": f" for {about.job}" if about.job else "",
        "status": about.status,
        "person": person,
        "day": f"{day.day} {day:%B %Y}",
    }


async def _about(session: WorkspaceSession, row: FollowUp) -> About:
    if row.application_id is not None:
        found = await session.execute(select(Application).where(Application.id == row.application_id))
        application = found.scalar_one()
        is_closed = application.state is ApplicationState.CLOSED
        status = CLOSED if is_closed else COARSE[application.stage]
        return About(application.candidate_name, application.job_title, status)
    return await _about_referral(session, row.referral_id) if row.referral_id else About("a candidate", None, ARRIVED)


async def _about_referral(session: WorkspaceSession, referral_id: UUID) -> About:
    statement = (
        select(Person.name, Job.title)
        .select_from(Referral)
        .join(Candidate, col(Candidate.id) == Referral.candidate_id)
        .join(Person, col(Person.id) == Candidate.person_id)
        .join(Job, col(Job.id) == Referral.job_id, isouter=True)
        .where(Referral.id == referral_id)
    )
    name, title = (await session.execute(statement)).one()
    return About(name, title, ARRIVED)
