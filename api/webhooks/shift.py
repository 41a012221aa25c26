"""A worker at work: it claims where there is something due, sends many at once, and settles what has ended.

Nothing waits for anything else: places become free one by one and are filled again, outcomes are settled workspace by
workspace, and whatever goes wrong with one concerns that one alone.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import count
from uuid import UUID

from api.platform.database_errors import passes
from api.webhooks.agenda import Agenda
from api.webhooks.claimed import Claim, Claimed
from api.webhooks.claiming import MOST_CLAIMED, claim
from api.webhooks.delivering import Delivering, tell
from api.webhooks.outcomes import Outcome
from api.webhooks.settling_steps import settle

SETTLERS = 3
GATHER_SECONDS = 0.003
"""How long after the end of a call others are waited for that can be settled with it."""
PAUSE_SECONDS = 1.0
"""How long to wait after something went wrong."""
TURNS_REMEMBERED = 100_000


class Shift:
    """The calls of one worker, at most `places` of them at once, calls that are not settled yet included."""

    def __init__(self, delivering: Delivering, *, places: int) -> None:
        self.agenda = Agenda(places=places)
        self._delivering = delivering
        self._in_flight: Counter[UUID] = Counter()
        self._turns: dict[UUID, int] = {}
        self._turn = count(1)
        self._calls: dict[asyncio.Task[None], Claimed] = {}
        self._ended: dict[int, list[Outcome]] = {}
        self._settling: dict[int, asyncio.Task[None]] = {}
        self._settlers = asyncio.Semaphore(SETTLERS)
        self._full: set[int] = set()

    async def claim_on(self) -> None:
        """Claim what is on the agenda until that is closed; any number of these run beside each other."""
        while (workspace_id := await self.agenda.take()) is not None:
            try:
                await self._claim(workspace_id)
            except Exception as error:  # noqa: BLE001  # one workspace must not keep the others waiting
                tell("deliveries could not be claimed", error)
                self.agenda.add_later(workspace_id, PAUSE_SECONDS)
            finally:
                self.agenda.done(workspace_id)

    async def end(self, seconds: float) -> None:
        """Let calls end and settle them, for so long at most; then break off what is left and give it back."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (running := {*self._calls, *self._settling.values()}) and loop.time() < until:
            await asyncio.wait(running, timeout=until - loop.time(), return_when=asyncio.FIRST_COMPLETED)
        left = list(self._calls.values())
        for task in [*self._calls, *self._settling.values()]:
            task.cancel()
        await asyncio.gather(*self._calls, *self._settling.values(), return_exceptions=True)
        try:
            await self._delivering.give_back(left)
        except Exception as error:  # noqa: BLE001  # their leases run out
            tell("leases could not be given back", error)

    async def _claim(self, workspace_id: int) -> None:
        # Whoever claims at the same time finds the other half.
        free = self.agenda.free
        places = min(-(-free // 2) if self.agenda.is_waiting else free, MOST_CLAIMED)
        self.agenda.occupy(places)
        found = Claim(())
        try:
            found = await claim(
                self._delivering.databases,
                workspace_id,
                free=free,
                most=places,
                in_flight=self._in_flight,
                turns=self._turns,
            )
        finally:
            self.agenda.occupy(len(found.deliveries) - places)
        for delivery in found.deliveries:
            self._start(delivery)
        self._look_again(workspace_id, found)

    def _look_again(self, workspace_id: int, found: Claim) -> None:
        if found.is_full:
            self._full.add(workspace_id)
        if found.is_more:
            self.agenda.add(workspace_id)
        elif found.again_at is not None:
            wait = found.again_at - self._delivering.databases.clock()
            self.agenda.add_later(workspace_id, max(0.0, wait.total_seconds()))

    def _start(self, delivery: Claimed) -> None:
        self._in_flight[delivery.receiver.id] += 1
        if len(self._turns) >= TURNS_REMEMBERED:
            self._turns.clear()
        self._turns[delivery.receiver.id] = next(self._turn)
        call = asyncio.create_task(self._call(delivery))
        self._calls[call] = delivery
        call.add_done_callback(self._calls.pop)

    async def _call(self, delivery: Claimed) -> None:
        try:
            ended = await self._delivering.send(delivery)
            if ended is None:
                await self._delivering.put_off([delivery])
        except Exception as error:  # noqa: BLE001  # its lease runs out
            tell("a delivery could not be sent", error)
            ended = None
        if ended is None:
            self._free([delivery])
            return
        workspace_id = delivery.workspace.id
        self._ended.setdefault(workspace_id, []).append(ended)
        if workspace_id not in self._settling:
            self._settling[workspace_id] = asyncio.create_task(self._settle_on(workspace_id))

    async def _settle_on(self, workspace_id: int) -> None:
        """Settle what has ended in a workspace, as long as there is any."""
        await asyncio.sleep(GATHER_SECONDS)
        while workspace_id in self._ended:
            async with self._settlers:
                outcomes = self._ended.pop(workspace_id)
                unsettled = await self._settle(workspace_id, outcomes)
            if unsettled:
                self._ended.setdefault(workspace_id, []).extend(unsettled)
                await asyncio.sleep(PAUSE_SECONDS)
        # At once, and not when the task is seen to have ended: what ends in between must find that nobody settles.
        del self._settling[workspace_id]

    async def _settle(self, workspace_id: int, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """Settle outcomes together; answers those that are to be settled later."""
        try:
            is_more = await settle(self._delivering.databases, self._delivering.sealer, outcomes)
        except Exception as error:  # noqa: BLE001  # whatever it is, calls must go on being settled
            tell("calls could not be settled", error)
            if passes(error):
                return outcomes
            if len(outcomes) > 1:
                return [left for each in outcomes for left in await self._settle(workspace_id, [each])]
            is_more = False
        self._free([each.delivery for each in outcomes])
        if is_more or workspace_id in self._full:
            self._full.discard(workspace_id)
            self.agenda.add(workspace_id)
        return ()

    def _free(self, deliveries: Sequence[Claimed]) -> None:
        """Give the places of deliveries back."""
        for delivery in deliveries:
            self._in_flight[delivery.receiver.id] -= 1
            if not self._in_flight[delivery.receiver.id]:
                del self._in_flight[delivery.receiver.id]
        self.agenda.occupy(-len(deliveries))
