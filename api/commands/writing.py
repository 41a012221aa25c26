"""A transaction of a command inside one workspace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.platform import outbox
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef, WriteSession

COMMAND = {"type": "command", "id": None}


@asynccontextmanager
async def writing(databases: Databases, workspace: WorkspaceRef) -> AsyncIterator[WriteSession]:
    """A transaction that commits, events included, at the end of the block, and does nothing when that fails."""
    async with databases.open_writing(workspace, actor=COMMAND) as session:
        yield session
        await outbox.finish(session)
        await session.commit()
