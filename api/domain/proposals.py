"""What could be proposed to somebody at a moment, by the table of invitations."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from api.domain.calendar import day_start
from api.domain.clock import Standing
from api.domain.demands import LATE_STAGES, first_who_count, of_advocacy
from api.domain.evidence import Evidence
from api.domain.follow_up_facts import About
from api.domain.follow_up_types import InvitationTrigger, InvitationType, Trigger
from api.domain.follow_ups import FollowUp
from api.domain.referrals import ReferralStatus
from api.domain.scene import Scene
from api.domain.vocabulary import AdvocacyState, Confidence, ReferenceState

UNSURE = frozenset({Confidence.CLAIMED, Confidence.SELF_REPORTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A ground to invite somebody. `absence_id` and `until` are those of the absence before which it has to be done."""

    trigger_id: UUID
    person_id: UUID
    about: About
    since: datetime | None = None
    absence_id: UUID | None = None
    until: datetime | None = None


Find = Callable[[Scene, InvitationType, Collection[FollowUp]], Iterator[Proposal]]


def _agreed(scene: Scene, _: InvitationType, _made: Collection[FollowUp]) -> Iterator[Proposal]:
    def has_agreed(standing: Standing) -> bool:
        return standing.state is AdvocacyState.AGREED

    for advocacy in scene.history.advocacies:
        since = advocacy.walk.steps.since(scene.moment, has_agreed)
        if since is not None:
            about = of_advocacy(advocacy)
            yield Proposal(trigger_id=advocacy.facts.id, person_id=advocacy.facts.person_id, about=about, since=since)


def _with_follow_up(scene: Scene, rule: InvitationType, made: Collection[FollowUp]) -> Iterator[Proposal]:
    for follow_up in made:
        person = follow_up.about.person_id
        if follow_up.type not in rule.with_follow_ups or follow_up.trigger is Trigger.BY_HAND or person is None:
            continue
        absent_on = follow_up.present_until
        yield Proposal(
            trigger_id=follow_up.key.trigger_id,
            person_id=person,
            about=follow_up.about,
            since=follow_up.key.since,
            absence_id=follow_up.key.trigger_id if absent_on else None,
            until=day_start(absent_on, scene.zone) if absent_on else None,
        )


def _act_unconfirmed(scene: Scene, _: InvitationType, _made: Collection[FollowUp]) -> Iterator[Proposal]:
    """An act that nobody has borne out yet, to the first of its audience who counts, before the late stages."""
    if scene.view is None or scene.view.stage in LATE_STAGES:
        return
    for advocacy in scene.history.advocacies:
        for evidence in scene.counting(advocacy):
            person = _to_ask(evidence)
            if evidence.rung in UNSURE and person is not None:
                about = of_advocacy(advocacy, evidence)
                yield Proposal(trigger_id=evidence.act.id, person_id=person, about=replace(about, person_id=person))


def _to_ask(evidence: Evidence) -> UUID | None:
    others = (hearer.person_id for hearer in evidence.hearers if hearer.person_id is not None)
    return next(iter((*first_who_count(evidence), *others)), None)


def _referral_with_context(scene: Scene, _: InvitationType, _made: Collection[FollowUp]) -> Iterator[Proposal]:
    def gives_level(status: ReferralStatus | None) -> bool:
        return status is not None and status.gives_level

    for referral in scene.history.referrals:
        facts = referral.facts
        if referral.steps.has_context and gives_level(referral.walk.steps.at(scene.moment)):
            about = About(
                person_id=facts.person_id, referral_id=facts.id, named=frozenset({facts.id, facts.referrer_id})
            )
            yield from _unless_asked(scene, Proposal(trigger_id=facts.id, person_id=facts.person_id, about=about))


def _praise(scene: Scene, _: InvitationType, _made: Collection[FollowUp]) -> Iterator[Proposal]:
    details = {each.id: each for each in scene.beside.references if each.praised_at}
    for reference, _walk, state in scene.references:
        told = details.get(reference)
        if told and told.praised_at and told.praised_at <= scene.moment and state is ReferenceState.GIVEN:
            about = About(person_id=told.person_id)
            yield from _unless_asked(scene, Proposal(trigger_id=reference, person_id=told.person_id, about=about))


def _unless_asked(scene: Scene, proposal: Proposal) -> Iterator[Proposal]:
    """Nobody is invited to become what they are, or what they were asked to be already."""
    own = [each for each in scene.history.advocacies if each.facts.person_id == proposal.person_id]
    states = {scene.standing(each).state for each in own}
    if states <= {None, AdvocacyState.PROPOSED}:
        yield proposal


PROPOSALS: Mapping[InvitationTrigger, Find] = {
    InvitationTrigger.AGREED: _agreed,
    InvitationTrigger.FOLLOW_UP: _with_follow_up,
    InvitationTrigger.ACT_UNCONFIRMED: _act_unconfirmed,
    InvitationTrigger.REFERRAL_WITH_CONTEXT: _referral_with_context,
    InvitationTrigger.PRAISE: _praise,
}
"""What each trigger finds at a moment, with the follow-ups made so far."""
