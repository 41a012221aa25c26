"""What follow-ups and invitations are judged by beside the facts of the application, out of the stored document."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of
from api.domain.facts import ApplicationFacts, AvailabilityRecord
from api.domain.follow_up_facts import CaptureFacts, FollowUpFacts, Interaction, PersonFacts, ReferenceDetails
from api.domain.vocabulary import Availability, Direction, ReferenceWord
from api.support.said import Said
from api.support.values import Document, availability, happened, moment, moment_or_none, uuid


def facts_beside(document: Document, facts: ApplicationFacts, said: Said) -> FollowUpFacts:
    """What one application's document tells beside its facts, with what people say at this moment."""
    owed = document["owed"]
    zone = facts.policies[-1].policy.zone
    return FollowUpFacts(
        interactions=tuple(_interaction(each) for each in owed["interactions"]),
        captures=tuple(_capture(each) for each in owed["captures"]),
        references=tuple(_reference(each) for each in document["references"]),
        people=people_from(owed, zone),
        words=said.words,
        by_hand=said.by_hand,
        invited=said.invited,
        passed=said.passed,
    )


def people_from(owed: Document, zone: ZoneInfo) -> tuple[PersonFacts, ...]:
    """The people whom a document names; whoever was anonymised is never to be contacted again."""
    return tuple(_person(each, zone) for each in owed["people"])


def _person(document: Document, zone: ZoneInfo) -> PersonFacts:
    person = PersonFacts(id=UUID(document["id"]), time_zone=document["time_zone"])
    anonymized_at = moment_or_none(document["anonymized_at"])
    if anonymized_at is not None:
        return replace(person, availability=(_never(person.id, anonymized_at, zone),))
    return replace(person, availability=tuple(availability(each) for each in document["availability"]))


def _never(person_id: UUID, anonymized_at: datetime, zone: ZoneInfo) -> AvailabilityRecord:
    return AvailabilityRecord(
        id=person_id,
        effective_on=day_of(anonymized_at, zone),
        recorded_at=anonymized_at,
        state=Availability.DO_NOT_CONTACT,
    )


def _interaction(document: Document) -> Interaction:
    return Interaction(
        **happened(document),
        person_id=UUID(document["person_id"]),
        direction=Direction(document["direction"]),
        automatic=document["is_automatic"],
        bounced_at=moment_or_none(document["bounced_at"]),
    )


def _capture(document: Document) -> CaptureFacts:
    return CaptureFacts(
        **happened(document),
        advocacy_id=uuid(document["advocacy_id"]),
        settled_at=moment_or_none(document["settled_at"]),
    )


def _reference(document: Document) -> ReferenceDetails:
    """Praise is recorded under the application's lock, so that it counts from when the reference was given."""
    reference_id = UUID(document["id"])
    given = [moment(each["recorded_at"]) for each in document["statements"] if each["word"] == ReferenceWord.GIVEN]
    return ReferenceDetails(
        id=reference_id,
        person_id=UUID(document["person_id"]),
        praised_at=min(given, default=None) if document["praise"] else None,
    )
