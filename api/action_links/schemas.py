"""Action links on the wire."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.domain.vocabulary import ActionLinkAnswer, ActionLinkPurpose, ActionLinkState
from api.platform import ids
from api.platform.ids import ActId, ActionLinkId, AdvocacyId, ApplicationId, AskId, InvitationId, PersonId
from api.platform.queries import ListQuery
from api.platform.schemas import Listing, Moment, RequestModel, ResponseModel

PAGE_PATH = "/a"

_PURPOSE = "What the person can do by it."
_EXPIRES_AT = "From when on it works no more."


class LinkedPerson(ResponseModel):
    """Whom a link is for."""

    id: PersonId = Field(description="The person.")
    name: str = Field(description="Their name.", examples=["Ada Okafor"])


class ActionLinkCreate(RequestModel):
    """A link to be made."""

    purpose: ActionLinkPurpose = Field(
        description="What the person is to be able to do: `record_act` (an advocate tells what they did; as often as "
        "they like), `agree` (yes or no to advocating), `hand_over` (an advocate names somebody who could go on), "
        "`confirm_act` (somebody who heard it says whether it happened), `answer_ask` (the addressee, or somebody who "
        "decides, answers), `not_me` (the named actor disputes an act).",
        examples=["record_act"],
    )
    person: PersonId = Field(description="Whom it is for. Whatever is done by it is recorded as theirs.")
    subject: str = Field(
        pattern="^(application|advocacy|act|ask)_[0-9a-f]{32}$",
        max_length=60,
        description="What it is about: for `record_act`, `agree` and `hand_over` the advocacy, or the application that "
        "the person has an advocacy for; for `confirm_act` and `not_me` the act; for `answer_ask` the ask.",
        examples=["advocacy_0192f3a4b5c67d8e9f00112233445566"],
    )
    expires_at: Moment | None = Field(default=None, description=f"{_EXPIRES_AT} In 14 days when left out; at most 90.")
    invitation: InvitationId | None = Field(
        default=None, description="The invitation that it comes with; a no by the link passes that one, too."
    )


class ActionLinkResult(ResponseModel):
    """What the last use of a link made."""

    type: str = Field(description="Extensible enum: `act`, `advocacy`.", examples=["act"])
    id: str = Field(description="Its id.", examples=["act_0192f3a4b5c67d8e9f00112233445566"])


class ActionLink(ResponseModel):
    """A link by which one person can do one thing, without an account. Its address is a secret, shown once."""

    id: ActionLinkId = Field(description="The link.")
    object: Literal["action_link"] = Field(
        default="action_link", description="Always `action_link`.", examples=["action_link"]
    )
    purpose: ActionLinkPurpose = Field(description=_PURPOSE, examples=["record_act"])
    state: ActionLinkState = Field(
        description="`open` while it works; `used` once done, which `record_act` never is; `revoked`; `expired`.",
        examples=["open"],
    )
    person: LinkedPerson = Field(description="Whom it is for.")
    application_id: ApplicationId = Field(description="The application that it is about.")
    advocacy_id: AdvocacyId = Field(description="The advocacy that it is about, or that the act belongs to.")
    act_id: ActId | None = Field(description="The act that it is about.")
    ask_id: AskId | None = Field(description="The ask that it is about.")
    invitation_id: InvitationId | None = Field(description="The invitation that it came with.")
    is_single_use: bool = Field(description="Whether it works once.", examples=[False])
    expires_at: Moment = Field(description=_EXPIRES_AT)
    revoked_at: Moment | None = Field(description="When it was revoked.")
    uses: int = Field(description="How often it was used.", examples=[0])
    used_at: Moment | None = Field(description="When it was last used.")
    answer: ActionLinkAnswer | None = Field(
        description="What the person did by it the last time.", examples=["recorded"]
    )
    result: ActionLinkResult | None = Field(
        description="What that made: the act, or the advocacy of whom they suggested, unless that existed."
    )
    created_at: Moment = Field(description="When it was made.")
    updated_at: Moment = Field(description="When something of it last changed; expiring is no change.")
    version: int = Field(description="Rises with every change, expiring included; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.ActionLink, name: str, *, now: datetime) -> "ActionLink":
        """The link as it stands."""
        return cls(**cls.members(row, name, now=now))

    @classmethod
    def members(cls, row: models.ActionLink, name: str, *, now: datetime) -> dict[str, Any]:
        """What a link shows, by member; `name` is that of its person."""
        same = ActionLink.model_fields.keys() & type(row).model_fields.keys()
        return {
            **{each: getattr(row, each) for each in same},
            "state": state_of(row, now=now),
            "version": version_of(row, now=now),
            "person": LinkedPerson(id=row.person_id, name=name),
            "result": _result(row),
        }


class ActionLinkWithUrl(ActionLink):
    """An action link with its address, which no later answer shows."""

    url: str = Field(
        description="What to send to the person, and to nobody else: whoever has it acts as them.",
        examples=["https://championed.example.com/a/k3v9q0x7m2c8t4z1b6n5w0h7r2p9d4j8f1s6g3y5l0a7e2u9i4"],
        json_schema_extra={"format": "uri"},
    )

    @classmethod
    def with_url(cls, row: models.ActionLink, name: str, *, public_url: str, token: str, now: datetime) -> Self:
        """The link with its fresh token."""
        return cls(**cls.members(row, name, now=now), url=f"{public_url}{PAGE_PATH}/{token}")


class ActionLinkList(Listing[ActionLink]):
    """One page of action links."""


class ActionLinksQuery(ListQuery):
    """Which links to list."""

    person: PersonId | SkipJsonSchema[None] = Field(default=None, description="Those for this person.")
    application: ApplicationId | SkipJsonSchema[None] = Field(default=None, description="Those about this application.")
    purpose: ActionLinkPurpose | SkipJsonSchema[None] = Field(default=None, description="Those of this purpose.")
    state: ActionLinkState | SkipJsonSchema[None] = Field(default=None, description="Those in this state now.")
    order_by: str | SkipJsonSchema[None] = Field(
        default=None, max_length=200, description="`created_at`, with ` desc` after it for the latest first."
    )


def state_of(row: models.ActionLink, *, now: datetime) -> ActionLinkState:
    """Whether the link works, or why it does not."""
    if row.state is ActionLinkState.OPEN and row.expires_at <= now:
        return ActionLinkState.EXPIRED
    return row.state


def version_of(row: models.ActionLink, *, now: datetime) -> int:
    """Which version is shown. Expiring raises it, though nothing is stored then; nothing changes afterwards."""
    return row.version + (state_of(row, now=now) is ActionLinkState.EXPIRED)


def event_data(row: models.ActionLink, *, now: datetime) -> dict[str, Any]:
    """What an event says about a link: ids, no name and no address."""
    shown = ActionLink.of(row, "", now=now)
    return shown.model_dump(mode="json", exclude={"person": {"name"}})


def _result(row: models.ActionLink) -> ActionLinkResult | None:
    if row.result_id is None:
        return None
    kind = "advocacy" if row.purpose is ActionLinkPurpose.HAND_OVER else "act"
    return ActionLinkResult(type=kind, id=ids.encode(kind, row.result_id))
