"""External ids on the wire."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from api import models
from api.external_refs.service import Kind, named_by
from api.platform.ids import ExternalRefId, encode
from api.platform.queries import ListQuery
from api.platform.schemas import SYSTEM, Listing, Moment, RequestModel, ResponseModel

System = Annotated[
    str,
    StringConstraints(max_length=63, pattern=SYSTEM),
    Field(description="Your name for the other system; it exists from its first use.", examples=["greenhouse"]),
]
"""The name of another system: lower-case letters, digits, `_`, `.` and `-`, at most 63."""

ExternalId = Annotated[
    str,
    # No control characters anywhere, and no white space at either end: it is compared as it is. U+FFFD stands for bytes
    # that are no UTF-8, so two different ids in a path would be one.
    StringConstraints(
        min_length=1,
        max_length=200,
        pattern=r"^[^\s\x00-\x1f\x7f\ufffd]([^\x00-\x1f\x7f\ufffd]*[^\s\x00-\x1f\x7f\ufffd])?$",
    ),
    Field(description="The id that the other system uses, exactly as it is there.", examples=["70231188"]),
]
"""Another system's id: opaque text of 1 to 200 characters."""

ResourceId = Annotated[
    str,
    StringConstraints(
        pattern=r"^(person_[0-9a-f]{32}|candidate_[0-9a-f]{32}|job_[0-9a-f]{32}|application_[0-9a-f]{32})$"
    ),
]
"""The id of a person, candidate, job or application."""

_RESOURCE = "The person, candidate, job or application."
_EXAMPLES = ["job_0192f3a4b5c67d8e9f00112233445566"]


class ExternalRef(ResponseModel):
    """The id that another system has for a person, candidate, job or application."""

    id: ExternalRefId = Field(description="The record.")
    object: Literal["external_ref"] = Field(
        default="external_ref", description="Always `external_ref`.", examples=["external_ref"]
    )
    system: str = Field(description="The other system.", examples=["greenhouse"])
    external_id: str = Field(description="Its id.", examples=["70231188"])
    kind: Kind = Field(description="What it names.", examples=["job"])
    resource_id: ResourceId = Field(description=_RESOURCE, examples=_EXAMPLES)
    created_at: Moment = Field(description="When it was first used here.")

    @classmethod
    def of(cls, row: models.ExternalRef) -> "ExternalRef":
        """The record as stored."""
        plain = {name: getattr(row, name) for name in ("id", "system", "external_id", "kind", "created_at")}
        return cls(**plain, resource_id=encode(row.kind, named_by(row)))


class ExternalRefList(Listing[ExternalRef]):
    """One page of external ids."""


class ExternalRefCreate(RequestModel):
    """Another id of a person, candidate, job or application."""

    system: System
    external_id: ExternalId
    resource_id: ResourceId = Field(description=_RESOURCE, examples=_EXAMPLES)


class ExternalRefsQuery(ListQuery):
    """Which external ids, in which order."""

    system: System | SkipJsonSchema[None] = Field(
        default=None, description="Of this system; with `external_id` or `resource_id`."
    )
    external_id: ExternalId | SkipJsonSchema[None] = Field(default=None, description="With this id.")
    kind: Kind | SkipJsonSchema[None] = Field(
        default=None, description="Naming something of this kind; with `external_id` or `resource_id`."
    )
    resource_id: ResourceId | SkipJsonSchema[None] = Field(default=None, description="Of this resource.")
    order_by: str | SkipJsonSchema[None] = Field(
        default=None,
        max_length=200,
        description="`created_at`, with ` desc` after it for the latest first.",
        examples=["created_at desc"],
    )
