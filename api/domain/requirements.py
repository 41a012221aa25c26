"""What a job requires, and for which of it somebody has given a specific reason."""

from datetime import datetime
from uuid import UUID

from api.domain.evidence import specific_uses, weigh_acts
from api.domain.facts import ApplicationFacts
from api.domain.knowledge import known_facts
from api.domain.people import Team


def requirements_with_reason(facts: ApplicationFacts, *, as_of: datetime, known_at: datetime) -> frozenset[UUID]:
    """The requirements for which a counting act or a referral carries a specific reason, by what was known."""
    known = known_facts(facts, as_of=as_of, known_at=known_at)
    team, zone = Team(known.members), known.policies[-1].policy.zone
    acts = [act for advocacy in known.advocacies for act in weigh_acts(advocacy, team, zone) if act.counts]
    given = [reason for act in acts for reason in act.reasons]
    given += [reason for each in known.referrals for reason in specific_uses(each.uses, by_member=False)]
    return frozenset(reason.requirement_id for reason in given)
