"""The row that a path names."""

import re
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select

from api.domain.errors import NotFound
from api.models import WorkspaceOwned
from api.platform.sessions import WorkspaceSession, WriteSession

Row = TypeVar("Row", bound=WorkspaceOwned)


async def find(session: WorkspaceSession, model: type[Row], row_id: UUID) -> Row:
    """The row with this id in the session's workspace; raises NotFound."""
    found = await session.execute(select(model).where(col(model.id) == row_id))
    return _existing(found.scalar_one_or_none(), model)


async def lock(session: WriteSession, model: type[Row], row_id: UUID) -> Row:
    """The same row, locked against other changes until the transaction ends; references to it may still be made."""
    statement = select(model).where(col(model.id) == row_id).with_for_update(key_share=True)
    # A copy read before the lock was granted may be stale.
    found = await session.execute(statement, execution_options={"populate_existing": True})
    return _existing(found.scalar_one_or_none(), model)


def word_of(model: type[WorkspaceOwned]) -> str:
    """What a row of the model is called in a sentence."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()


def _existing(row: Row | None, model: type[Row]) -> Row:
    if row is None:
        raise NotFound(f"There is no such {word_of(model)}.")
    return row
