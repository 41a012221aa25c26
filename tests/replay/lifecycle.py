"""The lifecycle of one advocacy, told fact by fact."""

from datetime import date, datetime, timedelta

from api.domain.facts import Act, AdvocacyStatement, Fact, StageFact
from api.domain.vocabulary import AdvocacyState, AdvocacyWord, StageVerb
from tests.replay.book import Book

State = AdvocacyState
ALLOWED: dict[AdvocacyWord, tuple[AdvocacyState | None, ...]] = {
    AdvocacyWord.PROPOSED: (None,),
    AdvocacyWord.ASKED: (None, State.PROPOSED, State.NO_ANSWER),
    AdvocacyWord.AGREED: (
        None,
        State.PROPOSED,
        State.ASKED,
        State.NO_ANSWER,
        State.DECLINED,
        State.WITHDRAWN,
    ),
    AdvocacyWord.DECLINED: (None, State.PROPOSED, State.ASKED, State.NO_ANSWER, State.AGREED),
    AdvocacyWord.WITHDRAWN: (State.PROPOSED, State.ASKED, State.NO_ANSWER, State.AGREED, State.ACTIVE),
}


class Lifecycle:
    """The state so far. Null is the state before anything was said or done."""

    def __init__(self, book: Book, qualifying: set[Act], hiring_side: set[Act], first_act: Act | None) -> None:
        self._book = book
        self._qualifying = qualifying
        self._hiring_side = hiring_side
        self._first_act = first_act
        self._state: AdvocacyState | None = None
        self._asked_on: date | None = None
        self._has_withdrawn = False
        self.is_closed = False

    @property
    def state(self) -> AdvocacyState:
        """The state beneath an outcome, if one stands."""
        return self._state or State.PROPOSED

    def pass_time(self, moment: datetime) -> None:
        """A day begins: a question may have waited too long for its answer."""
        if self._state is not State.ASKED or self._asked_on is None or self.is_closed:
            return
        limit = timedelta(days=self._book.policy(moment).advocacy_no_answer_days)
        if self._book.day(moment) > self._asked_on + limit:
            self._state = State.NO_ANSWER

    def apply(self, fact: Fact) -> None:
        """One more fact: a verb of the application, a statement or a counting act."""
        if isinstance(fact, StageFact):
            self._apply_stage(fact)
        elif isinstance(fact, AdvocacyStatement):
            self._apply_statement(fact)
        elif isinstance(fact, Act):
            self._apply_act(fact)

    def _apply_stage(self, fact: StageFact) -> None:
        if fact.verb is StageVerb.CLOSE:
            self.is_closed = True
        elif fact.verb is StageVerb.REOPEN and self.is_closed:
            self.is_closed = False
            self._asked_on = self._book.day(fact.occurred_at)

    def _apply_statement(self, statement: AdvocacyStatement) -> None:
        if self.is_closed or self._state not in ALLOWED[statement.word]:
            return
        self._state = State(statement.word.value)
        if statement.word is AdvocacyWord.ASKED:
            self._asked_on = self._book.day(statement.occurred_at)
        if statement.word is AdvocacyWord.WITHDRAWN:
            self._has_withdrawn = True

    def _apply_act(self, act: Act) -> None:
        returns = self._has_withdrawn and self._state in (State.WITHDRAWN, State.AGREED)
        if act in self._qualifying or (returns and act in self._hiring_side):
            self._state = State.ACTIVE
        elif act == self._first_act and self._state is not State.ACTIVE:
            self._state = State.AGREED
