"""The acts and words of one advocate in a story."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from api.domain.facts import (
    Act,
    ActStatement,
    AdvocacyFacts,
    AdvocacyStatement,
    AffiliationRecord,
    Ask,
    AskAnswer,
    AvailabilityRecord,
    ReasonUse,
)
from api.domain.vocabulary import ActWord, AdvocacyWord, Affiliation, AskKind, AskState, Availability
from tests.domain.story_words import at, day, listener, named


@dataclass
class Advocate:
    """One person's advocacy in a story."""

    name: str
    facts: AdvocacyFacts
    ids: Iterator[int]

    def _id(self, what: str) -> UUID:
        return named(f"{what} {self.name} {next(self.ids)}")

    def _add(self, member: str, item: object) -> None:
        self.facts = replace(self.facts, **{member: (*getattr(self.facts, member), item)})

    def act(
        self,
        when: str,
        to: str | tuple[str, ...] = "Hanna",
        *reasons: ReasonUse,
        ask: AskKind | None = None,
        by: str | None = None,
        recorded: str | None = None,
        link: bool = False,
        chases: Act | None = None,
    ) -> Act:
        """The advocate does something; an ask is addressed to the first listener."""
        names = (to,) if isinstance(to, str) else to
        act = Act(
            id=self._id("act"),
            occurred_at=at(when),
            recorded_at=at(recorded or when),
            recorded_by=named(by or self.name),
            listeners=tuple(map(listener, names)),
            uses=reasons,
            ask=Ask(id=self._id("ask"), kind=ask, addressee=listener(names[0])) if ask else None,
            chases=chases.ask.id if chases and chases.ask else None,
            has_evidence=link,
        )
        self._add("acts", act)
        return act

    def about(self, act: Act, word: ActWord, who: str, recorded: str) -> None:
        """Somebody says something about an act."""
        statement = ActStatement(
            id=self._id("statement"), act_id=act.id, word=word, person_id=named(who), recorded_at=at(recorded)
        )
        self._add("act_statements", statement)

    def answer(self, act: Act, answer: AskState, when: str) -> None:
        """The ask of an act is answered."""
        assert act.ask is not None
        moment = at(when)
        self._add(
            "answers",
            AskAnswer(id=self._id("answer"), occurred_at=moment, recorded_at=moment, ask_id=act.ask.id, answer=answer),
        )

    def say(self, word: AdvocacyWord, when: str) -> None:
        """The advocate is proposed or asked, or says something about taking part."""
        moment = at(when)
        self._add(
            "statements",
            AdvocacyStatement(id=self._id("word"), occurred_at=moment, recorded_at=moment, word=word),
        )

    def be(self, state: Availability, since: str, until: str | None = None, recorded: str | None = None) -> None:
        """The advocate's availability from a day on."""
        record = AvailabilityRecord(
            id=self._id("availability"),
            effective_on=day(since),
            recorded_at=at(recorded or f"{since} 00:00"),
            state=state,
            until=day(until) if until else None,
        )
        self._add("availability", record)

    def belong(self, affiliation: Affiliation, since: str = "1 January") -> None:
        """The advocate's tie to the company from a day on."""
        record = AffiliationRecord(
            id=self._id("affiliation"),
            effective_on=day(since),
            recorded_at=at(f"{since} 00:00"),
            affiliation=affiliation,
        )
        self._add("affiliations", record)

    def until(self, moment: datetime) -> "Advocate":
        """The same as far as it was recorded by a moment."""
        facts = self.facts
        kept = {
            member: tuple(each for each in getattr(facts, member) if each.recorded_at <= moment)
            for member in ("statements", "acts", "act_statements", "answers", "availability", "affiliations")
        }
        return Advocate(self.name, replace(facts, **kept), self.ids)
