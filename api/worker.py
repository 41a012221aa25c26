"""The loop around the background steps: any number of these run beside each other, in `serve` or on their own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from api.captures.steps import recheck_due_captures
from api.clock.steps import finish_abandoned_advances
from api.inbound.steps import process_inbound_messages, resettle_inbound_subjects
from api.platform.database_errors import passes
from api.platform.db import Databases
from api.policy.steps import spread_policies
from api.privacy.steps import continue_erasures
from api.referrals.steps import recheck_due_referrals
from api.support.steps import recheck_due_applications
from api.webhooks.courier import Courier
from api.webhooks.retention import let_go_of_what_is_old
from api.webhooks.task_steps import work_on_tasks
from api.workspaces.steps import forget_old_answers

Step = Callable[[Databases], Awaitable[int]]

STEPS: Sequence[Step] = (
    recheck_due_applications,
    recheck_due_referrals,
    recheck_due_captures,
    process_inbound_messages,
    resettle_inbound_subjects,
    spread_policies,
    continue_erasures,
    work_on_tasks,
    forget_old_answers,
    let_go_of_what_is_old,
    finish_abandoned_advances,
)

_log = logging.getLogger("championed.worker")


async def run_once(databases: Databases, courier: Courier | None = None) -> int:
    """Run every step until none finds work, and with a courier send what is due; answers how much was done."""
    done = 0
    while found := await _take_every_step(databases) + (await courier.run_once() if courier else 0):
        done += found
    return done


async def run(databases: Databases, courier: Courier, *, poll_seconds: float, stop: asyncio.Event) -> None:
    """Work and send until `stop` is set, looking again after `poll_seconds` when there is nothing to do.

    A database that is gone for a while is waited for; the work is still there afterwards.
    """
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(courier.run(poll_seconds=poll_seconds, stop=stop))
        tasks.create_task(_step_on(databases, poll_seconds=poll_seconds, stop=stop))


async def _step_on(databases: Databases, *, poll_seconds: float, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await run_once(databases)
        except Exception as error:  # noqa: BLE001  # one row that cannot be worked on must not stop all other work
            _tell(error)
        try:
            await asyncio.wait_for(stop.wait(), poll_seconds)
        except TimeoutError:
            continue


async def _take_every_step(databases: Databases) -> int:
    return sum([await step(databases) for step in STEPS])


def _tell(error: Exception) -> None:
    """Log what interrupted the work; what it had leased comes back when the lease has run out."""
    if passes(error):
        _log.warning("interrupted, will be repeated", extra={"fields": {"error": type(error).__name__}})
    else:
        _log.error("a step failed", exc_info=error)
