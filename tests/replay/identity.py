"""People with several ids, read by the one they go by."""

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from api.domain.facts import AdvocacyFacts, ApplicationFacts
from api.domain.follow_up_facts import FollowUpKey


def under_one_name(facts: ApplicationFacts, known_at: datetime) -> ApplicationFacts:
    """The same facts with every id of a person, wherever it stands, exchanged for the id that person goes by.

    Whatever was recorded of a person from a day on holds for all advocacies of theirs.
    """
    told: ApplicationFacts = renamed(replace(facts, merges=(), policies=()), names_by(facts, known_at))
    advocacies = tuple(_with_all_records(advocacy, told) for advocacy in told.advocacies)
    return replace(told, policies=facts.policies, advocacies=advocacies, merged_people=())


def names_by(facts: ApplicationFacts, known_at: datetime) -> dict[UUID, UUID]:
    """The id that each merged person goes by."""
    known = [merge for merge in facts.merges if merge.recorded_at <= known_at]
    names: dict[UUID, UUID] = {}
    for merge in known:
        name = merge.into_id
        while others := [other.into_id for other in known if other.person_id == name]:
            name = others[0]
        names[merge.person_id] = name
    return names


def renamed(value: Any, names: dict[UUID, UUID]) -> Any:
    """The same with every id of a person exchanged, wherever it stands."""
    if isinstance(value, UUID):
        return names.get(value, value)
    if isinstance(value, FollowUpKey):
        return value._replace(person_id=renamed(value.person_id, names))
    if isinstance(value, tuple | list):
        return type(value)(renamed(each, names) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: renamed(getattr(value, field.name), names) for field in fields(value) if field.init}
        return replace(value, **changed)
    return value


def _with_all_records(advocacy: AdvocacyFacts, told: ApplicationFacts) -> AdvocacyFacts:
    stays = {stay.id: stay for stay in advocacy.availability}
    ties = {tie.id: tie for tie in advocacy.affiliations}
    for person in told.merged_people:
        if person.person_id == advocacy.person_id:
            stays |= {stay.id: stay for stay in person.availability}
            ties |= {tie.id: tie for tie in person.affiliations}
    return replace(advocacy, availability=tuple(stays.values()), affiliations=tuple(ties.values()))
