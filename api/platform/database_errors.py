"""What the database refuses, in the service's own errors."""

import asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.domain.errors import DomainError
from api.platform.problems import ServiceUnavailable

LOCK_NOT_AVAILABLE = "55P03"
_OVERLOADED = {"40001", "40P01", "53300", "53400", "57014", "25P03", "25P04", LOCK_NOT_AVAILABLE}

DATABASE_ERRORS = (
    DBAPIError,
    PoolTimeout,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


def sqlstate_of(error: BaseException) -> str | None:
    """The five-character code of a refused statement; None when the connection itself failed."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return getattr(original, "sqlstate", None)


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused a row, without the suffix a partition of the table may add."""
    cause = error.orig.__cause__ if error.orig is not None else None
    name = getattr(cause, "constraint_name", None) or str(error.orig).partition('constraint "')[2].partition('"')[0]
    return str(name).rstrip("0123456789").rstrip("_") if str(name)[-1:].isdigit() else str(name)


def unavailable(error: BaseException) -> DomainError | None:
    """The 503 for a database that is gone, overloaded or locked too long; None for what is a fault of ours."""
    state = sqlstate_of(error)
    if state in _OVERLOADED:
        return ServiceUnavailable("The service is busy with this data; try again.", retry_after=1)
    is_connection = state is None or state[:2] in ("08", "57")
    if is_connection and not isinstance(error, asyncpg.DataError):
        return ServiceUnavailable("The database cannot be reached; try again in a moment.", retry_after=2)
    return None


def passes(error: Exception) -> bool:
    """Whether background work may go well if it is repeated: the database is gone or busy, or a rule refuses now."""
    return isinstance(error, DomainError) or (isinstance(error, DATABASE_ERRORS) and unavailable(error) is not None)
