"""Who people are: by a merge two records turn out to be one person, who goes by the id merged into."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from api.domain.facts import (
    Act,
    AdvocacyFacts,
    ApplicationFacts,
    Listener,
    MembershipRecord,
    MergeRecord,
    PersonRecords,
)

Who = Callable[[UUID], UUID]


def identities(merges: Iterable[MergeRecord], *, known_at: datetime) -> Who:
    """By which id a person goes, as far as merges were recorded by `known_at`."""
    into = {merge.person_id: merge.into_id for merge in merges if merge.recorded_at <= known_at}

    def who(person_id: UUID) -> UUID:
        while person_id in into:
            person_id = into[person_id]
        return person_id

    return who


def recognise(facts: ApplicationFacts, *, known_at: datetime) -> ApplicationFacts:
    """The facts with everybody named by the one id they go by, as far as merges were recorded by `known_at`.

    What holds of an advocate from a day on is what was recorded under any of their ids. The result names no merges.
    """
    if not any(merge.recorded_at <= known_at for merge in facts.merges):
        return facts
    who = identities(facts.merges, known_at=known_at)
    return replace(
        facts,
        candidate_person_id=who(facts.candidate_person_id),
        members=tuple(_member(each, who) for each in facts.members),
        advocacies=tuple(_advocacy(each, facts.merged_people, who) for each in facts.advocacies),
        referrals=tuple(
            replace(each, person_id=who(each.person_id), recorded_by=_recorder(each.recorded_by, who))
            for each in facts.referrals
        ),
        merges=(),
        merged_people=(),
    )


def _recorder(person_id: UUID | None, who: Who) -> UUID | None:
    return None if person_id is None else who(person_id)


def _member(record: MembershipRecord, who: Who) -> MembershipRecord:
    return replace(record, person_id=who(record.person_id), recorded_by=_recorder(record.recorded_by, who))


def _advocacy(advocacy: AdvocacyFacts, people: Iterable[PersonRecords], who: Who) -> AdvocacyFacts:
    person_id = who(advocacy.person_id)
    same = [each for each in people if each.person_id != advocacy.person_id and who(each.person_id) == person_id]
    return replace(
        advocacy,
        person_id=person_id,
        acts=tuple(_act(each, who) for each in advocacy.acts),
        act_statements=tuple(replace(each, person_id=who(each.person_id)) for each in advocacy.act_statements),
        availability=(*advocacy.availability, *(record for each in same for record in each.availability)),
        affiliations=(*advocacy.affiliations, *(record for each in same for record in each.affiliations)),
    )


def _act(act: Act, who: Who) -> Act:
    return replace(
        act,
        recorded_by=who(act.recorded_by),
        listeners=tuple(dict.fromkeys(_listener(each, who) for each in act.listeners)),
        ask=act.ask and replace(act.ask, addressee=_listener(act.ask.addressee, who)),
    )


def _listener(listener: Listener, who: Who) -> Listener:
    return listener if listener.person_id is None else Listener(person_id=who(listener.person_id))
