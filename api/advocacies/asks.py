"""Answering what an act asked for."""

from datetime import datetime
from uuid import UUID

from api.advocacies import act_events
from api.advocacies.act_bodies import AskAnswerCreate
from api.advocacies.act_words import ActRetracted, Setting
from api.advocacies.testimony import Testimony
from api.domain.errors import Conflict, Unprocessable
from api.domain.vocabulary import AskState
from api.models import Application, AskAnswer, Person
from api.platform import ids
from api.platform.moments import occurred
from api.platform.references import require_present
from api.platform.sessions import WriteSession
from api.support.service import announce


class ActHasNoAsk(Conflict):
    """The act asked for nothing, so there is nothing to answer."""

    code = "act_has_no_ask"
    title = "The act has no ask"


class ActorCannotAnswer(Conflict):
    """Nobody answers their own ask: `recorded_by` is the act's actor."""

    code = "actor_cannot_answer"
    title = "The actor cannot answer their own ask"


class AnswerBeforeAsk(Unprocessable):
    """The answer is dated before the act that asked."""

    code = "answer_before_ask"
    title = "The answer is older than the ask"


async def answer_ask(
    session: WriteSession, application: Application, setting: Setting, data: AskAnswerCreate, *, now: datetime
) -> None:
    """Record an answer to the act's ask and announce what it moves.

    Nothing is written where that answer stands at its moment already. Raises ActHasNoAsk, ActRetracted,
    ActorCannotAnswer, AnswerBeforeAsk, InTheFuture, UnknownReference.
    """
    recorder = await require_present(session, Person, data.recorded_by, "#/recorded_by")
    occurred_at = occurred(data.occurred_at, now, "#/occurred_at")
    testimony = setting.testimony
    ask_id = _ask_to_answer(testimony, recorder.id, occurred_at)
    standing = testimony.answer_at(occurred_at)
    if standing is not None and standing.answer == data.answer.value:
        return
    row = AskAnswer(
        ask_id=ask_id,
        answer=AskState(data.answer),
        occurred_at=occurred_at,
        recorded_at=now,
        recorded_by=recorder.id,
    )
    session.add(row)
    await session.flush()
    words = {
        "ask_id": ids.encode("ask", ask_id),
        "answer": row.answer.value,
        "recorded_by": ids.encode("person", recorder.id),
    }
    act_events.said(session, setting.row, "ask.answered", words, occurred_at=occurred_at, now=now)
    await announce(session, application, now=now)


def _ask_to_answer(testimony: Testimony, recorded_by: UUID, occurred_at: datetime) -> UUID:
    if testimony.act.ask is None:
        raise ActHasNoAsk("This act asked for nothing.")
    if recorded_by == testimony.actor_id:
        raise ActorCannotAnswer("Somebody other than the actor records the answer.")
    if testimony.is_retracted:
        raise ActRetracted("The act was retracted, and its ask with it.")
    if occurred_at < testimony.act.occurred_at:
        raise AnswerBeforeAsk("The answer cannot come before the act that asked.", pointer="#/occurred_at")
    return testimony.act.ask.id
