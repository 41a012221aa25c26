"""Stories with what stands beside an application: contacts, captures, words on follow-ups, and people with their zones.

Rita is the recruiter, Hanna the decider, Pam on the panel. What is recorded is recorded when it happens.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID

from api.domain.facts import ApplicationFacts, AvailabilityRecord, MergeRecord, ReferenceFacts
from api.domain.follow_up_facts import (
    About,
    CaptureFacts,
    FollowUpByHand,
    FollowUpFacts,
    FollowUpKey,
    FollowUpWord,
    Interaction,
    InvitationByHand,
    InvitationPassed,
    PersonFacts,
    ReferenceDetails,
)
from api.domain.follow_ups import FollowUp
from api.domain.invitations import Invitation
from api.domain.vocabulary import Availability, Direction, FollowUpVerb, ReferenceWord
from tests.domain.following_up import FollowingUp, derive_follow_ups
from tests.domain.story import Story
from tests.domain.story_words import BERLIN, R1, R2, at, day, named


@dataclass
class Office(Story):
    """A story in which the hiring side keeps in touch."""

    interactions: list[Interaction] = field(default_factory=list)
    captures: list[CaptureFacts] = field(default_factory=list)
    details: list[ReferenceDetails] = field(default_factory=list)
    people: dict[str, PersonFacts] = field(default_factory=dict)
    by_hand: list[FollowUpByHand] = field(default_factory=list)
    words: list[FollowUpWord] = field(default_factory=list)
    invited: list[InvitationByHand] = field(default_factory=list)
    passed: list[InvitationPassed] = field(default_factory=list)
    merges: list[MergeRecord] = field(default_factory=list)

    def contact(
        self,
        when: str,
        who: str,
        *,
        direction: Direction = Direction.TO_PERSON,
        automatic: bool = False,
        bounced: str | None = None,
        recorded: str | None = None,
    ) -> UUID:
        """The hiring side is in touch with somebody."""
        interaction = Interaction(
            id=self._id("interaction"),
            occurred_at=at(when),
            recorded_at=at(recorded or when),
            person_id=named(who),
            direction=direction,
            automatic=automatic,
            bounced_at=at(bounced) if bounced else None,
        )
        self.interactions.append(interaction)
        return interaction.id

    def capture(self, when: str, settled: str | None = None) -> UUID:
        """Something is captured that lacks details."""
        capture = CaptureFacts(
            id=self._id("capture"),
            occurred_at=at(when),
            recorded_at=at(when),
            settled_at=at(settled) if settled else None,
        )
        self.captures.append(capture)
        return capture.id

    def reference_by(self, who: str, *words: tuple[ReferenceWord, str], praised: str | None = None) -> ReferenceFacts:
        """A reference by somebody."""
        reference = self.reference(*words)
        praised_at = at(praised) if praised else None
        self.details.append(ReferenceDetails(id=reference.id, person_id=named(who), praised_at=praised_at))
        return reference

    def person(
        self, who: str, *, zone: str | None = None, blocked: str | None = None, freed: str | None = None
    ) -> None:
        """Somebody's time zone, and the days on which they begin and cease to want no contact."""
        states = ((blocked, Availability.DO_NOT_CONTACT), (freed, Availability.AVAILABLE))
        records = tuple(
            AvailabilityRecord(
                id=self._id("availability"), effective_on=day(since), recorded_at=at(f"{since} 00:00"), state=state
            )
            for since, state in states
            if since
        )
        self.people[who] = PersonFacts(id=named(who), time_zone=zone, availability=records)

    def owe(self, when: str, kind: str, owner: str | None, due: str, about: About) -> FollowUpKey:
        """Somebody makes a follow-up by hand."""
        moment = at(when)
        told = FollowUpByHand(
            id=self._id("by hand"),
            occurred_at=moment,
            recorded_at=moment,
            type=kind,
            owner_id=named(owner) if owner else None,
            due_on=day(due),
            about=about,
        )
        self.by_hand.append(told)
        return told.key

    def say(
        self, when: str, verb: FollowUpVerb, key: FollowUpKey, *, until: str | None = None, to: str | None = None
    ) -> UUID:
        """Somebody does something with a follow-up."""
        moment = at(when)
        word = FollowUpWord(
            id=self._id("word"),
            occurred_at=moment,
            recorded_at=moment,
            key=key,
            verb=verb,
            until=at(until) if until else None,
            owner_id=named(to) if to else None,
        )
        self.words.append(word)
        return word.id

    def invite(self, when: str, kind: str, who: str, about: About, by: str = "Rita") -> FollowUpKey:
        """Somebody invites somebody by hand."""
        moment = at(when)
        told = InvitationByHand(
            id=self._id("invited"),
            occurred_at=moment,
            recorded_at=moment,
            type=kind,
            asker_id=named(by),
            person_id=named(who),
            about=about,
        )
        self.invited.append(told)
        return told.key

    def pass_on(self, when: str, key: FollowUpKey) -> None:
        """The invited person says no, thank you."""
        moment = at(when)
        self.passed.append(InvitationPassed(id=self._id("passed"), occurred_at=moment, recorded_at=moment, key=key))

    def merge(self, when: str, who: str, into: str) -> None:
        """Two turn out to be one person."""
        self.merges.append(MergeRecord(person_id=named(who), into_id=named(into), recorded_at=at(when)))

    def facts(self) -> ApplicationFacts:
        """Everything about the application."""
        return replace(super().facts(), merges=tuple(self.merges))

    def beside(self) -> FollowUpFacts:
        """Everything beside the application."""
        return FollowUpFacts(
            interactions=tuple(self.interactions),
            captures=tuple(self.captures),
            references=tuple(self.details),
            people=tuple(self.people.values()),
            by_hand=tuple(self.by_hand),
            words=tuple(self.words),
            invited=tuple(self.invited),
            passed=tuple(self.passed),
        )

    def derive(self, when: str) -> FollowingUp:
        """What had been owed and proposed by a moment."""
        return derive_follow_ups(self.facts(), self.beside(), as_of=at(when))

    def owed(self, kind: str, when: str, who: str | None = None) -> list[FollowUp]:
        """The follow-ups of a type by a moment, about somebody where that is asked."""
        made = (each for each in self.derive(when).follow_ups if each.type == kind)
        return [each for each in made if who is None or each.about.person_id == named(who)]

    def only(self, kind: str, when: str, who: str | None = None) -> FollowUp:
        """The one follow-up of a type by a moment."""
        (follow_up,) = self.owed(kind, when, who)
        return follow_up

    def proposed(self, kind: str, when: str) -> list[Invitation]:
        """The invitations of a type by a moment."""
        return [each for each in self.derive(when).invitations if each.type == kind]


def local(follow_up: FollowUp) -> tuple[str, str]:
    """When it becomes due and overdue, in Berlin: ("10 Mar 09:00", "10 Mar 17:00")."""
    due, over = (each.astimezone(BERLIN) for each in (follow_up.due_at, follow_up.overdue_at))
    return f"{due.day} {due:%b %H:%M}", f"{over.day} {over:%b %H:%M}"


__all__ = ["R1", "R2", "Office", "local"]
