"""An application as it stood at one moment by what was known then: what follow-ups and invitations are judged by."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of
from api.domain.clock import Standing
from api.domain.coverage import TAKING_PART, Coverage, coverage_at
from api.domain.derived import DerivedApplication
from api.domain.evidence import Evidence
from api.domain.facts import Fact
from api.domain.follow_up_facts import CaptureFacts, FollowUpFacts, Interaction
from api.domain.hiring_side import HiringSide
from api.domain.history import AdvocacyHistory, History
from api.domain.people import availability_on
from api.domain.policy import Policy
from api.domain.references import ReferenceWalk
from api.domain.stages import StageChange, StageView
from api.domain.supporters import Supporter, supporters_at
from api.domain.vocabulary import ApplicationState, Availability, Direction, ReferenceState, StageVerb
from api.domain.waiting import CandidateWait, candidate_wait

F = TypeVar("F", bound=Fact)


class Scene:
    """One moment of a history, which is not later than the one by which the history is judged."""

    def __init__(self, history: History, beside: FollowUpFacts, moment: datetime) -> None:
        self.history = history
        self.beside = beside
        self.moment = moment
        self.zone: ZoneInfo = history.zone
        self.day: date = day_of(moment, history.zone)

    @property
    def policy(self) -> Policy:
        """The numbers in force."""
        return self.history.policy

    @cached_property
    def changes(self) -> list[StageChange]:
        """What the application became so far."""
        return [change for change in self.history.changes if change.moment <= self.moment]

    @property
    def view(self) -> StageView | None:
        """Where the application stands; null before its first fact, and for a referral that is linked to none."""
        return self.changes[-1].view if self.changes else None

    @property
    def is_open(self) -> bool:
        """Whether the application exists and no outcome stands."""
        return self.view is not None and self.view.state is not ApplicationState.CLOSED

    @cached_property
    def outcome(self) -> StageChange | None:
        """The change that brought the outcome which stands; a correction of it is another."""
        ending = None
        for change in reversed(self.changes):
            if change.view.state is not ApplicationState.CLOSED:
                break
            ending = change
        return ending

    @property
    def reopened_at(self) -> datetime | None:
        """When the application was last reopened."""
        moments = (each.moment for each in reversed(self.changes) if each.fact and each.fact.verb is StageVerb.REOPEN)
        return next(moments, None)

    @cached_property
    def hiring_side(self) -> HiringSide:
        """The members of the job today."""
        return HiringSide(self.history.facts.members, self.day, self.is_closed_to)

    def is_closed_to(self, person_id: UUID | None) -> bool:
        """Whether somebody does not want to be contacted."""
        return person_id is not None and person_id in self._not_to_contact

    @cached_property
    def _not_to_contact(self) -> frozenset[UUID]:
        people = [(each.id, each.availability) for each in self.beside.people]
        people += [(each.person_id, each.availability) for each in self.history.facts.advocacies]
        unwilling = set()
        for person, records in people:
            known = [record for record in records if record.recorded_at <= self.moment]
            if availability_on(known, self.day).state is Availability.DO_NOT_CONTACT:
                unwilling.add(person)
        return frozenset(unwilling)

    def zone_of(self, person_id: UUID | None) -> ZoneInfo:
        """A person's time zone; the workspace's where it is unknown."""
        names = (each.time_zone for each in self.beside.people if each.id == person_id and each.time_zone)
        name = next(names, None)
        return ZoneInfo(name) if name else self.zone

    def day_of(self, moment: datetime) -> date:
        """The calendar date of another moment where the workspace is."""
        return day_of(moment, self.zone)

    def standing(self, advocacy: AdvocacyHistory) -> Standing:
        """How an advocacy stands."""
        return advocacy.standing(self.moment)

    def takes_part(self, advocacy: AdvocacyHistory) -> bool:
        """Whether an advocate agreed or is active."""
        return self.standing(advocacy).state in TAKING_PART

    def counting(self, advocacy: AdvocacyHistory) -> Iterator[Evidence]:
        """The counting acts of an advocacy so far."""
        return (each for each in advocacy.evidence if each.counts and each.act.occurred_at <= self.moment)

    def hiring_side_acts(self, advocacy: AdvocacyHistory) -> Iterator[Evidence]:
        """The hiring-side acts of an advocacy so far."""
        return (each for each in advocacy.walk.hiring_side if each.act.occurred_at <= self.moment)

    @cached_property
    def coverage(self) -> Coverage:
        """Whom the application relies on."""
        return coverage_at(self.history, self.moment)

    @property
    def references(self) -> Iterator[tuple[UUID, ReferenceWalk, ReferenceState]]:
        """The references begun so far with their states."""
        for facts, walk in zip(self.history.facts.references, self.history.references, strict=True):
            state = walk.own.at(self.moment)
            if state is not None:
                yield facts.id, walk, state

    @cached_property
    def captures(self) -> dict[UUID, CaptureFacts]:
        """The captures recorded so far."""
        return {each.id: each for each in self.heard_of(self.beside.captures)}

    def contacts(self, person_id: UUID | None) -> list[Interaction]:
        """What went from the hiring side to a person about this application so far, the earliest first."""
        contacts = [each for each in self.beside.interactions if each.person_id == person_id and self._reached(each)]
        return sorted(contacts, key=lambda each: (each.occurred_at, each.recorded_at, each.id.int))

    def _reached(self, contact: Interaction) -> bool:
        if contact.automatic or contact.direction is Direction.FROM_PERSON:
            return False
        if max(contact.occurred_at, contact.recorded_at) > self.moment:
            return False
        return contact.bounced_at is None or contact.bounced_at > self.moment

    def heard_of(self, facts: Iterable[F]) -> list[F]:
        """Those that had happened and were recorded, in the order in which they were recorded."""
        heard = [each for each in facts if max(each.occurred_at, each.recorded_at) <= self.moment]
        return sorted(heard, key=lambda each: (each.recorded_at, each.id.int))

    @cached_property
    def wait(self) -> CandidateWait | None:
        """Whether the candidate waits; null before the application exists."""
        view = self.view
        if view is None:
            return None
        contacts = self.contacts(self.history.facts.candidate_person_id)
        last = contacts[-1].occurred_at if contacts else None
        application = self._application(view)
        return candidate_wait(application, last_contact_at=last, as_of=self.moment, policy=self.policy)

    def _application(self, view: StageView) -> DerivedApplication:
        steps = [each for each in self.history.facts.next_steps if each.occurred_at <= self.moment]
        step = max(steps, key=lambda each: (each.occurred_at, each.recorded_at, each.id.int), default=None)
        return DerivedApplication(
            state=view.state,
            stage=view.stage,
            stage_entered_at=view.stage_entered_at,
            hold_until=view.hold_until,
            outcome=view.outcome,
            outcome_at=view.outcome_at,
            next_step_at=step.next_step_at if step else None,
            next_step_kind=step.next_step_kind if step else None,
        )

    @cached_property
    def supporters(self) -> Mapping[UUID, Supporter]:
        """The supporters of the application now."""
        return supporters_at(self.history, self.moment)
