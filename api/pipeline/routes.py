"""The pipeline, now and at any past moment."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.domain.calendar import day_of
from api.domain.knowledge import policies_by
from api.pipeline.counts import by_stage
from api.pipeline.past import derived
from api.pipeline.queries import TooManyApplications, announced, existing
from api.pipeline.schemas import Pipeline, PipelineQuery
from api.platform.deps import Snapshot
from api.platform.problems import responses
from api.platform.transactions import ServiceRoute
from api.support.moments import AskedInTheFuture, KnownBeforeAsOf
from api.support.queries import load_policies
from api.support.schemas import is_provisional

router = APIRouter(prefix="/v1/pipeline", tags=["pipeline"], route_class=ServiceRoute)


@router.get("", responses=responses(KnownBeforeAsOf, AskedInTheFuture, TooManyApplications))
async def pipeline_retrieve(session: Snapshot, query: Annotated[PipelineQuery, Query()]) -> Pipeline:
    """Count applications by stage and level: all of the workspace, of one job, or of the jobs somebody is a member of.

    Without a moment it counts what was last announced; a change by time alone follows within seconds. With `as_of` or
    `known_at` every application is derived from its facts, for at most 2,000 applications recorded by then; more is a
    422 `too_many_applications`, to be narrowed by `job` or `member`. Counts say nothing about who is better.
    """
    now = await session.now()
    past = query.resolve(now)
    policies = policies_by(await load_policies(session), past.as_of)
    day = day_of(past.as_of, policies[-1].policy.zone)
    if query.as_of is None and query.known_at is None:
        tally = await announced(session, query, day)
    else:
        found = await existing(session, query, past, day)
        tally = await derived(session, found, past, query.state)
    return Pipeline(
        as_of=past.as_of,
        known_at=past.known_at,
        provisional=is_provisional(past.known_at, now),
        total=tally.total(),
        stages=by_stage(tally),
    )
