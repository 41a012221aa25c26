"""What settles a follow-up: what the service notices and takes as the thing owed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from api.domain.demands import ASKED_FOR
from api.domain.evidence import Evidence
from api.domain.facts import ActStatement
from api.domain.follow_up_facts import About
from api.domain.follow_up_types import Closing
from api.domain.follow_ups import FollowUp
from api.domain.history import AdvocacyHistory
from api.domain.scene import Scene
from api.domain.vocabulary import (
    ActWord,
    ReferralState,
    StageVerb,
)

_VERDICTS = frozenset({ActWord.CONFIRMED, ActWord.DENIED})


def find_advocacy(scene: Scene, about: About) -> AdvocacyHistory | None:
    """The advocacy that something is about."""
    return next((each for each in scene.history.advocacies if each.facts.id == about.advocacy_id), None)


def find_act(scene: Scene, about: About) -> Evidence | None:
    """The act that something is about, as far as it counts."""
    advocacy = find_advocacy(scene, about)
    acts = scene.counting(advocacy) if advocacy else iter(())
    return next((each for each in acts if each.act.id == about.act_id), None)


def heard_again(scene: Scene, about: About, since: datetime) -> UUID | None:
    """A hiring-side act of the advocacy since a moment."""
    advocacy = find_advocacy(scene, about)
    acts = scene.hiring_side_acts(advocacy) if advocacy else iter(())
    return next((each.act.id for each in acts if each.act.occurred_at >= since), None)


def verdicts(scene: Scene, about: About) -> Iterator[ActStatement]:
    """What those of the audience said of an act, confirming or denying it, the earliest first."""
    advocacy = find_advocacy(scene, about)
    act = next((each for each in advocacy.facts.acts if each.id == about.act_id), None) if advocacy else None
    if advocacy is None or act is None:
        return
    audience = {each.person_id for each in act.listeners}
    if None in audience:
        audience.add(scene.history.team.hiring_manager_for(scene.day_of(act.occurred_at), act))
    said = sorted(advocacy.facts.act_statements, key=lambda each: (each.recorded_at, each.id.int))
    for each in said:
        if each.act_id == act.id and each.word in _VERDICTS and each.person_id in audience:
            yield each


def second_advocate(scene: Scene, about: About) -> UUID | None:
    """The advocacy of another person who is not gone, takes part, and neither lapsed nor was lost."""
    for advocacy in scene.history.advocacies:
        standing = scene.standing(advocacy)
        fails = standing.is_gone or standing.lapsed_since is not None or standing.lost_since is not None
        if scene.takes_part(advocacy) and not fails and advocacy.facts.person_id != about.person_id:
            return advocacy.facts.id
    return None


def _referral_settled(scene: Scene, follow_up: FollowUp) -> UUID | None:
    """The referral, once it is not `submitted` any more."""
    for referral in scene.history.referrals:
        status = referral.walk.own.at(scene.moment)
        if referral.facts.id == follow_up.about.referral_id and status and status.state is not ReferralState.SUBMITTED:
            return referral.facts.id
    return None


def _capture_settled(scene: Scene, follow_up: FollowUp) -> UUID | None:
    capture = scene.captures.get(follow_up.about.capture_id) if follow_up.about.capture_id else None
    is_settled = capture and capture.settled_at is not None and capture.settled_at <= scene.moment
    return capture.id if capture and is_settled else None


def _answer(scene: Scene, follow_up: FollowUp) -> UUID | None:
    advocacy = find_advocacy(scene, follow_up.about)
    answers = [each for each in advocacy.facts.answers if each.ask_id == follow_up.about.ask_id] if advocacy else []
    by_now = [each for each in answers if each.occurred_at <= scene.moment]
    first = min(by_now, key=lambda each: (each.occurred_at, each.recorded_at, each.id.int), default=None)
    return first.id if first else None


def _interaction(scene: Scene, follow_up: FollowUp) -> UUID | None:
    contacts = scene.contacts(follow_up.about.person_id) if follow_up.about.person_id else []
    return next((each.id for each in contacts if each.occurred_at >= follow_up.triggered_at), None)


def _hiring_side_act(scene: Scene, follow_up: FollowUp) -> UUID | None:
    return heard_again(scene, follow_up.about, follow_up.triggered_at)


def _confirmation(scene: Scene, follow_up: FollowUp) -> UUID | None:
    said = verdicts(scene, follow_up.about)
    return next((each.id for each in said if each.recorded_at >= follow_up.triggered_at), None)


def _second_advocate(scene: Scene, follow_up: FollowUp) -> UUID | None:
    return second_advocate(scene, follow_up.about)


def _act_to_new_decider(scene: Scene, follow_up: FollowUp) -> UUID | None:
    deciders = scene.hiring_side.deciders()
    acts = [act for each in scene.history.advocacies for act in scene.counting(each)]
    heard = [act.act for act in acts if any(hearer.person_id in deciders for hearer in act.hearers)]
    since = [act for act in heard if act.occurred_at >= follow_up.triggered_at]
    first = min(since, key=lambda act: (act.occurred_at, act.recorded_at, act.id.int), default=None)
    return first.id if first else None


def _move(scene: Scene, follow_up: FollowUp) -> UUID | None:
    moves = (each.fact for each in scene.changes if each.moment >= follow_up.triggered_at and each.fact)
    return next((fact.id for fact in moves if fact.verb is StageVerb.MOVE), None)


def _reference_requested(scene: Scene, _: FollowUp) -> UUID | None:
    return next((reference for reference, _walk, state in scene.references if state in ASKED_FOR), None)


CLOSINGS: Mapping[Closing, Callable[[Scene, FollowUp], UUID | None]] = {
    Closing.REFERRAL_SETTLED: _referral_settled,
    Closing.CAPTURE_SETTLED: _capture_settled,
    Closing.ANSWER: _answer,
    Closing.INTERACTION: _interaction,
    Closing.HIRING_SIDE_ACT: _hiring_side_act,
    Closing.CONFIRMATION: _confirmation,
    Closing.SECOND_ADVOCATE: _second_advocate,
    Closing.ACT_TO_NEW_DECIDER: _act_to_new_decider,
    Closing.MOVE: _move,
    Closing.REFERENCE_REQUESTED: _reference_requested,
}
"""What each closing finds for a follow-up at a moment: the id of what settled it, or null."""
