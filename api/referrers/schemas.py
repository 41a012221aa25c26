"""Referrers on the wire."""

from typing import Any, Literal, Self

from pydantic import Field

from api import models
from api.owed.schemas import Owing, ShownNext, ShownState
from api.people.roles import NamedPerson, RoleCreate, RoleUpdate
from api.platform.ids import ReferrerId
from api.platform.schemas import Listing, Metadata, Moment, ResponseModel


class ReferrerRow(ResponseModel):
    """A referrer as a list shows them."""

    id: ReferrerId = Field(description="The referrer.")
    object: Literal["referrer"] = Field(default="referrer", description="Always `referrer`.", examples=["referrer"])
    person: NamedPerson = Field(description="Who it is.")
    follow_up_state: ShownState
    next_follow_up: ShownNext
    created_at: Moment = Field(description="When the person became a referrer.")
    updated_at: Moment = Field(description="When the referrer, or the person's name or address, last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Referrer, person: models.Person, owing: Owing) -> Self:
        """The referrer with the person behind it, and what is owed to them."""
        return cls(**cls.members(row, person), **owing.members)

    @classmethod
    def members(cls, row: models.Referrer, person: models.Person) -> dict[str, Any]:
        """What is shown, by member."""
        return {
            "id": row.id,
            "person": NamedPerson.of(person),
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "version": row.version,
        }


class Referrer(ReferrerRow):
    """A person who attaches their name to candidates."""

    metadata: Metadata

    @classmethod
    def members(cls, row: models.Referrer, person: models.Person) -> dict[str, Any]:
        """What is shown, by member."""
        return {**super().members(row, person), "metadata": row.labels}


class ReferrerList(Listing[ReferrerRow]):
    """One page of referrers."""


class ReferrerCreate(RoleCreate):
    """A referrer to be made: either of a known person or of a new one."""


class ReferrerUpdate(RoleUpdate):
    """A change to a referrer. Name and address belong to the person."""
