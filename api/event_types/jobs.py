"""What is told of jobs, of what they require and of who is on them."""

from pydantic import Field

from api.event_types.declaring import Declared
from api.event_types.told import ToldPerson, former, told
from api.jobs.schemas import SHOWN, Job, JobMember, JobRow, Requirement

_WHO = (ToldPerson, Field(description="Who it is."))
_MEMBERS = Field(max_length=SHOWN, description="Who is on it today, the first 100; by id, not by name.")

JobMemberTold = told(
    "JobMemberTold", JobMember, "A person's power on a job from a day on, without a name.", person=_WHO
)
JobTold = told("JobTold", Job, "A job, with its members by id.", members=(list[JobMemberTold], _MEMBERS))  # type: ignore[valid-type]  # a model made at run time
JobBefore = former("JobBefore", Job, "title", "kind", "metadata")
JobStateBefore = former("JobStateBefore", Job, "state")

JOBS = {
    "job.created": Declared(JobTold),
    "job.updated": Declared(JobTold, JobBefore, was={"title": "Engineer"}),
    "job.state.changed": Declared(JobRow, JobStateBefore, shown={"state": "filled"}, was={"state": "open"}),
    "job.requirement.stated": Declared(Requirement),
    "job.member.recorded": Declared(JobMemberTold),
}
"""The types about jobs."""
