"""`rebuild`: derive everything again from the facts, and count or mend what was announced otherwise."""

from collections.abc import AsyncIterator, Coroutine, Sequence
from uuid import UUID

from rich.progress import Progress
from sqlalchemy import text
from sqlmodel import col, select

from api.domain.support import derive_support
from api.models import Application
from api.platform import outbox
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef
from api.support.announcements import differing
from api.support.locks import lock_application
from api.support.queries import load
from api.support.service import announce, columns
from api.support.steps import SERVICE

BATCH = 200


async def with_connections(databases: Databases, work: Coroutine[None, None, int]) -> int:
    """Do the work and give the connections back in the same event loop."""
    try:
        return await work
    finally:
        await databases.close()


async def check(databases: Databases, progress: Progress) -> int:
    """How many announced values differ from what the facts give at the moment they were announced for; 0 is right."""
    differences = 0
    async for workspace, batch in _batches(databases, progress):
        async with databases.open_reading(workspace, snapshot=True) as session:
            rows = (await session.execute(select(Application).where(col(Application.id).in_(batch)))).scalars()
            by_id = {row.id: row for row in rows}
            for loaded in await load(session, batch):
                row = by_id[loaded.facts.id]
                support = derive_support(loaded.facts, as_of=row.derived_at, known_at=row.derived_at)
                wrong = [name for name, value in columns(loaded, support).items() if getattr(row, name) != value]
                differences += len(wrong) + len(list(differing(loaded, support)))
    return differences


async def rebuild(databases: Databases, progress: Progress) -> int:
    """Announce every application again as of now; answers how many changed."""
    changed = 0
    async for workspace, batch in _batches(databases, progress):
        for application_id in batch:
            changed += await _announce_again(databases, workspace, application_id)
    return changed


async def _announce_again(databases: Databases, workspace: WorkspaceRef, application_id: UUID) -> bool:
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        locked = await lock_application(session, application_id)
        before = locked.application.version
        await announce(session, locked.application, now=locked.now)
        await outbox.finish(session)
        await session.commit()
        return locked.application.version != before


async def _batches(databases: Databases, progress: Progress) -> AsyncIterator[tuple[WorkspaceRef, Sequence[UUID]]]:
    """All applications of all workspaces in batches by id, with a progress bar over them."""
    async with databases.open_system() as connection:
        counted = await connection.execute(
            text(
                "select w.id, w.public_id, w.is_sandbox, count(a.id) as applications from workspaces w"
                " left join applications a on a.workspace_id = w.id group by w.id order by w.id"
            )
        )
        workspaces = counted.all()
    task = progress.add_task("Deriving", total=sum(row.applications for row in workspaces))
    for row in workspaces:
        workspace = WorkspaceRef(row.id, row.public_id, row.is_sandbox)
        last = UUID(int=0)
        while batch := await _next_batch(databases, workspace, last):
            yield workspace, batch
            last = batch[-1]
            progress.advance(task, len(batch))


async def _next_batch(databases: Databases, workspace: WorkspaceRef, after: UUID) -> Sequence[UUID]:
    async with databases.open_reading(workspace) as session:
        following = select(Application.id).where(col(Application.id) > after).order_by(col(Application.id)).limit(BATCH)
        return (await session.execute(following)).scalars().all()
