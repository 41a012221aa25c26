"""The history of one application, walked once: everything about it as step functions of time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from api.domain.backing import RUNGS, Backing, ReferralSteps
from api.domain.calendar import day_of, day_start
from api.domain.clock import AdvocacyWalk, Reading, Standing
from api.domain.evidence import specific_uses, weigh_acts
from api.domain.facts import AdvocacyFacts, ApplicationFacts, ReferralFacts
from api.domain.people import Team, availability_days, availability_on
from api.domain.policy import Policy
from api.domain.references import walk_reference
from api.domain.referrals import ReferralWalk, rung_of, walk_referral
from api.domain.stages import stage_changes
from api.domain.steps import Event, Steps, happened, stage_event, took_effect
from api.domain.vocabulary import Confidence, Relationship

_RANKS: Mapping[Confidence, int] = {rung: rung.rank for rung in Confidence}


class AdvocacyHistory:
    """One advocacy: its acts with their worth, its walk by all of them, and its course by the better ones alone."""

    def __init__(self, facts: AdvocacyFacts, team: Team, shared: Sequence[Event], start: AdvocacyWalk) -> None:
        self.facts = facts
        self.evidence = weigh_acts(facts, team, start.zone)
        self._start = start
        self._events = [*shared, *map(happened, facts.statements), *map(happened, facts.answers)]
        for day in availability_days(facts.availability):
            self._events.append(took_effect(day_start(day, start.zone), availability_on(facts.availability, day)))
        self._ranks = sorted({_RANKS[each.rung] for each in self.evidence if each.counts})
        self.walk = self._walk(0)
        self._steps = dict.fromkeys(self._ranks[:1], self.walk.steps)

    def _walk(self, rank: int) -> AdvocacyWalk:
        kept = [each for each in self.evidence if each.counts and _RANKS[each.rung] >= rank]
        return self._start.fresh().run([*self._events, *(happened(each.act, each) for each in kept)])

    def steps_from(self, rung: Confidence) -> Steps[Standing] | None:
        """Its standing over time by acts of that rung or better; null where there are none."""
        rank = next((rank for rank in self._ranks if rank >= _RANKS[rung]), None)
        if rank is None:
            return None
        if rank not in self._steps:
            self._steps[rank] = self._walk(rank).steps
        return self._steps[rank]

    def standing(self, moment: datetime) -> Standing:
        """How the advocacy stands at the moment."""
        return self.walk.steps.at(moment)

    def reading(self, moment: datetime) -> Reading | None:
        """The clock at the moment, or null without a qualifying act."""
        return next((reading for at, reading in reversed(self.walk.readings) if at <= moment), None)


class ReferralHistory:
    """One referral with its walk."""

    def __init__(self, facts: ReferralFacts, walk: ReferralWalk, team: Team) -> None:
        self.facts = facts
        self.walk = walk
        submitted_on = day_of(facts.occurred_at, walk.zone)
        self.by_member = team.power_on(facts.person_id, submitted_on) is not None
        self.is_related = facts.relationship is not Relationship.NONE
        self.has_reason = bool(specific_uses(facts.uses, by_member=self.by_member))
        self.rank = _RANKS[rung_of(facts)]

    @property
    def steps(self) -> ReferralSteps:
        """The referral over time, as it gives a level."""
        return ReferralSteps(self.walk.steps, self.is_related and self.has_reason)


class History:
    """The history of an application by the facts given, none of which is later than `judged_at`; plans reach beyond."""

    def __init__(self, facts: ApplicationFacts, judged_at: datetime, zone: ZoneInfo) -> None:
        self.facts = facts
        self.judged_at = judged_at
        self.zone = zone
        self.changes = stage_changes(facts.stages, zone)
        self.team = Team(facts.members)
        stages, policies = [stage_event(change) for change in self.changes], facts.policies
        shared = [*stages, *map(happened, facts.next_steps)]
        shared += [took_effect(each.recorded_at, each.policy) for each in policies[1:]]
        start = AdvocacyWalk(policies[0].policy, zone)
        self.advocacies = [AdvocacyHistory(each, self.team, shared, start) for each in facts.advocacies]
        self.referrals = [
            ReferralHistory(each, walk_referral(each, policies, stages, zone), self.team) for each in facts.referrals
        ]
        self.references = [walk_reference(each, policies, stages, zone) for each in facts.references]
        self.backings = self._backings()

    @property
    def policy(self) -> Policy:
        """The policy in force at the judged moment."""
        return self.facts.policies[-1].policy

    @property
    def everything(self) -> Backing:
        """All that speaks for the application, whatever its rung."""
        return self.backings[Confidence.CLAIMED]

    def _backings(self) -> Mapping[Confidence, Backing]:
        """What is left of the application at each rung of evidence or better."""
        backings = {}
        for rung in RUNGS:
            steps = [each.steps_from(rung) for each in self.advocacies]
            referrals = [each.steps for each in self.referrals if each.rank >= _RANKS[rung]]
            backings[rung] = Backing([each for each in steps if each is not None], referrals)
        return backings

    def later_moments(self) -> list[datetime]:
        """The moments after the judged one at which anything about the application may change, in order."""
        moments = {change.moment for change in self.changes}
        days = set(self.team.days)
        for advocacy in self.advocacies:
            moments.update(advocacy.walk.steps.moments)
            days.update(availability_days(advocacy.facts.availability))
        moments = moments.union(*(each.walk.steps.moments for each in self.referrals))
        moments = moments.union(*(each.steps.moments for each in self.references))
        moments = moments.union(*(backing.moments for backing in self.backings.values()))
        moments.update(day_start(day, self.zone) for day in days)
        return sorted(moment for moment in moments if moment > self.judged_at)
