"""What was recorded about follow-ups, invitations and contact with people: the input of their derivation.

It stands beside the facts of the application and concerns the same application.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from api.domain.facts import AvailabilityRecord, Fact
from api.domain.vocabulary import Direction, FollowUpVerb


class FollowUpKey(NamedTuple):
    """What makes a follow-up or an invitation one and the same, however often its trigger is processed.

    `trigger_id` is the id of a fact, or of what a crossing is about; then `since` tells one entry from another.
    """

    type: str
    trigger_id: UUID
    person_id: UUID | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a follow-up or an invitation is about; `named` are the referrals, advocacies and roles that it concerns."""

    person_id: UUID | None = None
    referral_id: UUID | None = None
    capture_id: UUID | None = None
    advocacy_id: UUID | None = None
    act_id: UUID | None = None
    ask_id: UUID | None = None
    named: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Fact):
    """A contact about this application between the hiring side and a person; an attempt goes one way only.

    `bounced_at` is when it became known that it did not arrive.
    """

    person_id: UUID
    direction: Direction = Direction.TO_PERSON
    automatic: bool = False
    bounced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFacts(Fact):
    """A capture that lacks details; `settled_at` is when it was completed or discarded."""

    advocacy_id: UUID | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpByHand(Fact):
    """A follow-up that a person made. Of a type in the table it has what closes that type."""

    type: str
    owner_id: UUID | None
    due_on: date
    about: About

    @property
    def key(self) -> FollowUpKey:
        """What identifies the follow-up: the fact of its making."""
        return FollowUpKey(self.type, self.id, self.about.person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpWord(Fact):
    """What somebody did with a follow-up. `until` belongs to snoozing, `owner_id` to reassigning."""

    key: FollowUpKey
    verb: FollowUpVerb
    until: datetime | None = None
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationByHand(Fact):
    """An invitation that a person made; limits do not restrain people."""

    type: str
    asker_id: UUID | None
    person_id: UUID
    about: About

    @property
    def key(self) -> FollowUpKey:
        """What identifies the invitation: the fact of its making."""
        return FollowUpKey(self.type, self.id, self.person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPassed(Fact):
    """The invited person said no, thank you, or a member did on their word."""

    key: FollowUpKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A person who may own something or be contacted; the zone is an IANA name, and null is unknown."""

    id: UUID
    time_zone: str | None = None
    availability: tuple[AvailabilityRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceDetails:
    """Who gives a reference, and when it was recorded that they gave it with praise, or null."""

    id: UUID
    person_id: UUID
    praised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpFacts:
    """Everything beside the application's own facts that follow-ups and invitations read.

    Of `by_hand`, `words`, `invited` and `passed` only what is said at this moment: it is heard once.
    """

    interactions: tuple[Interaction, ...] = ()
    captures: tuple[CaptureFacts, ...] = ()
    references: tuple[ReferenceDetails, ...] = ()
    people: tuple[PersonFacts, ...] = ()
    by_hand: tuple[FollowUpByHand, ...] = ()
    words: tuple[FollowUpWord, ...] = ()
    invited: tuple[InvitationByHand, ...] = ()
    passed: tuple[InvitationPassed, ...] = ()

    @property
    def happened(self) -> Iterator[Fact]:
        """Every fact in it."""
        for each in (self.interactions, self.captures, self.by_hand, self.words, self.invited, self.passed):
            yield from each

    @property
    def moments(self) -> Iterator[datetime]:
        """Every moment at which something in it was recorded or happened."""
        for fact in self.happened:
            yield fact.occurred_at
            yield fact.recorded_at
        yield from (each.bounced_at for each in self.interactions if each.bounced_at)
        yield from (each.settled_at for each in self.captures if each.settled_at)
        yield from (each.praised_at for each in self.references if each.praised_at)
        yield from (record.recorded_at for person in self.people for record in person.availability)
