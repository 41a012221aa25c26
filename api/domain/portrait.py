"""What hangs on an application, as it is shown: its advocacies, referrals and references.

Two histories come in: the judged one, and the present one of all facts. They differ while an outcome stands: advocacies
stay as they were at the outcome's moment; of acts, referrals and references is shown as well what was recorded since.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from api.domain.advocacies import concluded
from api.domain.calendar import day_of
from api.domain.derived import DerivedAct, DerivedAdvocacy, DerivedReference, DerivedReferral
from api.domain.explanation import advocacy_parts, come_back_by
from api.domain.facts import ReferralFacts
from api.domain.history import AdvocacyHistory, History
from api.domain.referrals import CREDITABLE, ReferralStatus, describe
from api.domain.vocabulary import AdvocacyState, Championing, ReferralState, Stage

_HAS_APPLIED = frozenset(Stage) - {Stage.IDENTIFIED, Stage.PREPARING}


def portray_advocacies(judged: History, present: History) -> tuple[DerivedAdvocacy, ...]:
    """Every advocacy of which anything had been said or done."""
    is_closed = judged is not present
    pairs = zip(judged.advocacies, present.advocacies, strict=True)
    return tuple(
        _portray(judged, advocacy, now, is_closed=is_closed)
        for advocacy, now in pairs
        if now.facts.statements or now.facts.acts
    )


def _portray(judged: History, advocacy: AdvocacyHistory, now: AdvocacyHistory, *, is_closed: bool) -> DerivedAdvocacy:
    moment, walk = judged.judged_at, advocacy.walk
    standing, reading = advocacy.standing(moment), advocacy.reading(moment)
    state = standing.state or AdvocacyState.PROPOSED
    is_started = standing.championing is Championing.STARTED
    return DerivedAdvocacy(
        id=advocacy.facts.id,
        advocate_id=advocacy.facts.advocate_id,
        person_id=advocacy.facts.person_id,
        state=concluded(state) if is_closed else state,
        championing=standing.championing,
        follow_through=standing.follow_through,
        elapsed=reading.elapsed if reading and standing.lapsed_since is None else None,
        window=reading.window if reading else None,
        come_back_by=come_back_by(advocacy, moment) if is_started else None,
        lapsed_since=standing.lapsed_since,
        lost_since=standing.lost_since,
        last_hiring_side_at=walk.last_heard_at,
        is_volunteered=walk.is_volunteered,
        is_gone=standing.is_gone,
        parts=advocacy_parts(judged, advocacy),
        acts=tuple(_portray_acts(advocacy, now)),
    )


def _portray_acts(judged: AdvocacyHistory, now: AdvocacyHistory) -> Iterator[DerivedAct]:
    """Every act; one that was recorded after the outcome is history, with an ask that stands as it does now."""
    hiring_side = {each.act.id for each in judged.walk.hiring_side}
    for evidence in now.evidence:
        ask = evidence.act.ask
        yield DerivedAct(
            id=evidence.act.id,
            counts=evidence.counts,
            qualifies=evidence.qualifies,
            is_hiring_side=evidence.act.id in hiring_side,
            rung=evidence.rung,
            ask_state=judged.walk.asks.state_of(ask.id) or now.walk.asks.state_of(ask.id) if ask else None,
        )


def portray_references(present: History, moment: datetime) -> tuple[DerivedReference, ...]:
    """Every reference that had been requested or given."""
    states = [
        (facts.id, walk.state_at(moment))
        for walk, facts in zip(present.references, present.facts.references, strict=True)
    ]
    return tuple(DerivedReference(id=each, state=state) for each, state in states if state is not None)


def portray_referrals(judged: History, present: History, moment: datetime) -> tuple[DerivedReferral, ...]:
    """Every referral with its place for credit: by submission, then by id, among those valid for credit."""
    statuses = _statuses(present, moment, is_closed=judged is not present)
    submitted = sorted(present.facts.referrals, key=lambda each: (each.occurred_at, each.id.int))
    described = []
    position = 0
    for referral in submitted:
        status = statuses[referral.id]
        is_late, by_member = _is_after_application(present, referral), _is_by_member(judged, referral)
        is_valid = status.is_linked and status.state in CREDITABLE and not is_late and not by_member
        position += is_valid
        place = position if is_valid else None
        described.append(
            describe(referral, status, after_application=is_late, is_job_member=by_member, credit_position=place)
        )
    return tuple(described)


def _statuses(present: History, moment: datetime, *, is_closed: bool) -> dict[UUID, ReferralStatus]:
    statuses = {}
    for referral in present.referrals:
        status = referral.walk.status_at(moment)
        if status is not None:
            closes = is_closed and status.gives_level
            statuses[referral.facts.id] = status._replace(state=ReferralState.CLOSED) if closes else status
    return statuses


def _is_after_application(present: History, referral: ReferralFacts) -> bool:
    """Whether the referral was submitted after the candidate had applied."""
    applied_at = next((change.moment for change in present.changes if change.view.stage in _HAS_APPLIED), None)
    return applied_at is not None and referral.occurred_at > applied_at


def _is_by_member(judged: History, referral: ReferralFacts) -> bool:
    """Whether the referrer is a member of the job, or was one when they referred."""
    days = (day_of(referral.occurred_at, judged.zone), day_of(judged.judged_at, judged.zone))
    return any(judged.team.power_on(referral.person_id, day) is not None for day in days)
