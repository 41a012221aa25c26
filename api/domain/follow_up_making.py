"""The making of a follow-up: whose it is, when it is due, and when it passes to somebody else."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from api.domain.calendar import (
    day_of,
    due_after,
    due_on,
    working_days_after,
    working_days_before,
    working_today,
)
from api.domain.demands import Demand
from api.domain.follow_up_facts import FollowUpByHand, FollowUpKey
from api.domain.follow_up_types import FollowUpType, Owner, Trigger
from api.domain.follow_ups import FollowUp
from api.domain.scene import Scene
from api.domain.vocabulary import Power


def make(key: FollowUpKey, rule: FollowUpType, trigger: Trigger, demand: Demand, scene: Scene) -> FollowUp:
    """The follow-up for a trigger seen for the first time; one made again after a reopening counts from then."""
    is_again = key.since is not None and demand.since is None and not demand.by_entry
    triggered_at = key.since if is_again else demand.triggered_at
    bare = FollowUp(
        key=key,
        rule=rule,
        place=scene.policy.place_of(rule.type),
        trigger=trigger,
        application_id=scene.history.facts.id,
        about=demand.about,
        owner_id=None,
        is_assigned=False,
        audience=demand.audience,
        triggered_at=triggered_at or scene.moment,
        noticed_at=scene.moment,
        due_on=scene.day,
        due_at=scene.moment,
        overdue_at=scene.moment,
        present_until=demand.present_until,
    )
    return timed(_scheduled(replace(bare, owner_id=owner_of(bare, scene)), scene), scene)


def make_by_hand(told: FollowUpByHand, scene: Scene) -> FollowUp:
    """The follow-up that a person made; what its type says of trigger, owner and due day does not matter."""
    bare = FollowUpType(type=told.type, owner=Owner.RECRUITER, triggers=(Trigger.BY_HAND,), due=0, closed_by=())
    follow_up = FollowUp(
        key=told.key,
        rule=scene.policy.follow_up_type(told.type) or bare,
        place=scene.policy.place_of(told.type),
        trigger=Trigger.BY_HAND,
        application_id=scene.history.facts.id,
        about=told.about,
        owner_id=told.owner_id,
        is_assigned=True,
        audience=(),
        triggered_at=told.occurred_at,
        noticed_at=scene.moment,
        due_on=told.due_on,
        due_at=scene.moment,
        overdue_at=scene.moment,
    )
    return passed_on(follow_up, scene)


def owner_of(follow_up: FollowUp, scene: Scene) -> UUID | None:
    """Whose a follow-up is now: whom a person named, unless they may not be contacted, else who holds the role.

    Where nobody holds the role to which one passes, it stays with whoever holds that from which it passes.
    """
    if follow_up.is_assigned and not scene.is_closed_to(follow_up.owner_id):
        return follow_up.owner_id
    heir = _holding(follow_up.rule.escalate_to, follow_up, scene) if follow_up.escalated else None
    return heir or _holding(follow_up.rule.owner, follow_up, scene)


def _holding(role: Owner, follow_up: FollowUp, scene: Scene) -> UUID | None:
    side = scene.hiring_side
    able = [person for person in follow_up.audience if side.may_own(person)]
    match role:
        case Owner.RECRUITER:
            return side.recruiter()
        case Owner.DECIDER:
            return side.decider()
        case Owner.ADDRESSEE:
            return next((person for person in able if side.power(person) is Power.DECIDES), None) or side.decider()
        case Owner.AUDIENCE:
            return next(iter(able), None)


def _scheduled(follow_up: FollowUp, scene: Scene) -> FollowUp:
    """With its due day, and the day on which it passes to somebody else; both move along where the first is past."""
    rule, policy, zone = follow_up.rule, scene.policy, scene.zone_of(follow_up.owner_id)
    planned = _back_from(follow_up.present_until, follow_up, scene)
    if planned is None:
        due = due_after(follow_up.triggered_at, rule.due, policy, now=scene.moment, zone=zone).day
        on_time = due_after(follow_up.triggered_at, rule.due, policy, now=follow_up.triggered_at, zone=zone).day
    else:
        due = planned if planned >= scene.day else working_today(scene.moment, policy, zone)
        on_time = due
    if rule.escalate_after is None:
        return replace(follow_up, due_on=due)
    if due == on_time:
        escalates_on = working_days_after(day_of(follow_up.triggered_at, scene.zone), rule.escalate_after, policy)
    else:
        escalates_on = working_days_after(due, rule.escalate_after - rule.due, policy)
    return replace(follow_up, due_on=due, escalates_on=escalates_on)


def _back_from(absent_on: date | None, follow_up: FollowUp, scene: Scene) -> date | None:
    """So many working days before the last one on which somebody is present; null where that does not matter."""
    if absent_on is None or not follow_up.rule.counts_back:
        return None
    last = working_days_before(absent_on, 1, scene.policy)
    return working_days_before(last, follow_up.rule.due, scene.policy)


def timed(follow_up: FollowUp, scene: Scene) -> FollowUp:
    """With the moments of its days, by the working hours of whom it belongs and of whom it passes to."""
    due = due_on(follow_up.due_on, scene.policy, scene.zone_of(follow_up.owner_id))
    escalates_at = None
    if follow_up.escalates_on is not None:
        heir = owner_of(replace(follow_up, escalated=True, is_assigned=False), scene)
        escalates_at = due_on(follow_up.escalates_on, scene.policy, scene.zone_of(heir)).due_at
    if (due.due_at, due.overdue_at, escalates_at) == (follow_up.due_at, follow_up.overdue_at, follow_up.escalates_at):
        return follow_up
    return replace(follow_up, due_at=due.due_at, overdue_at=due.overdue_at, escalates_at=escalates_at)


def passed_on(follow_up: FollowUp, scene: Scene) -> FollowUp:
    """Where it stands now with whom: with somebody else from when it escalates, due that day."""
    owner_id = owner_of(follow_up, scene)
    if owner_id != follow_up.owner_id:
        follow_up = replace(follow_up, owner_id=owner_id)
    follow_up = timed(follow_up, scene)
    if follow_up.escalates_on is None or follow_up.escalates_at is None or scene.moment < follow_up.escalates_at:
        return follow_up
    gone = replace(follow_up, escalated=True, is_assigned=False, due_on=follow_up.escalates_on, escalates_on=None)
    return timed(replace(gone, owner_id=owner_of(gone, scene)), scene)
