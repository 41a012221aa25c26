"""Making a follow-up by hand."""

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import select

from api.domain.calendar import day_of
from api.domain.errors import Conflict, Unprocessable
from api.domain.follow_up_facts import About, FollowUpByHand
from api.domain.follow_up_types import Trigger
from api.follow_ups.bodies import FollowUpCreate
from api.follow_ups.owners import require_owner
from api.follow_ups.places import Place
from api.models import Act, Advocacy, Advocate, Ask, FollowUp, Person, Referral, Referrer
from api.people.contact import require_contactable
from api.people.finding import present
from api.platform import ids, rows
from api.platform.moments import planned_day
from api.platform.references import require
from api.platform.sessions import WriteSession
from api.support.queries import current_policy
from api.support.said import Said

Part = TypeVar("Part", Referral, Advocacy, Act)


class DueInThePast(Unprocessable):
    """The day by which something is owed is today or later, where its owner is."""

    code = "due_in_the_past"
    title = "The day has passed"


class BelongsElsewhere(Unprocessable):
    """The referral, advocacy or act belongs to another application than the one named; `errors` says which."""

    code = "belongs_elsewhere"
    title = "It belongs to another application"


class NothingOwed(Conflict):
    """The follow-up would be closed at once, so it is not made: what closes its type has happened, or there is an
    outcome.

    Take another type, or record what was done as what it is.
    """

    code = "nothing_owed"
    title = "Nothing is owed"


async def create_follow_up(session: WriteSession, place: Place, data: FollowUpCreate) -> FollowUp:
    """Make what the body says.

    Raises UnknownReference, BelongsElsewhere, OwnerNotPossible, DoNotContact, PersonAnonymized, DueInThePast,
    TooFarAhead and NothingOwed.
    """
    about = await _about(session, place, data)
    owner = await require_owner(session, data.owner_id, place.job_id, now=place.now)
    told = FollowUpByHand(
        id=ids.new_id(),
        occurred_at=place.now,
        recorded_at=place.now,
        type=data.type,
        owner_id=owner.id,
        due_on=await _due_on(session, data.due_on, owner, now=place.now),
        about=about,
    )
    await place.hear(session, Said(by_hand=(told,)))
    return await _made(session, told, data)


async def _made(session: WriteSession, told: FollowUpByHand, data: FollowUpCreate) -> FollowUp:
    wanted = select(FollowUp).where(FollowUp.trigger_id == told.id, FollowUp.trigger == Trigger.BY_HAND)
    row = (await session.execute(wanted)).scalar_one_or_none()
    if row is None:
        raise NothingOwed("It would be closed at once: what closes this type has happened, or there is an outcome.")
    row.title = data.title
    await session.flush()
    return row


async def _due_on(session: WriteSession, given: date, owner: Person, *, now: datetime) -> date:
    zone = ZoneInfo(owner.time_zone) if owner.time_zone else (await current_policy(session)).zone
    today = day_of(now, zone)
    if given < today:
        raise DueInThePast("Take today or a later day.", pointer="#/due_on")
    return planned_day(given, today, "#/due_on")


async def _about(session: WriteSession, place: Place, data: FollowUpCreate) -> About:
    """What it is about, with the person whom that is by itself."""
    referral = await _part(session, Referral, data.referral_id, "#/referral_id", place)
    act = await _part(session, Act, data.act_id, "#/act_id", place)
    advocacy_id = data.advocacy_id or (act.advocacy_id if act else None)
    advocacy = await _part(session, Advocacy, advocacy_id, "#/advocacy_id", place)
    if act is not None and act.advocacy_id != advocacy_id:
        raise BelongsElsewhere("The act is one of another advocacy.", pointer="#/act_id")
    of_referral = {referral.id, referral.referrer_id} if referral else set()
    of_advocacy = {advocacy.id, advocacy.advocate_id} if advocacy else set()
    return About(
        person_id=await _person(session, place, data, advocacy, referral),
        referral_id=data.referral_id,
        advocacy_id=advocacy_id,
        act_id=data.act_id,
        ask_id=await _ask_in(session, act) if act else None,
        named=frozenset(of_referral | of_advocacy),
    )


async def _part(
    session: WriteSession, model: type[Part], part_id: UUID | None, pointer: str, place: Place
) -> Part | None:
    if part_id is None:
        return None
    part = await require(session, model, part_id, pointer)
    if part.application_id != place.application_id:
        raise BelongsElsewhere("It belongs to another application.", pointer=pointer)
    return part


async def _ask_in(session: WriteSession, act: Act) -> UUID | None:
    return (await session.execute(select(Ask.id).where(Ask.act_id == act.id))).scalar_one_or_none()


async def _person(
    session: WriteSession, place: Place, data: FollowUpCreate, advocacy: Advocacy | None, referral: Referral | None
) -> UUID | None:
    """Whom it is about: as given, else the advocate or the referrer. Doing it may mean contacting them."""
    person_id = data.person_id
    if person_id is None and advocacy is not None:
        person_id = (await rows.find(session, Advocate, advocacy.advocate_id)).person_id
    elif person_id is None and referral is not None:
        person_id = (await rows.find(session, Referrer, referral.referrer_id)).person_id
    if person_id is None:
        return None
    person = await present(session, await require(session, Person, person_id, "#/person_id"))
    rule = (await current_policy(session)).follow_up_type(data.type)
    if rule is None or rule.reaches_person:
        await require_contactable(session, person, "#/person_id", now=place.now)
    return person.id
