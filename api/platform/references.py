"""Rows that a body refers to by id: each must exist in the caller's workspace."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select

from api.domain.errors import Unprocessable
from api.models import WorkspaceOwned
from api.platform.sessions import WorkspaceSession

Row = TypeVar("Row", bound=WorkspaceOwned)


class UnknownReference(Unprocessable):
    """The body names an id that does not exist in this workspace; `errors` says where.

    An id of another workspace is answered in the same way.
    """

    code = "unknown_reference"
    title = "The body refers to something that does not exist"


async def require(session: WorkspaceSession, model: type[Row], row_id: UUID, pointer: str) -> Row:
    """The row of `model` with this id in the session's workspace; raises UnknownReference at `pointer`."""
    rows = await require_all(session, model, {pointer: row_id})
    return rows[row_id]


async def require_present(session: WorkspaceSession, model: type[Row], row_id: UUID, pointer: str) -> Row:
    """The same, or the row that it was merged into, however often."""
    row = await require(session, model, row_id, pointer)
    while (into := getattr(row, "merged_into_id", None)) is not None:
        row = await require(session, model, into, pointer)
    return row


async def require_all(session: WorkspaceSession, model: type[Row], ids: Mapping[str, UUID]) -> dict[UUID, Row]:
    """The rows of `model` by id, for ids by their pointers, in one statement; raises UnknownReference naming each."""
    if not ids:
        return {}
    found = await session.execute(select(model).where(col(model.id).in_(set(ids.values()))))
    rows = {row.id: row for row in found.scalars()}
    missing = [pointer for pointer, row_id in ids.items() if row_id not in rows]
    if missing:
        raise _unknown(model, missing)
    return rows


def _unknown(model: type[WorkspaceOwned], pointers: list[str]) -> UnknownReference:
    detail = f"There is no such {model.__name__.lower()}."
    faults = [{"pointer": pointer, "code": UnknownReference.code, "detail": detail} for pointer in pointers]
    return UnknownReference(f"{pointers[0]}: {detail}", errors=faults)
