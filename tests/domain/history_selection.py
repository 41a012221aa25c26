"""Histories with some of their facts left out or replaced."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from api.domain.facts import Act, AdvocacyFacts, ApplicationFacts, DatedRecord, Fact, ReferralFacts

Happening = TypeVar("Happening", bound=Fact)
Record = TypeVar("Record", bound=DatedRecord)


def known_then(facts: ApplicationFacts, known_at: datetime, *, happened_by: datetime | None = None) -> ApplicationFacts:
    """Only what was recorded by a moment and, where asked, happened by another; policies go by the earlier of both."""
    last = happened_by or known_at

    def happened(some: Iterable[Happening]) -> tuple[Happening, ...]:
        return tuple(fact for fact in some if fact.recorded_at <= known_at and fact.occurred_at <= last)

    def recorded(some: Iterable[Record]) -> tuple[Record, ...]:
        return tuple(record for record in some if record.recorded_at <= known_at)

    def advocacy(told: AdvocacyFacts) -> AdvocacyFacts:
        return replace(
            told,
            statements=happened(told.statements),
            acts=happened(told.acts),
            act_statements=tuple(said for said in told.act_statements if said.recorded_at <= known_at),
            answers=happened(told.answers),
            availability=recorded(told.availability),
            affiliations=recorded(told.affiliations),
        )

    references = (replace(told, statements=happened(told.statements)) for told in facts.references)
    return replace(
        facts,
        stages=happened(facts.stages),
        policies=tuple(v for v in facts.policies if v == facts.policies[0] or v.recorded_at <= min(known_at, last)),
        next_steps=happened(facts.next_steps),
        members=recorded(facts.members),
        advocacies=tuple(advocacy(told) for told in facts.advocacies),
        referrals=tuple(replace(told, statements=happened(told.statements)) for told in happened(facts.referrals)),
        references=tuple(told for told in references if told.statements),
        merges=tuple(merge for merge in facts.merges if merge.recorded_at <= known_at),
    )


def keeping(
    facts: ApplicationFacts,
    *,
    acts: Callable[[Act], bool],
    referrals: Callable[[ReferralFacts], bool] = lambda referral: True,
) -> ApplicationFacts:
    """Only some of the acts and referrals."""
    advocacies = (replace(told, acts=tuple(filter(acts, told.acts))) for told in facts.advocacies)
    return replace(facts, advocacies=tuple(advocacies), referrals=tuple(filter(referrals, facts.referrals)))


def with_advocacy(facts: ApplicationFacts, changed: AdvocacyFacts) -> ApplicationFacts:
    """One advocacy exchanged for another of the same id."""
    advocacies = (changed if told.id == changed.id else told for told in facts.advocacies)
    return replace(facts, advocacies=tuple(advocacies))
