"""What speaks for an application over time, by evidence of some rung or better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from api.domain.clock import Standing
from api.domain.referrals import ReferralStatus
from api.domain.steps import Steps
from api.domain.vocabulary import Championing, Confidence, Level

KEPT_UP = frozenset({Championing.ON_TRACK, Championing.AWAITING_ANSWER, Championing.AT_RISK})
"""The values of championing with which an application is championed."""

BEST_FIRST: Mapping[Championing, int] = {each: place for place, each in enumerate(Championing)}

RUNGS = tuple(reversed(Confidence))
"""The rungs of evidence, highest first."""


@dataclass(frozen=True, slots=True)
class ReferralSteps:
    """A referral over time, and whether it says how the referrer knows the candidate and why they fit."""

    steps: Steps[ReferralStatus | None]
    has_context: bool


@dataclass(frozen=True, slots=True)
class Backing:
    """The advocacies and referrals that are left when weaker evidence is left out."""

    advocacies: Sequence[Steps[Standing]]
    referrals: Sequence[ReferralSteps]

    def level(self, moment: datetime) -> Level:
        """The highest level whose rule holds at the moment."""
        standings = [steps.at(moment) for steps in self.advocacies]
        if any(standing.championing in KEPT_UP for standing in standings):
            return Level.CHAMPIONED
        if any(standing.follow_through is not None for standing in standings):
            return Level.RECOMMENDED
        live = [each for each in self.referrals if (status := each.steps.at(moment)) and status.gives_level]
        if any(each.has_context for each in live):
            return Level.REFERRED_WITH_CONTEXT
        return Level.REFERRED if live else Level.NONE

    def championing(self, moment: datetime) -> Championing:
        """That of the best advocacy at the moment."""
        values = (steps.at(moment).championing for steps in self.advocacies)
        return min(values, key=BEST_FIRST.__getitem__, default=Championing.NONE)

    @property
    def moments(self) -> set[datetime]:
        """All moments at which something about it changes."""
        advocacies = {moment for steps in self.advocacies for moment in steps.moments}
        return advocacies.union(*(each.steps.moments for each in self.referrals))


class Verdict(NamedTuple):
    """How an application is backed at a moment, and how sure that is."""

    level: Level
    championing: Championing
    confidence: Confidence | None
    documented_level: Level


def judge(backings: Mapping[Confidence, Backing], moment: datetime) -> Verdict:
    """Judge an application by what is left of it at each rung; at the lowest nothing is left out.

    Confidence is the highest rung at which the level still holds.
    """
    everything = backings[Confidence.CLAIMED]
    level = everything.level(moment)
    confidence = None
    if level is not Level.NONE:
        confidence = next(rung for rung in RUNGS if backings[rung].level(moment).rank >= level.rank)
    documented = backings[Confidence.DOCUMENTED].level(moment)
    return Verdict(level, everything.championing(moment), confidence, documented)
