"""Which follow-ups arise from a change of a person's availability or affiliation, before it is recorded."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from api.domain.facts import ApplicationFacts
from api.domain.follow_up_facts import FollowUpFacts, FollowUpKey
from api.domain.follow_ups import FollowUp
from api.people.queries import DatedRecords
from api.support.owed import step
from api.support.owed_documents import Kept, kept_from
from api.support.owed_facts import facts_beside
from api.support.queries import Loaded
from api.support.said import NOTHING


def arising(
    loaded: Loaded,
    changed: ApplicationFacts,
    person_ids: Collection[UUID],
    added: DatedRecords,
    *,
    moments: Sequence[datetime],
) -> list[FollowUp]:
    """The follow-ups about an application that `added` makes arise at these moments, if nothing else happens.

    The application is loaded with what is owed; `changed` are its facts with what is added. The first due comes first.
    """
    kept = kept_from(loaded.document["owed"], loaded.facts.id)
    beside = facts_beside(loaded.document, loaded.facts, NOTHING)
    then = _made(changed, _with(beside, person_ids, added), kept, moments)
    anyway = _made(loaded.facts, beside, kept, moments) if then else {}
    return sorted((each for key, each in then.items() if key not in anyway), key=lambda each: (each.due_on, each.place))


def _made(
    facts: ApplicationFacts, beside: FollowUpFacts, kept: Kept, moments: Sequence[datetime]
) -> dict[FollowUpKey, FollowUp]:
    made: dict[FollowUpKey, FollowUp] = {}
    for moment in moments:
        taken = step(facts, beside, kept, at=moment)
        made |= {each.now.key: each.now for each in taken.follow_ups if each.before is None and each.now.is_open}
        kept = Kept(taken.course, {}, {})
    return made


def _with(beside: FollowUpFacts, person_ids: Collection[UUID], added: DatedRecords) -> FollowUpFacts:
    people = (
        replace(person, availability=person.availability + added.availability) if person.id in person_ids else person
        for person in beside.people
    )
    return replace(beside, people=tuple(people))
