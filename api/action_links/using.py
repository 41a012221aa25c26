"""Doing what a link is for, in the name of the person it is for, by the same services that the API uses."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from api.action_links import telling
from api.action_links.forms import Unclear
from api.action_links.occasions import Occasion
from api.action_links.pages import ASK_TOO, LONGEST_NAME
from api.advocacies import schemas
from api.advocacies.act_bodies import ActCreate, ActReasonCreate, ActStatementCreate, AskAnswerCreate
from api.advocacies.act_bodies import Answer as AskAnswer
from api.advocacies.act_words import say as say_of_act
from api.advocacies.acts import record_act
from api.advocacies.asks import answer_ask
from api.advocacies.creation import AdvocacyExists, CandidateCannotAdvocate, create_advocacy, share_person
from api.advocacies.service import say
from api.advocates.service import find_or_make_advocate
from api.domain.advocacies import ALLOWED_FROM
from api.domain.vocabulary import ActionLinkAnswer, ActionLinkPurpose, ActWord, AdvocacyWord, AskKind, Basis
from api.models import Advocate, Person
from api.people.making import find_or_make_person
from api.people.queries import today
from api.platform.schemas import EmailAddress
from api.platform.sessions import WriteSession

Form = Mapping[str, str]

_SENSITIVE = "sensitive_text:"
_ADDRESS: TypeAdapter[str] = TypeAdapter(EmailAddress)
_WORDS = {ActionLinkAnswer.CONFIRMED: ActWord.CONFIRMED, ActionLinkAnswer.DENIED: ActWord.DENIED}


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, what that made, and what topics its words touched that had better be left out."""

    answer: ActionLinkAnswer
    result_id: UUID | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggested:
    """Somebody who could advocate, made known and locked before the application is."""

    person: Person
    advocate: Advocate


async def find_suggested(session: WriteSession, form: Form, *, now: datetime) -> Suggested | None:
    """Whom the form names by their address, made known if need be; None for nobody. Raises Unclear."""
    if form.get("answer") == ActionLinkAnswer.NOBODY:
        return None
    try:
        email = _ADDRESS.validate_python(form.get("email", ""))
        email.encode()
    except (ValidationError, ValueError):
        raise Unclear({"email": "Enter an e-mail address, such as kim@example.com."}) from None
    name = form.get("name", "")[:LONGEST_NAME].replace("\x00", "") or None
    person, _ = await find_or_make_person(session, name=name, email=email, today=await today(session, now), now=now)
    person = await share_person(session, person.id)
    advocate, _ = await find_or_make_advocate(session, person, now=now)
    return Suggested(person, advocate)


async def use(session: WriteSession, occasion: Occasion, form: Form, suggested: Suggested | None) -> Done:
    """Do what the form says, under the application's lock. Raises Unclear, and what the services raise."""
    if occasion.purpose is ActionLinkPurpose.HAND_OVER:
        return await _hand_over(session, occasion, suggested)
    return await _DEEDS[occasion.purpose](session, occasion, form)


async def _record_act(session: WriteSession, occasion: Occasion, form: Form) -> Done:
    if form.get("answer") not in (ActionLinkAnswer.RECORDED, ASK_TOO):
        raise _unanswered()
    choices = await telling.act_choices(session, occasion)
    to, about, said = form.get("to", ""), form.get("about", ""), form.get("said", "")
    if to not in [each.value for each in choices.audience]:
        raise Unclear({"to": "Choose somebody from the list."})
    if about not in [each.value for each in choices.subjects]:
        raise Unclear({"about": "Choose something from the list."})
    if about and not said:
        raise Unclear({"said": "Say in a line or two what you told them."})
    try:
        reasons = [await _reason(session, about, said)] if about else []
        data = _act(occasion, to, reasons, text=None if about else said or None, asks=form["answer"] == ASK_TOO)
    except ValidationError:
        raise Unclear({"said": "Use plain text, at most 2,000 characters."}) from None
    recorded = await record_act(session, occasion.application, occasion.advocacy.id, data, now=occasion.now)
    topics = tuple(each.removeprefix(_SENSITIVE) for each in recorded.hints if each.startswith(_SENSITIVE))
    return Done(ActionLinkAnswer.RECORDED, recorded.row.id, topics)


def _act(occasion: Occasion, to: str, reasons: list[ActReasonCreate], *, text: str | None, asks: bool) -> ActCreate:
    members = {
        "kind": "asked" if asks else "spoke",
        "audience": [to],
        "ask": {"kind": AskKind.INTERVIEW, "to": to} if asks else None,
        "text": text,
        "recorded_by": occasion.person.id,
    }
    return ActCreate.model_validate({**members, "reasons": reasons})


async def _reason(session: WriteSession, about: str, said: str) -> ActReasonCreate:
    basis, _, requirement_id = about.partition(telling.SEPARATOR)
    return ActReasonCreate(
        requirement=await telling.requirement_text(session, UUID(requirement_id)),
        claim=said,
        basis=Basis(basis),
        before_process=basis == Basis.OBSERVED_DIRECTLY,
    )


async def _agree(session: WriteSession, occasion: Occasion, form: Form) -> Done:
    answer = _answer(form, ActionLinkAnswer.AGREED, ActionLinkAnswer.DECLINED)
    word = AdvocacyWord(answer.value)
    # Whoever had stopped before, or said no, says nothing new by another no.
    if answer is ActionLinkAnswer.AGREED or occasion.advocacy.state in ALLOWED_FROM[word]:
        step = schemas.AdvocacyStep if answer is ActionLinkAnswer.AGREED else schemas.AdvocacyEnd
        data = step(recorded_by=occasion.person.id)
        await say(session, occasion.application, occasion.advocacy, word, data, now=occasion.now)
    return Done(answer)


async def _confirm_act(session: WriteSession, occasion: Occasion, form: Form) -> Done:
    answer = _answer(form, ActionLinkAnswer.CONFIRMED, ActionLinkAnswer.DENIED)
    return await _say_of_act(session, occasion, _WORDS[answer], answer)


async def _not_me(session: WriteSession, occasion: Occasion, form: Form) -> Done:
    return await _say_of_act(session, occasion, ActWord.DISPUTED, _answer(form, ActionLinkAnswer.DISPUTED))


async def _say_of_act(session: WriteSession, occasion: Occasion, word: ActWord, answer: ActionLinkAnswer) -> Done:
    data = ActStatementCreate(recorded_by=occasion.person.id)
    await say_of_act(session, occasion.application, occasion.setting, word, data, now=occasion.now)
    return Done(answer)


async def _answer_ask(session: WriteSession, occasion: Occasion, form: Form) -> Done:
    answer = _answer(form, ActionLinkAnswer.GRANTED, ActionLinkAnswer.REFUSED, ActionLinkAnswer.DEFERRED)
    data = AskAnswerCreate(answer=AskAnswer(answer.value), recorded_by=occasion.person.id)
    await answer_ask(session, occasion.application, occasion.setting, data, now=occasion.now)
    return Done(answer)


async def _hand_over(session: WriteSession, occasion: Occasion, suggested: Suggested | None) -> Done:
    if suggested is None:
        return Done(ActionLinkAnswer.NOBODY)
    if suggested.person.id == occasion.person.id:
        raise _somebody_else(occasion)
    data = schemas.AdvocacyCreate(
        application_id=occasion.application.id,
        advocate_id=suggested.advocate.id,
        word=schemas.FirstWord.PROPOSED,
        recorded_by=occasion.person.id,
    )
    try:
        made = await create_advocacy(session, occasion.application, suggested.person, data, now=occasion.now)
    except CandidateCannotAdvocate:
        raise _somebody_else(occasion) from None
    except AdvocacyExists:
        # Who speaks up already is nobody else's to know.
        return Done(ActionLinkAnswer.SUGGESTED)
    return Done(ActionLinkAnswer.SUGGESTED, made.id)


def _somebody_else(occasion: Occasion) -> Unclear:
    return Unclear({"email": f"Name somebody other than {occasion.application.candidate_name} and yourself."})


def _answer(form: Form, *possible: ActionLinkAnswer) -> ActionLinkAnswer:
    given = form.get("answer")
    answer = next((each for each in possible if each == given), None)
    if answer is None:
        raise _unanswered()
    return answer


def _unanswered() -> Unclear:
    return Unclear({"answer": "Please choose one of the answers."})


_DEEDS: Mapping[ActionLinkPurpose, Callable[[WriteSession, Occasion, Form], Awaitable[Done]]] = {
    ActionLinkPurpose.RECORD_ACT: _record_act,
    ActionLinkPurpose.AGREE: _agree,
    ActionLinkPurpose.CONFIRM_ACT: _confirm_act,
    ActionLinkPurpose.ANSWER_ASK: _answer_ask,
    ActionLinkPurpose.NOT_ME: _not_me,
}
