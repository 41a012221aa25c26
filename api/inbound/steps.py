"""The background steps that make records of what connected systems sent."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from api.domain.errors import DomainError
from api.inbound.processing import failed, settle_again, work_on
from api.models import InboundMessage, InboundSubject
from api.platform import outbox, rows
from api.platform.claims import Queue, lease, workspaces_with_work
from api.platform.database_errors import DATABASE_ERRORS
from api.platform.db import Databases
from api.platform.sessions import WorkspaceRef, WriteSession
from api.support.steps import SERVICE

MESSAGES = Queue("inbound_messages", "due_at")
SUBJECTS = Queue("inbound_subjects", "due_at")
WORKSPACES_A_TURN = 20
ROWS_A_TURN = 20
RETRIES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""How long a message rests after each attempt that went wrong; after one more it is given up."""

_log = logging.getLogger("championed.inbound")
_Job = Callable[[Databases, WorkspaceRef, UUID], Awaitable[None]]


async def process_inbound_messages(databases: Databases) -> int:
    """Work on the messages that are due; answers how many.

    1. As the owner: find workspaces with messages due. 2. In each: lease some of them and commit. 3. One transaction
    for each: lock what it is about, bring our records in line, note what was changed, commit. A worker that dies leaves
    a lease that runs out; what it had done is undone with its transaction. One message that cannot be worked on keeps
    no other waiting.
    """
    return await _turn(databases, MESSAGES, process)


async def resettle_inbound_subjects(databases: Databases) -> int:
    """Work through what was said about candidates again, as after a changed mapping; answers of how many."""
    return await _turn(databases, SUBJECTS, _resettle)


async def _turn(databases: Databases, queue: Queue, job: _Job) -> int:
    done = 0
    for workspace in await workspaces_with_work(databases, queue, limit=WORKSPACES_A_TURN):
        for row_id in await lease(databases, workspace, queue, actor=SERVICE, limit=ROWS_A_TURN):
            await job(databases, workspace, row_id)
            done += 1
    return done


async def process(databases: Databases, workspace: WorkspaceRef, message_id: UUID) -> None:
    """Work on one message; what goes wrong is noted with it."""
    try:
        await _within(databases, workspace, lambda session: work_on(session, message_id))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is this message's and must not stop the others
        _tell("a message could not be worked on", error)
        await _put_off(databases, workspace, message_id, error)


async def _put_off(databases: Databases, workspace: WorkspaceRef, message_id: UUID, error: Exception) -> None:
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        message = await rows.lock(session, InboundMessage, message_id)
        if message.due_at is not None:
            is_last = message.attempts >= len(RETRIES)
            failed(message, error, retry_at=None if is_last else await session.now() + RETRIES[message.attempts])
        await session.flush()
        await session.commit()


async def _resettle(databases: Databases, workspace: WorkspaceRef, subject_id: UUID) -> None:
    try:
        await _within(databases, workspace, lambda session: settle_again(session, subject_id))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is this subject's and must not stop the others
        _tell("a candidate could not be worked through", error)
        async with databases.open_writing(workspace, actor=SERVICE) as session:
            subject = await rows.lock(session, InboundSubject, subject_id)
            subject.due_at, subject.lease_until = await session.now() + RETRIES[-1], None
            await session.flush()
            await session.commit()


def _tell(what: str, error: Exception) -> None:
    """Log what went wrong; with where it did if it is no refusal and no matter of the database's."""
    is_fault = not isinstance(error, (DomainError, *DATABASE_ERRORS))
    fields = {"fields": {"error": type(error).__name__}}
    _log.log(logging.ERROR if is_fault else logging.WARNING, what, exc_info=error if is_fault else None, extra=fields)


async def _within(
    databases: Databases, workspace: WorkspaceRef, job: Callable[[WriteSession], Awaitable[None]]
) -> None:
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        await job(session)
        await session.flush()
        await outbox.finish(session)
        await session.commit()
