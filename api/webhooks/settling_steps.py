"""Settling calls: the record of each attempt, how its delivery and its endpoint stand now, and what is announced.

What came in together of a workspace is settled in one short transaction. A delivery is changed only while it is leased
by the token that it was sent under: who was slower than the lease adds the record of the attempt, and changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg
from sqlmodel import col, select

from api.domain.webhooks import DisabledReason, EndpointState
from api.models import WebhookEndpoint
from api.platform import outbox
from api.platform.db import Databases
from api.platform.sealing import Sealer
from api.platform.sessions import WriteSession
from api.support.steps import SERVICE
from api.webhooks.judging import disable, judge, tell_of_deliveries, warn
from api.webhooks.outcomes import Outcome, without_end
from api.webhooks.records import let_next_go, write

_LOCK = """
select id from webhook_endpoints where workspace_id = $1 and id = any($2::uuid[]) order by id for no key update"""


async def settle(databases: Databases, sealer: Sealer, outcomes: Sequence[Outcome]) -> bool:
    """Settle outcomes of one workspace; answers whether something is due at once that was not before.

    Raises what the database raises, and ClockAdvancing while something is to be announced in a sandbox whose clock is
    being moved. Then nothing was done, or all of it and only the answer to COMMIT was lost: it may be repeated.
    """
    if all(each.arrived and not each.told and not each.disables for each in outcomes):
        return await _settle_successes(databases, outcomes)
    return await _settle_all(databases, sealer, outcomes)


async def _settle_successes(databases: Databases, outcomes: Sequence[Outcome]) -> bool:
    """The usual case, in as few statements as can be.

    A success that a crash of the server forgot is only sent again. What follows it in order is not sent before it is on
    disk, because claiming that waits for the disk, which takes all that was written before.
    """
    workspace_id = outcomes[0].delivery.workspace.id
    async with databases.open_hot_writing(workspace_id, may_be_lost=True) as connection:
        if ordered := {each.delivery.receiver.id for each in outcomes if each.delivery.receiver.is_ordered}:
            await connection.execute(_LOCK, workspace_id, ordered)
        endpoints = {each.delivery.receiver.id for each in outcomes}
        settled = await write(connection, workspace_id, outcomes, heal=endpoints)
        return await let_next_go(connection, workspace_id, _still(settled, outcomes))


async def _settle_all(databases: Databases, sealer: Sealer, outcomes: Sequence[Outcome]) -> bool:
    workspace = outcomes[0].delivery.workspace
    async with databases.open_writing(workspace, actor=SERVICE) as session:
        endpoints = await _lock(session, {each.delivery.receiver.id for each in outcomes})
        outcomes = [_in_time(endpoints[each.delivery.receiver.id], each) for each in outcomes]
        connection = await _driver_of(session)
        changed = _still(await write(connection, workspace.id, outcomes, heal=()), outcomes)
        is_more = await let_next_go(connection, workspace.id, changed)
        await _judge(session, sealer, endpoints, changed)
        await session.flush()
        await outbox.finish(session)
        await session.commit()
    return is_more or any(each.is_due_at_once for each in changed)


def _in_time(row: WebhookEndpoint, outcome: Outcome) -> Outcome:
    """The outcome as it concerns the locked endpoint, which may have begun anew, or ended, since the call began."""
    is_late = row.state is EndpointState.DELETED or outcome.started_at < row.enabled_at
    return without_end(outcome) if outcome.disables and is_late else outcome


def _still(settled: Collection[UUID], outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    return [each for each in outcomes if each.delivery.id in settled]


async def _lock(session: WriteSession, endpoint_ids: Collection[UUID]) -> Mapping[UUID, WebhookEndpoint]:
    statement = (
        select(WebhookEndpoint).where(col(WebhookEndpoint.id).in_(endpoint_ids)).order_by(col(WebhookEndpoint.id))
    )
    rows = await session.execute(statement.with_for_update(key_share=True))
    return {row.id: row for row in rows.scalars()}


async def _judge(
    session: WriteSession, sealer: Sealer, endpoints: Mapping[UUID, WebhookEndpoint], outcomes: Sequence[Outcome]
) -> None:
    """Note how the endpoints do, and announce what there is; only then is the workspace's time asked for."""
    for endpoint_id, row in endpoints.items():
        of_it = [each for each in outcomes if each.delivery.receiver.id == endpoint_id]
        verdict = judge(row, of_it) if of_it else False
        if verdict or any(each.told for each in of_it):
            await _announce(session, sealer, row, of_it, verdict, now=await session.now())


async def _announce(
    session: WriteSession,
    sealer: Sealer,
    row: WebhookEndpoint,
    outcomes: Sequence[Outcome],
    verdict: DisabledReason | bool,
    *,
    now: datetime,
) -> None:
    tell_of_deliveries(session, row, outcomes, now=now)
    if isinstance(verdict, DisabledReason):
        disable(session, row, verdict, sealer, now=now)
    elif verdict:
        warn(session, row, sealer, now=now)


async def _driver_of(session: WriteSession) -> asyncpg.Connection:
    """The driver's own connection, inside the session's transaction."""
    fairy = await (await session.connection()).get_raw_connection()
    return cast("asyncpg.Connection", fairy.driver_connection)
