"""Candidates on the wire."""

from typing import Any, Literal, Self

from pydantic import Field

from api import models
from api.people.roles import NamedPerson, RoleCreate, RoleUpdate
from api.platform.ids import CandidateId
from api.platform.schemas import Listing, Metadata, Moment, ResponseModel


class CandidateRow(ResponseModel):
    """A candidate as a list shows them."""

    id: CandidateId = Field(description="The candidate.")
    object: Literal["candidate"] = Field(default="candidate", description="Always `candidate`.", examples=["candidate"])
    person: NamedPerson = Field(description="Who it is.")
    merged_into: CandidateId | None = Field(
        description="The candidate this one turned out to be, who has the applications from then on."
    )
    created_at: Moment = Field(description="When the person became a candidate.")
    updated_at: Moment = Field(description="When the candidate, or the person's name or address, last changed.")
    version: int = Field(description="Rises with every change; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Candidate, person: models.Person) -> Self:
        """The candidate with the person behind it."""
        return cls(**cls.members(row, person))

    @classmethod
    def members(cls, row: models.Candidate, person: models.Person) -> dict[str, Any]:
        """What is shown, by member."""
        return {
            "id": row.id,
            "person": NamedPerson.of(person),
            "merged_into": row.merged_into_id,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "version": row.version,
        }


class Candidate(CandidateRow):
    """A person who is considered for jobs."""

    metadata: Metadata

    @classmethod
    def members(cls, row: models.Candidate, person: models.Person) -> dict[str, Any]:
        """What is shown, by member."""
        return {**super().members(row, person), "metadata": row.labels}


class CandidateList(Listing[CandidateRow]):
    """One page of candidates."""


class CandidateCreate(RoleCreate):
    """A candidate to be made: either of a known person or of a new one."""


class CandidateUpdate(RoleUpdate):
    """A change to a candidate. Name and address belong to the person."""
