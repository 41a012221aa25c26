"""The tool's id for what an upsert names."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.external_refs import service
from api.platform.schemas import PatchModel
from api.platform.sessions import WorkspaceSession, WriteSession


@dataclass(frozen=True, slots=True)
class Ref:
    """An id that a system has for a person, a candidate, a job or an application."""

    kind: service.Kind
    system: str
    external_id: str

    async def find(self, session: WorkspaceSession) -> UUID | None:
        """What it names; merges are not followed."""
        return await service.find(session, self.kind, self.system, self.external_id)

    async def is_merged(self, session: WorkspaceSession) -> bool:
        """Whether it came to what it names by a merge."""
        record = await service.record_of(session, self.kind, self.system, self.external_id)
        return record is not None and record.is_merged

    async def attach(self, session: WriteSession, resource_id: UUID, *, now: datetime) -> None:
        """Let it name this row; raises ExternalRefTaken where it names another."""
        await service.attach(session, self.kind, resource_id, self.system, self.external_id, now=now)


def ref_in(kind: service.Kind, system: str, told: PatchModel) -> Ref | None:
    """The id that a part of a body gives as `external_id`, which is one of the same system."""
    external_id = told.changes().get("external_id")
    return None if external_id is None else Ref(kind, system, external_id)
