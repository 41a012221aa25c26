"""Follow-ups as we send them."""

from typing import Literal

from pydantic import Field

from api.domain.vocabulary import FollowUpState, FollowUpVerb, Owed
from api.platform.ids import (
    ActId,
    AdvocacyId,
    ApplicationId,
    AskId,
    CaptureId,
    FollowUpChangeId,
    FollowUpId,
    PersonId,
    ReferralId,
)
from api.platform.schemas import Day, Listing, Moment, ResponseModel

AN_ID = "advocacy_0192f3a4b5c67d8e9f00112233445566"


class FollowUpPerson(ResponseModel):
    """A person beside a follow-up."""

    id: PersonId = Field(description="The person.")
    name: str = Field(description="Their name.", examples=["Rita Sands"])


class FollowUpTrigger(ResponseModel):
    """What made the hiring side owe it."""

    kind: str = Field(
        description="Extensible enum: `referral_submitted`, `capture_needs_details`, `ask_open`, `moved_on`, "
        "`outcome`, `supporter_quiet`, `at_risk`, `act_unconfirmed`, `leaving_planned`, `new_decider`, `waiting`, "
        "`exposed`, `offer_without_reference`, `reference_given`, `by_hand`.",
        examples=["at_risk"],
    )
    id: str | None = Field(
        description="The fact, or what came to stand like this: its prefix says what it is. Null for one made by hand.",
        examples=[AN_ID],
    )


class FollowUpClosing(ResponseModel):
    """What closed it."""

    type: str = Field(
        description="What kind of thing. Extensible enum, with `follow_up_change` for what a person did with it.",
        examples=["interaction"],
    )
    id: str = Field(description="Which.", examples=["interaction_0192f3a4b5c67d8e9f00112233445566"])


class FollowUpRow(ResponseModel):
    """A follow-up as lists show it."""

    id: FollowUpId = Field(description="The follow-up.")
    object: Literal["follow_up"] = Field(default="follow_up", description="Always `follow_up`.", examples=["follow_up"])
    type: str = Field(
        description="What is owed: a type of the policy's table, or a word of your own for one made by hand. "
        "Extensible enum.",
        examples=["check_in_advocate"],
    )
    state: FollowUpState = Field(description="Whether it is still owed, and else how it ended.", examples=["open"])
    standing: Owed = Field(
        description="How it stands in time, as last announced: `scheduled`, `due` or `overdue`; `none` once closed.",
        examples=["due"],
    )
    owner: FollowUpPerson | None = Field(description="Who owes it; null where the job has nobody in that role.")
    person: FollowUpPerson | None = Field(description="Whom it is about.")
    application_id: ApplicationId | None = Field(description="The application it belongs to.")
    referral_id: ReferralId | None = Field(description="The referral it is about.")
    capture_id: CaptureId | None = Field(description="The capture it is about.")
    advocacy_id: AdvocacyId | None = Field(description="The advocacy it is about.")
    act_id: ActId | None = Field(description="The act it is about.")
    ask_id: AskId | None = Field(description="The ask it is about.")
    trigger: FollowUpTrigger = Field(description="What made it.")
    triggered_at: Moment = Field(description="When that happened, or began.")
    due_on: Day = Field(description="The day by which it is owed.")
    due_at: Moment = Field(description="When it becomes due: the start of the owner's working hours of that day.")
    overdue_at: Moment = Field(description="When it becomes overdue: their end.")
    escalates_at: Moment | None = Field(description="When it passes to somebody else if it is still open.")
    escalated: bool = Field(description="Whether it did.", examples=[False])
    snoozed_until: Moment | None = Field(description="Until then nothing shows it as due.")
    is_next: bool = Field(
        description="Whether it is the most pressing one of its owner for the application.", examples=[True]
    )
    closed_at: Moment | None = Field(description="When it ended.")
    closed_by: FollowUpClosing | None = Field(
        description="What closed it; null while it is open, and where what had made it was undone."
    )
    title: str | None = Field(description="What one made by hand is about, in words.", examples=["Send the contract."])
    result: str | None = Field(description="The line that whoever closed it left.", examples=["She goes on."])
    created_at: Moment = Field(description="When it was made.")
    updated_at: Moment = Field(description="When it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])


class FollowUpList(Listing[FollowUpRow]):
    """One page of follow-ups."""


class Draft(ResponseModel):
    """A message to begin with; a person reads it, changes it and sends it."""

    to: FollowUpPerson | None = Field(description="Who would get it; null where that is for the owner to say.")
    why_now: str = Field(
        description="Why it comes now.", examples=["Nothing new about Sam Reyes reached us since 2 March 2026."]
    )
    points: list[str] = Field(
        max_length=2,
        description="At most two things to say.",
        examples=[["You spoke up for Sam Reyes for Data engineer.", "Whether you go on is up to you."]],
    )
    request: str = Field(
        description="One request, which can be answered in a line.", examples=["Is there anything you need from us?"]
    )


class FollowUpChange(ResponseModel):
    """What somebody did with a follow-up."""

    id: FollowUpChangeId = Field(description="The change.")
    verb: FollowUpVerb = Field(description="What they did.", examples=["snooze"])
    until: Moment | None = Field(description="Until when it was snoozed.")
    owner_id: PersonId | None = Field(description="To whom it was reassigned.")
    text: str | None = Field(description="The result, or the reason.", examples=["On holiday until then."])
    recorded_by: PersonId | None = Field(description="The person who told us.")
    occurred_at: Moment = Field(description="When.")


class FollowUp(FollowUpRow):
    """Something that the hiring side owes somebody by a day."""

    allowed_transitions: list[str] = Field(
        description="The verbs that are possible now. Extensible enum: `cancel`, `complete`, `reassign`, `skip`, "
        "`snooze`.",
        examples=[["cancel", "complete", "reassign", "skip", "snooze"]],
    )
    draft: Draft | None = Field(
        description="A message to begin with. Null once it is closed, for one made by hand, and always where somebody "
        "concerned does not want to be contacted or was anonymised. It tells no level and no judgement."
    )
    changes: list[FollowUpChange] = Field(description="What people did with it, the latest first: the last fifty.")
