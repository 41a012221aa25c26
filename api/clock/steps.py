"""The background step that brings a clock to its goal when whoever was advancing it has died."""

from sqlalchemy import text

from api.clock import service
from api.platform import outbox
from api.platform.db import Databases
from api.platform.sessions import ClockAdvancing, WorkspaceRef
from api.support.steps import SERVICE


async def finish_abandoned_advances(databases: Databases) -> int:
    """Finish advances whose lease has run out; answers how many.

    1. As the owner: find sandboxes whose clock is being advanced by nobody. 2. Take the lease over. 3. Let time pass,
    one transaction for each thing that happens. 4. Set the clock.
    """
    async with databases.open_system() as connection:
        found = await connection.execute(
            text(
                "select id, public_id, is_sandbox from workspaces"
                " where advancing_to is not null and advancing_lease_until < :now"
            ),
            {"now": databases.clock()},
        )
        abandoned = [WorkspaceRef(row.id, row.public_id, row.is_sandbox) for row in found]
    return sum([await _finish(databases, workspace) for workspace in abandoned])


async def _finish(databases: Databases, workspace: WorkspaceRef) -> int:
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        try:
            journey = await service.take_over(session)
        except ClockAdvancing:
            return 0
        await session.commit()
    await service.travel(databases, workspace, journey.target)
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        await service.arrive(session, journey)
        await outbox.finish(session)
        await session.commit()
    return 1
