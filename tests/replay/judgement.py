"""Level, championing and confidence at any moment of a book."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property

from api.domain.facts import ApplicationFacts
from api.domain.vocabulary import ApplicationState, Championing, Confidence, Level
from tests.replay.book import Book
from tests.replay.effort import Effort
from tests.replay.identity import under_one_name
from tests.replay.papers import Referral
from tests.replay.standing import standing

BEST_FIRST = list(Championing)
FULLY = (Championing.ON_TRACK, Championing.AWAITING_ANSWER, Championing.AT_RISK)


class Judgement:
    """What is known by `known_at` and happened by `as_of`, judged at moments of that book.

    While an outcome stands, the judgement is that of its moment, from what happened strictly before it.
    """

    def __init__(self, facts: ApplicationFacts, *, as_of: datetime, known_at: datetime, strictly: bool = False) -> None:
        self._facts = under_one_name(facts, known_at) if facts.merges else facts
        self._strictly = strictly
        self.as_of = as_of
        self.known_at = known_at
        self.book = Book(self._facts, known_at=known_at, up_to=as_of, strictly=strictly)
        self.efforts = [Effort(self.book, advocacy) for advocacy in self.book.advocacies]
        self._frozen: dict[datetime, Judgement] = {}
        self._without_weaker: dict[Confidence, Judgement] = {}

    def outcome_at(self, moment: datetime) -> datetime | None:
        """The moment of the outcome that stood at a moment."""
        stand = standing(self.book, moment)
        return stand.outcome_at if stand is not None and stand.state is ApplicationState.CLOSED else None

    def at_outcome(self, outcome_at: datetime) -> "Judgement":
        """The judgement that is frozen at an outcome."""
        if outcome_at not in self._frozen:
            frozen = Judgement(self._facts, as_of=outcome_at, known_at=self.known_at, strictly=True)
            earlier = frozen.outcome_at(outcome_at)
            self._frozen[outcome_at] = frozen if earlier is None else frozen.at_outcome(earlier)
        return self._frozen[outcome_at]

    def referrals(self, moment: datetime) -> list[Referral]:
        """The referrals as they stood at a moment."""
        made = [facts for facts in self.book.referrals if facts.occurred_at <= moment]
        return [Referral(self.book, facts, moment) for facts in made]

    def level(self, moment: datetime) -> Level:
        """The highest level whose rule held, read at the outcome while one stood."""
        outcome_at = self.outcome_at(moment)
        if outcome_at is not None:
            frozen = self.at_outcome(outcome_at)
            return frozen.level(frozen.as_of)
        if standing(self.book, moment) is None:
            return Level.NONE
        if any(effort.championing(moment) in FULLY for effort in self.efforts):
            return Level.CHAMPIONED
        if any(effort.has_qualifying(moment) for effort in self.efforts):
            return Level.RECOMMENDED
        referrals = self.referrals(moment)
        if any(referral.gives_context for referral in referrals):
            return Level.REFERRED_WITH_CONTEXT
        return Level.REFERRED if any(referral.gives_level for referral in referrals) else Level.NONE

    def best(self, moment: datetime) -> Effort | None:
        """The advocacy that the application shows, if there is one with a qualifying act."""
        named = [effort for effort in self.efforts if effort.has_qualifying(moment)]
        named.sort(key=lambda effort: effort.advocacy.id)
        named.sort(key=lambda effort: effort.last_hiring_side(moment) or moment, reverse=True)
        named.sort(key=lambda effort: BEST_FIRST.index(effort.championing(moment)))
        return named[0] if named else None

    def championing(self, moment: datetime) -> Championing:
        """Where the best advocacy stands."""
        best = self.best(moment)
        return Championing.NONE if best is None or standing(self.book, moment) is None else best.championing(moment)

    def confidence(self, moment: datetime) -> Confidence | None:
        """The highest rung at which the level still holds; null for `none`."""
        level = self.level(moment)
        if level is Level.NONE:
            return None
        reached = [rung for rung in Confidence if self.level_from(rung, moment).rank >= level.rank]
        return reached[-1]

    def level_from(self, rung: Confidence, moment: datetime) -> Level:
        """The level when only acts and referrals at a rung or better exist."""
        if rung is Confidence.CLAIMED:
            return self.level(moment)
        if rung not in self._without_weaker:
            weaker = Judgement(self._at_least(rung), as_of=self.as_of, known_at=self.known_at, strictly=self._strictly)
            self._without_weaker[rung] = weaker
        return self._without_weaker[rung].level(moment)

    def _at_least(self, rung: Confidence) -> ApplicationFacts:
        weak_acts = {h.act for e in self.efforts for h in e.hearings.values() if h.rung.rank < rung.rank}
        weak_referrals = {r.facts.id for r in self.referrals(self.as_of) if r.rung.rank < rung.rank}
        advocacies = [
            replace(advocacy, acts=tuple(act for act in advocacy.acts if act not in weak_acts))
            for advocacy in self._facts.advocacies
        ]
        referrals = [referral for referral in self._facts.referrals if referral.id not in weak_referrals]
        return replace(self._facts, advocacies=tuple(advocacies), referrals=tuple(referrals))

    @cached_property
    def begun_at(self) -> datetime | None:
        """The first fact of the application."""
        return min((fact.occurred_at for fact in self.book.stages), default=None)
