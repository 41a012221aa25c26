"""What of the facts is used: what had happened by one moment and was recorded by another."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of
from api.domain.facts import (
    AdvocacyFacts,
    ApplicationFacts,
    AvailabilityRecord,
    DatedRecord,
    Fact,
    PersonRecords,
    PolicyVersion,
    ReferralFacts,
)
from api.domain.identity import recognise

F = TypeVar("F", bound=Fact)
D = TypeVar("D", bound=DatedRecord)

Happened = Callable[[Fact], bool]


def policies_by(policies: Sequence[PolicyVersion], moment: datetime) -> tuple[PolicyVersion, ...]:
    """The versions in force up to a moment, in order; the first also holds before it was recorded."""
    first, *others = policies
    later = [each for each in others if each.recorded_at <= moment]
    return (first, *sorted(later, key=lambda each: (each.recorded_at, each.version)))


def known_facts(facts: ApplicationFacts, *, as_of: datetime, known_at: datetime) -> ApplicationFacts:
    """The facts that had happened by `as_of` and were recorded by `known_at`.

    What was said about acts, and dated records, depend on when they were recorded alone. Everybody is named by the one
    id they go by once the merges recorded by `known_at` are followed.
    """

    def used(fact: Fact) -> bool:
        return fact.occurred_at <= as_of and fact.recorded_at <= known_at

    selected = _select(facts, used, as_of)
    known = replace(
        selected,
        members=_recorded_by(facts.members, known_at),
        advocacies=tuple(_advocacy_known(each, known_at) for each in selected.advocacies),
        merged_people=tuple(_records_known(each, known_at) for each in facts.merged_people),
    )
    return recognise(known, known_at=known_at)


def facts_before(facts: ApplicationFacts, moment: datetime, zone: ZoneInfo) -> ApplicationFacts:
    """Of known facts those before an outcome's moment; an absence or a leaving planned after it is left out."""
    day = day_of(moment, zone)

    def is_before(record: AvailabilityRecord) -> bool:
        return record.effective_on <= day or record.recorded_at < moment

    selected = _select(facts, lambda fact: fact.occurred_at < moment, moment)
    advocacies = (
        replace(each, availability=tuple(filter(is_before, each.availability))) for each in selected.advocacies
    )
    return replace(selected, advocacies=tuple(advocacies))


def referral_known(referral: ReferralFacts, *, as_of: datetime, known_at: datetime) -> ReferralFacts | None:
    """A referral as it was known, or null if it was not."""

    def used(fact: Fact) -> bool:
        return fact.occurred_at <= as_of and fact.recorded_at <= known_at

    return replace(referral, statements=_those(referral.statements, used)) if used(referral) else None


def _select(facts: ApplicationFacts, used: Happened, policies_until: datetime) -> ApplicationFacts:
    return replace(
        facts,
        stages=_those(facts.stages, used),
        policies=policies_by(facts.policies, policies_until),
        next_steps=_those(facts.next_steps, used),
        advocacies=tuple(
            replace(
                each,
                statements=_those(each.statements, used),
                acts=_those(each.acts, used),
                answers=_those(each.answers, used),
            )
            for each in facts.advocacies
        ),
        referrals=tuple(
            replace(each, statements=_those(each.statements, used)) for each in _those(facts.referrals, used)
        ),
        references=tuple(replace(each, statements=_those(each.statements, used)) for each in facts.references),
    )


def _advocacy_known(advocacy: AdvocacyFacts, known_at: datetime) -> AdvocacyFacts:
    return replace(
        advocacy,
        act_statements=tuple(each for each in advocacy.act_statements if each.recorded_at <= known_at),
        availability=_recorded_by(advocacy.availability, known_at),
        affiliations=_recorded_by(advocacy.affiliations, known_at),
    )


def _records_known(records: PersonRecords, known_at: datetime) -> PersonRecords:
    return replace(
        records,
        availability=_recorded_by(records.availability, known_at),
        affiliations=_recorded_by(records.affiliations, known_at),
    )


def _those(facts: Iterable[F], used: Happened) -> tuple[F, ...]:
    return tuple(fact for fact in facts if used(fact))


def _recorded_by(records: Iterable[D], known_at: datetime) -> tuple[D, ...]:
    return tuple(record for record in records if record.recorded_at <= known_at)
