"""Adding what may exist only once, so that the transaction outlives a refusal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError

from api.platform.database_errors import constraint_of
from api.platform.sessions import WriteSession


class Taken(Exception):
    """The named constraint refused a row: something of the kind exists already."""


@asynccontextmanager
async def unique(session: WriteSession, constraint: str) -> AsyncIterator[None]:
    """Send what the block adds or changes to the database; where `constraint` refuses it, undo it and raise Taken.

    Afterwards the row that was in the way can be read, even one that another transaction has just committed.
    """
    try:
        async with session.begin_nested():
            yield
            await session.flush()
    except IntegrityError as refused:
        if constraint_of(refused) != constraint:
            raise
        raise Taken(constraint) from refused
