"""What was owed, told moment by moment: at each one look at the desk, close what is done, write down what is new."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.calendar import due_after, due_on, working_days_after, working_days_before, working_today
from api.domain.follow_up_facts import FollowUpKey, FollowUpWord
from api.domain.follow_up_types import Closing, FollowUpType, Owner, Trigger
from api.domain.vocabulary import (
    ActWord,
    Availability,
    Confidence,
    FollowUpState,
    FollowUpVerb,
    Power,
    ReferralState,
    Stage,
    StageVerb,
    Waiting,
)
from tests.replay.desk import Desk
from tests.replay.effort import Effort
from tests.replay.hearing import Hearing
from tests.replay.identity import renamed
from tests.replay.needs import ASKED_FOR, Need, needs
from tests.replay.papers import reference_state

OPEN = FollowUpState.OPEN


@dataclass
class Item:
    """One follow-up as it was last written down."""

    key: FollowUpKey
    row: FollowUpType
    need: Need
    noticed_at: datetime
    owner: UUID | None = None
    assigned: bool = False
    escalated: bool = False
    due: date = date.min
    escalates_on: date | None = None
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    state: FollowUpState = OPEN
    closed_at: datetime | None = None
    by_outcome: bool = False
    snoozed_until: datetime | None = None


def is_done(desk: Desk, item: Item, closing: Closing) -> bool:
    """Whether what was owed has been done."""
    need = item.need
    acts = [act for e in desk.efforts if e.advocacy.id == need.advocacy for act in e.hiring_side]
    done: dict[Closing, Callable[[], bool]] = {
        Closing.REFERRAL_SETTLED: lambda: _is_settled(desk, need),
        Closing.CAPTURE_SETTLED: lambda: _is_captured(desk, need),
        Closing.ANSWER: lambda: any(a.ask_id == need.ask for e in desk.efforts for a in e.advocacy.answers),
        Closing.INTERACTION: lambda: any(c.occurred_at >= need.at for c in desk.contacts(need.person)),
        Closing.HIRING_SIDE_ACT: lambda: any(act.occurred_at >= need.at for act in acts),
        Closing.CONFIRMATION: lambda: any(at >= need.at for _, at in verdicts(desk, need)),
        Closing.SECOND_ADVOCATE: lambda: has_second(desk, need.person),
        Closing.ACT_TO_NEW_DECIDER: lambda: _was_briefed(desk, need),
        Closing.MOVE: lambda: any(f.verb is StageVerb.MOVE and f.occurred_at >= need.at for f in desk.told_stages),
        Closing.REFERENCE_REQUESTED: lambda: any(
            reference_state(desk.book, each, desk.now) in ASKED_FOR for each in desk.book.references
        ),
    }
    return done[closing]()


def _is_settled(desk: Desk, need: Need) -> bool:
    referral = desk.referral(need.id, desk.now)
    return referral is not None and desk.own_state(referral) is not ReferralState.SUBMITTED


def _is_captured(desk: Desk, need: Need) -> bool:
    settled = [each.settled_at for each in desk.beside.captures if each.id == need.id]
    return any(at is not None and at <= desk.now for at in settled)


def _was_briefed(desk: Desk, need: Need) -> bool:
    heard = [(act, {one.person_id for one in desk.audience(e, act)}) for e, act in desk.acts()]
    return any(act.occurred_at >= need.at and people & desk.deciders() for act, people in heard)


def verdicts(desk: Desk, need: Need) -> list[tuple[UUID, datetime]]:
    """Who of the audience of an act confirmed or denied it, and when that was recorded."""
    said = []
    for effort in desk.efforts:
        for act in effort.hearings.values():
            people = {one.person_id for one in act._addressed()} | {one.person_id for one in act.act.listeners}
            for word in effort.advocacy.act_statements:
                told = word.word in (ActWord.CONFIRMED, ActWord.DENIED) and word.act_id == need.act == act.act.id
                if told and word.person_id in people:
                    said.append((word.person_id, word.recorded_at))
    return said


def has_second(desk: Desk, person: UUID | None) -> bool:
    """Whether another advocate takes part who can be relied on."""
    return any(desk.takes_part(e) and e.advocacy.person_id != person and is_reliable(desk, e) for e in desk.efforts)


def is_reliable(desk: Desk, effort: Effort) -> bool:
    entry = effort.entry(desk.now)
    return entry.lapsed_since is None and entry.lost_since is None and not effort.is_gone(desk.now)


def stands(desk: Desk, need: Need) -> bool:
    """Whether a trigger has not been undone."""
    effort = next((e for e in desk.efforts if e.advocacy.id == need.advocacy), None)
    hearing = effort.hearings.get(need.act) if effort and need.act else None
    unsure = hearing is not None and hearing.qualifies and hearing.rung is Confidence.SELF_REPORTED
    checks: dict[Trigger, Callable[[], bool]] = {
        Trigger.ASK_OPEN: lambda: hearing is not None and _is_asked(hearing),
        Trigger.OUTCOME: lambda: desk.outcome is not None and desk.outcome.id == need.id,
        Trigger.SUPPORTER_QUIET: lambda: need.person in desk.supporters(desk.now),
        Trigger.AT_RISK: lambda: effort is not None and effort.has_qualifying(desk.now) and desk.is_wobbling(effort),
        Trigger.ACT_UNCONFIRMED: lambda: unsure,
        Trigger.LEAVING_PLANNED: lambda: effort is not None and is_leaving(desk, effort, need.id),
        Trigger.NEW_DECIDER: lambda: _is_news(desk, need),
        Trigger.WAITING: lambda: desk.waiting() is not Waiting.NONE,
        Trigger.EXPOSED: desk.exposed,
        Trigger.OFFER_WITHOUT_REFERENCE: lambda: desk.stand is not None and desk.stand.stage is Stage.OFFER,
    }
    return checks[need.trigger]() if need.trigger in checks else True


def _is_asked(hearing: Hearing) -> bool:
    ask = hearing.act.ask
    return hearing.counts and ask is not None and any(one.listener == ask.addressee for one in hearing.audience)


def _is_news(desk: Desk, need: Need) -> bool:
    heard = [desk.audience(e, act) for e, act in desk.acts() if e.hearings[act.id].qualifies]
    people = {one.person_id for audience in heard for one in audience}
    return bool(heard) and not people & desk.deciders() and need.person in desk.deciders()


def is_leaving(desk: Desk, effort: Effort, record_id: UUID) -> bool:
    """Whether a plan to go still stands, or came true without an end or an act on a later day."""
    records = effort.advocacy.availability
    record = next((each for each in records if each.id == record_id), None)
    if (
        not desk.takes_part(effort)
        or record is None
        or desk.book.holding(records, max(desk.today, record.effective_on)) != record
    ):
        return False
    if record.state is Availability.AWAY:
        return record.until is None or desk.today < record.until
    last = effort.last_hiring_side(desk.now)
    return last is None or desk.book.day(last) <= record.effective_on


class Ledger:
    """The follow-ups, written down as they came."""

    def __init__(self) -> None:
        self.items: dict[FollowUpKey, Item] = {}
        self._seen: set[FollowUpKey] = set()
        self._running: dict[FollowUpKey, datetime] = {}
        self._known: set[tuple[str, Trigger]] = set()
        self._heard: set[UUID] = set()

    def look(self, desk: Desk) -> None:
        """One moment."""
        self._rename(desk)
        for item in self.items.values():
            if item.state is OPEN:
                self._go_on(desk, item)
        self._write(desk)
        self._by_hand(desk)
        for word in sorted(desk.beside.words, key=lambda word: (word.recorded_at, word.id)):
            if max(word.recorded_at, word.occurred_at) <= desk.now and word.id not in self._heard:
                self._heard.add(word.id)
                self._hear(desk, word)

    def _rename(self, desk: Desk) -> None:
        """Who turned out to be one person goes by one name from now on."""
        for item in self.items.values():
            item.key, item.need = renamed(item.key, desk.names), renamed(item.need, desk.names)
            item.owner = renamed(item.owner, desk.names)
        self._seen = {renamed(key, desk.names) for key in self._seen}
        running = sorted(self._running.items(), key=lambda pair: pair[1], reverse=True)
        self._running = {renamed(key, desk.names): since for key, since in running}

    def pass_on(self, desk: Desk) -> None:
        """A working day begins somewhere."""
        for item in self.items.values():
            if item.state is OPEN:
                settle(desk, item)

    def _go_on(self, desk: Desk, item: Item) -> None:
        end = ended(desk, item)
        if end is None:
            settle(desk, item)
        else:
            item.state, item.by_outcome = end
            item.closed_at = desk.now

    def _write(self, desk: Desk) -> None:
        running: dict[FollowUpKey, datetime] = {}
        everything = sorted(needs(desk), key=lambda need: list(Trigger).index(need.trigger))
        tables = [desk.policy, *(each.policy for each in desk.book.policies)]
        rows = [row for table in tables for row in table.follow_up_types]
        made = {(row.type, trigger) for row in rows for trigger in row.triggers}
        known, self._known = self._known or made, made
        for need in everything:
            for name in dict.fromkeys(row.type for row in rows if need.trigger in row.triggers):
                key = FollowUpKey(name, need.id, need.person, need.since)
                if need.trigger in (Trigger.WAITING, Trigger.EXPOSED):
                    running[key] = self._running.get(key, desk.now)
                    key = key._replace(since=running[key])
                self._consider(desk, key, need, is_new=(name, need.trigger) not in known)
        self._running = running

    def _consider(self, desk: Desk, key: FollowUpKey, need: Need, *, is_new: bool) -> None:
        row = desk.row(key.type)
        if desk.outcome is not None and not (row and row.outlives_outcome):
            return
        if key in {item.key for item in self.items.values()}:
            same = [item for item in self.items.values() if item.key[:3] == key[:3]]
            latest = max(same, key=lambda item: item.noticed_at)
            if not latest.by_outcome or not desk.is_open:
                return
            assert desk.reopened_at is not None
            key = key._replace(since=desk.reopened_at)
            need.at = desk.reopened_at
        if key in self._seen:
            return
        self._seen.add(key)
        owed = any(item.state is OPEN and item.key[:3] == key[:3] for item in self.items.values())
        if row is not None and need.trigger in row.triggers and not owed and not is_new:
            item = Item(key, row, need, desk.now)
            schedule(desk, item)
            if ended(desk, item) is None:
                self.items[key] = item

    def _by_hand(self, desk: Desk) -> None:
        bare = FollowUpType(type="", owner=Owner.RECRUITER, triggers=(Trigger.BY_HAND,), due=0, closed_by=())
        for told in desk.beside.by_hand:
            if max(told.recorded_at, told.occurred_at) > desk.now or told.id in self._heard:
                continue
            self._heard.add(told.id)
            need = Need(Trigger.BY_HAND, told.id, told.about.person_id, told.occurred_at)
            item = Item(told.key, desk.row(told.type) or bare, need, desk.now)
            item.owner, item.assigned, item.due = told.owner_id, True, told.due_on
            settle(desk, item)
            if ended(desk, item) is None:
                self.items[told.key] = item

    def _hear(self, desk: Desk, word: FollowUpWord) -> None:
        item = self.items.get(word.key)
        if item is None or item.state is not OPEN:
            return
        match word.verb:
            case FollowUpVerb.SNOOZE:
                if word.until and word.until > word.occurred_at:
                    item.snoozed_until = word.until
            case FollowUpVerb.REASSIGN:
                item.owner, item.assigned = word.owner_id, True
                settle(desk, item)
            case FollowUpVerb.COMPLETE:
                item.state, item.closed_at = FollowUpState.COMPLETED, desk.now
            case FollowUpVerb.SKIP:
                item.state, item.closed_at = FollowUpState.SKIPPED, desk.now
            case FollowUpVerb.CANCEL:
                item.state, item.closed_at = FollowUpState.CANCELLED, desk.now


def ended(desk: Desk, item: Item) -> tuple[FollowUpState, bool] | None:
    """How a follow-up ends now, and whether by an outcome."""
    if any(is_done(desk, item, closing) for closing in item.row.closed_by):
        return FollowUpState.COMPLETED, False
    if desk.outcome is not None and not item.row.outlives_outcome:
        return FollowUpState.CANCELLED, True
    blocked = item.row.reaches_person and desk.wants_no_contact(item.need.person)
    return (FollowUpState.CANCELLED, False) if blocked or not stands(desk, item.need) else None


def schedule(desk: Desk, item: Item) -> None:
    """Find the owner and the due day."""
    need, row, policy = item.need, item.row, desk.book.policy(desk.now)
    item.owner = owner(desk, item)
    zone = desk.zone_of(item.owner)
    late = False
    if need.absent_on is not None and row.counts_back:
        item.due = working_days_before(working_days_before(need.absent_on, 1, policy), row.due, policy)
        item.due = working_today(desk.now, policy, zone) if item.due < desk.today else item.due
    else:
        item.due = due_after(need.at, row.due, policy, now=desk.now, zone=zone).day
        late = item.due != due_after(need.at, row.due, policy, now=need.at, zone=zone).day
    if row.escalate_after is not None:
        begin, days = (item.due, row.escalate_after - row.due) if late else (desk.book.day(need.at), row.escalate_after)
        item.escalates_on = working_days_after(begin, days, policy)
    item.due_at, item.overdue_at = hours(desk, item.due, item.owner)


def hours(desk: Desk, day: date, person: UUID | None) -> tuple[datetime, datetime]:
    zone: ZoneInfo = desk.zone_of(person)
    due = due_on(day, desk.book.policy(desk.now), zone)
    return due.due_at, due.overdue_at


def owner(desk: Desk, item: Item) -> UUID | None:
    """Whose it is now."""
    if item.assigned and not desk.wants_no_contact(item.owner):
        return item.owner
    heir = holder(desk, item, item.row.escalate_to) if item.escalated else None
    return heir or holder(desk, item, item.row.owner)


def holder(desk: Desk, item: Item, role: Owner) -> UUID | None:
    """Who holds a role now."""
    able = [person for person in item.need.audience if desk.may_own(person)]
    if role is Owner.RECRUITER:
        return desk.recruiter()
    if role is Owner.DECIDER:
        return desk.decider()
    if role is Owner.AUDIENCE:
        return able[0] if able else None
    deciding = [person for person in able if desk.power(person) is Power.DECIDES]
    return deciding[0] if deciding else desk.decider()


def settle(desk: Desk, item: Item) -> None:
    """Whose it is and when it is due, now; on the day of its escalation it goes to somebody else."""
    item.owner = owner(desk, item)
    if item.escalates_on is not None:
        before = item.owner, item.assigned
        item.escalated, item.assigned = True, False
        heir = owner(desk, item)
        if desk.now >= hours(desk, item.escalates_on, heir)[0]:
            item.due, item.escalates_on = item.escalates_on, None
            item.owner = heir
        else:
            item.escalated = False
            item.owner, item.assigned = before
    item.due_at, item.overdue_at = hours(desk, item.due, item.owner)
