"""What ends a lapse or a loss, and what a level's confidence stands on, in the facts of a whole history."""

from datetime import datetime
from itertools import pairwise

from api.domain.derived import DerivedAdvocacy
from api.domain.referrals import rung_of
from api.domain.support import derive_support
from api.domain.vocabulary import Confidence
from tests.domain.histories import happened_at
from tests.domain.history_selection import keeping
from tests.properties.sight import Sight


def judge_lapses(sight: Sight) -> None:
    """Only a hiring-side act of the advocacy ends its lapse or loss."""
    end = sight.moment
    acted_at = {act.id: act.occurred_at for advocacy in sight.facts.advocacies for act in advocacy.acts}
    moments = sorted(moment for moment in {*happened_at(sight.facts), end} if moment <= end)
    answers = [(moment, derive_support(sight.facts, as_of=moment, known_at=end)) for moment in moments]
    running = [(moment, answer) for moment, answer in answers if answer.at_outcome is None]
    for (earlier, before), (later, after) in pairwise(running):
        now = {advocacy.id: advocacy for advocacy in after.advocacies}
        for was in before.advocacies:
            acts = {acted_at[act.id] for act in now[was.id].acts if act.is_hiring_side}
            if not any(earlier < moment <= later for moment in acts):
                _still_stands(was, now[was.id], later)


def _still_stands(was: DerivedAdvocacy, now: DerivedAdvocacy, moment: datetime) -> None:
    assert was.lapsed_since is None or now.lapsed_since == was.lapsed_since, moment
    assert was.lost_since is None or now.lost_since == was.lost_since, moment


def judge_confidence(sight: Sight) -> None:
    """Without the acts and referrals below the level's confidence it still holds; without those at it, no longer."""
    confidence, rank = sight.support.confidence, sight.support.level.rank
    if confidence is None:
        assert rank == 0
        return
    assert _rank_from(sight, confidence.rank) >= rank
    assert confidence is Confidence.CONFIRMED or _rank_from(sight, confidence.rank + 1) < rank


def _rank_from(sight: Sight, least: int) -> int:
    rungs = {act.id: act.rung for advocacy in sight.support.advocacies for act in advocacy.acts}
    rungs |= {referral.id: rung_of(referral) for referral in sight.facts.referrals}
    weaker = {each for each, rung in rungs.items() if rung.rank < least}
    facts = keeping(
        sight.facts, acts=lambda act: act.id not in weaker, referrals=lambda referral: referral.id not in weaker
    )
    return derive_support(facts, as_of=sight.moment, known_at=sight.moment).level.rank
