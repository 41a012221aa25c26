"""The rows of the tables of follow-ups and invitations on the wire."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.domain.follow_up_checks import LONGEST_DUE, LONGEST_ESCALATION
from api.domain.follow_up_types import Closing, InvitationTrigger, Owner, Taking, Trigger
from api.platform.schemas import Flag, Int32, RequestModel, ResponseModel

MOST_TYPES = 40

TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
DueDays = Annotated[Int32, Field(ge=0, le=LONGEST_DUE)]
EscalationDays = Annotated[Int32, Field(ge=1, le=LONGEST_ESCALATION)]
Triggers = Annotated[list[Trigger], Field(max_length=len(Trigger))]
Closings = Annotated[list[Closing], Field(max_length=len(Closing))]
InvitationTriggers = Annotated[list[InvitationTrigger], Field(max_length=len(InvitationTrigger))]
TypeNames = Annotated[list[TypeName], Field(max_length=MOST_TYPES)]

_TYPE = "Its name; the service knows its own, and any other may be added."
_OWNER = "Whose it is."
_TRIGGERS = "What makes one, each time once."
_DUE = (
    "Working days after the day of the trigger, 0 being today; with `counts_back` before the last working day on which "
    "the person is there."
)
_CLOSED_BY = "What the service takes as the thing owed; it then completes the follow-up."
_COUNTS_BACK = "Whether the due day is counted back from the last working day of somebody who leaves."
_ESCALATE_AFTER = (
    "Working days after the day of the trigger when it passes to `escalate_to`; more than `due`. Null: never."
)
_ESCALATE_TO = "To whom it passes."
_OUTLIVES = "Whether it stays when the application gets an outcome."
_REACHES = "Whether doing it means contacting the person; then there is none where they do not want to be contacted."
_INVITED_BY = "What proposes one; `follow_up`: a follow-up of `with_follow_ups` is made."
_WITH = "The types of follow-up that bring it along."
_TAKEN_BY = "What shows that it was taken."
_UNTIL_ABSENCE = "Whether it expires when the leaving or the absence begins."
_REPLACES = "The type whose open invitation it takes the place of, without waiting for the gap between two."


class FollowUpType(ResponseModel):
    """One type of follow-up. Of several that are as pressing, the first in the table comes first."""

    type: TypeName = Field(description=_TYPE, examples=["answer_ask"])
    owner: Owner = Field(description=_OWNER, examples=["addressee"])
    triggers: Triggers = Field(description=_TRIGGERS, examples=[["ask_open"]])
    due: DueDays = Field(description=_DUE, examples=[3])
    closed_by: Closings = Field(description=_CLOSED_BY, examples=[["answer"]])
    counts_back: Flag = Field(description=_COUNTS_BACK, examples=[False])
    escalate_after: EscalationDays | None = Field(description=_ESCALATE_AFTER, examples=[5])
    escalate_to: Owner = Field(description=_ESCALATE_TO, examples=["recruiter"])
    outlives_outcome: Flag = Field(description=_OUTLIVES, examples=[False])
    reaches_person: Flag = Field(description=_REACHES, examples=[False])


class FollowUpTypeCreate(RequestModel):
    """One type of follow-up as a table to be stored has it."""

    type: TypeName = Field(description=_TYPE, examples=["answer_ask"])
    owner: Owner = Field(description=_OWNER, examples=["addressee"])
    triggers: Triggers = Field(description=_TRIGGERS, examples=[["ask_open"]])
    due: DueDays = Field(description=_DUE, examples=[3])
    closed_by: Closings = Field(description=_CLOSED_BY, examples=[["answer"]])
    counts_back: Flag = Field(default=False, description=_COUNTS_BACK, examples=[False])
    escalate_after: EscalationDays | None = Field(default=None, description=_ESCALATE_AFTER, examples=[5])
    escalate_to: Owner = Field(default=Owner.RECRUITER, description=_ESCALATE_TO, examples=["recruiter"])
    outlives_outcome: Flag = Field(default=False, description=_OUTLIVES, examples=[False])
    reaches_person: Flag = Field(default=True, description=_REACHES, examples=[False])


class InvitationType(ResponseModel):
    """One type of invitation."""

    type: TypeName = Field(description=_TYPE, examples=["hand_over"])
    triggers: InvitationTriggers = Field(description=_INVITED_BY, examples=[["follow_up"]])
    taken_by: Taking = Field(description=_TAKEN_BY, examples=["second_advocate"])
    with_follow_ups: TypeNames = Field(description=_WITH, examples=[["hand_over"]])
    until_absence: Flag = Field(description=_UNTIL_ABSENCE, examples=[True])
    replaces: TypeName | None = Field(description=_REPLACES, examples=["act"])


class InvitationTypeCreate(RequestModel):
    """One type of invitation as a table to be stored has it."""

    type: TypeName = Field(description=_TYPE, examples=["hand_over"])
    triggers: InvitationTriggers = Field(description=_INVITED_BY, examples=[["follow_up"]])
    taken_by: Taking = Field(description=_TAKEN_BY, examples=["second_advocate"])
    with_follow_ups: TypeNames = Field(default=[], description=_WITH, examples=[["hand_over"]])
    until_absence: Flag = Field(default=False, description=_UNTIL_ABSENCE, examples=[True])
    replaces: TypeName | None = Field(default=None, description=_REPLACES, examples=["act"])


FollowUpTypes = Annotated[list[FollowUpType], Field(max_length=MOST_TYPES)]
FollowUpTypesCreate = Annotated[list[FollowUpTypeCreate], Field(max_length=MOST_TYPES)]
InvitationTypes = Annotated[list[InvitationType], Field(max_length=MOST_TYPES)]
InvitationTypesCreate = Annotated[list[InvitationTypeCreate], Field(max_length=MOST_TYPES)]
