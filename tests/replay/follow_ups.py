"""The slow replay of what was owed: every fact, every day and every beginning of working hours, one after the other."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from api.domain.calendar import due_on
from api.domain.facts import ApplicationFacts
from api.domain.follow_up_facts import FollowUpFacts
from tests.replay.book import ONE_DAY, Book
from tests.replay.desk import Desk
from tests.replay.inviting import Cards
from tests.replay.owing import Ledger


def replay_follow_ups(facts: ApplicationFacts, beside: FollowUpFacts, *, as_of: datetime) -> tuple[Ledger, Cards]:
    """Look at the desk at every moment up to `as_of`, each as it was known then."""
    ledger, cards = Ledger(), Cards()
    full = {moment for moment in (*recorded(facts), *beside.moments, as_of) if moment <= as_of}
    book = Book(facts, known_at=as_of, up_to=as_of)
    first, last = book.day(min(full)), book.day(as_of)
    hours: set[datetime] = set()
    zones = {book.zone} | {ZoneInfo(person.time_zone) for person in beside.people if person.time_zone}
    day = first
    while day <= last:
        full.add(book.midnight(day))
        hours |= {due_on(day, book.policy(as_of), zone).due_at for zone in zones}
        day += ONE_DAY
    desk = None
    for moment in sorted(full | hours):
        if moment in full and moment <= as_of:
            desk = Desk(facts, beside, moment)
            ledger.look(desk)
            cards.look(desk, ledger)
        elif desk is not None and moment <= as_of:
            desk.now = moment
            ledger.pass_on(desk)
    return ledger, cards


def recorded(facts: ApplicationFacts) -> Iterator[datetime]:
    """When anything happened or was recorded."""
    told = [*facts.stages, *facts.next_steps, *facts.referrals]
    for advocacy in facts.advocacies:
        told += [*advocacy.statements, *advocacy.acts, *advocacy.answers]
        records = (*advocacy.act_statements, *advocacy.availability, *advocacy.affiliations)
        yield from (record.recorded_at for record in records)
    for paper in (*facts.referrals, *facts.references):
        told += paper.statements
    yield from (fact.occurred_at for fact in told)
    yield from (fact.recorded_at for fact in told)
    yield from (version.recorded_at for version in facts.policies)
    yield from (member.recorded_at for member in facts.members)
    yield from (merge.recorded_at for merge in facts.merges)
    for person in facts.merged_people:
        yield from (record.recorded_at for record in (*person.availability, *person.affiliations))
