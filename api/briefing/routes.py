"""The briefing over HTTP."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.briefing.answers import briefing
from api.briefing.queries import who
from api.briefing.schemas import Briefing, BriefingQuery, SinceTooEarly
from api.domain.errors import NotFound
from api.platform.deps import Connections, Reader
from api.platform.problems import responses
from api.platform.transactions import ServiceRoute
from api.support.moments import AskedInTheFuture

router = APIRouter(prefix="/v1/briefing", tags=["briefing"], route_class=ServiceRoute)


@router.get("", response_model=Briefing, responses=responses(NotFound, AskedInTheFuture, SinceTooEarly))
async def briefing_retrieve(
    caller: Reader, databases: Connections, query: Annotated[BriefingQuery, Query()]
) -> Response:
    """Everything that a recruiter's tool shows on Monday morning, in one call and as of one moment.

    What changed since, what is owed today, what lapses this week, what needs details, who is exposed and who waits.
    With `person` it is about the jobs that they are a member of today, and what they owe themself; captures of which
    the application is not known yet are shown to everybody. Each section has fifty rows at most, and says by `rest`
    where the others are listed. Nothing is sorted by level.

    Everything derived is as it was last announced; a change by time alone follows within seconds. Its time does not
    grow with the workspace; with `person` it grows with the number of jobs that they are on.
    """
    async with databases.open_hot(caller.workspace, snapshot=True) as connection:
        asked = await who(connection, query, workspace_id=caller.workspace.id, clock=databases.clock())
        shown = await briefing(connection, asked)
    return Response(orjson.dumps(shown, option=orjson.OPT_UTC_Z), media_type="application/json")
