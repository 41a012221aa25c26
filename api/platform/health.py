"""Whether the process lives, and whether it can answer."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from api.platform.database_errors import DATABASE_ERRORS
from api.platform.deps import Connections
from api.platform.problems import ServiceUnavailable, responses
from api.platform.routes import Route
from api.platform.schemas import ResponseModel

router = APIRouter(tags=["health"], route_class=Route)


class Health(ResponseModel):
    """The process lives."""

    state: Literal["ok"] = Field(default="ok", description="Always `ok`.", examples=["ok"])


@router.get("/healthz")
async def health_live() -> Health:
    """Whether the process lives. Asks nothing of the database, so a broken database restarts no process."""
    return Health()


@router.get("/readyz", responses=responses(ServiceUnavailable))
async def health_ready(databases: Connections) -> Health:
    """Whether the service can answer: reaches its database as the role that row-level security binds."""
    try:
        async with databases.open_global() as connection:
            await connection.fetchval("select 1")
    except DATABASE_ERRORS as error:
        raise ServiceUnavailable("The database cannot be reached.", retry_after=2) from error
    return Health()
