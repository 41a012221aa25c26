"""Digests on the wire."""

from typing import Literal

from pydantic import Field

from api.follow_ups.schemas import FollowUpPerson, FollowUpRow
from api.platform.ids import DigestId, FollowUpId, PersonId
from api.platform.schemas import Moment, RequestModel, ResponseModel

MOST_SHOWN = 20


class DigestPart(ResponseModel):
    """Some of what is owed: the first due first."""

    data: list[FollowUpRow] = Field(max_length=MOST_SHOWN, description="At most twenty follow-ups.")
    more: int = Field(description="How many more there are.", examples=[0])


class FollowUpDigest(ResponseModel):
    """What one person owes now and this week, and whether it may be sent to them."""

    object: Literal["follow_up_digest"] = Field(
        default="follow_up_digest", description="Always `follow_up_digest`.", examples=["follow_up_digest"]
    )
    owner: FollowUpPerson = Field(description="Who owes it.")
    overdue: DigestPart = Field(description="What is overdue.")
    due_today: DigestPart = Field(description="What is due, or falls due today.")
    due_this_week: DigestPart = Field(
        description="What falls due later this week, through Sunday where the owner is; so also what is snoozed until "
        "then."
    )
    is_decider: bool = Field(
        description="Whether they decide on a job that is neither filled nor cancelled, so that the limit holds.",
        examples=[True],
    )
    may_send: bool = Field(
        description="Whether there is something to send, and the person may get another digest now.", examples=[True]
    )
    sent_this_week: int = Field(
        description="How many were recorded as sent since Monday, in the workspace's time zone.", examples=[1]
    )
    next_digest_at: Moment | None = Field(
        description="Where the week's limit is reached: from when another one may be sent. Else null."
    )


class DigestCreate(RequestModel):
    """That a digest is sent."""

    owner: PersonId = Field(description="To whom.")


class SentDigest(ResponseModel):
    """A digest that was recorded as sent."""

    id: DigestId = Field(description="The digest.")
    object: Literal["digest"] = Field(default="digest", description="Always `digest`.", examples=["digest"])
    owner: FollowUpPerson = Field(description="To whom it was sent.")
    follow_up_ids: list[FollowUpId] = Field(description="What was shown in it.")
    sent_at: Moment = Field(description="When it was recorded.")
    sent_this_week: int = Field(description="How many there were since Monday, this one included.", examples=[2])
    next_digest_at: Moment | None = Field(
        description="Where the week's limit is reached now: from when another one may be sent. Else null."
    )
