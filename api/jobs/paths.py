"""The job that a path names."""

from typing import Annotated

from fastapi import Depends

from api.models import Job
from api.platform import rows
from api.platform.deps import Reading, Tag, Writing
from api.platform.ids import JobId


async def _job(job_id: JobId, session: Reading) -> Job:
    return await rows.find(session, Job, job_id)


async def _job_for_update(job_id: JobId, session: Writing, tag: Tag) -> Job:
    job = await rows.lock(session, Job, job_id)
    tag.check(job.version)
    return job


JobFromPath = Annotated[Job, Depends(_job)]
"""The job of the path."""
JobForUpdate = Annotated[Job, Depends(_job_for_update)]
"""The job of the path, locked; If-Match is compared with its version."""
