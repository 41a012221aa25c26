"""What to say when a follow-up is done: the words of each type, as data.

The places in braces are filled with plain facts: the candidate, the job, the person it is about, the day on which it
was triggered and a coarse word for where the application is. No level, no judgement, no reason for an outcome.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.domain.follow_up_types import Trigger
from api.domain.vocabulary import Stage


class Recipient(StrEnum):
    """Who would get a message."""

    PERSON = "person"
    OWNER = "owner"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words for one type: at most two points, and one request that can be answered in a line."""

    to: Recipient = Recipient.PERSON
    why_now: str
    points: tuple[str, ...] = ()
    request: str


COARSE: Mapping[Stage, str] = {
    Stage.IDENTIFIED: "has arrived",
    Stage.PREPARING: "has arrived",
    Stage.APPLIED: "has arrived",
    Stage.SCREENING: "is in review",
    Stage.INTERVIEWING: "is at the interviews",
    Stage.OFFER: "is at the interviews",
}
"""Where an application is, as anybody outside may hear it while it is not closed."""
CLOSED = "is closed"
ARRIVED = "has arrived"

WORDS: Mapping[str, Words] = {
    "acknowledge_referral": Words(
        why_now="Your referral of {candidate} reached us on {day}.",
        points=("Thank you for putting your name to it.", "We will tell you how it goes on."),
        request="Is there anything we should know before we talk to {candidate}?",
    ),
    "complete_capture": Words(
        to=Recipient.OWNER,
        why_now="A message of {day} about somebody who spoke up lacks details.",
        points=("Until it has them it counts for nothing.",),
        request="Who spoke up, to whom, and why?",
    ),
    "answer_ask": Words(
        to=Recipient.OWNER,
        why_now="{person} asked for something for {candidate}{for_job} on {day}, and has no answer yet.",
        points=("A no is an answer, too.",),
        request="Is it a yes, a no, or not yet?",
    ),
    "update_supporters": Words(
        why_now="You have not heard from us about {candidate} for a while.",
        points=("The application{for_job} {status}.",),
        request="Is there anything you would like us to pass on?",
    ),
    "check_in_advocate": Words(
        why_now="Nothing new about {candidate} has reached us for a while.",
        points=("You spoke up for {candidate}{for_job}.", "Whether you go on is up to you."),
        request="Is there anything you need from us?",
    ),
    "confirm_act": Words(
        to=Recipient.OWNER,
        why_now="{person} told us of having spoken to you about {candidate}{for_job}, and the decision is near.",
        request="Did that happen: yes or no?",
    ),
    "hand_over": Words(
        why_now="You will not be here for a while, or no longer.",
        points=("You speak up for {candidate}{for_job}.", "Nothing is expected of you while you are away."),
        request="Who else knows their work and could be asked?",
    ),
    "brief_new_decider": Words(
        why_now="Who decides{for_job} has changed.",
        points=("{candidate} is being considered.", "There are people who know their work and told us about it."),
        request="When do you have ten minutes for it?",
    ),
    "thank_supporters": Words(
        why_now="The application of {candidate}{for_job} ended on {day}.",
        points=("Thank you for the time that you gave to it.",),
        request="May we come to you again another time?",
    ),
    "answer_candidate": Words(
        why_now="You have not heard from us for a while.",
        points=("Your application{for_job} {status}.",),
        request="Is there anything you would like to ask?",
    ),
    "widen_coverage": Words(
        to=Recipient.ANYBODY,
        why_now="We would like to hear about {candidate}{for_job} from more than one person.",
        request="Who else has worked with {candidate}?",
    ),
    "request_reference": Words(
        why_now="The next step{for_job} needs a reference.",
        points=("You choose whom we may ask.",),
        request="Whom may we ask, and how do we reach them?",
    ),
    "thank_reference": Words(
        why_now="You gave a reference for {candidate} on {day}.",
        points=("Thank you for your time.",),
        request="May we come back to you if a question comes up?",
    ),
}
"""The words by type; what is not here has none."""

WHY_NOW: Mapping[tuple[str, Trigger], str] = {
    ("update_supporters", Trigger.MOVED_ON): "We want you to know where the application of {candidate} stands.",
    ("update_supporters", Trigger.OUTCOME): "The application of {candidate} ended on {day}.",
}
"""Where one type has several triggers, why it comes now by that one. Which step was taken is not told outside."""
