"""What to say about an external id that names nothing here."""

from sqlalchemy import text

from api.captures.schemas import Need
from api.platform.sessions import WorkspaceSession

# From one name to the next along the index, as there are few systems and many ids.
_SYSTEMS = text(
    "with recursive known as ("
    " (select system from external_refs where workspace_id = :w order by system limit 1)"
    " union all select (select x.system from external_refs x where x.workspace_id = :w and x.system > known.system"
    " order by x.system limit 1) from known where known.system is not null"
    ") select system from known where system is not null limit 50"
)


async def unknown_external_id(session: WorkspaceSession, name: str, system: str) -> Need:
    """The need for the member `name`, whose external id is not known; names the systems where that one is unknown."""
    known = list((await session.execute(_SYSTEMS, {"w": session.workspace.id})).scalars())
    if system in known:
        return Need(name=name, code="unknown", detail="This external id names nothing here.", suggestions=[])
    systems = ", ".join(known) or "none yet"
    detail = f"Nothing here is known by ids of this system; known systems: {systems}."
    return Need(name=name, code="unknown_system", detail=detail, suggestions=[])
