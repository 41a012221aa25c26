"""What a change of a person's availability or affiliation does to the applications they speak up for.

Judged by the rules alone, before anything is announced: how each application stands now, and how it would stand when
the change takes effect if nothing else happened.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.domain.calendar import day_start
from api.domain.derived import Support
from api.domain.facts import ApplicationFacts
from api.domain.follow_ups import FollowUp
from api.domain.support import derive_support
from api.domain.vocabulary import Championing, Level
from api.people import schemas
from api.people.arising import arising
from api.people.finding import known_as
from api.people.queries import DatedRecords, open_applications_advocated_by
from api.platform.ids import ApplicationId, JobId, PersonId
from api.platform.schemas import Day, Moment, ResponseModel
from api.platform.sessions import WriteSession
from api.support.queries import current_policy, load

LISTED = 100
_BATCH = 25


class ArisingFollowUp(ResponseModel):
    """A follow-up that a change brings about."""

    type: str = Field(description="Its type, one of the policy's `follow_up_types`.", examples=["hand_over"])
    owner_id: PersonId | None = Field(description="Whose it will be; null where the job has nobody in that role.")
    due_on: Day = Field(description="The day on which it will be due.")


class AffectedApplication(ResponseModel):
    """An open application that a change moves, as it stands now and as it will stand then."""

    application_id: ApplicationId = Field(description="The application.")
    job_id: JobId = Field(description="Its job.")
    level_before: Level = Field(description="The level now.", examples=["championed"])
    level_after: Level = Field(description="The level when the change takes effect.", examples=["recommended"])
    championing_before: Championing = Field(description="Championing now.", examples=["on_track"])
    championing_after: Championing = Field(description="Championing when the change takes effect.", examples=["lost"])
    changes_at: Moment = Field(description="When the change takes effect.")
    becomes_exposed: bool = Field(
        description="Whether the application is not exposed now and will be.", examples=[True]
    )
    follow_ups: list[ArisingFollowUp] = Field(
        description="What will be owed because of the change: from now on, or from when it takes effect."
    )


class Consequences(ResponseModel):
    """What a change does to the open applications this person speaks up for, if nothing else happens until then."""

    applications: list[AffectedApplication] = Field(
        max_length=LISTED,
        description="The applications whose level or championing will differ, which become exposed, or about which "
        "follow-ups arise; at most 100.",
    )
    affected_count: int = Field(description="How many they are in all.", examples=[2])


class AvailabilityRecorded(ResponseModel):
    """A recorded availability and its consequences."""

    availability: schemas.AvailabilityRecord = Field(description="The record.")
    consequences: Consequences = Field(description="What it does to applications.")


class PersonLeft(ResponseModel):
    """The records of a person's leaving, and the consequences."""

    availability: schemas.AvailabilityRecord = Field(description="The record `left`.")
    affiliation: schemas.AffiliationRecord = Field(description="The record `alumnus` from the same day.")
    consequences: Consequences = Field(description="What it does to applications.")


NO_CONSEQUENCES = Consequences(applications=[], affected_count=0)


async def consequences_of(
    session: WriteSession, person_id: UUID, added: DatedRecords, *, effective_on: date, now: datetime
) -> Consequences:
    """What `added` does to the person's open applications; to be asked before it is stored."""
    zone = (await current_policy(session)).zone
    then = max(now, day_start(effective_on, zone))
    known = (await known_as(session, [person_id]))[person_id]
    jobs = await open_applications_advocated_by(session, known)
    ids = list(jobs)
    affected: list[AffectedApplication] = []
    for start in range(0, len(ids), _BATCH):
        for loaded in await load(session, ids[start : start + _BATCH], with_owed=True):
            facts, changed = loaded.facts, _with(loaded.facts, known, added)
            before = derive_support(facts, as_of=now, known_at=now)
            after = derive_support(changed, as_of=then, known_at=then)
            follow_ups = arising(loaded, changed, known, added, moments=sorted({now, then}))
            if _differ(before, after) or follow_ups:
                affected.append(_affected(facts.id, jobs[facts.id], before, after, follow_ups, changes_at=then))
    affected.sort(key=lambda each: each.application_id)
    return Consequences(applications=affected[:LISTED], affected_count=len(affected))


def _with(facts: ApplicationFacts, person_ids: Collection[UUID], added: DatedRecords) -> ApplicationFacts:
    advocacies = (
        replace(
            advocacy,
            availability=advocacy.availability + added.availability,
            affiliations=advocacy.affiliations + added.affiliations,
        )
        if advocacy.person_id in person_ids
        else advocacy
        for advocacy in facts.advocacies
    )
    return replace(facts, advocacies=tuple(advocacies))


def _differ(before: Support, after: Support) -> bool:
    stands_before, stands_after = (before.level, before.championing), (after.level, after.championing)
    return stands_before != stands_after or (after.exposed and not before.exposed)


def _affected(
    application_id: UUID,
    job_id: UUID,
    before: Support,
    after: Support,
    follow_ups: Iterable[FollowUp],
    *,
    changes_at: datetime,
) -> AffectedApplication:
    return AffectedApplication(
        application_id=application_id,
        job_id=job_id,
        level_before=before.level,
        level_after=after.level,
        championing_before=before.championing,
        championing_after=after.championing,
        changes_at=changes_at,
        becomes_exposed=after.exposed and not before.exposed,
        follow_ups=[ArisingFollowUp(type=each.type, owner_id=each.owner_id, due_on=each.due_on) for each in follow_ups],
    )
