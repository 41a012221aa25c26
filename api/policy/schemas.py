"""The policy on the wire: each number with its unit and what is allowed."""

from typing import Annotated, Any, Literal

from pydantic import MISSING, Field, StringConstraints

from api.models import PolicyVersion
from api.platform.schemas import Count, Day, Flag, Int32, Listing, Moment, PatchModel, ResponseModel
from api.policy.follow_up_schemas import FollowUpValues, FollowUpValuesUpdate
from api.policy.tables import with_numbers
from api.support.policies import policy_from, stored

TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Weekday = Annotated[Int32, Field(ge=0, le=6)]
Hour = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def _between(least: int, most: int) -> Any:
    return Field(ge=least, le=most)


WorkingDays = Annotated[list[Weekday], Field(min_length=1, max_length=7)]
WorkingHours = Annotated[list[Hour], Field(min_length=2, max_length=2)]
Holidays = Annotated[list[Day], Field(max_length=2_000)]


class RuleValues(ResponseModel):
    """The numbers of levels, clocks and states."""

    time_zone: TimeZone = Field(
        description="IANA name of the zone in which days begin and end; fixed once a fact is recorded.",
        examples=["Europe/Berlin"],
    )
    working_days: WorkingDays = Field(description="Days on which people work; 0 is Monday.", examples=[[0, 1, 2, 3, 4]])
    working_hours: WorkingHours = Field(
        description="Start and end of the working day, local time.", examples=[["09:00", "17:00"]]
    )
    holidays: Holidays = Field(description="Days on which no clock runs.", examples=[["2026-12-25"]])
    min_reasons: Annotated[Int32, _between(1, 5)] = Field(
        description="Reasons with different requirements that make a candidate championed.", examples=[2]
    )
    min_act_days: Annotated[Int32, _between(1, 5)] = Field(
        description="Different days of acts that make a candidate championed.", examples=[2]
    )
    reason_copies_warn: Annotated[Int32, _between(1, 50)] = Field(
        description="Jobs on which one claim may be used before a warning.", examples=[3]
    )
    window_identified: Annotated[Int32, _between(1, 90)] = Field(
        description="Counted days on track in `identified`.", examples=[14]
    )
    window_preparing: Annotated[Int32, _between(1, 90)] = Field(
        description="Counted days on track in `preparing`.", examples=[14]
    )
    window_applied: Annotated[Int32, _between(1, 90)] = Field(
        description="Counted days on track in `applied`.", examples=[7]
    )
    window_screening: Annotated[Int32, _between(1, 90)] = Field(
        description="Counted days on track in `screening`.", examples=[10]
    )
    window_interviewing: Annotated[Int32, _between(1, 90)] = Field(
        description="Counted days on track in `interviewing`.", examples=[10]
    )
    window_offer: Annotated[Int32, _between(1, 90)] = Field(
        description="Counted days on track in `offer`.", examples=[7]
    )
    window_on_hold: Annotated[Int32, _between(1, 180)] = Field(
        description="Counted days on track while on hold without a date.", examples=[21]
    )
    lapse_factor: Annotated[Int32, _between(2, 5)] = Field(
        description="Times the window after which follow-through lapses.", examples=[2]
    )
    next_step_grace_days: Annotated[Int32, _between(0, 14)] = Field(
        description="Days after the next step on which a granted ask still stops the clock.", examples=[2]
    )
    chase_days: Annotated[Int32, _between(1, 5)] = Field(
        description="Different days of chasing after which an open ask stops the clock.", examples=[2]
    )
    awaiting_answer_max_days: Annotated[Int32, _between(1, 90)] = Field(
        description="Days for which it does.", examples=[30]
    )
    advocacy_no_answer_days: Annotated[Int32, _between(1, 90)] = Field(
        description="Days after which somebody asked to advocate has not answered.", examples=[14]
    )
    reference_no_answer_days: Annotated[Int32, _between(1, 90)] = Field(
        description="Days after which somebody asked for a reference has not answered.", examples=[14]
    )
    also_champions_days: Annotated[Int32, _between(1, 365)] = Field(
        description="Days back in which acts for others count as also championing.", examples=[90]
    )
    referral_consent_days: Annotated[Int32, _between(1, 180)] = Field(
        description="Days for which a referral waits for consent.", examples=[30]
    )
    referral_valid_days: Annotated[Int32, _between(30, 730)] = Field(
        description="Days for which a referral without an application is valid.", examples=[180]
    )
    reference_requests_max: Annotated[Int32, _between(1, 20)] = Field(
        description="Requests for a reference to one person before a warning.", examples=[3]
    )
    reference_requests_days: Annotated[Int32, _between(7, 365)] = Field(
        description="Days in which these are counted.", examples=[90]
    )
    waiting_applied: Annotated[Int32, _between(1, 180)] = Field(
        description="Days without contact after which a candidate waits, in `applied`.", examples=[14]
    )
    waiting_long_applied: Annotated[Int32, _between(1, 180)] = Field(description="And waits long.", examples=[30])
    waiting_screening: Annotated[Int32, _between(1, 180)] = Field(
        description="Days without contact after which a candidate waits, in `screening`.", examples=[10]
    )
    waiting_long_screening: Annotated[Int32, _between(1, 180)] = Field(description="And waits long.", examples=[21])
    waiting_interviewing: Annotated[Int32, _between(1, 180)] = Field(
        description="Days without contact after which a candidate waits, in `interviewing`.", examples=[7]
    )
    waiting_long_interviewing: Annotated[Int32, _between(1, 180)] = Field(description="And waits long.", examples=[14])
    waiting_offer: Annotated[Int32, _between(1, 180)] = Field(
        description="Days without contact after which a candidate waits, in `offer`.", examples=[3]
    )
    waiting_long_offer: Annotated[Int32, _between(1, 180)] = Field(description="And waits long.", examples=[7])
    referral_consent_required: Flag = Field(
        description="Whether a referral with unknown consent waits for it.", examples=[False]
    )


class PolicyValues(FollowUpValues, RuleValues):
    """Every number and table that a rule reads."""


class RuleValuesUpdate(PatchModel):
    """The numbers of levels, clocks and states to change."""

    time_zone: TimeZone | MISSING = Field(
        default=MISSING,
        description="IANA name of the zone in which days begin and end; fixed once a fact is recorded.",
        examples=["Europe/Berlin"],
    )
    working_days: WorkingDays | MISSING = Field(
        default=MISSING, description="Days on which people work; 0 is Monday.", examples=[[0, 1, 2, 3, 4]]
    )
    working_hours: WorkingHours | MISSING = Field(
        default=MISSING, description="Start and end of the working day, local time.", examples=[["09:00", "17:00"]]
    )
    holidays: Holidays | MISSING = Field(
        default=MISSING, description="Days on which no clock runs.", examples=[["2026-12-25"]]
    )
    min_reasons: Annotated[Int32, _between(1, 5)] | MISSING = Field(
        default=MISSING,
        description="Reasons with different requirements that make a candidate championed.",
        examples=[2],
    )
    min_act_days: Annotated[Int32, _between(1, 5)] | MISSING = Field(
        default=MISSING, description="Different days of acts that make a candidate championed.", examples=[2]
    )
    reason_copies_warn: Annotated[Int32, _between(1, 50)] | MISSING = Field(
        default=MISSING, description="Jobs on which one claim may be used before a warning.", examples=[3]
    )
    window_identified: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Counted days on track in `identified`.", examples=[14]
    )
    window_preparing: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Counted days on track in `preparing`.", examples=[14]
    )
    window_applied: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Counted days on track in `applied`.", examples=[7]
    )
    window_screening: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Counted days on track in `screening`.", examples=[10]
    )
    window_interviewing: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Counted days on track in `interviewing`.", examples=[10]
    )
    window_offer: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Counted days on track in `offer`.", examples=[7]
    )
    window_on_hold: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING, description="Counted days on track while on hold without a date.", examples=[21]
    )
    lapse_factor: Annotated[Int32, _between(2, 5)] | MISSING = Field(
        default=MISSING, description="Times the window after which follow-through lapses.", examples=[2]
    )
    next_step_grace_days: Annotated[Int32, _between(0, 14)] | MISSING = Field(
        default=MISSING,
        description="Days after the next step on which a granted ask still stops the clock.",
        examples=[2],
    )
    chase_days: Annotated[Int32, _between(1, 5)] | MISSING = Field(
        default=MISSING, description="Different days of chasing after which an open ask stops the clock.", examples=[2]
    )
    awaiting_answer_max_days: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Days for which it does.", examples=[30]
    )
    advocacy_no_answer_days: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Days after which somebody asked to advocate has not answered.", examples=[14]
    )
    reference_no_answer_days: Annotated[Int32, _between(1, 90)] | MISSING = Field(
        default=MISSING, description="Days after which somebody asked for a reference has not answered.", examples=[14]
    )
    also_champions_days: Annotated[Int32, _between(1, 365)] | MISSING = Field(
        default=MISSING, description="Days back in which acts for others count as also championing.", examples=[90]
    )
    referral_consent_days: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING, description="Days for which a referral waits for consent.", examples=[30]
    )
    referral_valid_days: Annotated[Int32, _between(30, 730)] | MISSING = Field(
        default=MISSING, description="Days for which a referral without an application is valid.", examples=[180]
    )
    reference_requests_max: Annotated[Int32, _between(1, 20)] | MISSING = Field(
        default=MISSING, description="Requests for a reference to one person before a warning.", examples=[3]
    )
    reference_requests_days: Annotated[Int32, _between(7, 365)] | MISSING = Field(
        default=MISSING, description="Days in which these are counted.", examples=[90]
    )
    waiting_applied: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING, description="Days without contact after which a candidate waits, in `applied`.", examples=[14]
    )
    waiting_long_applied: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING, description="And waits long.", examples=[30]
    )
    waiting_screening: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING,
        description="Days without contact after which a candidate waits, in `screening`.",
        examples=[10],
    )
    waiting_long_screening: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING, description="And waits long.", examples=[21]
    )
    waiting_interviewing: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING,
        description="Days without contact after which a candidate waits, in `interviewing`.",
        examples=[7],
    )
    waiting_long_interviewing: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING, description="And waits long.", examples=[14]
    )
    waiting_offer: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING, description="Days without contact after which a candidate waits, in `offer`.", examples=[3]
    )
    waiting_long_offer: Annotated[Int32, _between(1, 180)] | MISSING = Field(
        default=MISSING, description="And waits long.", examples=[7]
    )
    referral_consent_required: Flag | MISSING = Field(
        default=MISSING, description="Whether a referral with unknown consent waits for it.", examples=[False]
    )


class PolicyUpdate(FollowUpValuesUpdate, RuleValuesUpdate):
    """The numbers and tables to change; the others stay. Together they make a new version."""


class Policy(ResponseModel):
    """One version of the workspace's numbers, in force from `recorded_at` until the next one was recorded."""

    object: Literal["policy"] = Field(default="policy", description="Always `policy`.", examples=["policy"])
    version: Count = Field(description="Which version; 1 was made with the workspace.", examples=[1])
    recorded_at: Moment = Field(description="From when it is in force; a version cannot be backdated.")
    values: PolicyValues = Field(description="The numbers.")

    @classmethod
    def of(cls, row: PolicyVersion) -> "Policy":
        """A stored version, with defaults for what it does not know yet."""
        values = PolicyValues.model_validate(with_numbers(stored(policy_from(row.values))))
        return cls(version=row.version, recorded_at=row.recorded_at, values=values)


class PolicyVersions(Listing[Policy]):
    """One page of the versions, the newest first."""
