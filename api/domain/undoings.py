"""Whether the trigger of a follow-up still stands, or was undone."""

from collections.abc import Callable, Mapping

from api.domain.closings import find_act, find_advocacy
from api.domain.follow_up_types import Trigger
from api.domain.follow_ups import FollowUp
from api.domain.new_deciders import is_unheard
from api.domain.planned_absences import still_absent
from api.domain.scene import Scene
from api.domain.vocabulary import Confidence, FollowThrough, Power, Stage, Waiting

_QUIET_THROUGH = frozenset({FollowThrough.AT_RISK, FollowThrough.LAPSED})


def _wobbles(scene: Scene, follow_up: FollowUp) -> bool:
    advocacy = find_advocacy(scene, follow_up.about)
    standing = scene.standing(advocacy) if advocacy else None
    return standing is not None and standing.follow_through in _QUIET_THROUGH and standing.lost_since is None


def _is_unconfirmed(scene: Scene, follow_up: FollowUp) -> bool:
    evidence = find_act(scene, follow_up.about)
    return evidence is not None and evidence.qualifies and evidence.rung is Confidence.SELF_REPORTED


def _is_absent(scene: Scene, follow_up: FollowUp) -> bool:
    advocacy = find_advocacy(scene, follow_up.about)
    return advocacy is not None and still_absent(scene, advocacy, follow_up.key.trigger_id)


def _is_to_be_briefed(scene: Scene, follow_up: FollowUp) -> bool:
    return is_unheard(scene) and scene.hiring_side.power(follow_up.about.person_id) is Power.DECIDES


def _has_ask(scene: Scene, follow_up: FollowUp) -> bool:
    evidence = find_act(scene, follow_up.about)
    return evidence is not None and evidence.addressee is not None


def _waits(scene: Scene, _: FollowUp) -> bool:
    return scene.wait is not None and scene.wait.waiting is not Waiting.NONE


def _is_exposed(scene: Scene, _: FollowUp) -> bool:
    return scene.coverage.exposed


def _is_supporter(scene: Scene, follow_up: FollowUp) -> bool:
    return follow_up.about.person_id in scene.supporters


def _has_outcome(scene: Scene, follow_up: FollowUp) -> bool:
    outcome = scene.outcome
    return outcome is not None and outcome.fact is not None and outcome.fact.id == follow_up.key.trigger_id


def _is_in_offer(scene: Scene, _: FollowUp) -> bool:
    return scene.view is not None and scene.view.stage is Stage.OFFER


STANDS: Mapping[Trigger, Callable[[Scene, FollowUp], bool]] = {
    Trigger.ASK_OPEN: _has_ask,
    Trigger.OUTCOME: _has_outcome,
    Trigger.SUPPORTER_QUIET: _is_supporter,
    Trigger.AT_RISK: _wobbles,
    Trigger.ACT_UNCONFIRMED: _is_unconfirmed,
    Trigger.LEAVING_PLANNED: _is_absent,
    Trigger.NEW_DECIDER: _is_to_be_briefed,
    Trigger.WAITING: _waits,
    Trigger.EXPOSED: _is_exposed,
    Trigger.OFFER_WITHOUT_REFERENCE: _is_in_offer,
}
"""Whether a trigger is not undone. One that is not here is a fact that nothing takes back."""
