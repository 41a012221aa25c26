"""What the hiring side owes at a moment: every trigger that has happened or holds, whether or not it is settled.

A trigger by a fact names that fact. One that comes and goes by time names what it is about and since when; where that
is left open it is one for each time that it begins.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from api.domain.calendar import limit_passed_at
from api.domain.evidence import PERSUADABLE, Evidence
from api.domain.follow_up_facts import About
from api.domain.follow_up_types import Trigger
from api.domain.history import AdvocacyHistory
from api.domain.new_deciders import unheard_changes
from api.domain.planned_absences import planned_absences
from api.domain.scene import Scene
from api.domain.stages import StageChange
from api.domain.supporters import named_by, supporters_at
from api.domain.vocabulary import (
    Championing,
    Confidence,
    FollowThrough,
    Power,
    ReferenceState,
    ReferenceWord,
    ReferralState,
    Stage,
    StageVerb,
    Waiting,
)

WOBBLING = frozenset({Championing.AT_RISK, Championing.STARTED})
LATE_STAGES = frozenset({Stage.INTERVIEWING, Stage.OFFER})
_ENTRIES = frozenset({StageVerb.CREATE, StageVerb.MOVE, StageVerb.REOPEN})
ASKED_FOR = frozenset({ReferenceState.REQUESTED, ReferenceState.AGREED, ReferenceState.GIVEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One trigger. `triggered_at` is null for one that holds from when it is first seen.

    `by_entry`: it is one for each time that it begins. `audience` are those of whom one may own it, the first first.
    `present_until` is the first day on which somebody is no longer present.
    """

    trigger_id: UUID
    about: About
    triggered_at: datetime | None = None
    since: datetime | None = None
    by_entry: bool = False
    audience: tuple[UUID, ...] = ()
    present_until: date | None = None


def of_advocacy(advocacy: AdvocacyHistory, evidence: Evidence | None = None) -> About:
    """What concerns an advocacy, and one of its acts."""
    ask = evidence.act.ask if evidence else None
    return About(
        person_id=advocacy.facts.person_id,
        advocacy_id=advocacy.facts.id,
        act_id=evidence.act.id if evidence else None,
        ask_id=ask.id if ask else None,
        named=named_by(advocacy),
    )


def _referral_submitted(scene: Scene) -> Iterator[Demand]:
    for referral in scene.history.referrals:
        at = referral.walk.own.first(lambda status: status is not None and status.state is ReferralState.SUBMITTED)
        if at is not None and at <= scene.moment:
            facts = referral.facts
            about = About(
                person_id=facts.person_id, referral_id=facts.id, named=frozenset({facts.id, facts.referrer_id})
            )
            yield Demand(trigger_id=facts.id, about=about, triggered_at=at)


def _capture_needs_details(scene: Scene) -> Iterator[Demand]:
    advocacies = {each.facts.id: named_by(each) for each in scene.history.advocacies}
    for capture in scene.captures.values():
        advocacy_id = capture.advocacy_id
        named = advocacies.get(advocacy_id, frozenset()) if advocacy_id else frozenset()
        about = About(capture_id=capture.id, advocacy_id=advocacy_id, named=named)
        yield Demand(trigger_id=capture.id, about=about, triggered_at=capture.occurred_at)


def _ask_open(scene: Scene) -> Iterator[Demand]:
    for advocacy in scene.history.advocacies:
        for evidence in scene.counting(advocacy):
            hearer = evidence.addressee
            if evidence.act.ask is None or hearer is None or hearer.power not in PERSUADABLE:
                continue
            decides = hearer.person_id is not None and hearer.power is Power.DECIDES
            yield Demand(
                trigger_id=evidence.act.ask.id,
                about=of_advocacy(advocacy, evidence),
                triggered_at=evidence.act.occurred_at,
                audience=(hearer.person_id,) if decides and hearer.person_id else (),
            )


def _moved_on(scene: Scene) -> Iterator[Demand]:
    order = list(Stage)
    for before, after in pairwise(scene.changes):
        moves = after.fact is not None and after.fact.verb is StageVerb.MOVE
        if moves and order.index(after.view.stage) > order.index(before.view.stage):
            yield from _for_supporters(scene, after)


def _outcome(scene: Scene) -> Iterator[Demand]:
    if scene.outcome is not None:
        yield from _for_supporters(scene, scene.outcome)


def _for_supporters(scene: Scene, change: StageChange) -> Iterator[Demand]:
    """One for each who was a supporter when the application changed."""
    if change.fact is None:
        return
    for person, supporter in supporters_at(scene.history, change.moment).items():
        about = About(person_id=person, named=supporter.named)
        yield Demand(trigger_id=change.fact.id, about=about, triggered_at=change.moment)


def quiet_from(scene: Scene) -> Iterator[tuple[UUID, datetime, datetime]]:
    """For each supporter when they were last in contact or became one, and when that becomes too long ago."""
    for person, supporter in scene.supporters.items():
        contacts = scene.contacts(person)
        since = max(supporter.since, contacts[-1].occurred_at) if contacts else supporter.since
        yield person, since, limit_passed_at(scene.day_of(since), scene.policy.supporter_quiet_days, scene.zone)


def _supporter_quiet(scene: Scene) -> Iterator[Demand]:
    if not scene.is_open:
        return
    for person, since, too_long_at in quiet_from(scene):
        if scene.moment >= too_long_at:
            about = About(person_id=person, named=scene.supporters[person].named)
            yield Demand(trigger_id=scene.history.facts.id, about=about, since=since)


def _at_risk(scene: Scene) -> Iterator[Demand]:
    for advocacy in scene.history.advocacies if scene.is_open else ():
        standing = scene.standing(advocacy)
        if standing.follow_through is FollowThrough.AT_RISK and standing.championing in WOBBLING:
            since = max(start for start in advocacy.walk.starts if start <= scene.moment)
            yield Demand(trigger_id=advocacy.facts.id, about=of_advocacy(advocacy), since=since)


def _act_unconfirmed(scene: Scene) -> Iterator[Demand]:
    view = scene.view
    if view is None or not scene.is_open or view.stage not in LATE_STAGES:
        return
    for advocacy in scene.history.advocacies:
        for evidence in scene.counting(advocacy):
            if evidence.qualifies and evidence.rung is Confidence.SELF_REPORTED:
                yield Demand(
                    trigger_id=evidence.act.id,
                    about=of_advocacy(advocacy, evidence),
                    triggered_at=max(evidence.act.occurred_at, view.stage_entered_at),
                    audience=first_who_count(evidence),
                )


def first_who_count(evidence: Evidence) -> tuple[UUID, ...]:
    """Those of an act's audience who decide, then those who influence, as they were named."""
    known = [hearer for hearer in evidence.hearers if hearer.person_id is not None]
    by_power = [hearer.person_id for power in PERSUADABLE for hearer in known if hearer.power is power]
    return tuple(dict.fromkeys(person for person in by_power if person is not None))


def _leaving_planned(scene: Scene) -> Iterator[Demand]:
    for advocacy in scene.history.advocacies if scene.is_open else ():
        for record in planned_absences(scene, advocacy):
            yield Demand(
                trigger_id=record.id,
                about=of_advocacy(advocacy),
                present_until=record.effective_on,
            )


def _new_decider(scene: Scene) -> Iterator[Demand]:
    for change in unheard_changes(scene) if scene.is_open else ():
        about = About(person_id=change.person_id)
        yield Demand(trigger_id=change.record.id, about=about, triggered_at=change.moment)


def _waiting(scene: Scene) -> Iterator[Demand]:
    if scene.is_open and scene.wait is not None and scene.wait.waiting is not Waiting.NONE:
        candidate = scene.history.facts.candidate_person_id
        yield Demand(trigger_id=scene.history.facts.id, about=About(person_id=candidate), by_entry=True)


def _exposed(scene: Scene) -> Iterator[Demand]:
    if not scene.is_open or not scene.coverage.exposed:
        return
    sole = next(each for each in scene.history.advocacies if scene.takes_part(each))
    yield Demand(trigger_id=scene.history.facts.id, about=of_advocacy(sole), by_entry=True)


def _offer_without_reference(scene: Scene) -> Iterator[Demand]:
    view = scene.view
    if view is None or not scene.is_open or view.stage is not Stage.OFFER:
        return
    entry = next(each for each in reversed(scene.changes) if each.fact and each.fact.verb in _ENTRIES)
    if entry.fact and not any(walk.own.at(entry.moment) in ASKED_FOR for walk in scene.history.references):
        about = About(person_id=scene.history.facts.candidate_person_id)
        yield Demand(trigger_id=entry.fact.id, about=about, triggered_at=entry.moment)


def _reference_given(scene: Scene) -> Iterator[Demand]:
    people = {each.id: each.person_id for each in scene.beside.references}
    for facts in scene.history.facts.references:
        given = [each for each in facts.statements if each.word is ReferenceWord.GIVEN]
        by_now = [each.occurred_at for each in given if each.occurred_at <= scene.moment]
        if by_now and facts.id in people:
            yield Demand(trigger_id=facts.id, about=About(person_id=people[facts.id]), triggered_at=min(by_now))


DEMANDS: Mapping[Trigger, Callable[[Scene], Iterator[Demand]]] = {
    Trigger.REFERRAL_SUBMITTED: _referral_submitted,
    Trigger.CAPTURE_NEEDS_DETAILS: _capture_needs_details,
    Trigger.ASK_OPEN: _ask_open,
    Trigger.MOVED_ON: _moved_on,
    Trigger.OUTCOME: _outcome,
    Trigger.SUPPORTER_QUIET: _supporter_quiet,
    Trigger.AT_RISK: _at_risk,
    Trigger.ACT_UNCONFIRMED: _act_unconfirmed,
    Trigger.LEAVING_PLANNED: _leaving_planned,
    Trigger.NEW_DECIDER: _new_decider,
    Trigger.WAITING: _waiting,
    Trigger.EXPOSED: _exposed,
    Trigger.OFFER_WITHOUT_REFERENCE: _offer_without_reference,
    Trigger.REFERENCE_GIVEN: _reference_given,
}
"""What each trigger finds at a moment."""
