"""What was said about one act afterwards: confirmations, denials, disputes, a retraction, and answers to its ask."""

from datetime import datetime
from uuid import UUID

from api.domain import facts as f
from api.domain.vocabulary import ActWord

VERDICTS = frozenset({ActWord.CONFIRMED, ActWord.DENIED})
_DISPUTES = frozenset({ActWord.DISPUTED, ActWord.DISPUTE_WITHDRAWN})


class Testimony:
    """What an advocacy's facts say about one of its acts. Of several words of a person the latest stands."""

    def __init__(self, advocacy: f.AdvocacyFacts, act_id: UUID) -> None:
        self.act = next(each for each in advocacy.acts if each.id == act_id)
        self.actor_id = advocacy.person_id
        self._said = sorted(
            (each for each in advocacy.act_statements if each.act_id == act_id),
            key=lambda each: (each.recorded_at, each.id),
        )
        ask_id = self.act.ask.id if self.act.ask else None
        self._answers = sorted(
            (each for each in advocacy.answers if each.ask_id == ask_id),
            key=lambda each: (each.occurred_at, each.recorded_at, each.id),
        )

    @property
    def is_retracted(self) -> bool:
        """Whether the act was taken back, for good."""
        return any(each.word is ActWord.RETRACTED for each in self._said)

    @property
    def is_disputed(self) -> bool:
        """Whether the actor says that it was not them."""
        return self._latest(self.actor_id, _DISPUTES) is ActWord.DISPUTED

    def verdict_of(self, person_id: UUID) -> ActWord | None:
        """Whether the person confirmed or denied it, by their latest word; null where they said neither."""
        return self._latest(person_id, VERDICTS)

    def _latest(self, person_id: UUID, words: frozenset[ActWord]) -> ActWord | None:
        return next(
            (each.word for each in reversed(self._said) if each.person_id == person_id and each.word in words), None
        )

    def people_saying(self, word: ActWord) -> list[UUID]:
        """The people whose latest word on whether it happened is this one, in a fixed order."""
        people = {each.person_id for each in self._said if each.word in VERDICTS}
        return sorted(person for person in people if self.verdict_of(person) is word)

    @property
    def answer(self) -> f.AskAnswer | None:
        """The answer to the act's ask that stands; null while it is open."""
        return self._answers[-1] if self._answers else None

    def answer_at(self, moment: datetime) -> f.AskAnswer | None:
        """The answer that stood at an earlier moment."""
        return next((each for each in reversed(self._answers) if each.occurred_at <= moment), None)
