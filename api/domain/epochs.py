"""The spans in which nothing was learned that changes the past: within one, a single history tells every moment.

What is recorded when it happens adds to the end of a history. What is recorded later, what is said about an act, a
dated record and a new policy begin a new span.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.domain.facts import ApplicationFacts, DatedRecord, Fact
from api.domain.history import History
from api.domain.knowledge import known_facts


@dataclass(frozen=True, slots=True)
class Epoch:
    """A span of moments with the history by which each is judged.

    Its moments are later than `after` (null: all) up to `until`. Where `known_at` is set the span is the one moment
    `until`, by what was recorded by then.
    """

    history: History
    after: datetime | None
    until: datetime
    known_at: datetime | None = None

    @property
    def first(self) -> tuple[datetime, ...]:
        """The first of its moments, if it has one: that at which something was learned."""
        return (self.after + datetime.resolution,) if self.after else ()

    def begins_before(self, moment: datetime) -> bool:
        """Whether a moment does not belong to an earlier span."""
        return self.after is None or moment > self.after


def epochs(
    facts: ApplicationFacts, heard_beside: Iterable[datetime], *, as_of: datetime, known_at: datetime
) -> Iterator[Epoch]:
    """The spans up to `as_of`, each moment by what was known then; then `as_of` itself as more and more was learned.

    `heard_beside`: the moments at which something else was recorded that is judged with these facts.
    """
    zone = facts.policies[-1].policy.zone
    heard = set(heard_beside)
    begin = min(as_of, *heard, *(fact.recorded_at for fact in happenings(facts)))
    learned = sorted({moment for moment in _learned(facts) if moment >= begin})
    after = None
    for until in (*(moment - datetime.resolution for moment in learned if moment <= as_of), as_of):
        yield Epoch(_history(facts, until, until, zone), after, until)
        after = until
    for moment in sorted({*learned, *heard}):
        if as_of < moment <= known_at:
            yield Epoch(_history(facts, as_of, moment, zone), as_of, as_of, moment)


def _history(facts: ApplicationFacts, as_of: datetime, known_at: datetime, zone: ZoneInfo) -> History:
    return History(known_facts(facts, as_of=as_of, known_at=known_at), as_of, zone)


def _learned(facts: ApplicationFacts) -> Iterator[datetime]:
    """The moments at which something was recorded that changes what was said of the past."""
    yield from (fact.recorded_at for fact in happenings(facts) if fact.recorded_at != fact.occurred_at)
    yield from (record.recorded_at for record in dated_records(facts))
    yield from (version.recorded_at for version in facts.policies)
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
