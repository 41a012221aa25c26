"""What is told of applications: their lifecycle, how they are backed, and what is owed about them."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from api.applications.schemas import Application
from api.domain.vocabulary import Owed, Waiting
from api.event_types.declaring import Declared
from api.event_types.told import Told, former, partly, told
from api.platform.ids import AdvocateId, ApplicationId, CandidateId, FollowUpId, JobId
from api.platform.schemas import Moment
from api.reasons.schemas import Evidence, Reason
from api.support.schemas import AnnouncedSupport

_THE_APPLICATION = "The application."
_TOLD_ELSEWHERE = (
    "candidate",
    "job",
    "support",
    "waiting",
    "waiting_since",
    "waiting_changes_at",
    "follow_up_state",
    "next_follow_up",
    "allowed_transitions",
)

ApplicationTold = told(
    "ApplicationTold",
    Application,
    "An application without names. Its support, waiting and what is owed have events of their own.",
    without=_TOLD_ELSEWHERE,
    candidate_id=(CandidateId, Field(description="Who is considered.")),
    job_id=(JobId, Field(description="For what.")),
)
ApplicationResumed = partly(
    "ApplicationResumed",
    ApplicationTold,
    "An application whose hold ended: all of it where a person said so, and the first members where its date came.",
    always=("id", "object", "state", "stage"),
)
ApplicationBefore = partly(
    "ApplicationBefore",
    ApplicationTold,
    "Former values of the members that changed, but for `version` and `updated_at`.",
    only=ApplicationTold.model_fields.keys() - {"version", "updated_at"},
)


class ApplicationTransferred(Told):
    """An application whose candidate is considered for another job as well."""

    id: ApplicationId = Field(description=_THE_APPLICATION)
    object: Literal["application"] = Field(
        default="application", description="Always `application`.", examples=["application"]
    )
    transferred_to: ApplicationId = Field(description="The application for the other job.")
    job_id: JobId = Field(description="The other job.")


ApplicationSupportTold = told(
    "ApplicationSupportTold",
    AnnouncedSupport,
    "How an application is backed, as it was announced, by ids.",
    without=("advocate",),
    application_id=(ApplicationId, Field(description=_THE_APPLICATION)),
    job_id=(JobId, Field(description="Its job.")),
    candidate_id=(CandidateId, Field(description="Its candidate.")),
    advocate_id=(AdvocateId | None, Field(description="Who speaks up; null while nobody has.")),
    exposed=(bool, Application.model_fields["exposed"]),
    sole_advocate=(bool, Application.model_fields["sole_advocate"]),
)
SupportBefore = former(
    "SupportBefore",
    ApplicationSupportTold,
    "level",
    "championing",
    "confidence",
    "documented_level",
    "advocacy_id",
    "advocate_id",
)
ExposureBefore = former("ExposureBefore", ApplicationSupportTold, "exposed")


class ApplicationOwedTold(Told):
    """Whether an application's candidate waits, and what is owed about it."""

    id: ApplicationId = Field(description=_THE_APPLICATION)
    object: Literal["application"] = Field(
        default="application", description="Always `application`.", examples=["application"]
    )
    job_id: JobId = Field(description="Its job.")
    waiting: Waiting = Field(description="Whether the candidate waits for a word.", examples=["waiting"])
    waiting_since: Moment | None = Field(description="From when they do; null where nobody waits.")
    waiting_changes_at: Moment | None = Field(description="When that differs by time alone; null for never.")
    follow_up_state: Owed = Field(description="What the hiring side owes here.", examples=["due"])
    next_follow_up_id: FollowUpId | None = Field(description="The most pressing open follow-up; null without one.")


WaitingBefore = former("WaitingBefore", ApplicationOwedTold, "waiting")
FollowUpStateBefore = former("FollowUpStateBefore", ApplicationOwedTold, "follow_up_state")
ReasonTold = told("ReasonTold", Reason, "A reason, without its warnings.", without=("warnings",))
ReasonBefore = former("ReasonBefore", Evidence)

_UNDER_WAY = {"outcome": None}
_NEW = {"stage_label": None, "next_step_at": None, "next_step_kind": None, **_UNDER_WAY}
_HELD = {"state": "on_hold", "on_hold_until": "2026-02-02", **_UNDER_WAY}
_CLOSED = {"state": "closed", "outcome_at": "2026-01-15T09:30:00Z"}
_OPEN = {"state": "open", "outcome": None, "outcome_at": None}
_NEXT = {"next_step_at": "2026-01-20T10:00:00Z", "next_step_kind": "interview"}
_SINCE = {"since": "2026-01-15T09:30:00Z"}
_OTHER_ID = "application_0192f3a4b5c67d8e9f00112233445577"
_OTHER_JOB = "job_0192f3a4b5c67d8e9f00112233445577"
_NO_STEP = {"next_step_at": None, "next_step_kind": None}


def _verb(shown: Mapping[str, object], was: Mapping[str, object]) -> Declared:
    return Declared(ApplicationTold, ApplicationBefore, shown=shown, was=was)


APPLICATIONS = {
    "application.created": Declared(ApplicationTold, shown=_NEW),
    "application.updated": _verb(_UNDER_WAY, {"metadata": {"ats_id": "41"}}),
    "application.moved": _verb(_UNDER_WAY, {"stage": "applied", "stage_label": None}),
    "application.held": _verb(_HELD, {"state": "open", "on_hold_until": None}),
    "application.resumed": Declared(
        ApplicationResumed,
        ApplicationBefore,
        shown=_UNDER_WAY,
        was={"state": "on_hold", "on_hold_until": "2026-02-02"},
        usual=ApplicationTold,
    ),
    "application.closed": _verb(_CLOSED, _OPEN),
    "application.reopened": _verb(_UNDER_WAY, {"outcome": "rejected", **_CLOSED}),
    "application.transferred": Declared(
        ApplicationTransferred, shown={"transferred_to": _OTHER_ID, "job_id": _OTHER_JOB}
    ),
    "application.next_step.changed": _verb({**_NEXT, **_UNDER_WAY}, _NO_STEP),
    "application.support.changed": Declared(
        ApplicationSupportTold, SupportBefore, shown=_SINCE, was={"level": "recommended", "championing": "started"}
    ),
    "application.exposure.changed": Declared(
        ApplicationSupportTold, ExposureBefore, shown={"exposed": True, **_SINCE}, was={"exposed": False}
    ),
    "application.waiting.changed": Declared(
        ApplicationOwedTold,
        WaitingBefore,
        shown={"waiting_since": "2026-01-15T09:30:00Z"},
        was={"waiting": "none"},
    ),
    "application.follow_up_state.changed": Declared(
        ApplicationOwedTold,
        FollowUpStateBefore,
        shown={"waiting": "none", "next_follow_up_id": "follow_up_0192f3a4b5c67d8e9f00112233445566"},
        was={"follow_up_state": "scheduled"},
    ),
    "reason.created": Declared(ReasonTold),
    "reason.updated": Declared(ReasonTold, ReasonBefore, was={"result": None}),
}
"""The types about applications, and about the reasons that speak for them."""
