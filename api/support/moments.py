"""The two times of a question about the past."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query as Parameter
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.domain.errors import Unprocessable
from api.platform.queries import Query
from api.platform.schemas import Moment


class KnownBeforeAsOf(Unprocessable):
    """`known_at` is earlier than `as_of`: what was true then cannot have been known before."""

    code = "known_before_as_of"
    title = "known_at is before as_of"


class AskedInTheFuture(Unprocessable):
    """The moment asked about has not come yet."""

    code = "asked_in_the_future"
    title = "The moment asked about lies in the future"


class PastQuery(Query):
    """Which past to answer for; both default to now, and `known_at` alone sets `as_of` too."""

    as_of: Moment | SkipJsonSchema[None] = Field(
        default=None, description="What was true at this moment: facts that happened by then."
    )
    known_at: Moment | SkipJsonSchema[None] = Field(
        default=None, description="What was known at this moment: facts that were recorded by then."
    )

    def resolve(self, now: datetime) -> "Past":
        """The two moments meant. Raises KnownBeforeAsOf and AskedInTheFuture."""
        as_of = self.as_of or self.known_at or now
        known_at = self.known_at or now
        for name, moment in (("as_of", as_of), ("known_at", known_at)):
            if moment > now:
                raise AskedInTheFuture(f"{name} must not be later than now.", parameter=name)
        if known_at < as_of:
            raise KnownBeforeAsOf("known_at must not be earlier than as_of.", parameter="known_at")
        return Past(as_of, known_at)


@dataclass(frozen=True, slots=True)
class Past:
    """A moment, and what was recorded by when."""

    as_of: datetime
    known_at: datetime


PastParameters = Annotated[PastQuery, Parameter()]
"""The query parameters `as_of` and `known_at`."""
