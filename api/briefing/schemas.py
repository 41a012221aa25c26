"""The briefing on the wire."""

from datetime import datetime, timedelta
from typing import Generic, Literal, TypeVar

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.applications.listing_schemas import ListedApplication
from api.applications.schemas import NamedCandidate, NamedJob
from api.captures.schemas import Need
from api.domain.errors import Unprocessable
from api.domain.vocabulary import Championing, Level, Outcome, Stage
from api.follow_ups.schemas import FollowUpRow
from api.platform.ids import ApplicationId, CaptureId, PersonId
from api.platform.queries import Query
from api.platform.schemas import Count, Moment, ResponseModel
from api.support.moments import AskedInTheFuture

Row = TypeVar("Row")

MOST_ROWS = 50
"""How many rows a section has at most."""
MOST_CHANGES = 10
"""How many changes an application shows at most."""
COUNTED_AT_MOST = 500
"""Up to where further applications that changed are counted."""
USUAL_DAYS, MOST_DAYS = 7, 90
"""How far back the briefing looks by default, and at most."""


class SinceTooEarly(Unprocessable):
    """The briefing looks back 90 days at most; the feed of events goes back to the beginning."""

    code = "since_too_early"
    title = "The briefing does not look back that far"


class BriefingQuery(Query):
    """Whose briefing, and since when."""

    person: PersonId | SkipJsonSchema[None] = Field(
        default=None,
        description="Only what belongs to the jobs that this person is a member of today, and what they owe; the whole "
        "workspace when left out.",
    )
    since: Moment | SkipJsonSchema[None] = Field(
        default=None, description="What changed at this moment or later; seven days ago when left out, 90 at most."
    )

    def begin(self, now: datetime) -> datetime:
        """Since when. Raises AskedInTheFuture and SinceTooEarly."""
        if self.since is None:
            return now - timedelta(days=USUAL_DAYS)
        if self.since > now:
            raise AskedInTheFuture("since must not be later than now.", parameter="since")
        if self.since < now - timedelta(days=MOST_DAYS):
            raise SinceTooEarly(f"since must not be more than {MOST_DAYS} days ago.", parameter="since")
        return self.since


class Change(ResponseModel):
    """One thing that changed about an application."""

    type: str = Field(
        description="Extensible enum: `support` for what was announced about its support; `create`, `move`, `hold`, "
        "`resume`, `close` and `reopen` for the verbs of its lifecycle.",
        examples=["support"],
    )
    occurred_at: Moment = Field(description="When it happened.")
    recorded_at: Moment = Field(description="When it became known here.")
    level: Level | None = Field(description="With `support`: the level from then on.", examples=["championed"])
    previous_level: Level | None = Field(description="With `support`: the level before.", examples=["recommended"])
    championing: Championing | None = Field(
        description="With `support`: where the best advocacy stood from then on.", examples=["on_track"]
    )
    stage: Stage | None = Field(
        description="The stage entered by `create`, `move` and `reopen`.", examples=["interviewing"]
    )
    outcome: Outcome | None = Field(description="The outcome that a `close` gave.", examples=["hired"])


class ChangedApplication(ListedApplication):
    """An application that changed, as it stands now, with what changed."""

    changes: list[Change] = Field(
        max_length=MOST_CHANGES, description="What became known since, the latest first: the last ten."
    )


class DueApplication(ResponseModel):
    """The application of a follow-up, by name."""

    id: ApplicationId = Field(description="The application.")
    candidate: NamedCandidate = Field(description="Who is considered.")
    job: NamedJob = Field(description="For what.")


class DueFollowUp(FollowUpRow):
    """A follow-up that is overdue or due today."""

    application: DueApplication | None = Field(description="Its application by name; null where it has none.")


class WaitingCapture(ResponseModel):
    """A capture that needs details before it counts for anything."""

    id: CaptureId = Field(description="The capture.")
    object: Literal["capture"] = Field(default="capture", description="Always `capture`.", examples=["capture"])
    source: str = Field(description="How it came in. Extensible enum: `api`, `mail`.", examples=["mail"])
    application_id: ApplicationId | None = Field(description="The application, where it is known.")
    needs: list[Need] = Field(description="What is missing.")
    created_at: Moment = Field(description="When it came in.")
    version: Count = Field(description="Its ETag, for `If-Match` when it is completed.", examples=[1])


class Section(ResponseModel, Generic[Row]):
    """One part of the briefing: at most fifty rows."""

    data: list[Row] = Field(max_length=MOST_ROWS, description="The rows.")
    has_more: bool = Field(description="Whether there are more than these.", examples=[False])
    rest: list[str] = Field(
        description="Where the rest is listed: paths to call as they are, in this order; empty when all is here.",
        examples=[["/v1/follow_ups?standing=overdue"]],
    )


class ChangedSection(Section[ChangedApplication]):
    """Applications of which state, stage, outcome, level or championing changed, and new ones; the latest first."""

    more: Count = Field(
        description="How many applications more changed since; counted up to 500, which then means so many or more.",
        examples=[0],
    )


class DueSection(Section[DueFollowUp]):
    """What is owed, the first due first."""


class ApplicationSection(Section[ListedApplication]):
    """Applications, as the list of applications shows them."""


class CaptureSection(Section[WaitingCapture]):
    """Captures that need details, the latest first."""


class Briefing(ResponseModel):
    """What changed, what is owed and what needs attention, all seen at one moment."""

    object: Literal["briefing"] = Field(default="briefing", description="Always `briefing`.", examples=["briefing"])
    as_of: Moment = Field(description="The moment it was made.")
    since: Moment = Field(description="Since when changes are shown.")
    person: PersonId | None = Field(description="Whose briefing it is; null for the whole workspace.")
    changed: ChangedSection = Field(description="What changed since.")
    overdue: DueSection = Field(description="What should have been done before.")
    due: DueSection = Field(description="What is owed today: what is due, then what becomes due later today.")
    lapsing: ApplicationSection = Field(
        description="Applications whose support changes within seven days if nothing happens, the soonest first: "
        "`support.championing` says where it stands now, and `support.next_change_at` until when."
    )
    needs_details: CaptureSection = Field(
        description="Captures that need details, of these jobs or of an application that is not known yet. Its `rest` "
        "lists those of all jobs."
    )
    exposed: ApplicationSection = Field(
        description="Open applications, none on hold, whose only advocate is gone, leaving, away too long or slipping; "
        "the latest made first."
    )
    waiting: ApplicationSection = Field(
        description="Applications whose candidates have been without recorded contact too long; the latest made first."
    )
