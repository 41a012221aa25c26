"""The invitations of an application as time goes by: proposed within limits, and ended, never unmade."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from api.domain.calendar import limit_passed_at
from api.domain.clock import Standing
from api.domain.closings import find_act, find_advocacy, heard_again, second_advocate, verdicts
from api.domain.follow_up_facts import FollowUpKey, InvitationByHand
from api.domain.follow_up_memory import Memory
from api.domain.follow_up_types import TAKEN_BY_KIND, InvitationType, Taking
from api.domain.follow_ups import FollowUp
from api.domain.invitations import Invitation
from api.domain.planned_absences import still_absent
from api.domain.proposals import PROPOSALS, UNSURE, Proposal
from api.domain.scene import Scene
from api.domain.vocabulary import InvitationState

OPEN, TAKEN, EXPIRED = InvitationState.OPEN, InvitationState.TAKEN, InvitationState.EXPIRED


class InvitationCourse:
    """Every invitation so far, going on from what is remembered. Scenes come in the order of time.

    A ground is decided once, when it is first seen: where limits forbid, nothing is proposed later either.
    """

    def __init__(self, invitations: Mapping[FollowUpKey, Invitation], memory: Memory) -> None:
        self.invitations = dict(invitations)
        self._made = {each.key for each in self.invitations.values()}
        self._decided = {*memory.declined, *self._made}

    @property
    def declined(self) -> frozenset[FollowUpKey]:
        """The grounds decided so far on which there is no invitation."""
        return frozenset(self._decided - self._made)

    def step(self, scene: Scene, made: Collection[FollowUp]) -> None:
        """Judge a moment, at which these follow-ups have been made so far."""
        for key, invitation in self.invitations.items():
            self.invitations[key] = _go_on(invitation, scene)
        for told in scene.heard_of(scene.beside.invited):
            self._invite_by_hand(told, scene)
        if scene.is_open:
            for rule in scene.policy.invitation_types:
                for trigger in rule.triggers:
                    for proposal in PROPOSALS[trigger](scene, rule, made):
                        self._propose(rule, proposal, scene)
        for said in scene.heard_of(scene.beside.passed):
            told_of = self.invitations.get(said.key)
            if told_of is not None and told_of.is_open:
                self.invitations[said.key] = _ended(told_of, InvitationState.PASSED, scene)

    def _invite_by_hand(self, told: InvitationByHand, scene: Scene) -> None:
        rule = next((each for each in scene.policy.invitation_types if each.type == told.type), None)
        if told.key in self._decided or rule is None:
            return
        proposal = Proposal(trigger_id=told.id, person_id=told.person_id, about=told.about)
        self._add(_invited(told.key, rule, proposal, told.asker_id, scene), scene)

    def _propose(self, rule: InvitationType, proposal: Proposal, scene: Scene) -> None:
        key = FollowUpKey(rule.type, proposal.trigger_id, proposal.person_id, proposal.since)
        if key in self._decided:
            return
        self._decided.add(key)
        invitation = _invited(key, rule, proposal, scene.hiring_side.recruiter(), scene)
        if self._is_allowed(invitation, scene):
            self._add(invitation, scene)

    def _add(self, invitation: Invitation, scene: Scene) -> None:
        if not _has_ground(invitation, scene) or _taken_by(invitation, scene) is not None:
            return
        for key, other in self._between(invitation).items():
            if other.is_open and other.type == invitation.rule.replaces:
                self.invitations[key] = _ended(other, EXPIRED, scene)
        self._made.add(invitation.key)
        self.invitations[invitation.key] = invitation

    def _between(self, invitation: Invitation) -> dict[FollowUpKey, Invitation]:
        """The invitations by the same asker to the same person, the earliest first."""
        pair = invitation.asker_id, invitation.person_id
        return {key: each for key, each in self.invitations.items() if (each.asker_id, each.person_id) == pair}

    def _is_allowed(self, invitation: Invitation, scene: Scene) -> bool:
        """Whether the limits leave room for a proposal."""
        policy, earlier = scene.policy, [*self._between(invitation).values()]
        makes_room = invitation.rule.replaces
        still_open = [each for each in earlier if each.is_open and each.type != makes_room]
        if len(still_open) >= policy.invitation_open_max:
            return False
        last = earlier[-policy.invitation_unanswered_max :]
        if len(last) == policy.invitation_unanswered_max and all(each.is_unanswered for each in last):
            return False
        days = [(scene.day - scene.day_of(each.invited_at)).days for each in earlier]
        return makes_room is not None or all(each >= policy.invitation_gap_days for each in days)


def _invited(
    key: FollowUpKey, rule: InvitationType, proposal: Proposal, asker_id: UUID | None, scene: Scene
) -> Invitation:
    expires_at = limit_passed_at(scene.day, scene.policy.invitation_expires_days, scene.zone)
    if rule.until_absence and proposal.until is not None:
        expires_at = proposal.until
    return Invitation(
        key=key,
        rule=rule,
        application_id=scene.history.facts.id,
        asker_id=asker_id,
        person_id=proposal.person_id,
        about=proposal.about,
        absence_id=proposal.absence_id,
        invited_at=scene.moment,
        expires_at=expires_at,
    )


def _go_on(invitation: Invitation, scene: Scene) -> Invitation:
    if not invitation.may_be_taken:
        return invitation
    taken_by = _taken_by(invitation, scene) if scene.is_open else None
    if taken_by is not None:
        taken = _ended(invitation, TAKEN, scene)
        return replace(taken, ended_by=taken_by, ended_by_kind=TAKEN_BY_KIND[invitation.taken_by])
    if not invitation.is_open:
        return invitation
    if scene.moment >= invitation.expires_at:
        return replace(_ended(invitation, EXPIRED, scene), is_unanswered=True)
    return invitation if _has_ground(invitation, scene) else _ended(invitation, EXPIRED, scene)


def _ended(invitation: Invitation, state: InvitationState, scene: Scene) -> Invitation:
    return replace(invitation, state=state, ended_at=scene.moment, is_unanswered=False)


def _taken_by(invitation: Invitation, scene: Scene) -> UUID | None:
    """What shows that what was invited happened, or null."""
    match invitation.taken_by:
        case Taking.HIRING_SIDE_ACT:
            return heard_again(scene, invitation.about, invitation.invited_at)
        case Taking.CONFIRMATION:
            said = verdicts(scene, invitation.about)
            return next((each.id for each in said if each.person_id == invitation.person_id), None)
        case Taking.SECOND_ADVOCATE:
            return second_advocate(scene, invitation.about)
        case Taking.ADVOCACY:
            own = (each for each in scene.history.advocacies if each.facts.person_id == invitation.person_id)
            return next((each.facts.id for each in own if scene.takes_part(each)), None)


def _has_ground(invitation: Invitation, scene: Scene) -> bool:
    """Whether the invitation still makes sense, and may reach its person."""
    if not scene.is_open or scene.is_closed_to(invitation.person_id):
        return False
    about, advocacy = invitation.about, find_advocacy(scene, invitation.about)
    match invitation.taken_by:
        case Taking.HIRING_SIDE_ACT:
            return advocacy is not None and scene.takes_part(advocacy) and not _is_lost(scene.standing(advocacy))
        case Taking.CONFIRMATION:
            evidence = find_act(scene, about)
            return evidence is not None and evidence.rung in UNSURE
        case Taking.SECOND_ADVOCATE:
            absence = invitation.absence_id
            return advocacy is not None and (absence is None or still_absent(scene, advocacy, absence))
        case Taking.ADVOCACY:
            return _still_backs(invitation, scene)


def _is_lost(standing: Standing) -> bool:
    return standing.lost_since is not None


def _still_backs(invitation: Invitation, scene: Scene) -> bool:
    """Whether the referral is still live; a reference that was given stays so."""
    if invitation.about.referral_id is None:
        return True
    walks = (each.walk for each in scene.history.referrals if each.facts.id == invitation.about.referral_id)
    status = next((walk.steps.at(scene.moment) for walk in walks), None)
    return status is not None and status.gives_level
