"""Which rows of ours the vendor's ids name."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from api.external_refs.service import Kind, named_by
from api.models import ExternalRef
from api.platform.sessions import WorkspaceSession


async def refs_of(
    session: WorkspaceSession, system: str, kind: Kind, external_ids: Collection[str]
) -> dict[str, ExternalRef]:
    """The records that say so, by the vendor's id, for those that are known; in one statement."""
    statement = select(ExternalRef).where(
        ExternalRef.system == system, ExternalRef.kind == kind, col(ExternalRef.external_id).in_(external_ids)
    )
    # Merging moves these records, also ones that this session has read before.
    found = await session.execute(statement, execution_options={"populate_existing": True})
    return {ref.external_id: ref for ref in found.scalars()}


async def known(session: WorkspaceSession, system: str, kind: Kind, external_ids: Collection[str]) -> dict[str, UUID]:
    """The rows themselves, by the vendor's id; merges are not followed."""
    refs = await refs_of(session, system, kind, external_ids)
    return {external_id: named_by(ref) for external_id, ref in refs.items()}
