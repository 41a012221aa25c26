"""Random merges: now and then two of the people in a history turn out to be one."""

from dataclasses import replace
from uuid import UUID

from api.domain.facts import ApplicationFacts, MergeRecord, PersonRecords
from tests.domain.history_people import affiliation, availability
from tests.domain.history_scene import ADA, BO, DAN, HANNA, OLGA, PAM, RITA, XEN, Teller

SPARE = UUID(int=10)
"""Somebody whom no fact of the history names."""

PEOPLE = (ADA, ADA, BO, BO, HANNA, PAM, DAN, RITA, XEN, OLGA, SPARE)


def with_merges(teller: Teller, facts: ApplicationFacts) -> ApplicationFacts:
    """The same history with up to three merges in every other one, chains of them too. Nobody becomes the candidate."""
    merges: list[MergeRecord] = []
    for _ in range(teller.one_of((0, 0, 0, 1, 2, 3))):
        gone = {merge.person_id for merge in merges}
        left = tuple(person for person in PEOPLE if person not in gone)
        person, into = teller.one_of(left), teller.one_of(left)
        if person != into:
            merges.append(MergeRecord(person_id=person, into_id=into, recorded_at=teller.moment()))
    people = {person for merge in merges for person in (merge.person_id, merge.into_id)}
    records = tuple(_records(teller, facts, person) for person in sorted(people))
    return replace(facts, merges=tuple(merges), merged_people=records)


def _records(teller: Teller, facts: ApplicationFacts, person: UUID) -> PersonRecords:
    advocated = next((told for told in facts.advocacies if told.person_id == person), None)
    if advocated is not None:
        return PersonRecords(person_id=person, availability=advocated.availability, affiliations=advocated.affiliations)
    return PersonRecords(
        person_id=person,
        availability=tuple(availability(teller) for _ in teller.some(1)),
        affiliations=tuple(affiliation(teller) for _ in range(teller.one_of((0, 0, 1)))),
    )
