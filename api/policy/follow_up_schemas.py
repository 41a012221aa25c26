"""The part of the policy on the wire that follow-ups, invitations and digests read."""

from typing import Annotated

from pydantic import MISSING, Field

from api.platform.schemas import Int32, PatchModel, ResponseModel
from api.policy.table_schemas import (
    DueDays,
    EscalationDays,
    FollowUpTypes,
    FollowUpTypesCreate,
    InvitationTypes,
    InvitationTypesCreate,
)

_OF_THE_TABLE = "The same number as in `follow_up_types`; null where that has no such row."
_FOLLOW_UP_TYPES = "The types of follow-ups, in the order in which they press."
_INVITATION_TYPES = "The types of invitations."
_WHOLE = "The list replaces the one there is."


class FollowUpValues(ResponseModel):
    """The numbers and tables of follow-ups and invitations."""

    supporter_quiet_days: Annotated[Int32, Field(ge=3, le=90)] = Field(
        description="Days without an interaction after which a supporter is to hear how it goes.", examples=[10]
    )
    invitation_open_max: Annotated[Int32, Field(ge=1, le=3)] = Field(
        description="Open invitations of one asker to one person about one application.", examples=[1]
    )
    invitation_gap_days: Annotated[Int32, Field(ge=1, le=90)] = Field(
        description="Days that lie between two of these.", examples=[14]
    )
    invitation_expires_days: Annotated[Int32, Field(ge=1, le=90)] = Field(
        description="Days after which an invitation expires.", examples=[14]
    )
    invitation_unanswered_max: Annotated[Int32, Field(ge=1, le=5)] = Field(
        description="Unanswered ones in a row after which none is proposed.", examples=[2]
    )
    decider_digests_per_week: Annotated[Int32, Field(ge=1, le=7)] = Field(
        description="Digests of what they owe that reach one who decides in a week from Monday.", examples=[3]
    )
    due_acknowledge_referral: DueDays | None = Field(
        description=f"Working days after which a referral is to be acknowledged. {_OF_THE_TABLE}", examples=[2]
    )
    due_complete_capture: DueDays | None = Field(
        description=f"Working days after which a capture is to get what it lacks. {_OF_THE_TABLE}", examples=[1]
    )
    due_answer_ask: DueDays | None = Field(
        description=f"Working days after which an ask is to be answered. {_OF_THE_TABLE}", examples=[3]
    )
    escalate_answer_ask: EscalationDays | None = Field(
        description=f"Working days after which an unanswered ask passes on. {_OF_THE_TABLE}", examples=[5]
    )
    due_update_supporters: DueDays | None = Field(
        description=f"Working days after which supporters are to hear how it goes. {_OF_THE_TABLE}", examples=[2]
    )
    due_check_in_advocate: DueDays | None = Field(
        description=f"Working days after which an advocate at risk is to be asked. {_OF_THE_TABLE}", examples=[0]
    )
    due_confirm_act: DueDays | None = Field(
        description=f"Working days after which an act is to be confirmed. {_OF_THE_TABLE}", examples=[3]
    )
    due_hand_over_before: DueDays | None = Field(
        description=f"Working days before the last one present by which an advocate is to hand over. {_OF_THE_TABLE}",
        examples=[3],
    )
    due_brief_new_decider: DueDays | None = Field(
        description=f"Working days after which a new decider is to be told. {_OF_THE_TABLE}", examples=[2]
    )
    due_thank_supporters: DueDays | None = Field(
        description=f"Working days after which supporters are to be thanked. {_OF_THE_TABLE}", examples=[2]
    )
    due_answer_candidate: DueDays | None = Field(
        description=f"Working days after which a candidate who waits is to be answered. {_OF_THE_TABLE}", examples=[0]
    )
    due_widen_coverage: DueDays | None = Field(
        description=f"Working days after which another advocate is to be found. {_OF_THE_TABLE}", examples=[2]
    )
    due_request_reference: DueDays | None = Field(
        description=f"Working days after which a reference is to be requested. {_OF_THE_TABLE}", examples=[1]
    )
    due_thank_reference: DueDays | None = Field(
        description=f"Working days after which a reference is to be thanked for. {_OF_THE_TABLE}", examples=[2]
    )
    follow_up_types: FollowUpTypes = Field(description=_FOLLOW_UP_TYPES)
    invitation_types: InvitationTypes = Field(description=_INVITATION_TYPES)


class FollowUpValuesUpdate(PatchModel):
    """The numbers and tables of follow-ups and invitations to change."""

    supporter_quiet_days: Annotated[Int32, Field(ge=3, le=90)] | MISSING = Field(
        default=MISSING,
        description="Days without an interaction after which a supporter is to hear how it goes.",
        examples=[10],
    )
    invitation_open_max: Annotated[Int32, Field(ge=1, le=3)] | MISSING = Field(
        default=MISSING, description="Open invitations of one asker to one person about one application.", examples=[1]
    )
    invitation_gap_days: Annotated[Int32, Field(ge=1, le=90)] | MISSING = Field(
        default=MISSING, description="Days that lie between two of these.", examples=[14]
    )
    invitation_expires_days: Annotated[Int32, Field(ge=1, le=90)] | MISSING = Field(
        default=MISSING, description="Days after which an invitation expires.", examples=[14]
    )
    invitation_unanswered_max: Annotated[Int32, Field(ge=1, le=5)] | MISSING = Field(
        default=MISSING, description="Unanswered ones in a row after which none is proposed.", examples=[2]
    )
    decider_digests_per_week: Annotated[Int32, Field(ge=1, le=7)] | MISSING = Field(
        default=MISSING,
        description="Digests of what they owe that reach one who decides in a week from Monday.",
        examples=[3],
    )
    due_acknowledge_referral: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which a referral is to be acknowledged.", examples=[2]
    )
    due_complete_capture: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which a capture is to get what it lacks.", examples=[1]
    )
    due_answer_ask: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which an ask is to be answered.", examples=[3]
    )
    escalate_answer_ask: EscalationDays | MISSING = Field(
        default=MISSING, description="Working days after which an unanswered ask passes on.", examples=[5]
    )
    due_update_supporters: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which supporters are to hear how it goes.", examples=[2]
    )
    due_check_in_advocate: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which an advocate at risk is to be asked.", examples=[0]
    )
    due_confirm_act: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which an act is to be confirmed.", examples=[3]
    )
    due_hand_over_before: DueDays | MISSING = Field(
        default=MISSING,
        description="Working days before the last one present by which an advocate is to hand over.",
        examples=[3],
    )
    due_brief_new_decider: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which a new decider is to be told.", examples=[2]
    )
    due_thank_supporters: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which supporters are to be thanked.", examples=[2]
    )
    due_answer_candidate: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which a candidate who waits is to be answered.", examples=[0]
    )
    due_widen_coverage: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which another advocate is to be found.", examples=[2]
    )
    due_request_reference: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which a reference is to be requested.", examples=[1]
    )
    due_thank_reference: DueDays | MISSING = Field(
        default=MISSING, description="Working days after which a reference is to be thanked for.", examples=[2]
    )
    follow_up_types: FollowUpTypesCreate | MISSING = Field(default=MISSING, description=f"{_FOLLOW_UP_TYPES} {_WHOLE}")
    invitation_types: InvitationTypesCreate | MISSING = Field(
        default=MISSING, description=f"{_INVITATION_TYPES} {_WHOLE}"
    )
