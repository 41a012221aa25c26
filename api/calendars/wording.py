"""What is owed, in a line that its owner understands without opening anything."""

from collections.abc import Mapping

from api.domain.vocabulary import Owed

_TO_DO: Mapping[str, str] = {
    "acknowledge_referral": "Acknowledge the referral by {person}",
    "complete_capture": "Add what a message about a candidate lacks",
    "answer_ask": "Answer what {person} asked for",
    "update_supporters": "Tell {person} how it goes",
    "check_in_advocate": "Check in with {person}",
    "confirm_act": "Confirm or deny what {person} recorded",
    "hand_over": "Find somebody to take over from {person}",
    "brief_new_decider": "Brief {person}, who decides now",
    "thank_supporters": "Thank {person}",
    "answer_candidate": "Answer the candidate",
    "widen_coverage": "Find a second advocate beside {person}",
    "request_reference": "Ask for a reference",
    "thank_reference": "Thank {person} for the reference",
}


def summary(
    kind: str,
    standing: Owed,
    *,
    title: str | None = None,
    person: str | None = None,
    candidate: str | None = None,
    job: str | None = None,
) -> str:
    """The line for a follow-up of a type: what to do, for whom, and about which application as far as that is known.

    `title` is that of one made by hand; a type that is not known here is told by its own name.
    """
    to_do = title or _TO_DO.get(kind, kind.replace("_", " ").capitalize()).replace("{person}", person or "somebody")
    about = ", ".join(each for each in (candidate, job) if each)
    urgency = "Overdue: " if standing is Owed.OVERDUE else ""
    return urgency + (f"{to_do} ({about})" if about else to_do)
