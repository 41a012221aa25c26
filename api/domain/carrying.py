"""Which advocacies of an application go on where the application itself does not."""

from datetime import datetime

from api.domain.coverage import TAKING_PART
from api.domain.derived import DerivedAdvocacy
from api.domain.facts import ApplicationFacts
from api.domain.knowledge import facts_before, known_facts
from api.domain.support import derive_support


def taking_part(facts: ApplicationFacts, *, now: datetime) -> list[DerivedAdvocacy]:
    """The advocacies that are agreed or active, and on a closed application those that were so before its outcome."""
    support = derive_support(facts, as_of=now, known_at=now)
    known = known_facts(facts, as_of=now, known_at=now)
    while support.at_outcome is not None:
        outcome_at = support.at_outcome.outcome_at
        known = facts_before(known, outcome_at, known.policies[-1].policy.zone)
        support = derive_support(known, as_of=outcome_at, known_at=now)
    return [each for each in support.advocacies if each.state in TAKING_PART]
