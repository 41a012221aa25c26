"""The jobs of ours that the vendor speaks of."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Row, text, update
from sqlmodel import col

from api.external_refs import service as external_refs
from api.inbound.locks import lock_subjects
from api.inbound.told import Title
from api.inbound.work import Work
from api.jobs import service
from api.jobs.schemas import JobCreate, JobUpdate
from api.models import InboundSubject, Job
from api.platform import rows

JOB = "job:"
_KNOWN = text("""
    select r.external_id, r.job_id, j.title, s.said_at
    from external_refs r join jobs j on j.workspace_id = :w and j.id = r.job_id
    left join inbound_subjects s on s.workspace_id = :w and s.connection_id = :connection_id
        and s.subject = 'job:' || r.external_id
    where r.workspace_id = :w and r.system = :system and r.kind = 'job' and r.external_id = any(:ids)""")


async def settle_jobs(work: Work, titles: Mapping[str, Title]) -> dict[str, UUID]:
    """Our jobs by the vendor's ids, made where there is none, each with the title that was said last."""
    known = await _known(work, list(titles))
    for external_id in sorted(titles):
        title, row = titles[external_id], known.get(external_id)
        if row is None or (row.title != title.text and (row.said_at is None or row.said_at < title.said_at)):
            known[external_id] = await _settle_one(work, external_id, title)
    return {external_id: row.job_id for external_id, row in known.items()}


async def _known(work: Work, external_ids: list[str]) -> dict[str, Row[tuple[str, UUID, str, object]]]:
    sent = {"w": work.session.workspace.id, "connection_id": work.connection.id, "system": work.system}
    found = await work.session.execute(_KNOWN, {**sent, "ids": external_ids})
    return {row.external_id: row for row in found}


async def _settle_one(work: Work, external_id: str, title: Title) -> Row[tuple[str, UUID, str, object]]:
    """Make the job, or give it another title, under the lock that everybody takes who would."""
    await lock_subjects(work.session, work.connection, [JOB + external_id])
    row = (await _known(work, [external_id])).get(external_id)
    if row is None:
        made = await service.create_job(work.session, JobCreate(title=title.text), today=work.today, now=work.now)
        await external_refs.attach(work.session, "job", made.id, work.system, external_id, now=work.now)
        work.note("job", made.id, "created")
    elif row.said_at is None or row.said_at < title.said_at:
        job = await rows.lock(work.session, Job, row.job_id)
        await service.update_job(work.session, job, JobUpdate(title=title.text), now=work.now)
        work.note("job", job.id, "updated")
    await work.session.execute(
        update(InboundSubject)
        .where(
            col(InboundSubject.workspace_id) == work.session.workspace.id,
            col(InboundSubject.connection_id) == work.connection.id,
            col(InboundSubject.subject) == JOB + external_id,
            col(InboundSubject.said_at).is_(None) | (col(InboundSubject.said_at) < title.said_at),
        )
        .values(said_at=title.said_at)
    )
    return (await _known(work, [external_id]))[external_id]
