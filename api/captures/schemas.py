"""Captures on the wire."""

from typing import Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.advocacies.act_answers import ActEffect
from api.domain.inbound import CaptureState
from api.platform.ids import (
    ActId,
    AdvocacyId,
    AdvocateId,
    ApplicationId,
    CaptureAddressId,
    CaptureId,
    InteractionId,
    PersonId,
)
from api.platform.queries import ListQuery
from api.platform.schemas import Listing, Moment, ResponseModel


class Need(ResponseModel):
    """What is missing before a capture can become an act."""

    name: str = Field(description="The member to send.", examples=["recorded_by"])
    code: str = Field(
        description="Why. Extensible enum: `missing`, `unknown`, `unknown_system` (nothing is known by ids of that "
        "system; the detail names those that are known), `only_a_name`, `several`, `no_open_application`, "
        "`other_kind` (the external id names something else here; the detail says where that goes), `not_addressed`, "
        "`only_the_advocate`.",
        examples=["missing"],
    )
    detail: str = Field(description="What to send, for people.", examples=["Say who tells us: an e-mail address."])
    suggestions: list[str] = Field(
        description="Ids of what may be meant, or the address of somebody whom nobody here has.",
        examples=[["application_0192f3a4b5c67d8e9f00112233445566"]],
    )


class Capture(ResponseModel):
    """That somebody spoke up, told in one message. It counts for nothing until it has become an act."""

    id: CaptureId = Field(description="The capture.")
    object: Literal["capture"] = Field(default="capture", description="Always `capture`.", examples=["capture"])
    state: CaptureState = Field(
        description="`needs_details` while something is missing, `completed` once it has become an act or an "
        "interaction, `discarded` when somebody dropped it.",
        examples=["completed"],
    )
    source: str = Field(description="How it came in. Extensible enum: `api`, `mail`.", examples=["api"])
    given: dict[str, Any] = Field(
        description="What was given so far, by the members of the request.",
        examples=[{"application": "greenhouse:69306314", "advocate": "ada@example.com"}],
    )
    application_id: ApplicationId | None = Field(description="The application, once it is known.")
    matched_by: str | None = Field(
        description="By what the application was found. Extensible enum: `id`, `external_id`, `email`, `name`.",
        examples=["email"],
    )
    advocate_id: AdvocateId | None = Field(description="Who spoke up, once completed.")
    advocacy_id: AdvocacyId | None = Field(description="Their advocacy for the application, once completed.")
    act_id: ActId | None = Field(description="The act it became.")
    interaction_id: InteractionId | None = Field(description="The interaction it became instead.")
    recorded_by: PersonId | None = Field(description="The person who told us, once completed.")
    made: list[str] = Field(
        description="What was made on the way: `person`, `advocate`, `advocacy`, `act`; or an `interaction`. Never "
        "a referral.",
        examples=[["advocacy", "act"]],
    )
    support: ActEffect | None = Field(description="What the act changed when it was recorded; null before.")
    warnings: list[str] = Field(
        description="What a person may want to look at; never a block. Extensible enum: `sensitive_text:` with a topic "
        "(`health`, `age`, `family`, `religion`, `politics`, `union`, `culture_fit`) that has no place in judging "
        "somebody's work, `does_not_count` (the advocate is paid for the hire), `availability_outdated` and "
        "`application_closed` as for acts, `captured_before` (another capture had become this act already; in the "
        "answer to what is sent again: something else was told before, and that stands), "
        "`reason_of_member_needs_before_process` (what a member of the job saw counts only with `before_process`).",
        examples=[["sensitive_text:family"]],
    )
    needs: list[Need] = Field(description="What is missing; empty unless the state is `needs_details`.")
    capture_address_id: CaptureAddressId | None = Field(description="The address that the mail came in by.")
    discard_reason: str | None = Field(description="Why it was dropped.", examples=[None])
    created_at: Moment = Field(description="When it came in.")
    updated_at: Moment = Field(description="When something of it last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Capture) -> "Capture":
        """The capture as it is stored."""
        same = cls.model_fields.keys() & type(row).model_fields.keys()
        told = row.outcome or {}
        return cls(
            **{name: getattr(row, name) for name in same},
            matched_by=told.get("matched_by"),
            interaction_id=told.get("interaction_id"),
            made=told.get("made", []),
            support=told.get("support"),
        )


class CaptureList(Listing[Capture]):
    """One page of captures."""


class CapturesQuery(ListQuery):
    """Which captures to list."""

    state: list[CaptureState] = Field(default=[], max_length=3, description="Those in one of these states.")
    application: ApplicationId | SkipJsonSchema[None] = Field(
        default=None, description="Those known to be about this application."
    )
    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`created_at`, with ` desc` after it for the latest first."
    )


_TOLD = (
    "id",
    "object",
    "state",
    "source",
    "application_id",
    "advocate_id",
    "advocacy_id",
    "act_id",
    "interaction_id",
    "made",
)


def event_data(row: models.Capture) -> dict[str, Any]:
    """What an event says about a capture: ids and codes, nothing that was written."""
    shown = Capture.of(row).model_dump(mode="json", include={*_TOLD})
    return {**shown, "needs": [{"name": need["name"], "code": need["code"]} for need in row.needs]}
