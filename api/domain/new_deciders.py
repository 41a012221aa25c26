"""Changes of those who decide on a job, after which none of them has heard of the candidate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.domain.calendar import day_start
from api.domain.facts import MembershipRecord
from api.domain.hiring_side import HiringSide
from api.domain.scene import Scene
from api.domain.vocabulary import Power


@dataclass(frozen=True, slots=True)
class DeciderChange:
    """A record that let somebody decide, or ended that; `person_id` is who is to be told now."""

    record: MembershipRecord
    moment: datetime
    person_id: UUID


def unheard_changes(scene: Scene) -> Iterator[DeciderChange]:
    """Every such change so far: somebody was added, or the last one who had heard of the candidate ended.

    Without a qualifying act there is nothing that they could have heard.
    """
    records = scene.history.facts.members
    for record in records:
        moment = max(day_start(record.effective_on, scene.zone), record.recorded_at)
        if moment > scene.moment:
            continue
        known = [each for each in records if each.recorded_at <= moment]
        person = _to_brief(scene, record, moment, known)
        if person is not None:
            yield DeciderChange(record, moment, person)


def _to_brief(
    scene: Scene, record: MembershipRecord, moment: datetime, known: Sequence[MembershipRecord]
) -> UUID | None:
    """Whom a record leaves to be told, or null."""
    heard = _heard(scene, moment)
    if heard is None:
        return None
    before, after = _side(scene, [each for each in known if each is not record], moment), _side(scene, known, moment)
    if heard & after.deciders().keys():
        return None
    if record.person_id in after.deciders():
        return record.person_id if record.person_id not in before.deciders() else None
    ends_it = bool(heard & before.deciders().keys())
    return after.decider() if ends_it and not _is_added_then(known, moment, scene) else None


def _is_added_then(known: Sequence[MembershipRecord], moment: datetime, scene: Scene) -> bool:
    """Whether somebody is let decide at that very moment, who is the one to be told."""
    return any(
        each.power is Power.DECIDES and max(day_start(each.effective_on, scene.zone), each.recorded_at) == moment
        for each in known
    )


def _side(scene: Scene, records: Sequence[MembershipRecord], moment: datetime) -> HiringSide:
    return HiringSide(records, scene.day_of(moment), scene.is_closed_to)


def _heard(scene: Scene, moment: datetime) -> frozenset[UUID] | None:
    """Who had heard a qualifying act by a moment; null without one."""
    acts = [act for each in scene.history.advocacies for act in scene.counting(each) if act.qualifies]
    by_then = [act for act in acts if act.act.occurred_at <= moment]
    if not by_then:
        return None
    return frozenset(hearer.person_id for act in by_then for hearer in act.hearers if hearer.person_id)


def is_unheard(scene: Scene) -> bool:
    """Whether a qualifying act was heard by nobody who decides now, and somebody does."""
    heard = _heard(scene, scene.moment)
    deciders = scene.hiring_side.deciders().keys()
    return heard is not None and bool(deciders) and not heard & deciders
