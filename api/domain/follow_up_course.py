"""The follow-ups of an application as time goes by: made once for each trigger, and closed, never unmade."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from api.domain.closings import CLOSINGS
from api.domain.demands import DEMANDS, Demand
from api.domain.errors import DomainError
from api.domain.follow_up_facts import FollowUpKey, FollowUpWord
from api.domain.follow_up_making import make, make_by_hand, passed_on
from api.domain.follow_up_memory import Memory
from api.domain.follow_up_types import CLOSED_BY_KIND, ThingKind, Trigger
from api.domain.follow_ups import AFTER, FollowUp, check_word
from api.domain.scene import Scene
from api.domain.undoings import STANDS
from api.domain.vocabulary import FollowUpState, FollowUpVerb


class FollowUpCourse:
    """Every follow-up so far, going on from what is remembered. Scenes come in the order of time.

    Each trigger is decided once for each type, when it is first seen: by a table of that moment that lacks the type,
    for somebody who does not want to be contacted, for what is done already, or while the same is owed since another
    moment, nothing is made.
    """

    def __init__(self, follow_ups: Mapping[FollowUpKey, FollowUp], memory: Memory) -> None:
        self.follow_ups = dict(follow_ups)
        self.entries = dict(memory.entries)
        self._made = {each.key for each in self.follow_ups.values()}
        self._decided = {*memory.decided, *self._made}
        self._judged_by = memory.policy_version

    @property
    def decided(self) -> frozenset[FollowUpKey]:
        """The triggers decided so far for which there is no follow-up."""
        return frozenset(self._decided - self._made)

    def step(self, scene: Scene) -> None:
        """Judge a moment: what was owed is closed or passed on, what is triggered is made, what people said holds."""
        for key, follow_up in self.follow_ups.items():
            if follow_up.is_open:
                self.follow_ups[key] = _go_on(follow_up, scene)
        self._make_demanded(scene)
        for told in scene.heard_of(scene.beside.by_hand):
            if told.key not in self._decided:
                self._add(make_by_hand(told, scene), scene)
        for word in scene.heard_of(scene.beside.words):
            self._say(word, scene)

    def _make_demanded(self, scene: Scene) -> None:
        before, self.entries = self.entries, {}
        types = self._types(scene)
        for trigger, find in DEMANDS.items():
            demands = list(find(scene))
            for name, is_new in types.get(trigger, {}).items():
                for demand in demands:
                    key = self._key(name, demand, before, scene)
                    if key not in self._decided and self._is_time(name, scene):
                        self._decided.add(key)
                        if not is_new:
                            self._decide(key, trigger, demand, scene)
        ended = (key._replace(since=since) for key, since in before.items() if self.entries.get(key) != since)
        self._decided.difference_update(ended)

    def _types(self, scene: Scene) -> Mapping[Trigger, Mapping[str, bool]]:
        """The types that each trigger makes in any table so far, and whether they first do in one not seen before.

        What holds already when a table is edited was decided without the new type.
        """
        types: dict[Trigger, dict[str, bool]] = defaultdict(dict)
        for row in scene.policy.follow_up_types:
            for trigger in row.triggers:
                types[trigger][row.type] = True
        for version in scene.history.facts.policies:
            is_seen = self._judged_by is None or version.version <= self._judged_by
            for row in version.policy.follow_up_types:
                for trigger in row.triggers:
                    types[trigger][row.type] = types[trigger].get(row.type, True) and not is_seen
        return types

    def _decide(self, key: FollowUpKey, trigger: Trigger, demand: Demand, scene: Scene) -> None:
        rule = scene.policy.follow_up_type(key.type)
        is_owed = any(each.is_open and each.key[:3] == key[:3] for each in self.follow_ups.values())
        if rule is not None and trigger in rule.triggers and not is_owed:
            self._add(make(key, rule, trigger, demand, scene), scene)

    def _key(self, name: str, demand: Demand, before: Mapping[FollowUpKey, datetime], scene: Scene) -> FollowUpKey:
        key = FollowUpKey(name, demand.trigger_id, demand.about.person_id, demand.since)
        if demand.by_entry:
            self.entries[key] = before.get(key, scene.moment)
            return key._replace(since=self.entries[key])
        return self._again(key, scene) if key in self._made else key

    def _again(self, key: FollowUpKey, scene: Scene) -> FollowUpKey:
        """Where an outcome cancelled what was owed, a reopening makes it owed again."""
        same = [each for each in self.follow_ups.values() if each.key[:3] == key[:3]]
        latest = max(same, key=lambda each: (each.noticed_at, each.triggered_at))
        is_again = latest.ended_by_outcome and scene.is_open
        return key._replace(since=scene.reopened_at) if is_again else latest.key

    def _is_time(self, name: str, scene: Scene) -> bool:
        """While an outcome stands only what outlives it is decided."""
        rule = scene.policy.follow_up_type(name)
        return scene.outcome is None or (rule is not None and rule.outlives_outcome)

    def _add(self, follow_up: FollowUp, scene: Scene) -> None:
        self._decided.add(follow_up.key)
        if _ended(follow_up, scene) is None:
            self._made.add(follow_up.key)
            self.follow_ups[follow_up.key] = follow_up

    def _say(self, word: FollowUpWord, scene: Scene) -> None:
        follow_up = self.follow_ups.get(word.key)
        if follow_up is None or _is_refused(follow_up, word):
            return
        match word.verb:
            case FollowUpVerb.SNOOZE:
                said = replace(follow_up, snoozed_until=word.until)
            case FollowUpVerb.REASSIGN:
                said = passed_on(replace(follow_up, owner_id=word.owner_id, is_assigned=True), scene)
            case verb:
                closed = _closed(follow_up, AFTER[verb], scene)
                said = replace(closed, closed_by=word.id, closed_by_kind=ThingKind.FOLLOW_UP_CHANGE)
        self.follow_ups[word.key] = said


def _is_refused(follow_up: FollowUp, word: FollowUpWord) -> bool:
    try:
        check_word(follow_up.state, word)
    except DomainError:
        return True
    return False


def _go_on(follow_up: FollowUp, scene: Scene) -> FollowUp:
    return _ended(follow_up, scene) or passed_on(follow_up, scene)


def _ended(follow_up: FollowUp, scene: Scene) -> FollowUp | None:
    """The follow-up as it is closed now, or null where it is still owed. What was done comes before what undoes it."""
    for closing in follow_up.rule.closed_by:
        closed_by = CLOSINGS[closing](scene, follow_up)
        if closed_by is not None:
            completed = _closed(follow_up, FollowUpState.COMPLETED, scene)
            return replace(completed, closed_by=closed_by, closed_by_kind=CLOSED_BY_KIND[closing])
    cancelled = _closed(follow_up, FollowUpState.CANCELLED, scene)
    outcome = scene.outcome.fact if scene.outcome else None
    if outcome is not None and not follow_up.rule.outlives_outcome:
        kind = ThingKind.STAGE_CHANGE
        return replace(cancelled, closed_by=outcome.id, closed_by_kind=kind, ended_by_outcome=True)
    is_unwanted = follow_up.rule.reaches_person and scene.is_closed_to(follow_up.about.person_id)
    stands = STANDS.get(follow_up.trigger)
    return cancelled if is_unwanted or (stands is not None and not stands(scene, follow_up)) else None


def _closed(follow_up: FollowUp, state: FollowUpState, scene: Scene) -> FollowUp:
    return replace(follow_up, state=state, closed_at=scene.moment)
