"""The page behind a link: one question in plain words, at most three fields, and what is said when it is answered."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from markupsafe import Markup
from starlette.responses import HTMLResponse

from api.action_links import markup, telling
from api.action_links.markup import Field
from api.action_links.occasions import Occasion
from api.domain.vocabulary import ActionLinkAnswer, ActionLinkPurpose
from api.platform.sessions import WorkspaceSession

LONGEST_CLAIM = 2_000
LONGEST_NAME = 200
LONGEST_ADDRESS = 254
ASK_TOO = "asked"
"""The answer of an advocate who also asked for an interview."""


async def question(
    session: WorkspaceSession,
    occasion: Occasion,
    *,
    uses: int,
    entered: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page that asks; with `faults` it asks again, keeping what was entered."""
    faults = faults or {}
    title, told, fields, answers = await _PARTS[occasion.purpose](session, occasion, entered or {}, faults)
    content = [
        markup.sender(f"{await telling.company(session)}, for {occasion.person.name}"),
        markup.heading(title),
        *told,
        *(
            [markup.alert(faults.get("answer", "Nothing was recorded yet: please check what is marked."))]
            if faults
            else []
        ),
        markup.form(fields, answers, uses=uses),
        markup.paragraph(
            f"This page is for {occasion.person.name} alone. If that is not you, please close it.", quiet=True
        ),
    ]
    return markup.page(f"Please check: {title}" if faults else title, content, status=422 if faults else 200)


Parts = tuple[str, Sequence[Markup], Sequence[Markup], Mapping[str, str]]
"""Of a page: its title, what it tells, its fields, and the answers with what their buttons say."""


async def _record_act(
    session: WorkspaceSession, occasion: Occasion, entered: Mapping[str, str], faults: Mapping[str, str]
) -> Parts:
    candidate = occasion.application.candidate_name
    choices = await telling.act_choices(session, occasion)
    to = Field(name="to", label="Who heard it?", entered=entered.get("to", ""), fault=faults.get("to", ""))
    about = Field(
        name="about",
        label="About what, and how do you know?",
        entered=entered.get("about", ""),
        fault=faults.get("about", ""),
    )
    said = Field(
        name="said",
        label="What did you say?",
        hint=f"A line or two. Facts help most; {candidate} may read this.",
        entered=entered.get("said", ""),
        fault=faults.get("said", ""),
    )
    fields = [markup.select(to, choices.audience)]
    fields += [markup.select(about, choices.subjects)] if len(choices.subjects) > 1 else []
    fields.append(markup.text_area(said, longest=LONGEST_CLAIM))
    told = [markup.paragraph(f"For the job {occasion.application.job_title}. Tell us on the day you spoke up.")]
    answers = {
        ActionLinkAnswer.RECORDED.value: "I spoke up",
        ASK_TOO: "I spoke up, and asked for an interview",
    }
    return f"Did you speak up for {candidate}?", told, fields, answers


async def _agree(
    _session: WorkspaceSession, occasion: Occasion, _entered: Mapping[str, str], _faults: Mapping[str, str]
) -> Parts:
    candidate, job = occasion.application.candidate_name, occasion.application.job_title
    told = [
        markup.paragraph(
            f"{candidate} is considered for the job {job}. To speak up means to tell those who decide, in your own "
            "words, what you know of their work."
        ),
        markup.paragraph(
            "It is up to you. Saying no has no consequence, nobody is scored, and you can stop at any time."
        ),
    ]
    answers = {ActionLinkAnswer.AGREED.value: "Yes, I am willing", ActionLinkAnswer.DECLINED.value: "No, thank you"}
    return f"Would you speak up for {candidate}?", told, [], answers


async def _hand_over(
    _session: WorkspaceSession, occasion: Occasion, entered: Mapping[str, str], faults: Mapping[str, str]
) -> Parts:
    candidate, job = occasion.application.candidate_name, occasion.application.job_title
    email = Field(
        name="email",
        label="Their e-mail address",
        entered=entered.get("email", ""),
        fault=faults.get("email", ""),
    )
    name = Field(name="name", label="Their name (optional)", entered=entered.get("name", ""))
    fields = [
        markup.text_input(email, kind="email", autocomplete="off", longest=LONGEST_ADDRESS),
        markup.text_input(name, kind="text", autocomplete="off", longest=LONGEST_NAME),
    ]
    told = [
        markup.paragraph(
            f"You have spoken up for {candidate}, for the job {job}. Is there a colleague who knows their work, too?"
        ),
        markup.paragraph("They are not asked by this. Naming nobody has no consequence."),
    ]
    answers = {ActionLinkAnswer.SUGGESTED.value: "Suggest them", ActionLinkAnswer.NOBODY.value: "Nobody comes to mind"}
    return f"Who else could speak up for {candidate}?", told, fields, answers


async def _confirm_act(
    session: WorkspaceSession, occasion: Occasion, _entered: Mapping[str, str], _faults: Mapping[str, str]
) -> Parts:
    told = await telling.act_told(session, occasion)
    shown = [markup.paragraph(told.sentence), markup.quotes(told.reasons), *_asked(told)]
    answers = {
        ActionLinkAnswer.CONFIRMED.value: "Yes, it happened",
        ActionLinkAnswer.DENIED.value: "No, it did not happen",
    }
    return "Did this happen?", shown, [], answers


async def _answer_ask(
    session: WorkspaceSession, occasion: Occasion, _entered: Mapping[str, str], _faults: Mapping[str, str]
) -> Parts:
    told = await telling.act_told(session, occasion)
    actor = await telling.actor_name(session, occasion)
    shown = [markup.paragraph(told.sentence), markup.quotes(told.reasons)]
    answers = {
        ActionLinkAnswer.GRANTED.value: "Yes",
        ActionLinkAnswer.DEFERRED.value: "Not now",
        ActionLinkAnswer.REFUSED.value: "No",
    }
    return f"{actor} asks {'you ' if told.was_to_me else ''}{told.asked}", shown, [], answers


async def _not_me(
    session: WorkspaceSession, occasion: Occasion, _entered: Mapping[str, str], _faults: Mapping[str, str]
) -> Parts:
    told = await telling.act_told(session, occasion)
    shown = [
        markup.paragraph(f"This was recorded by {told.recorded_by}:"),
        markup.quotes([told.sentence, *told.reasons]),
        *_asked(told),
        markup.paragraph("If it was you, there is nothing to do. If it was not, say so, and it will not count."),
    ]
    return "Was this you?", shown, [], {ActionLinkAnswer.DISPUTED.value: "This was not me"}


def _asked(told: telling.ActTold) -> list[Markup]:
    return [markup.paragraph(f"Asked for: {told.asked}.")] if told.asked else []


_PARTS = {
    ActionLinkPurpose.RECORD_ACT: _record_act,
    ActionLinkPurpose.AGREE: _agree,
    ActionLinkPurpose.HAND_OVER: _hand_over,
    ActionLinkPurpose.CONFIRM_ACT: _confirm_act,
    ActionLinkPurpose.ANSWER_ASK: _answer_ask,
    ActionLinkPurpose.NOT_ME: _not_me,
}

_THANKS: Mapping[ActionLinkAnswer, str] = {
    ActionLinkAnswer.RECORDED: "It is recorded. When you speak up again, open the same link once more.",
    ActionLinkAnswer.CONFIRMED: "We have noted that it happened.",
    ActionLinkAnswer.DENIED: "We have noted that it did not happen.",
    ActionLinkAnswer.GRANTED: "We have noted your yes.",
    ActionLinkAnswer.DEFERRED: "We have noted that it has to wait.",
    ActionLinkAnswer.REFUSED: "We have noted your no.",
    ActionLinkAnswer.AGREED: "We have noted that you are willing. Whoever asked you will be in touch.",
    ActionLinkAnswer.DECLINED: "That is fine. Nothing more is needed from you.",
    ActionLinkAnswer.SUGGESTED: "We will pass your suggestion on. They will be asked before anything else.",
    ActionLinkAnswer.NOBODY: "That is fine. Nothing more is needed from you.",
    ActionLinkAnswer.DISPUTED: "We have noted that it was not you. It does not count.",
}


def thanks(answer: ActionLinkAnswer, topics: Sequence[str] = ()) -> HTMLResponse:
    """What is said when it is done; `topics` are what the words touched and had better left out."""
    content = [markup.heading("Thank you"), markup.paragraph(_THANKS[answer])]
    if topics:
        named = ", ".join(each.replace("_", " ") for each in topics)
        content.append(markup.paragraph(f"Your words may touch on {named}. Please leave that out: it does not belong."))
    return markup.page("Thank you", content)


def unknown() -> HTMLResponse:
    """What is said of an address that leads nowhere, whatever the cause."""
    return _plain(
        "This link does not work", "It may have been copied only in part, or taken back. Ask whoever sent it.", 404
    )


def ended() -> HTMLResponse:
    """What is said of a link that was used, has expired, or is needed no more."""
    text = "If you have answered already, we have your answer, and there is nothing more to do. Otherwise its time is "
    return _plain("This link is no longer open", f"{text}over; ask whoever sent it.", 410)


def refused(status: int) -> HTMLResponse:
    """What is said where something else keeps the answer from being taken."""
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in (409, 429):
        return _plain("That did not work", "Nothing was recorded. Please open the link again and use its page.", status)
    if status == HTTPStatus.CONFLICT:
        text = "Something has changed meanwhile. Nothing was recorded. Please open the link again."
        return _plain("That is no longer possible", text, status)
    return _plain("Please try again", "Nothing was recorded. Please try again in a minute.", status)


def _plain(title: str, text: str, status: int) -> HTMLResponse:
    return markup.page(title, [markup.heading(title), markup.paragraph(text)], status=status)
