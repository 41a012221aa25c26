"""What callers send to merge."""

from pydantic import Field

from api.platform.ids import CandidateId, PersonId
from api.platform.schemas import RequestModel

RECORDED_BY = "The person who told us."


class PersonMerge(RequestModel):
    """Who the person turned out to be."""

    into: PersonId = Field(description="The person whose record goes on; where that was merged, whom it led to.")
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class CandidateMerge(RequestModel):
    """Who the candidate turned out to be."""

    into: CandidateId = Field(description="The candidate whose record goes on; where that was merged, whom it led to.")
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)
