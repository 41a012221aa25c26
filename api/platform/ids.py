"""Public ids: a full-word prefix, an underscore and a UUID as 32 lower-case hex digits.

`advocacy_0192f3a4b5c67d8e9f00112233445566` names its own kind, so an id of one kind is never taken for another.
Inside the service an id is a plain `UUID`; the text form exists on the wire only.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from uuid_utils.compat import uuid7

from api.domain.errors import Unprocessable

_ID = re.compile(r"([a-z][a-z_]*)_([0-9a-f]{32})", re.ASCII)
_EXAMPLE = "0192f3a4b5c67d8e9f00112233445566"
_KINDS: set[str] = set()


class WrongIdKind(Unprocessable):
    """The id is well-formed but names another kind of thing than the one needed here."""

    code = "wrong_id_kind"
    title = "The id is of another kind"


class InvalidId(Unprocessable):
    """The text is not a public id at all."""

    code = "invalid_id"
    title = "The id is malformed"


def new_id() -> UUID:
    """A new time-ordered id (UUID version 7)."""
    return uuid7()


def first_id(moment: datetime) -> UUID:
    """The least id that can have been made at a moment or later."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (0b10 << 62))


def encode(kind: str, value: UUID) -> str:
    """The public form of an id: `kind_` and 32 hex digits."""
    return f"{kind}_{value.hex}"


def decode(kind: str, text: str) -> UUID:
    """The id in `text`, which must be of `kind`; raises `WrongIdKind` or `InvalidId`."""
    if match := _ID.fullmatch(text):
        given, digits = match.groups()
        if given == kind:
            return UUID(digits)
        if given in _KINDS:
            raise WrongIdKind(f"this is {_with_article(given)} id; {_with_article(kind)} id is needed")
    raise InvalidId(f"{_with_article(kind)} id is '{kind}_' followed by 32 lower-case hex digits")


def _with_article(kind: str) -> str:
    article = "an" if kind[0] in "aeiou" else "a"
    return f"{article} {kind.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class _PublicId:
    """Pydantic metadata that reads and writes the public form of one kind of id."""

    kind: str

    def parse(self, value: object) -> UUID:
        """Accept the public text, or a UUID from our own code; nothing else."""
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "Input should be a valid string")
        try:
            return decode(self.kind, value)
        except Unprocessable as error:
            raise PydanticCustomError(error.code, error.detail) from error

    def render(self, value: object) -> str:
        """The public text of the id."""
        return encode(self.kind, value) if isinstance(value, UUID) else str(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        serialization = core_schema.plain_serializer_function_ser_schema(
            self.render, return_schema=core_schema.str_schema(), when_used="json"
        )
        return core_schema.no_info_plain_validator_function(self.parse, serialization=serialization)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": f"^{self.kind}_[0-9a-f]{{32}}$",
            "description": f"Id of {_with_article(self.kind)}.",
            "examples": [f"{self.kind}_{_EXAMPLE}"],
        }


def public_id(kind: str) -> _PublicId:
    """Metadata for `Annotated[UUID, public_id("application")]`; declares the kind as one that exists."""
    _KINDS.add(kind)
    return _PublicId(kind)


WorkspaceId = Annotated[UUID, public_id("workspace")]
ApiKeyId = Annotated[UUID, public_id("api_key")]
PersonId = Annotated[UUID, public_id("person")]
CandidateId = Annotated[UUID, public_id("candidate")]
ReferrerId = Annotated[UUID, public_id("referrer")]
AdvocateId = Annotated[UUID, public_id("advocate")]
JobId = Annotated[UUID, public_id("job")]
JobMemberId = Annotated[UUID, public_id("job_member")]
RequirementId = Annotated[UUID, public_id("requirement")]
ApplicationId = Annotated[UUID, public_id("application")]
ReasonId = Annotated[UUID, public_id("reason")]
ReferralId = Annotated[UUID, public_id("referral")]
ReferenceId = Annotated[UUID, public_id("reference")]
AdvocacyId = Annotated[UUID, public_id("advocacy")]
ActId = Annotated[UUID, public_id("act")]
AskId = Annotated[UUID, public_id("ask")]
EventId = Annotated[UUID, public_id("event")]
AvailabilityId = Annotated[UUID, public_id("availability")]
AffiliationId = Annotated[UUID, public_id("affiliation")]
StageChangeId = Annotated[UUID, public_id("stage_change")]
SupportChangeId = Annotated[UUID, public_id("support_change")]
ActionLinkId = Annotated[UUID, public_id("action_link")]
AttemptId = Annotated[UUID, public_id("attempt")]
CalendarId = Annotated[UUID, public_id("calendar")]
CaptureId = Annotated[UUID, public_id("capture")]
CaptureAddressId = Annotated[UUID, public_id("capture_address")]
ConnectionId = Annotated[UUID, public_id("connection")]
DeliveryId = Annotated[UUID, public_id("delivery")]
DigestId = Annotated[UUID, public_id("digest")]
ErasureId = Annotated[UUID, public_id("erasure")]
InteractionId = Annotated[UUID, public_id("interaction")]
ExternalRefId = Annotated[UUID, public_id("external_ref")]
FollowUpChangeId = Annotated[UUID, public_id("follow_up_change")]
FollowUpId = Annotated[UUID, public_id("follow_up")]
InboundMessageId = Annotated[UUID, public_id("inbound_message")]
InvitationId = Annotated[UUID, public_id("invitation")]
PrivacyRecordId = Annotated[UUID, public_id("privacy_record")]
TaskId = Annotated[UUID, public_id("task")]
WebhookEndpointId = Annotated[UUID, public_id("webhook_endpoint")]
