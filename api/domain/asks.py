"""The asks of one advocacy as time goes by: which stand as granted, and which were chased and await an answer."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from api.domain.facts import Act, AskAnswer
from api.domain.vocabulary import AskState


@dataclass(slots=True)
class _Course:
    day: date
    is_to_power: bool
    state: AskState = AskState.OPEN
    chased_on: list[date] = field(default_factory=list)


class Asks:
    """The asks made so far, with their answers and the days on which they were chased."""

    def __init__(self) -> None:
        self._courses: dict[UUID, _Course] = {}
        self._answers: dict[UUID, AskState] = {}
        self._granted: set[UUID] = set()
        self._chased: dict[UUID, _Course] = {}
        self.is_power_asked = False
        self.is_granted_by_power = False

    @property
    def is_any_granted(self) -> bool:
        """Whether an ask of any kind stands as granted."""
        return bool(self._granted)

    def state_of(self, ask_id: UUID) -> AskState | None:
        """How an ask stands; null for one that was not made."""
        course = self._courses.get(ask_id)
        return course.state if course else None

    def make(self, ask_id: UUID, day: date, *, is_to_power: bool) -> None:
        """Begin an ask; `is_to_power`: for more than to consider, and to somebody who decides or influences."""
        self._courses[ask_id] = _Course(day, is_to_power)
        self.is_power_asked |= is_to_power
        self._settle(ask_id)

    def chase(self, act: Act, day: date) -> None:
        """Note the chase of an ask by an act; it counts on a later day than that of the ask, once a day."""
        course = self._courses.get(act.chases) if act.chases else None
        if act.chases is None or course is None or day <= course.day:
            return
        if course.chased_on[-1:] != [day]:
            course.chased_on.append(day)
        if course.state is AskState.OPEN:
            self._chased[act.chases] = course

    def answer(self, answer: AskAnswer) -> None:
        """Let an answer stand from now on, or from when its ask is made."""
        self._answers[answer.ask_id] = answer.answer
        self._settle(answer.ask_id)

    def _settle(self, ask_id: UUID) -> None:
        course, state = self._courses.get(ask_id), self._answers.get(ask_id)
        if course is None or state is None:
            return
        course.state = state
        self._chased.pop(ask_id, None)
        if state is AskState.GRANTED:
            self._granted.add(ask_id)
        else:
            self._granted.discard(ask_id)
        self.is_granted_by_power = any(self._courses[each].is_to_power for each in self._granted)

    def awaits_answer(self, day: date, *, needed: int, longest: int, after: int = 0) -> bool:
        """Whether on `day` an open ask awaits its answer: chased on `needed` days, the last of these lately.

        That day of the chase was at least `after` and at most `longest` days ago; later chases do not count.
        """
        for course in self._chased.values():
            if len(course.chased_on) >= needed and after <= (day - course.chased_on[needed - 1]).days <= longest:
                return True
        return False
