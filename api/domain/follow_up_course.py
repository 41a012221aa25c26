"""The follow-ups of an application as time goes by: made once for each trigger, and closed, never unmade."""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from api.domain.closings import CLOSINGS
from api.domain.demands import DEMANDS, Demand, quiet_from
from api.domain.errors import DomainError
from api.domain.follow_up_facts import FollowUpKey, FollowUpWord
from api.domain.follow_up_making import make, make_by_hand, passed_on
from api.domain.follow_up_tables import FollowUpRules
from api.domain.follow_up_types import FollowUpType, Trigger
from api.domain.follow_ups import AFTER, FollowUp, check_word
from api.domain.scene import Scene
from api.domain.undoings import STANDS
from api.domain.vocabulary import FollowUpState, FollowUpVerb

DEFAULTS = FollowUpRules()


class FollowUpCourse:
    """Every follow-up so far. Scenes come in the order of time.

    Each trigger is decided once for each type, when it is first seen: by a table of that moment that lacks the type,
    for somebody who does not want to be contacted, or for what is done already, nothing is made.
    """

    def __init__(self) -> None:
        self.follow_ups: dict[FollowUpKey, FollowUp] = {}
        self._decided: set[FollowUpKey] = set()
        self._entries: dict[FollowUpKey, datetime] = {}
        self._said: set[UUID] = set()

    def branch(self) -> "FollowUpCourse":
        """A course that goes on from here by itself."""
        other = copy(self)
        other.follow_ups, other._entries = dict(self.follow_ups), dict(self._entries)
        other._decided, other._said = set(self._decided), set(self._said)
        return other

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
            if word.id not in self._said:
                self._said.add(word.id)
                self._say(word, scene)

    def wakes(self, scene: Scene) -> Iterator[datetime]:
        """Later moments at which time alone may make or move something, beside those of the history."""
        if scene.wait is not None and scene.wait.next_change_at is not None:
            yield scene.wait.next_change_at
        yield from (too_long_at for _, _, too_long_at in quiet_from(scene))
        yield from (each.escalates_at for each in self.follow_ups.values() if each.is_open and each.escalates_at)

    def _make_demanded(self, scene: Scene) -> None:
        before, self._entries = self._entries, {}
        for trigger, find in DEMANDS.items():
            demands = list(find(scene))
            for name in _types_ever(scene, trigger) if demands else ():
                for demand in demands:
                    key = self._key(name, demand, before, scene)
                    if key not in self._decided and self._is_time(name, scene):
                        rule = scene.rules.by_type.get(name)
                        made = make(key, rule, trigger, demand, scene) if rule and trigger in rule.triggers else None
                        self._decided.add(key)
                        if made is not None:
                            self._add(made, scene)

    def _key(self, name: str, demand: Demand, before: dict[FollowUpKey, datetime], scene: Scene) -> FollowUpKey:
        key = FollowUpKey(name, demand.trigger_id, demand.about.person_id, demand.since)
        if demand.by_entry:
            self._entries[key] = before.get(key, scene.moment)
            return key._replace(since=self._entries[key])
        return self._again(key, scene) if key in self.follow_ups else key

    def _again(self, key: FollowUpKey, scene: Scene) -> FollowUpKey:
        """Where an outcome cancelled what was owed, a reopening makes it owed again."""
        same = [each for each in self.follow_ups.values() if each.key[:3] == key[:3]]
        latest = max(same, key=lambda each: each.noticed_at)
        is_again = latest.ended_by_outcome and scene.is_open
        return key._replace(since=scene.reopened_at) if is_again else latest.key

    def _is_time(self, name: str, scene: Scene) -> bool:
        """While an outcome stands only what outlives it is decided."""
        rule = scene.rules.by_type.get(name)
        return scene.outcome is None or (rule is not None and rule.outlives_outcome)

    def _add(self, follow_up: FollowUp, scene: Scene) -> None:
        self._decided.add(follow_up.key)
        if _ended(follow_up, scene) is None:
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
                said = replace(follow_up, state=AFTER[verb], closed_by=word.id, closed_at=scene.moment)
        self.follow_ups[word.key] = said


def _types_ever(scene: Scene, trigger: Trigger) -> list[str]:
    """The names of the types that the trigger makes in any version of the table, in the order of the present one."""
    versions = [scene.rules, *(each.rules for each in scene.beside.rules), *([] if scene.beside.rules else [DEFAULTS])]
    rows: list[FollowUpType] = [row for rules in versions for row in rules.follow_ups if trigger in row.triggers]
    return list(dict.fromkeys(row.type for row in rows))


def _is_refused(follow_up: FollowUp, word: FollowUpWord) -> bool:
    try:
        check_word(follow_up, word)
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
            return replace(follow_up, state=FollowUpState.COMPLETED, closed_by=closed_by, closed_at=scene.moment)
    cancelled = replace(follow_up, state=FollowUpState.CANCELLED, closed_at=scene.moment)
    outcome = scene.outcome
    if outcome is not None and outcome.fact is not None and not follow_up.rule.outlives_outcome:
        return replace(cancelled, closed_by=outcome.fact.id, ended_by_outcome=True)
    is_unwanted = follow_up.rule.reaches_person and scene.is_closed_to(follow_up.about.person_id)
    stands = STANDS.get(follow_up.trigger)
    return cancelled if is_unwanted or (stands is not None and not stands(scene, follow_up)) else None
