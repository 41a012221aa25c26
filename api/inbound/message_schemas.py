"""Inbound messages on the wire. What a body says of people is shown to keys of the scope `admin` alone."""

import base64
from typing import Any, Literal, Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.domain.inbound import MessageState
from api.platform.ids import ConnectionId, InboundMessageId
from api.platform.queries import MAX_CURSOR_LENGTH, ListQuery
from api.platform.schemas import Count, Listing, Moment, RequestModel, ResponseModel, ShortText

EVENT = "The vendor's name of what happened. Extensible enum."
MOST_EFFECTS = 1_000
SINCE, UNTIL = "Received at this moment or later.", "Received before this moment."


class InboundMessageRow(ResponseModel):
    """A delivery of a connected system, as a list shows it."""

    id: InboundMessageId = Field(description="The message.")
    object: Literal["inbound_message"] = Field(
        default="inbound_message", description="Always `inbound_message`.", examples=["inbound_message"]
    )
    connection_id: ConnectionId = Field(description="By which connection it came.")
    state: MessageState = Field(description="Where it stands.", examples=["processed"])
    event: str | None = Field(description=EVENT + " Null until it is read.", examples=["candidate_stage_change"])
    subjects: list[str] = Field(
        max_length=2, description="What it is about at the vendor.", examples=[["candidate:70231188"]]
    )
    received_at: Moment = Field(description="When it came.")
    happened_at: Moment | None = Field(description="When it happened, by the vendor; null where that is not said.")
    processed_at: Moment | None = Field(description="When it was worked on.")
    reason: str | None = Field(
        description="Why it failed or was ignored. Of one that was processed: `nothing_new` where it has no effects,"
        " `person_kept: ...` where the vendor forgot a candidate who is known here as more than that,"
        " `fields_anonymized: ...` where neither name nor address was anonymised.",
        examples=["person.id: Field required"],
    )
    attempts: Count = Field(
        description="How often it was worked on since it came or was replayed last, the last time included.",
        examples=[1],
    )

    @classmethod
    def of(cls, row: models.InboundMessage) -> Self:
        """The message as its row has it."""
        return cls(**cls.members(row))

    @classmethod
    def members(cls, row: models.InboundMessage) -> dict[str, Any]:
        """What is shown, by member."""
        return {
            "id": row.id,
            "connection_id": row.connection_id,
            "state": row.state,
            "event": row.event,
            "subjects": [each for each in (row.subject, row.other_subject) if each is not None],
            "received_at": row.received_at,
            "happened_at": row.happened_at,
            "processed_at": row.processed_at,
            "reason": row.reason,
            "attempts": row.attempts,
        }


class InboundEffect(ResponseModel):
    """A record that the message changed."""

    type: str = Field(description="Its kind. Extensible enum.", examples=["application"])
    id: str = Field(description="Its id.", examples=["application_0192f3a4b5c67d8e9f00112233445566"])
    what: str = Field(description="What was done to it. Extensible enum.", examples=["moved"])


class InboundMessage(InboundMessageRow):
    """A delivery of a connected system: as it came, and what became of it."""

    headers: dict[str, str] = Field(
        description="The headers that were kept; none that proves who sent it.",
        examples=[{"content-type": "application/json"}],
    )
    body: str | None = Field(
        description="The body as it came, byte for byte; null where it was erased or is no text.",
        examples=['{"action":"ping"}'],
    )
    body_base64: str | None = Field(description="A body that is no UTF-8, in base64.", examples=[None])
    redacted_at: Moment | None = Field(description="When the body was erased, because a person it names was.")
    effects: list[InboundEffect] = Field(
        max_length=MOST_EFFECTS, description="The records that it changed, the latest last."
    )

    @classmethod
    def members(cls, row: models.InboundMessage) -> dict[str, Any]:
        """What is shown, by member."""
        body, encoded = _shown(row)
        return {
            **super().members(row),
            "headers": row.headers,
            "body": body,
            "body_base64": encoded,
            "redacted_at": row.redacted_at,
            "effects": [InboundEffect.model_validate(each) for each in row.effects[-MOST_EFFECTS:]],
        }


class InboundMessageList(Listing[InboundMessageRow]):
    """One page of messages."""


class InboundMessagesQuery(ListQuery):
    """Which messages to list."""

    connection: ConnectionId | SkipJsonSchema[None] = Field(default=None, description="Of this connection.")
    state: MessageState | SkipJsonSchema[None] = Field(
        default=None, description="In this state; only together with `connection`."
    )
    event: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="Of this event; only together with `connection`."
    )
    received_from: Moment | SkipJsonSchema[None] = Field(default=None, alias="received_at[gte]", description=SINCE)
    received_before: Moment | SkipJsonSchema[None] = Field(default=None, alias="received_at[lt]", description=UNTIL)


class InboundReplay(RequestModel):
    """Which messages of a connection to work on anew."""

    connection_id: ConnectionId = Field(description="The connection.")
    state: MessageState | None = Field(default=None, description="Those in this state.", examples=["failed"])
    event: ShortText | None = Field(default=None, description="Those of this event.", examples=["hire_candidate"])
    since: Moment | None = Field(default=None, description=SINCE)
    until: Moment | None = Field(default=None, description=UNTIL)
    cursor: str | None = Field(
        default=None,
        max_length=MAX_CURSOR_LENGTH,
        description="`next_cursor` of the answer before, to go on where that ended.",
        examples=[None],
    )


class InboundReplayed(ResponseModel):
    """How many messages will be worked on anew."""

    object: Literal["inbound_replay"] = Field(
        default="inbound_replay", description="Always `inbound_replay`.", examples=["inbound_replay"]
    )
    replayed: Count = Field(description="How many are due again by this request.", examples=[500])
    skipped: Count = Field(description="How many were left alone, because nothing is left of them.", examples=[0])
    has_more: bool = Field(description="Whether there are more: send the same with `cursor`.", examples=[False])
    next_cursor: str | None = Field(description="Where to go on; null at the end.", examples=[None])


def _shown(row: models.InboundMessage) -> tuple[str | None, str | None]:
    if row.redacted_at is not None:
        return None, None
    try:
        return row.body.decode(), None
    except UnicodeDecodeError:
        return None, base64.b64encode(row.body).decode()
