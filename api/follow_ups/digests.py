"""What one person owes, as they may be reminded of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from api.domain.calendar import day_of, day_start, days_after
from api.domain.digests import next_digest_at
from api.domain.errors import Conflict
from api.domain.people import availability_on
from api.domain.policy import Policy
from api.domain.vocabulary import Availability
from api.follow_ups.digest_schemas import MOST_SHOWN, DigestPart, FollowUpDigest, SentDigest
from api.follow_ups.listing_rows import COLUMNS, rendered, selected
from api.follow_ups.schemas import FollowUpPerson, FollowUpRow
from api.models import Digest, Person
from api.people.finding import known_as
from api.people.queries import dated_records
from api.platform.ids import encode, new_id
from api.platform.outbox import moment
from api.platform.sessions import WorkspaceSession, WriteSession
from api.support.queries import current_policy

PARTS = ("overdue", "due_today", "due_this_week")

_COLUMNS = ", ".join(f"f.{column}" for column in COLUMNS.split())
_OWED = text(f"""
    with owed as (
        select {_COLUMNS}, case
            when f.standing = 'overdue' then 'overdue'
            when f.due_at < :tomorrow and coalesce(f.snoozed_until <= :now, true) then 'due_today'
            when greatest(f.due_at, f.snoozed_until) < :week_end then 'due_this_week' end as part
        from follow_ups f
        where f.workspace_id = :w and f.owner_id = any(:ids) and f.state = 'open' and f.due_at < :week_end),
    ranked as (
        select owed.*, row_number() over (partition by part order by due_at, id) as place,
            count(*) over (partition by part) as total
        from owed where part is not null)
    select {selected("f", "o", "p")}, f.part, f.total from ranked f
        left join people o on o.workspace_id = :w and o.id = f.owner_id
        left join people p on p.workspace_id = :w and p.id = f.person_id
    where f.place <= {MOST_SHOWN} order by f.part, f.place""")
_DECIDES = text("""
    select exists (select from (
        select distinct on (m.job_id) m.job_id, m.power from job_members m
        where m.workspace_id = :w and m.person_id = any(:ids) and m.effective_on <= :day
        order by m.job_id, m.effective_on desc, m.recorded_at desc, m.id desc) held
    join jobs j on j.workspace_id = :w and j.id = held.job_id
    where held.power = 'decides' and j.state not in ('filled', 'cancelled'))""")


class DigestLimitReached(Conflict):
    """Whoever decides gets so many digests a week and no more; `next_digest_at` says when the next may be sent."""

    code = "digest_limit_reached"
    title = "There were enough digests this week"


class NothingToSend(Conflict):
    """There is nothing to remind this person of, or they do not want to be contacted."""

    code = "nothing_to_send"
    title = "There is nothing to send"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whoever reads a digest, under every id they are known by, and the days of the moment it is read."""

    ids: Sequence[UUID]
    policy: Policy
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day where the owner is."""
        return day_of(self.now, self.zone)

    @property
    def monday(self) -> datetime:
        """When the week of the limit began, where the workspace is."""
        day = day_of(self.now, self.policy.zone)
        return day_start(day - timedelta(days=day.weekday()), self.policy.zone)


async def digest_of(session: WorkspaceSession, owner: Person, *, now: datetime) -> FollowUpDigest:
    """What the owner owes at `now`, and whether another digest may be sent to them. Changes nothing."""
    policy = await current_policy(session)
    zone = ZoneInfo(owner.time_zone) if owner.time_zone else policy.zone
    ids = (await known_as(session, [owner.id]))[owner.id]
    reader = _Reader(ids, policy, now, zone)
    is_closed = owner.anonymized_at is not None or await _is_closed(session, owner, reader)
    parts = {} if is_closed else await _parts(session, reader)
    sent = await _sent_this_week(session, reader)
    is_decider = await _decides(session, reader)
    next_at = next_digest_at(sent, now, per_week=policy.decider_digests_per_week, zone=policy.zone)
    waits = is_decider and next_at > now
    nothing = DigestPart(data=[], more=0)
    return FollowUpDigest(
        owner=FollowUpPerson(id=owner.id, name=owner.name),
        is_decider=is_decider,
        may_send=bool(parts) and not waits,
        sent_this_week=len(sent),
        next_digest_at=next_at if waits else None,
        overdue=parts.get("overdue", nothing),
        due_today=parts.get("due_today", nothing),
        due_this_week=parts.get("due_this_week", nothing),
    )


async def record_digest(session: WriteSession, owner: Person, *, now: datetime) -> SentDigest:
    """Record that the owner, who is locked, is sent what they owe. Raises DigestLimitReached and NothingToSend."""
    digest = await digest_of(session, owner, now=now)
    if digest.next_digest_at is not None:
        raise DigestLimitReached(
            f"They were sent {digest.sent_this_week} this week; wait for the next.",
            next_digest_at=moment(digest.next_digest_at),
        )
    if not digest.may_send:
        raise NothingToSend("This person owes nothing this week, or does not want to be contacted.")
    shown = [each.id for name in PARTS for each in getattr(digest, name).data]
    row = Digest(id=new_id(), owner_id=owner.id, sent_at=now, follow_up_ids=[encode("follow_up", id_) for id_ in shown])
    session.add(row)
    await session.flush()
    after = await digest_of(session, owner, now=now)
    return SentDigest(
        id=row.id,
        owner=digest.owner,
        follow_up_ids=shown,
        sent_at=now,
        sent_this_week=after.sent_this_week,
        next_digest_at=after.next_digest_at,
    )


async def _is_closed(session: WorkspaceSession, owner: Person, reader: _Reader) -> bool:
    records = (await dated_records(session, [owner.id]))[owner.id]
    state = availability_on(records.availability, day_of(reader.now, reader.policy.zone)).state
    return state is Availability.DO_NOT_CONTACT


async def _parts(session: WorkspaceSession, reader: _Reader) -> dict[str, DigestPart]:
    """The parts in which there is something."""
    week_end = days_after(reader.today, 7 - reader.today.weekday())
    moments = {
        "now": reader.now,
        "tomorrow": day_start(days_after(reader.today, 1), reader.zone),
        "week_end": day_start(week_end, reader.zone),
    }
    found = await session.execute(_OWED, {"w": session.workspace.id, "ids": reader.ids, **moments})
    rows = found.mappings().all()
    return {name: part for name in PARTS if (part := _part([row for row in rows if row["part"] == name]))}


def _part(rows: Sequence[RowMapping]) -> DigestPart | None:
    if not rows:
        return None
    return DigestPart(data=[FollowUpRow(**rendered(row)) for row in rows], more=rows[0]["total"] - len(rows))


async def _sent_this_week(session: WorkspaceSession, reader: _Reader) -> list[datetime]:
    statement = select(Digest.sent_at).where(
        col(Digest.owner_id).in_(reader.ids), Digest.sent_at >= reader.monday, Digest.sent_at <= reader.now
    )
    return list((await session.execute(statement)).scalars())


async def _decides(session: WorkspaceSession, reader: _Reader) -> bool:
    day = day_of(reader.now, reader.policy.zone)
    found = await session.execute(_DECIDES, {"w": session.workspace.id, "ids": reader.ids, "day": day})
    return bool(found.scalar_one())
