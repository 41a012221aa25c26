"""Follow-ups as they are sent to us."""

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.platform.ids import ActId, AdvocacyId, ApplicationId, PersonId, ReferralId
from api.platform.schemas import Day, MediumText, Moment, RequestModel, ShortText

RECORDED_BY = "The person who told us; null when nobody in particular did."
TYPE = r"^[a-z][a-z0-9_]*$"


class FollowUpCreate(RequestModel):
    """A follow-up made by hand. It belongs to an application, or to a referral that is linked to none."""

    type: str = Field(
        min_length=1,
        max_length=60,
        pattern=TYPE,
        description="What is owed: a type of the policy's table, which is then closed by what closes that type, or any "
        "other word, which is closed by hand or by an outcome.",
        examples=["send_contract"],
    )
    application_id: ApplicationId | None = Field(default=None, description="The application it belongs to.")
    referral_id: ReferralId | None = Field(
        default=None, description="The referral it is about: one of the application, or one that is linked to none."
    )
    advocacy_id: AdvocacyId | None = Field(default=None, description="The advocacy of the application it is about.")
    act_id: ActId | None = Field(default=None, description="The act it is about, with the ask in it.")
    person_id: PersonId | None = Field(
        default=None, description="Whom it is about; the advocate or the referrer when left out and one is named."
    )
    owner_id: PersonId = Field(description="Who owes it: a member of the job, today, who may be contacted.")
    due_on: Day = Field(description="The day by which it is owed: today or later, where the owner is.")
    title: ShortText | None = Field(default=None, description="What it is about.", examples=["Send the contract."])

    @model_validator(mode="after")
    def _belong_somewhere(self) -> "FollowUpCreate":
        if self.application_id is None and self.referral_id is None:
            raise PydanticCustomError("belongs_nowhere", "application_id or referral_id should be given")
        if self.application_id is None and (self.advocacy_id is not None or self.act_id is not None):
            raise PydanticCustomError("belongs_nowhere", "advocacy_id and act_id go with application_id")
        return self


class FollowUpComplete(RequestModel):
    """That it was done."""

    result: MediumText = Field(
        description="A line on what came of it. `none`, for nobody was found, goes with `hand_over` and "
        "`widen_coverage` alone.",
        examples=["She goes on, and talks to Hana on Friday."],
    )
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class FollowUpSkip(RequestModel):
    """That it will not be done."""

    reason: MediumText = Field(description="Why not.", examples=["They spoke this morning anyway."])
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class FollowUpCancel(RequestModel):
    """That it is not owed."""

    reason: MediumText | None = Field(default=None, description="Why not.", examples=["Made by mistake."])
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class FollowUpSnooze(RequestModel):
    """That it is to be seen later."""

    until: Moment = Field(description="Until when nothing shows it as due: later than now.")
    reason: MediumText | None = Field(default=None, description="Why.", examples=["The decision falls on Thursday."])
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class FollowUpReassign(RequestModel):
    """That somebody else owes it."""

    owner_id: PersonId = Field(description="Who owes it now: a member of the job, today, who may be contacted.")
    reason: MediumText | None = Field(default=None, description="Why.", examples=["She knows the advocate."])
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)
