"""The spans in which nothing was learned that changes the past: within one, a single history tells every moment.

What is recorded when it happens adds to the end of a history. What is recorded later, what is said about an act, a
dated record, a merge of two people and a new policy begin a new span.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from api.domain.facts import ApplicationFacts, DatedRecord, Fact
from api.domain.history import History
from api.domain.knowledge import known_facts


@dataclass(frozen=True, slots=True)
class Epoch:
    """A span of moments, later than `after` (null: all) up to `until`, with the history by which each is judged."""

    history: History
    after: datetime | None
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        return (self.after is None or moment > self.after) and moment <= self.until


def epochs(facts: ApplicationFacts, heard_beside: Iterable[datetime], *, as_of: datetime) -> Iterator[Epoch]:
    """The spans up to `as_of`, each moment by what was known then.

    `heard_beside`: the moments at which something else was recorded that is judged with these facts.
    """
    zone = facts.policies[-1].policy.zone
    begin = min(as_of, *heard_beside, *(fact.recorded_at for fact in happenings(facts)))
    learned = sorted({moment for moment in learned_at(facts) if begin <= moment <= as_of})
    after = None
    for until in (*(moment - datetime.resolution for moment in learned), as_of):
        known = known_facts(facts, as_of=until, known_at=until)
        yield Epoch(History(known, until, zone), after, until)
        after = until


def learned_at(facts: ApplicationFacts) -> Iterator[datetime]:
    """The moments at which something was recorded that changes what was said of the past."""
    yield from (fact.recorded_at for fact in happenings(facts) if fact.recorded_at != fact.occurred_at)
    yield from (record.recorded_at for record in dated_records(facts))
    yield from (version.recorded_at for version in facts.policies)
    yield from (merge.recorded_at for merge in facts.merges)
    yield from (said.recorded_at for advocacy in facts.advocacies for said in advocacy.act_statements)


def happenings(facts: ApplicationFacts) -> Iterator[Fact]:
    """Every fact that happened at a moment."""
    yield from (*facts.stages, *facts.next_steps)
    for advocacy in facts.advocacies:
        yield from (*advocacy.statements, *advocacy.acts, *advocacy.answers)
    for referral in facts.referrals:
        yield from (referral, *referral.statements)
    for reference in facts.references:
        yield from reference.statements


def dated_records(facts: ApplicationFacts) -> Iterator[DatedRecord]:
    """Every record that holds from a day on."""
    yield from facts.members
    for advocacy in facts.advocacies:
        yield from (*advocacy.availability, *advocacy.affiliations)
    for person in facts.merged_people:
        yield from (*person.availability, *person.affiliations)
