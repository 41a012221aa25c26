"""Reading the clock, and advancing a sandbox's."""

from fastapi import APIRouter, Request

from api.clock import schemas, service
from api.domain.errors import NotFound
from api.models import SupportChange
from api.platform import idempotency, ids, outbox
from api.platform.deps import Connections, Reading, Writer
from api.platform.problems import responses
from api.platform.sessions import ClockAdvancing
from api.platform.transactions import ServiceRoute
from api.policy.steps import spread_next_batch

router = APIRouter(prefix="/v1/clock", tags=["clock"], route_class=ServiceRoute)


@router.get("")
async def clock_retrieve(session: Reading) -> schemas.Clock:
    """The workspace's time: real time, or in a sandbox real time plus all that it was advanced by."""
    advancing_to = (await session.clock_setting())[1]
    return schemas.Clock(now=await session.now(), is_sandbox=session.workspace.is_sandbox, advancing_to=advancing_to)


@router.post("/advance", responses=responses(NotFound, ClockAdvancing, service.ClockTooFar))
async def clock_advance(
    request: Request, databases: Connections, caller: Writer, data: schemas.ClockAdvance
) -> schemas.ClockAdvanced:
    """Advance a sandbox's clock by at most 366 days, and to at most ten years ahead of real time.

    404 in any other workspace.

    Everything that would have happened by time alone happens, each thing at its own moment: lapses, answers that never
    came, holds that end, plans that take effect. Meanwhile writes get 409 `clock_advancing`. If the answer is lost,
    repeat the call with the same Idempotency-Key: it goes on towards the same moment.
    """
    if not caller.workspace.is_sandbox:
        raise NotFound("Only a sandbox's clock can be advanced.")
    actor = {"type": "api_key", "id": ids.encode("api_key", caller.key_id)}
    while await spread_next_batch(databases, caller.workspace):
        pass
    async with databases.open_writing(caller.workspace, actor=actor) as session:
        resume = await idempotency.begin(session, request)
        journey = await service.begin(session, data.by, resume=resume)
        await idempotency.keep_goal(session, request, service.goal(journey))
        await session.commit()
    await service.travel(databases, caller.workspace, journey.target)
    async with databases.open_writing(caller.workspace, actor=actor) as session:
        await service.arrive(session, journey)
        count, first = await service.changes(session, journey)
        answer = schemas.ClockAdvanced(
            started_at=journey.started_at,
            now=journey.target,
            change_count=count,
            crossings=await service.crossings(session, journey),
            changes=[_change(row) for row in first],
        )
        await idempotency.remember_json(session, request, answer.model_dump_json().encode())
        await outbox.finish(session)
        await session.commit()
    return answer


def _change(row: SupportChange) -> schemas.ClockChange:
    return schemas.ClockChange.model_validate(row, from_attributes=True)
