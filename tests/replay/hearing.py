"""What one act is worth: who heard it, whether it counts and qualifies, and on what evidence."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.domain.facts import Act, AdvocacyFacts, Listener, ReasonUse
from api.domain.vocabulary import ActWord, Affiliation, Basis, Confidence, Power
from tests.replay.book import Book

HEAVY = (Power.DECIDES, Power.INFLUENCES)
SPECIFIC = (Basis.OBSERVED_DIRECTLY, Basis.HEARD_FROM)


@dataclass(frozen=True)
class Heard:
    """A listener, the person it stands for (if known) and their power for this act."""

    listener: Listener
    person_id: UUID | None
    power: Power | None


class Hearing:
    """One act read under a book."""

    def __init__(self, book: Book, advocacy: AdvocacyFacts, act: Act) -> None:
        self.book = book
        self.advocacy = advocacy
        self.act = act
        self.actor = advocacy.person_id
        self.day = book.day(act.occurred_at)
        self.words = sorted(
            (s for s in advocacy.act_statements if s.act_id == act.id), key=lambda s: (s.recorded_at, s.id)
        )
        self.audience = [heard for heard in self._addressed() if self._last_word(heard.person_id) is not ActWord.DENIED]
        self.counts = self._counts()
        self.specific_uses = specific_uses(book, self.actor, self.day, act.uses)
        self.qualifies = self._qualifies()
        self.reaches_member = any(heard.power is not None for heard in self.audience)
        self.rung = self._rung()

    def _addressed(self) -> list[Heard]:
        heard = [self._heard(listener) for listener in self.act.listeners]
        return [one for one in heard if one.person_id != self.actor]

    def _heard(self, listener: Listener) -> Heard:
        if listener.person_id is None:
            return Heard(listener, hiring_manager(self.book, self.day, self.act), Power.DECIDES)
        return Heard(listener, listener.person_id, self._power(listener.person_id))

    def _power(self, person: UUID) -> Power | None:
        """Power on the day of the act, without what the recorder of the act gave no earlier than they recorded it."""
        records = [
            record
            for record in self.book.members
            if record.person_id == person
            and (
                record.power is None
                or record.recorded_at < self.act.recorded_at
                or (record.recorded_by is None and record.recorded_at == self.act.recorded_at)
                or record.recorded_by not in (None, self.act.recorded_by)
            )
        ]
        holding = self.book.holding(records, self.day)
        return None if holding is None else holding.power

    def _last_word(self, person: UUID | None) -> ActWord | None:
        words = [s.word for s in self.words if s.person_id == person and s.word in (ActWord.CONFIRMED, ActWord.DENIED)]
        return words[-1] if words else None

    def _counts(self) -> bool:
        if any(s.word is ActWord.RETRACTED for s in self.words) or self.actor == self.book.candidate_person_id:
            return False
        own = [s.word for s in self.words if s.person_id == self.actor]
        disputes = [word for word in own if word in (ActWord.DISPUTED, ActWord.DISPUTE_WITHDRAWN)]
        if disputes and disputes[-1] is ActWord.DISPUTED:
            return False
        affiliation = self.book.holding(self.advocacy.affiliations, self.day)
        return affiliation is None or affiliation.affiliation is not Affiliation.AGENCY

    def _qualifies(self) -> bool:
        reaches = any(heard.power in HEAVY for heard in self.audience)
        if not (self.counts and reaches and self.specific_uses):
            return False
        if self.book.membership(self.actor, self.day) is None:
            return True
        return any(use.basis is Basis.OBSERVED_DIRECTLY for use in self.specific_uses)

    def asks_somebody_heavy(self) -> bool:
        """Whether the ask is addressed to somebody of the audience who decides or influences."""
        ask = self.act.ask
        if ask is None:
            return False
        return any(heard.listener == ask.addressee and heard.power in HEAVY for heard in self.audience)

    def _rung(self) -> Confidence:
        people = {heard.person_id for heard in self.audience}
        if self.act.recorded_by in people or any(self._last_word(p) is ActWord.CONFIRMED for p in people):
            return Confidence.CONFIRMED
        if self.act.has_evidence:
            return Confidence.DOCUMENTED
        return Confidence.SELF_REPORTED if self.act.recorded_by == self.actor else Confidence.CLAIMED


def specific_uses(book: Book, person: UUID, day: date, uses: tuple[ReasonUse, ...]) -> list[ReasonUse]:
    """The uses that are specific; a member saw work in this process unless they say that it was before."""
    is_member = book.membership(person, day) is not None
    return [
        use
        for use in uses
        if use.basis in SPECIFIC and not (use.basis is Basis.OBSERVED_DIRECTLY and is_member and not use.before_process)
    ]


def hiring_manager(book: Book, day: date, act: Act) -> UUID | None:
    """Whom the role stands for on a day: the one marked then, or else the first one marked later.

    What the recorder of the act, or nobody known, recorded no earlier than the act is left out, but for ends.
    """
    members = [
        record
        for record in book.members
        if record.power is None
        or record.recorded_at < act.recorded_at
        or (record.recorded_by is None and record.recorded_at == act.recorded_at)
        or record.recorded_by not in (None, act.recorded_by)
    ]
    people = {record.person_id for record in members}
    of_each = [book.holding([r for r in members if r.person_id == person], day) for person in people]
    marked = [record for record in of_each if record is not None and record.is_hiring_manager]
    if marked:
        return max(marked, key=lambda r: (r.effective_on, r.recorded_at, r.id)).person_id
    later = [r for r in members if r.is_hiring_manager and r.power is not None and r.effective_on > day]
    if later:
        return min(later, key=lambda r: (r.effective_on, r.recorded_at, r.id)).person_id
    return None
