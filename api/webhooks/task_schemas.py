"""Tasks on the wire, and what is asked for when one begins."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.domain.webhooks import DeliveryState, HeldMode, TaskKind, TaskState
from api.platform.ids import TaskId, WebhookEndpointId
from api.platform.queries import ListQuery
from api.platform.schemas import Count, Listing, Moment, RequestModel, ResponseModel, ShortText

MOST_TYPES = 100
SINCE = "From this moment on; no earlier than payloads of events are kept."
UNTIL = "Before this moment; null for all up to now."
TYPES = "Only these types, or beginnings with `.*` after them; null for all."


class Task(ResponseModel):
    """Work on many deliveries of an endpoint, done in the background. Its times are real time."""

    id: TaskId = Field(description="The task.")
    object: Literal["task"] = Field(default="task", description="Always `task`.", examples=["task"])
    kind: TaskKind = Field(
        description="`recover`, `replay` and `replay_missing` are asked for; `resume` deals with what was held,"
        " `delete` with what a deleted one was still to get.",
        examples=["recover"],
    )
    endpoint_id: WebhookEndpointId = Field(description="Whose deliveries it works on.")
    state: TaskState = Field(
        description="`canceled` when the endpoint was deleted, or resumed once more, before it was done.",
        examples=["running"],
    )
    since: Moment | None = Field(description="From when on what it works on was made or recorded.")
    until: Moment | None = Field(description="Before when; null for all until the task was made.")
    event_types: list[str] = Field(
        max_length=MOST_TYPES, description="Of these types; empty for all.", examples=[["application.*"]]
    )
    states: list[DeliveryState] = Field(
        max_length=len(DeliveryState), description="In these states; empty for all.", examples=[["failed"]]
    )
    held: HeldMode | None = Field(description="What a `resume` does with what was held.", examples=["send_all"])
    examined: Count = Field(
        description="How many deliveries, or events for the two replays, it has looked at.", examples=[1200]
    )
    changed: Count = Field(description="How many deliveries it has made due, made anew or canceled.", examples=[37])
    created_at: Moment = Field(description="When it was made.")
    started_at: Moment | None = Field(description="When it began to work.")
    finished_at: Moment | None = Field(description="When it was done or canceled.")

    @classmethod
    def of(cls, row: models.Task) -> Self:
        """The task as its row has it."""
        named = [name for name in cls.model_fields if name not in ("object", "held")]
        members: dict[str, Any] = {name: getattr(row, name) for name in named}
        return cls(**members, held=row.held_mode)


class TaskList(Listing[Task]):
    """One page of tasks."""


class TasksQuery(ListQuery):
    """Which tasks to list."""

    webhook_endpoint: WebhookEndpointId | SkipJsonSchema[None] = Field(
        default=None, description="Of this endpoint, also a deleted one."
    )


class WebhookRecover(RequestModel):
    """Which deliveries that failed or are held to send again, by when they were made."""

    since: Moment = Field(description=SINCE)
    until: Moment | None = Field(default=None, description=UNTIL)


class WebhookReplayMissing(WebhookRecover):
    """Which events to make deliveries of that never had one, by when they were recorded."""

    event_types: Annotated[list[ShortText], Field(min_length=1, max_length=MOST_TYPES)] | None = Field(
        default=None, description=TYPES, examples=[["application.*"]]
    )


class WebhookReplay(WebhookReplayMissing):
    """Which events to send once more, by when they were recorded and by what became of their deliveries."""

    state: DeliveryState | None = Field(
        default=None,
        description="Only deliveries in this state; null for all. Those that are `pending` are sent anyway.",
        examples=["succeeded"],
    )
