"""What makes a follow-up or an invitation, whose it is, when it is due and what closes it: the row of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Trigger(StrEnum):
    """What can make the hiring side owe something."""

    REFERRAL_SUBMITTED = "referral_submitted"
    CAPTURE_NEEDS_DETAILS = "capture_needs_details"
    ASK_OPEN = "ask_open"
    MOVED_ON = "moved_on"
    OUTCOME = "outcome"
    SUPPORTER_QUIET = "supporter_quiet"
    AT_RISK = "at_risk"
    ACT_UNCONFIRMED = "act_unconfirmed"
    LEAVING_PLANNED = "leaving_planned"
    NEW_DECIDER = "new_decider"
    WAITING = "waiting"
    EXPOSED = "exposed"
    OFFER_WITHOUT_REFERENCE = "offer_without_reference"
    REFERENCE_GIVEN = "reference_given"
    BY_HAND = "by_hand"


class Closing(StrEnum):
    """What the service notices and takes as the thing owed."""

    REFERRAL_SETTLED = "referral_settled"
    CAPTURE_SETTLED = "capture_settled"
    ANSWER = "answer"
    INTERACTION = "interaction"
    HIRING_SIDE_ACT = "hiring_side_act"
    CONFIRMATION = "confirmation"
    SECOND_ADVOCATE = "second_advocate"
    ACT_TO_NEW_DECIDER = "act_to_new_decider"
    MOVE = "move"
    REFERENCE_REQUESTED = "reference_requested"


class Owner(StrEnum):
    """Whose a follow-up is: a role on the job.

    `addressee`: whom an ask was addressed to if they decide, else the decider. `audience`: the first of an act's
    audience who decides, else who influences.
    """

    RECRUITER = "recruiter"
    DECIDER = "decider"
    ADDRESSEE = "addressee"
    AUDIENCE = "audience"


class InvitationTrigger(StrEnum):
    """What lets the service propose something to a volunteer or a listener; `follow_up`: one of a type was made."""

    AGREED = "agreed"
    FOLLOW_UP = "follow_up"
    ACT_UNCONFIRMED = "act_unconfirmed"
    REFERRAL_WITH_CONTEXT = "referral_with_context"
    PRAISE = "praise"


class Taking(StrEnum):
    """What shows that an invitation was taken."""

    HIRING_SIDE_ACT = "hiring_side_act"
    CONFIRMATION = "confirmation"
    SECOND_ADVOCATE = "second_advocate"
    ADVOCACY = "advocacy"


class ThingKind(StrEnum):
    """What kind of thing ended a follow-up or took an invitation; its id is that of such a thing."""

    ACT = "act"
    ACT_STATEMENT = "act_statement"
    ASK_ANSWER = "ask_answer"
    ADVOCACY = "advocacy"
    CAPTURE = "capture"
    FOLLOW_UP_CHANGE = "follow_up_change"
    INTERACTION = "interaction"
    REFERENCE = "reference"
    REFERRAL = "referral"
    STAGE_CHANGE = "stage_change"


CLOSED_BY_KIND: Mapping[Closing, ThingKind] = {
    Closing.REFERRAL_SETTLED: ThingKind.REFERRAL,
    Closing.CAPTURE_SETTLED: ThingKind.CAPTURE,
    Closing.ANSWER: ThingKind.ASK_ANSWER,
    Closing.INTERACTION: ThingKind.INTERACTION,
    Closing.HIRING_SIDE_ACT: ThingKind.ACT,
    Closing.CONFIRMATION: ThingKind.ACT_STATEMENT,
    Closing.SECOND_ADVOCATE: ThingKind.ADVOCACY,
    Closing.ACT_TO_NEW_DECIDER: ThingKind.ACT,
    Closing.MOVE: ThingKind.STAGE_CHANGE,
    Closing.REFERENCE_REQUESTED: ThingKind.REFERENCE,
}
"""The kind of thing that each closing finds."""

TAKEN_BY_KIND: Mapping[Taking, ThingKind] = {
    Taking.HIRING_SIDE_ACT: ThingKind.ACT,
    Taking.CONFIRMATION: ThingKind.ACT_STATEMENT,
    Taking.SECOND_ADVOCATE: ThingKind.ADVOCACY,
    Taking.ADVOCACY: ThingKind.ADVOCACY,
}
"""The kind of thing that shows that an invitation was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpType:
    """One type of follow-up. Its place in the table is its order among several that are as pressing.

    `due` is in working days after the day of the trigger, 0 being today; with `counts_back` before the last working day
    on which somebody is present. `escalate_after`, in working days too, passes it on to `escalate_to`, due that day.
    `outlives_outcome`: an outcome does not cancel it. `reaches_person`: doing it means contacting whom it is about.
    """

    type: str
    owner: Owner
    triggers: tuple[Trigger, ...]
    due: int
    closed_by: tuple[Closing, ...]
    counts_back: bool = False
    escalate_after: int | None = None
    escalate_to: Owner = Owner.RECRUITER
    outlives_outcome: bool = False
    reaches_person: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationType:
    """One type of invitation.

    `with_follow_ups` names the types of follow-up that bring it along. `until_absence`: it expires when the absence of
    its follow-up begins. `replaces` names a type of which an open invitation makes room, whatever the gap.
    """

    type: str
    triggers: tuple[InvitationTrigger, ...]
    taken_by: Taking
    with_follow_ups: tuple[str, ...] = ()
    until_absence: bool = False
    replaces: str | None = None
