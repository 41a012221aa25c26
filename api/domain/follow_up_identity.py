"""Who people are in follow-ups and invitations, once two records turned out to be one person."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from api.domain.facts import MergeRecord
from api.domain.follow_up_facts import About, FollowUpFacts, FollowUpKey, PersonFacts
from api.domain.follow_up_memory import Memory
from api.domain.follow_ups import FollowUp
from api.domain.following import Course
from api.domain.identity import Who, identities
from api.domain.invitations import Invitation


def recognise_followed(
    merges: Iterable[MergeRecord], beside: FollowUpFacts, course: Course, *, known_at: datetime
) -> tuple[FollowUpFacts, Course]:
    """Both with everybody named by the one id they go by, as far as merges were recorded by `known_at`.

    So what was triggered for somebody under one id is not owed again under another. What was made keeps its place: the
    keys of both mappings, and those by which words and refusals name what they are about, stay as they are.
    """
    merges = [merge for merge in merges if merge.recorded_at <= known_at]
    if not merges:
        return beside, course
    who = identities(merges, known_at=known_at)
    follow_ups = {key: _follow_up(each, who) for key, each in course.follow_ups.items()}
    invitations = {key: _invitation(each, who) for key, each in course.invitations.items()}
    memory = _memory(course.memory, who)
    return _beside(beside, who), Course(follow_ups=follow_ups, invitations=invitations, memory=memory)


def _known(person_id: UUID | None, who: Who) -> UUID | None:
    return None if person_id is None else who(person_id)


def _key(key: FollowUpKey, who: Who) -> FollowUpKey:
    return key._replace(person_id=_known(key.person_id, who))


def _about(about: About, who: Who) -> About:
    return replace(about, person_id=_known(about.person_id, who))


def _follow_up(follow_up: FollowUp, who: Who) -> FollowUp:
    return replace(
        follow_up,
        key=_key(follow_up.key, who),
        about=_about(follow_up.about, who),
        owner_id=_known(follow_up.owner_id, who),
        audience=tuple(dict.fromkeys(who(each) for each in follow_up.audience)),
    )


def _invitation(invitation: Invitation, who: Who) -> Invitation:
    return replace(
        invitation,
        key=_key(invitation.key, who),
        about=_about(invitation.about, who),
        asker_id=_known(invitation.asker_id, who),
        person_id=who(invitation.person_id),
    )


def _memory(memory: Memory, who: Who) -> Memory:
    entries: dict[FollowUpKey, datetime] = {}
    for key, since in memory.entries.items():
        name = _key(key, who)
        entries[name] = min(since, entries.get(name, since))
    return replace(
        memory,
        decided=frozenset(_key(each, who) for each in memory.decided),
        declined=frozenset(_key(each, who) for each in memory.declined),
        entries=entries,
    )


def _beside(beside: FollowUpFacts, who: Who) -> FollowUpFacts:
    return replace(
        beside,
        interactions=tuple(replace(each, person_id=who(each.person_id)) for each in beside.interactions),
        references=tuple(replace(each, person_id=who(each.person_id)) for each in beside.references),
        people=tuple(_people(beside.people, who).values()),
        by_hand=tuple(
            replace(each, owner_id=_known(each.owner_id, who), about=_about(each.about, who)) for each in beside.by_hand
        ),
        words=tuple(replace(each, owner_id=_known(each.owner_id, who)) for each in beside.words),
        invited=tuple(
            replace(
                each,
                asker_id=_known(each.asker_id, who),
                person_id=who(each.person_id),
                about=_about(each.about, who),
            )
            for each in beside.invited
        ),
    )


def _people(people: Iterable[PersonFacts], who: Who) -> Mapping[UUID, PersonFacts]:
    """One for each person, with what was recorded under any of their ids.

    Their time zone is that of the id they go by, where it is known.
    """
    one: dict[UUID, PersonFacts] = {}
    for each in sorted(people, key=lambda each: who(each.id) != each.id):
        name = who(each.id)
        other = one.get(name, PersonFacts(id=name))
        zone = other.time_zone or each.time_zone
        one[name] = PersonFacts(id=name, time_zone=zone, availability=(*other.availability, *each.availability))
    return one
