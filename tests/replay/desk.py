"""The desk: an application as it lies before the hiring side at one moment, read from the book of that moment."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.facts import Act, ApplicationFacts, DatedRecord, StageFact
from api.domain.follow_up_facts import FollowUpFacts, Interaction
from api.domain.follow_up_types import FollowUpType
from api.domain.policy import Policy
from api.domain.vocabulary import (
    AdvocacyState,
    ApplicationState,
    Availability,
    Direction,
    FollowThrough,
    Power,
    ReferralState,
    StageVerb,
    Waiting,
)
from tests.replay.book import ONE_DAY, Book
from tests.replay.coverage import is_exposed
from tests.replay.effort import Effort
from tests.replay.hearing import Heard
from tests.replay.identity import names_by, renamed, under_one_name
from tests.replay.papers import Referral
from tests.replay.standing import Standing, next_step_at, standing, window

TAKING_PART = (AdvocacyState.AGREED, AdvocacyState.ACTIVE)
LIVE = (ReferralState.SUBMITTED, ReferralState.ACKNOWLEDGED)


class Desk:
    """Everything as it was known at a moment, with everybody named by the one id they went by then.

    What people said of a follow-up or an invitation still names it as it was first written down.
    """

    def __init__(self, facts: ApplicationFacts, beside: FollowUpFacts, moment: datetime) -> None:
        self.names = names_by(facts, moment)
        self.facts, self.now = under_one_name(facts, moment), moment
        self.beside: FollowUpFacts = replace(renamed(beside, self.names), words=beside.words, passed=beside.passed)
        self._own_ids = [each.id for each in beside.people]
        self.book = Book(self.facts, known_at=moment, up_to=moment)
        self.today = self.book.day(moment)
        self.efforts = [Effort(self.book, advocacy) for advocacy in self.book.advocacies]

    @property
    def policy(self) -> Policy:
        return self.book.policy(self.now)

    def row(self, name: str) -> FollowUpType | None:
        rows = {row.type: row for row in self.policy.follow_up_types}
        return rows.get(name)

    @cached_property
    def stand(self) -> Standing | None:
        return standing(self.book, self.now)

    @property
    def is_open(self) -> bool:
        return self.stand is not None and self.stand.state is not ApplicationState.CLOSED

    @cached_property
    def told_stages(self) -> list[StageFact]:
        """The verbs that made sense, as they did."""
        told: list[StageFact] = []
        for fact in self.book.stages:
            before = _reduced(self, told, fact.occurred_at)
            after = _reduced(self, [*told, fact], fact.occurred_at)
            if after != before:
                told.append(fact)
        return told

    @property
    def outcome(self) -> StageFact | None:
        """The verb that brought the outcome which stands."""
        ending = None
        for fact in self.told_stages:
            ending = (ending or fact) if fact.verb is StageVerb.CLOSE else None
        return ending

    @property
    def reopened_at(self) -> datetime | None:
        reopened = [fact.occurred_at for fact in self.told_stages if fact.verb is StageVerb.REOPEN]
        return reopened[-1] if reopened else None

    def wants_no_contact(self, person: UUID | None) -> bool:
        records = [r for each in self.beside.people if each.id == person for r in each.availability]
        lists = [records, *(a.availability for a in self.book.advocacies if a.person_id == person)]
        for some in lists:
            known: list[DatedRecord] = [record for record in some if record.recorded_at <= self.now]
            held = self.book.holding(known, self.today)
            if held is not None and getattr(held, "state", None) is Availability.DO_NOT_CONTACT:
                return True
        return False

    def zone_of(self, person: UUID | None) -> ZoneInfo:
        people = sorted(zip(self.beside.people, self._own_ids, strict=True), key=lambda pair: pair[1] != person)
        names = [each.time_zone for each, _ in people if each.id == person and each.time_zone]
        return ZoneInfo(names[0]) if names else self.book.zone

    # The hiring side

    def power(self, person: UUID | None) -> Power | None:
        record = self.book.membership(person, self.today) if person is not None else None
        return record.power if record else None

    def may_own(self, person: UUID | None) -> bool:
        return self.power(person) is not None and not self.wants_no_contact(person)

    def recruiter(self) -> UUID | None:
        return self._first(Power.ADMINISTERS)

    def decider(self) -> UUID | None:
        held = [self.book.membership(person, self.today) for person in self._people()]
        marked = [
            r for r in held if r and r.power is Power.DECIDES and r.is_hiring_manager and self.may_own(r.person_id)
        ]
        if marked:
            return max(marked, key=lambda r: (r.effective_on, r.recorded_at, r.id)).person_id
        return self._first(Power.DECIDES)

    def _people(self) -> set[UUID]:
        return {record.person_id for record in self.book.members}

    def _first(self, power: Power) -> UUID | None:
        able = [person for person in self._people() if self.power(person) is power and self.may_own(person)]
        return min(able, key=lambda person: self._added(person, power), default=None)

    def _added(self, person: UUID, power: Power) -> tuple[date, datetime, UUID]:
        """Go back day by day for as long as they held the power."""
        day = self.today
        record = self.book.membership(person, day)
        assert record is not None
        while (before := self.book.membership(person, day - ONE_DAY)) is not None and before.power is power:
            day -= ONE_DAY
            record = before
        return record.effective_on, record.recorded_at, record.id

    def deciders(self, moment: datetime | None = None) -> set[UUID]:
        """Who decides; at an earlier moment, by the records of that time."""
        at = moment or self.now
        people = set()
        for person in self._people():
            own = [r for r in self.book.members if r.person_id == person and (moment is None or r.recorded_at <= at)]
            held = self.book.holding(own, self.book.day(at))
            if held is not None and held.power is Power.DECIDES:
                people.add(person)
        return people

    # Advocates, referrers, the candidate

    def acts(self) -> list[tuple[Effort, Act]]:
        return [(effort, act) for effort in self.efforts for act in effort.counting]

    def audience(self, effort: Effort, act: Act) -> list[Heard]:
        return effort.hearings[act.id].audience

    def takes_part(self, effort: Effort) -> bool:
        if not effort.is_known:
            return False
        return self.state_of(effort, self.now) in TAKING_PART

    def state_of(self, effort: Effort, moment: datetime) -> AdvocacyState | None:
        """The state at a moment; while an outcome stood, that before it."""
        state = None
        for at in self.book.moments():
            if at > moment:
                return state
            stood = standing(self.book, at)
            if stood is None or stood.state is not ApplicationState.CLOSED:
                state = effort.entry(at).state if _is_begun(effort, at) else None
        return state

    def took_part_since(self, effort: Effort, moment: datetime) -> datetime | None:
        since = None
        for at in self.book.moments():
            if at > moment:
                return since
            stood = standing(self.book, at)
            if stood is not None and stood.state is ApplicationState.CLOSED:
                continue
            takes_part = _is_begun(effort, at) and effort.entry(at).state in TAKING_PART
            since = (since or at) if takes_part else None
        return since

    def own_state(self, referral: Referral) -> ReferralState:
        """The state beneath an outcome."""
        before = referral._before_closing
        return before if referral.state is ReferralState.CLOSED and before is not None else referral.state

    def referral(self, facts_id: UUID, moment: datetime) -> Referral | None:
        made = [facts for facts in self.book.referrals if facts.id == facts_id and facts.occurred_at <= moment]
        return Referral(self.book, made[0], moment) if made else None

    def supporters(self, moment: datetime) -> dict[UUID, set[UUID]]:
        """Who supported the application at a moment, with what names them."""
        people: dict[UUID, set[UUID]] = {}
        for facts in self.book.referrals:
            referral = self.referral(facts.id, moment)
            if referral and referral.is_linked and self.own_state(referral) in LIVE:
                people.setdefault(facts.person_id, set()).update({facts.id, facts.referrer_id})
        stood = standing(self.book, moment)
        is_closed = stood is not None and stood.state is ApplicationState.CLOSED
        for effort in self.efforts:
            state = self.state_of(effort, moment)
            refused = state in (AdvocacyState.DECLINED, AdvocacyState.WITHDRAWN)
            counts = not refused and _is_begun(effort, moment) if is_closed else state in TAKING_PART
            if counts or state in TAKING_PART:
                told = effort.advocacy
                people.setdefault(told.person_id, set()).update({told.id, told.advocate_id})
        return people

    def supports_since(self, person: UUID) -> datetime:
        """When somebody who supports the application now came to do so."""
        since = [self._live_since(facts.id) for facts in self.book.referrals if facts.person_id == person]
        since += [self.took_part_since(e, self.now) for e in self.efforts if e.advocacy.person_id == person]
        return min(each for each in since if each is not None)

    def _live_since(self, facts_id: UUID) -> datetime | None:
        since = None
        for at in self.book.moments():
            if at > self.now:
                return since
            referral = self.referral(facts_id, at)
            is_live = referral is not None and referral.is_linked and self.own_state(referral) in LIVE
            since = (since or at) if is_live else None
        return since

    def contacts(self, person: UUID | None) -> list[Interaction]:
        reached = [
            each
            for each in self.beside.interactions
            if each.person_id == person
            and each.direction is not Direction.FROM_PERSON
            and not each.automatic
            and each.occurred_at <= self.now
            and each.recorded_at <= self.now
            and not (each.bounced_at and each.bounced_at <= self.now)
        ]
        return sorted(reached, key=lambda each: each.occurred_at)

    def clock_start(self, effort: Effort) -> datetime:
        assert self.stand is not None
        starts = [effort.last_hiring_side(self.now), effort._last_return(self.now)]
        starts += [self.stand.entered_at, self.stand.hold_ended_at]
        return max(start for start in starts if start is not None)

    def is_wobbling(self, effort: Effort) -> bool:
        lost = effort.entry(self.now).lost_since is not None
        return not lost and effort.follow_through(self.now) in (FollowThrough.AT_RISK, FollowThrough.LAPSED)

    def exposed(self) -> bool:
        return self.is_open and is_exposed(self.book, self.efforts, self.now)

    def window(self) -> int:
        days = window(self.book, self.now)
        assert days is not None
        return days

    def waiting(self) -> Waiting:
        stand, policy = self.stand, self.book.policy(self.now)
        if stand is None or not self.is_open:
            return Waiting.NONE
        limits = policy.waiting_limits(stand.stage)
        step = next_step_at(self.book, self.now)
        held = stand.state is ApplicationState.ON_HOLD and stand.hold_until is not None
        if limits is None or held or (step is not None and self.today <= self.book.day(step)):
            return Waiting.NONE
        contacts = [each.occurred_at for each in self.contacts(self.facts.candidate_person_id)]
        since = self.book.day(max([stand.entered_at, *contacts]))
        if self.today > since + timedelta(days=limits[1]):
            return Waiting.WAITING_LONG
        return Waiting.WAITING if self.today > since + timedelta(days=limits[0]) else Waiting.NONE


def _is_begun(effort: Effort, moment: datetime) -> bool:
    told = (*effort.advocacy.statements, *effort.advocacy.acts)
    return any(fact.occurred_at <= moment for fact in told)


def _reduced(desk: Desk, told: list[StageFact], moment: datetime) -> object:
    book = Book(desk.facts, known_at=desk.now, up_to=desk.now)
    book.stages = told
    return standing(book, moment)
