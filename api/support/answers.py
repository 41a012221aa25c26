"""The whole answer about an application's support: the derivation, with names and public ids put in."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.domain.calendar import day_of
from api.domain.derived import DerivedAdvocacy, Part
from api.domain.derived import Support as Derived
from api.domain.facts import AdvocacyFacts, ApplicationFacts
from api.domain.knowledge import known_facts
from api.domain.levels import label
from api.domain.people import Team, affiliation_on
from api.domain.vocabulary import Affiliation, Relationship
from api.domain.wording import sentence
from api.platform import ids
from api.support import schemas
from api.support.moments import Past
from api.support.queries import Loaded

Names = Mapping[str, Any]


def answer(
    loaded: Loaded,
    derived: Derived,
    past: Past,
    *,
    now: datetime,
    championed_elsewhere: Mapping[UUID, Iterable[UUID]],
    unanswered_requirements: list[str],
) -> schemas.Support:
    """Put names and public ids to a derivation. `championed_elsewhere` holds other applications by advocate."""
    facts = known_facts(loaded.facts, as_of=past.as_of, known_at=past.known_at)
    documents = {UUID(each["id"]): each for each in loaded.document["advocacies"]}
    name = documents[derived.advocacy_id]["name"] if derived.advocacy_id else None
    kinds = _kinds(facts)
    return schemas.Support(
        **schemas.judged(derived, name),
        application_id=facts.id,
        job_id=UUID(loaded.document["job_id"]),
        as_of=past.as_of,
        known_at=past.known_at,
        provisional=schemas.is_provisional(past.known_at, now),
        label=label(derived.level),
        sentence=sentence(derived, name, zone=facts.policies[-1].policy.zone),
        parts=[_part(part, kinds) for part in _present_and_next(derived)],
        advocates=[
            _advocate(each, facts, documents[each.id], derived, kinds, championed_elsewhere)
            for each in derived.advocacies
        ],
        references=[schemas.SupportingReference(id=each.id, state=each.state) for each in derived.references],
        requirements_without_reason=unanswered_requirements,
        at_outcome=_at_outcome(derived),
        sole_advocate=derived.sole_advocate,
        exposed=derived.exposed,
        heard_by_current_decider=derived.heard_by_current_decider,
    )


def _present_and_next(derived: Derived) -> list[Part]:
    """The parts of the level itself and of the next higher one."""
    ranks = sorted({part.level.rank for part in derived.parts if part.level.rank >= derived.level.rank})
    shown = set(ranks[:2]) if derived.level.rank in ranks else set(ranks[:1])
    return [part for part in derived.parts if part.level.rank in shown]


def _kinds(facts: ApplicationFacts) -> dict[UUID, str]:
    """What kind of thing each id of evidence names."""
    acts = [act for advocacy in facts.advocacies for act in advocacy.acts]
    return {
        **{each.id: "referral" for each in facts.referrals},
        **{each.id: "advocacy" for each in facts.advocacies},
        **{act.id: "act" for act in acts},
        **{act.ask.id: "ask" for act in acts if act.ask},
        **{use.reason_id: "reason" for act in acts for use in act.uses},
        **{use.reason_id: "reason" for referral in facts.referrals for use in referral.uses},
    }


def _part(part: Part, kinds: Mapping[UUID, str]) -> schemas.SupportPart:
    return schemas.SupportPart(
        rule=part.rule,
        level=part.level,
        satisfied=part.satisfied,
        evidence=[ids.encode(kinds[each], each) for each in part.evidence if each in kinds],
        missing=part.missing,
    )


def _advocate(
    each: DerivedAdvocacy,
    facts: ApplicationFacts,
    document: Names,
    derived: Derived,
    kinds: Mapping[UUID, str],
    championed_elsewhere: Mapping[UUID, Iterable[UUID]],
) -> schemas.SupportingAdvocate:
    recorded = next(advocacy for advocacy in facts.advocacies if advocacy.id == each.id)
    return schemas.SupportingAdvocate(
        advocacy_id=each.id,
        advocate=schemas.NamedAdvocate(id=each.advocate_id, name=document["name"]),
        state=each.state,
        championing=each.championing,
        follow_through=each.follow_through,
        elapsed=each.elapsed,
        window=each.window,
        come_back_by=each.come_back_by,
        lapsed_since=each.lapsed_since,
        lost_since=each.lost_since,
        last_act_at=each.last_hiring_side_at,
        is_volunteered=each.is_volunteered,
        relationship=recorded.relationship,
        interest=_interest(recorded, facts, derived, outranks_decider=document["outranks_decider"]),
        also_champions=[
            schemas.AlsoChampions(application_id=other) for other in championed_elsewhere.get(each.advocate_id, ())
        ],
        parts=[_part(part, kinds) for part in each.parts],
    )


def _interest(
    advocacy: AdvocacyFacts, facts: ApplicationFacts, derived: Derived, *, outranks_decider: bool
) -> list[str]:
    day = day_of(derived.judged_at, facts.policies[-1].policy.zone)
    creditable = {each.id for each in derived.referrals if each.credit_position is not None}
    stakes = {
        "referral_credit": any(
            each.person_id == advocacy.person_id and each.id in creditable for each in facts.referrals
        ),
        "job_member": Team(facts.members).power_on(advocacy.person_id, day) is not None,
        "paid": affiliation_on(advocacy.affiliations, day) is Affiliation.AGENCY,
        "family": advocacy.relationship is Relationship.FAMILY,
        "outranks_decider": outranks_decider,
    }
    return [name for name, holds in stakes.items() if holds]


def _at_outcome(derived: Derived) -> schemas.SupportAtOutcome | None:
    if derived.at_outcome is None:
        return None
    return schemas.SupportAtOutcome.model_validate(derived.at_outcome, from_attributes=True)


def acted_within(derived: Derived, advocate_id: UUID, *, as_of: datetime, days: int) -> bool:
    """Whether an advocate did something towards the hiring side of this application within these days."""
    moments = [each.last_hiring_side_at for each in derived.advocacies if each.advocate_id == advocate_id]
    return any(moment is not None and as_of - moment <= timedelta(days=days) for moment in moments)
