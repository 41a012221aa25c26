"""Which row another system's id names: one row of each kind, while a row may have several such ids.

The same id in another workspace is another id: nothing here sees it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.domain.errors import Conflict
from api.models import Application, Candidate, ExternalRef, Job, Person
from api.platform.ids import decode, encode
from api.platform.references import require_present
from api.platform.sessions import WorkspaceSession, WriteSession
from api.platform.uniqueness import Taken, unique

Kind: TypeAlias = Literal["person", "candidate", "job", "application"]
"""What has ids at other systems."""

MODELS: Mapping[Kind, type[Person | Candidate | Job | Application]] = {
    "person": Person,
    "candidate": Candidate,
    "job": Job,
    "application": Application,
}


class ExternalRefTaken(Conflict):
    """The external id names another resource of the kind already; `existing_id` names that one.

    One id of a system means one person, candidate, job or application. Where the two are the same in truth, merge them.
    """

    code = "external_ref_taken"
    title = "The external id names something else"


async def find(session: WorkspaceSession, kind: Kind, system: str, external_id: str) -> UUID | None:
    """The row of the kind that the system's id names; merges are not followed."""
    ref = await record_of(session, kind, system, external_id)
    return None if ref is None else named_by(ref)


async def record_of(session: WorkspaceSession, kind: Kind, system: str, external_id: str) -> ExternalRef | None:
    """The record of an external id, if it is known."""
    return (await session.execute(_naming(kind, system, external_id))).scalar_one_or_none()


async def attached(session: WorkspaceSession, kind: Kind, system: str, external_id: str) -> ExternalRef:
    """The record of an external id that is there."""
    return (await session.execute(_naming(kind, system, external_id))).scalar_one()


def _naming(kind: Kind, system: str, external_id: str) -> SelectOfScalar[ExternalRef]:
    statement = select(ExternalRef).where(
        ExternalRef.system == system, ExternalRef.external_id == external_id, ExternalRef.kind == kind
    )
    # Merging lets the record name another row, also a record that this session has read before.
    return statement.execution_options(populate_existing=True)


async def hold(session: WriteSession, refs: Collection[tuple[Kind, str, str]]) -> None:
    """Let no other transaction that asks the same work with these ids (kind, system, id) until this one has ended.

    To be called before what they name is looked up and made, by a statement of its own. What a transaction before has
    made of them is then seen, and nobody makes it twice.
    """
    keys = sorted({f"{session.workspace.id}/{kind}/{system}/{external_id}" for kind, system, external_id in refs})
    # In one order, so that two of them cannot wait for each other.
    await session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(held, 0)) from unnest(cast(:keys as text[])) held"),
        {"keys": keys},
    )


async def attach(
    session: WriteSession, kind: Kind, resource_id: UUID, system: str, external_id: str, *, now: datetime
) -> bool:
    """Let the system's id name this row; False where it does already.

    Raises ExternalRefTaken where it names another row, also one that another transaction has given it meanwhile.
    """
    existing = await find(session, kind, system, external_id)
    if existing is None:
        row = ExternalRef(system=system, external_id=external_id, kind=kind, created_at=now)
        setattr(row, f"{kind}_id", resource_id)
        try:
            async with unique(session, "uq_external_refs_system_external_id"):
                session.add(row)
        except Taken:
            existing = await find(session, kind, system, external_id)
        else:
            return True
    if existing is not None and existing != resource_id:
        raise ExternalRefTaken(
            f"The id '{external_id}' of '{system}' names another {kind} already.", existing_id=encode(kind, existing)
        )
    return False


async def of(session: WorkspaceSession, kind: Kind, ids: Collection[UUID]) -> dict[UUID, list[ExternalRef]]:
    """The external ids of each of these rows, the oldest first, in one statement."""
    statement = select(ExternalRef).where(col(getattr(ExternalRef, f"{kind}_id")).in_(ids))
    refs: dict[UUID, list[ExternalRef]] = defaultdict(list)
    for ref in (await session.execute(statement.order_by(col(ExternalRef.created_at), col(ExternalRef.id)))).scalars():
        refs[named_by(ref)].append(ref)
    return dict(refs)


async def repoint(session: WriteSession, kind: Kind, from_id: UUID, to_id: UUID) -> None:
    """Let all external ids of one row name another from now on, into which the first is merged.

    They are marked: what another system says under them describes the first, and renames the second no longer.
    """
    column = getattr(ExternalRef, f"{kind}_id")
    await session.execute(
        update(ExternalRef)
        .where(col(ExternalRef.workspace_id) == session.workspace.id, column == from_id)
        .values({f"{kind}_id": to_id, "is_merged": True})
    )


def named_by(ref: ExternalRef) -> UUID:
    """The row that the external id names, whatever its kind."""
    named: UUID = getattr(ref, f"{ref.kind}_id")
    return named


def resource_of(public_id: str) -> tuple[Kind, UUID]:
    """Kind and id of what a public id names. Raises WrongIdKind or InvalidId."""
    kind: Kind = next((kind for kind in MODELS if public_id.startswith(f"{kind}_")), "person")
    return kind, decode(kind, public_id)


async def present_resource(session: WorkspaceSession, public_id: str, pointer: str) -> tuple[Kind, UUID]:
    """Kind and id of what a public id in a body names; of what was merged into another, that other.

    Raises UnknownReference at `pointer`.
    """
    kind, row_id = resource_of(public_id)
    return kind, (await require_present(session, MODELS[kind], row_id, pointer)).id
