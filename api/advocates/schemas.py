"""Advocates on the wire."""

from typing import Any, Literal, Self

from pydantic import Field

from api import models
from api.owed.schemas import Owing, ShownNext, ShownState
from api.people.roles import NamedPerson, RoleCreate, RoleUpdate
from api.platform.ids import AdvocateId
from api.platform.schemas import Listing, Metadata, Moment, ResponseModel


class AdvocateRow(ResponseModel):
    """An advocate as a list shows them."""

    id: AdvocateId = Field(description="The advocate.")
    object: Literal["advocate"] = Field(default="advocate", description="Always `advocate`.", examples=["advocate"])
    person: NamedPerson = Field(description="Who it is.")
    follow_up_state: ShownState
    next_follow_up: ShownNext
    created_at: Moment = Field(description="When the person became an advocate.")
    updated_at: Moment = Field(description="When the advocate, or the person's name or address, last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Advocate, person: models.Person, owing: Owing) -> Self:
        """The advocate with the person behind it, and what is owed to them."""
        return cls(**cls.members(row, person), **owing.members)

    @classmethod
    def members(cls, row: models.Advocate, person: models.Person) -> dict[str, Any]:
        """What is shown, by member."""
        return {
            "id": row.id,
            "person": NamedPerson.of(person),
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "version": row.version,
        }


class Advocate(AdvocateRow):
    """A person who speaks up for candidates to those who decide."""

    metadata: Metadata

    @classmethod
    def members(cls, row: models.Advocate, person: models.Person) -> dict[str, Any]:
        """What is shown, by member."""
        return {**super().members(row, person), "metadata": row.labels}


class AdvocateList(Listing[AdvocateRow]):
    """One page of advocates."""


class AdvocateCreate(RoleCreate):
    """An advocate to be made: either of a known person or of a new one."""


class AdvocateUpdate(RoleUpdate):
    """A change to an advocate. Name and address belong to the person."""
