"""What to say about an external id that names nothing here."""

from collections.abc import Mapping

from sqlalchemy import text

from api.captures.meanings import ExternalId
from api.captures.schemas import Need
from api.external_refs import service as external_refs
from api.platform.sessions import WorkspaceSession

# From one name to the next along the index, as there are few systems and many ids.
_SYSTEMS = text(
    "with recursive known as ("
    " (select system from external_refs where workspace_id = :w order by system limit 1)"
    " union all select (select x.system from external_refs x where x.workspace_id = :w and x.system > known.system"
    " order by x.system limit 1) from known where known.system is not null"
    ") select system from known where system is not null limit 50"
)


_GOES_INTO: Mapping[external_refs.Kind, str] = {
    "candidate": "`candidate`",
    "application": "`application`",
    "job": "`job`",
    "person": "`advocate`, `to` or `recorded_by`",
}


async def unknown_external_id(session: WorkspaceSession, name: str, meant: ExternalId) -> Need:
    """The need for the member `name`, whose external id names nothing that goes there.

    Says what else the id names, and which systems are known where its own is not.
    """
    known = list((await session.execute(_SYSTEMS, {"w": session.workspace.id})).scalars())
    if meant.system not in known:
        systems = ", ".join(known) or "none yet"
        detail = f"Nothing here is known by ids of this system; known systems: {systems}."
        return Need(name=name, code="unknown_system", detail=detail, suggestions=[])
    for kind, members in _GOES_INTO.items():
        if await external_refs.find(session, kind, meant.system, meant.external_id) is not None:
            detail = f"This external id names a {kind} here; send that in {members}."
            return Need(name=name, code="other_kind", detail=detail, suggestions=[])
    return Need(name=name, code="unknown", detail="This external id names nothing here.", suggestions=[])
