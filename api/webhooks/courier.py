"""The courier: sends what is due, by workers of which any number run beside each other."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from api.domain.retries import SCHEDULE
from api.platform.db import Databases
from api.platform.sealing import Sealer
from api.webhooks.bell import listen
from api.webhooks.claimed import Claimed
from api.webhooks.claiming import claim
from api.webhooks.delivering import Delivering, tell
from api.webhooks.due import workspaces_with_deliveries_due
from api.webhooks.outcomes import Outcome
from api.webhooks.putting_aside import put_aside
from api.webhooks.sender import TOTAL_SECONDS, Sender
from api.webhooks.settling_steps import settle
from api.webhooks.shift import Shift

CLAIMERS = 3
PLACES = 200
GRACE_SECONDS = 8.0
"""How long calls in flight may go on when the worker is told to stop."""
LEAST_PUT_ASIDE_SECONDS = 2.0


class Courier:
    """Sends deliveries: `concurrency` at once at most, retried by `schedule`, each call within `call_seconds`.

    `listen_url` is where new deliveries are heard of; without it they are found by looking.
    """

    def __init__(
        self,
        databases: Databases,
        sender: Sender,
        sealer: Sealer,
        *,
        product_version: str,
        listen_url: str | None = None,
        concurrency: int = PLACES,
        schedule: Sequence[timedelta] = SCHEDULE,
        call_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._databases = databases
        self._sender = sender
        self._listen_url = listen_url
        self._concurrency = concurrency
        call_time = timedelta(seconds=call_seconds)
        self.delivering = Delivering(databases, sender, sealer, schedule, call_time, product_version)

    async def close(self) -> None:
        """Close the connections to receivers that are kept open."""
        await self._sender.close()

    async def run(self, *, poll_seconds: float, stop: asyncio.Event) -> None:
        """Send until `stop` is set, at once where one hears of it, and looking every `poll_seconds` besides.

        Then nothing more is claimed, and calls in flight have 8 seconds to end; those that have not are given back. A
        database that is gone is waited for. Only cancelling ends it otherwise; then leases run out.
        """
        shift = Shift(self.delivering, places=self._concurrency)
        look = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            ears = [tasks.create_task(self._look_on(shift, look, poll_seconds))]
            ears.append(tasks.create_task(self._put_aside_on(max(poll_seconds, LEAST_PUT_ASIDE_SECONDS))))
            if self._listen_url is not None:
                ears.append(tasks.create_task(listen(self._listen_url, shift.agenda.add, look.set)))
            claimers = [tasks.create_task(shift.claim_on()) for _ in range(CLAIMERS)]
            await stop.wait()
            for ear in ears:
                ear.cancel()
            shift.agenda.close()
            await asyncio.wait(claimers)
            await shift.end(GRACE_SECONDS)

    async def run_once(self) -> int:
        """Send all that is due and what becomes due by that, and answer how many calls were made.

        What a limit, an open circuit breaker or order holds back is left.
        """
        while await put_aside(self._databases):
            continue
        done = 0
        while deliveries := await self._claim_some():
            calls = await asyncio.gather(*(self.delivering.send(each) for each in deliveries))
            ended = [each for each in calls if each is not None]
            sent = {each.delivery.id for each in ended}
            await self.delivering.put_off([each for each in deliveries if each.id not in sent])
            await self._settle(ended)
            done += len(ended)
        return done

    async def _claim_some(self) -> Sequence[Claimed]:
        found: list[Claimed] = []
        for workspace_id in await workspaces_with_deliveries_due(self._databases):
            is_more = True
            while is_more and len(found) < self._concurrency:
                free = self._concurrency - len(found)
                claimed = await claim(self._databases, workspace_id, free=free, in_flight={})
                found += claimed.deliveries
                is_more = claimed.is_more
        return found

    async def _settle(self, outcomes: Sequence[Outcome]) -> None:
        by_workspace: dict[int, list[Outcome]] = defaultdict(list)
        for each in outcomes:
            by_workspace[each.delivery.workspace.id].append(each)
        for some in by_workspace.values():
            await settle(self._databases, self.delivering.sealer, some)

    async def _look_on(self, shift: Shift, look: asyncio.Event, poll_seconds: float) -> None:
        async def look_once() -> None:
            look.clear()
            for workspace_id in await workspaces_with_deliveries_due(self._databases):
                shift.agenda.add(workspace_id)

        await _repeat(look_once, poll_seconds, look)

    async def _put_aside_on(self, seconds: float) -> None:
        async def put_all_aside() -> None:
            while await put_aside(self._databases):
                continue

        await _repeat(put_all_aside, seconds, asyncio.Event())


async def _repeat(job: Callable[[], Awaitable[None]], seconds: float, sooner: asyncio.Event) -> None:
    """Do a job every so many seconds, or sooner when told to, whatever goes wrong with it."""
    while True:
        try:
            await job()
        except Exception as error:  # noqa: BLE001  # the next time may go well
            tell("looking for deliveries failed", error)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await sooner.wait()
