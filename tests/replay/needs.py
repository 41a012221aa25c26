"""Every reason to owe something, as it lies on the desk at a moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from api.domain.facts import MembershipRecord, StageFact
from api.domain.follow_up_types import Trigger
from api.domain.vocabulary import (
    Availability,
    Championing,
    Confidence,
    FollowThrough,
    FollowUpState,
    Power,
    ReferenceState,
    ReferenceWord,
    ReferralState,
    Stage,
    StageVerb,
    Waiting,
)
from tests.replay.desk import Desk
from tests.replay.hearing import HEAVY
from tests.replay.papers import reference_state

OPEN = FollowUpState.OPEN
LATE = (Stage.INTERVIEWING, Stage.OFFER)
ASKED_FOR = (ReferenceState.REQUESTED, ReferenceState.AGREED, ReferenceState.GIVEN)
ENTRIES = (StageVerb.CREATE, StageVerb.MOVE, StageVerb.REOPEN)


@dataclass
class Need:
    """One trigger as it lies on the desk."""

    trigger: Trigger
    id: UUID
    person: UUID | None
    at: datetime
    since: datetime | None = None
    advocacy: UUID | None = None
    act: UUID | None = None
    ask: UUID | None = None
    audience: list[UUID] = field(default_factory=list)
    absent_on: date | None = None


def needs(desk: Desk) -> Iterator[Need]:
    """Everything that is or was a reason to owe something."""
    yield from _papers(desk)
    yield from _acts(desk)
    yield from _supporters(desk)
    if desk.is_open:
        yield from _advocates(desk)
        yield from _deciders(desk)
        yield from _candidate(desk)


def _papers(desk: Desk) -> Iterator[Need]:
    for facts in desk.book.referrals:
        for at in sorted({facts.occurred_at, *(word.occurred_at for word in facts.statements)}):
            referral = desk.referral(facts.id, at)
            if referral is not None and desk.own_state(referral) is ReferralState.SUBMITTED:
                yield Need(Trigger.REFERRAL_SUBMITTED, facts.id, facts.person_id, at)
                break
    for capture in desk.beside.captures:
        if max(capture.recorded_at, capture.occurred_at) <= desk.now:
            yield Need(Trigger.CAPTURE_NEEDS_DETAILS, capture.id, None, capture.occurred_at)
    for reference in desk.book.references:
        given = [word.occurred_at for word in reference.statements if word.word is ReferenceWord.GIVEN]
        people = [each.person_id for each in desk.beside.references if each.id == reference.id]
        if given and people:
            yield Need(Trigger.REFERENCE_GIVEN, reference.id, people[0], min(given))


def _acts(desk: Desk) -> Iterator[Need]:
    stand = desk.stand
    for effort, act in desk.acts():
        audience = desk.audience(effort, act)
        person, advocacy = effort.advocacy.person_id, effort.advocacy.id
        heard = [one for one in audience if act.ask and one.listener == act.ask.addressee and one.power in HEAVY]
        if act.ask is not None and heard:
            able = [one.person_id for one in heard if one.power is Power.DECIDES and one.person_id is not None]
            need = Need(Trigger.ASK_OPEN, act.ask.id, person, act.occurred_at, audience=able)
            need.advocacy, need.act, need.ask = advocacy, act.id, act.ask.id
            yield need
        hearing = effort.hearings[act.id]
        if not (stand and desk.is_open and stand.stage in LATE and hearing.qualifies):
            continue
        if hearing.rung is Confidence.SELF_REPORTED:
            need = Need(Trigger.ACT_UNCONFIRMED, act.id, person, max(act.occurred_at, stand.entered_at))
            need.advocacy, need.act = advocacy, act.id
            need.audience = [
                one.person_id for power in HEAVY for one in audience if one.power is power and one.person_id is not None
            ]
            yield need


def _supporters(desk: Desk) -> Iterator[Need]:
    order = list(Stage)
    stage: Stage | None = None
    for fact in desk.told_stages:
        moves = fact.verb is StageVerb.MOVE and fact.stage is not None and stage is not None
        if moves and fact.stage and stage and order.index(fact.stage) > order.index(stage):
            yield from _each(desk, Trigger.MOVED_ON, fact)
        stage = fact.stage if fact.verb in ENTRIES and fact.stage else stage
    if desk.outcome is not None:
        yield from _each(desk, Trigger.OUTCOME, desk.outcome)
    for person in desk.supporters(desk.now) if desk.is_open else ():
        since = max([desk.supports_since(person), *(each.occurred_at for each in desk.contacts(person))])
        if (desk.today - desk.book.day(since)).days > desk.policy.supporter_quiet_days:
            yield Need(Trigger.SUPPORTER_QUIET, desk.facts.id, person, desk.now, since=since)


def _each(desk: Desk, trigger: Trigger, fact: StageFact) -> Iterator[Need]:
    for person in desk.supporters(fact.occurred_at):
        yield Need(trigger, fact.id, person, fact.occurred_at)


def _advocates(desk: Desk) -> Iterator[Need]:
    for effort in desk.efforts:
        told = effort.advocacy
        shaky = effort.has_qualifying(desk.now) and effort.follow_through(desk.now) is FollowThrough.AT_RISK
        if shaky and effort.championing(desk.now) in (Championing.AT_RISK, Championing.STARTED):
            start = desk.clock_start(effort)
            yield Need(Trigger.AT_RISK, told.id, told.person_id, desk.now, since=start, advocacy=told.id)
        for record in told.availability if desk.takes_part(effort) else ():
            planned = record.effective_on > desk.today
            holds = desk.book.holding(told.availability, record.effective_on) == record
            is_away = record.state is Availability.AWAY
            long = is_away and (record.until is None or (record.until - record.effective_on).days > desk.window())
            if planned and holds and (long or record.state is Availability.LEFT):
                need = Need(Trigger.LEAVING_PLANNED, record.id, told.person_id, desk.now, advocacy=told.id)
                need.absent_on = record.effective_on
                yield need
    if desk.exposed():
        sole = next(effort for effort in desk.efforts if desk.takes_part(effort))
        person, advocacy = sole.advocacy.person_id, sole.advocacy.id
        yield Need(Trigger.EXPOSED, desk.facts.id, person, desk.now, advocacy=advocacy)


def _deciders(desk: Desk) -> Iterator[Need]:
    for record in desk.book.members:
        at = _in_force(desk, record)
        acts = [(e, act) for e, act in desk.acts() if act.occurred_at <= at and e.hearings[act.id].qualifies]
        if at > desk.now or not acts:
            continue
        heard = {one.person_id for e, act in acts for one in desk.audience(e, act)}
        others = [other for other in desk.book.members if other.id != record.id]
        with_it, everybody = desk.deciders(at), desk.book.members
        desk.book.members = tuple(others)
        without = desk.deciders(at)
        desk.book.members = everybody
        if heard & with_it:
            continue
        added = record.person_id in with_it - without
        same_time = [r for r in everybody if r.power is Power.DECIDES and _in_force(desk, r) == at]
        if added:
            yield Need(Trigger.NEW_DECIDER, record.id, record.person_id, at)
        elif heard & without and not same_time and record.person_id not in with_it:
            told = _decider_then(desk, at)
            if told is not None:
                yield Need(Trigger.NEW_DECIDER, record.id, told, at)


def _in_force(desk: Desk, record: MembershipRecord) -> datetime:
    return max(desk.book.midnight(record.effective_on), record.recorded_at)


def _decider_then(desk: Desk, at: datetime) -> UUID | None:
    then = Desk(desk.facts, desk.beside, at)
    then.book.members = tuple(r for r in then.book.members if r.recorded_at <= at)
    then.wants_no_contact = desk.wants_no_contact  # type: ignore[method-assign]  # wishes are those of today
    return then.decider()


def _candidate(desk: Desk) -> Iterator[Need]:
    candidate = desk.facts.candidate_person_id
    if desk.waiting() is not Waiting.NONE:
        yield Need(Trigger.WAITING, desk.facts.id, candidate, desk.now)
    entry = [fact for fact in desk.told_stages if fact.verb in ENTRIES][-1]
    if entry.stage is Stage.OFFER:
        states = [reference_state(desk.book, each, entry.occurred_at) for each in desk.book.references]
        if not any(state in ASKED_FOR for state in states):
            yield Need(Trigger.OFFER_WITHOUT_REFERENCE, entry.id, candidate, entry.occurred_at)
