"""Sending what was claimed, whatever comes of it, and giving back what was not sent."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.platform.database_errors import passes
from api.platform.db import Databases
from api.platform.sealing import Sealer
from api.webhooks.calls import prepare
from api.webhooks.claimed import Claimed
from api.webhooks.outcomes import Outcome, outcome
from api.webhooks.sender import Sender

PUT_OFF_BY = timedelta(minutes=1)
"""How long a delivery rests that could not even be prepared, as when the key of its secrets is missing."""

_log = logging.getLogger("championed.webhooks")

_GIVE_BACK = """
update deliveries d set lease_until = null, lease_token = null, next_attempt_at = greatest(d.next_attempt_at, $3)
where d.workspace_id = $1 and d.id = any($2::uuid[]) and d.lease_token = any($4::uuid[])"""


@dataclass(frozen=True, slots=True)
class Delivering:
    """What it takes to send: `call_time` is how long one call may take, `product_version` is named in each."""

    databases: Databases
    sender: Sender
    sealer: Sealer
    schedule: Sequence[timedelta]
    call_time: timedelta
    product_version: str

    async def send(self, delivery: Claimed) -> Outcome | None:
        """Make the call of a delivery; None where that is impossible now, which changes nothing but its log.

        Impossible is, too, what would last longer than the lease: a worker that was stopped for long does not go on
        where it was, because others have taken over.
        """
        now = self.databases.clock()
        if now + self.call_time > delivery.lease_until:
            return None
        try:
            prepared = prepare(delivery, self.sealer, product_version=self.product_version, now=now)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is this delivery's and must not stop the others
            tell("a delivery cannot be prepared", error)
            return None
        return outcome(delivery, prepared, await self.sender.post(prepared.call), self.schedule)

    async def put_off(self, deliveries: Sequence[Claimed]) -> None:
        """Give back what cannot be sent, to be looked at again in a minute."""
        await self._give_back(deliveries, self.databases.clock() + PUT_OFF_BY)

    async def give_back(self, deliveries: Sequence[Claimed]) -> None:
        """Give back what was not sent, for others to send at once."""
        await self._give_back(deliveries, self.databases.clock())

    async def _give_back(self, deliveries: Sequence[Claimed], again_at: datetime) -> None:
        for workspace_id in {each.workspace.id for each in deliveries}:
            its = [each for each in deliveries if each.workspace.id == workspace_id]
            ids, tokens = [each.id for each in its], [each.token for each in its]
            async with self.databases.open_hot_writing(workspace_id) as connection:
                await connection.execute(_GIVE_BACK, workspace_id, ids, again_at, tokens)


def tell(what: str, error: Exception) -> None:
    """Log what went wrong; with where it did if that is a fault of ours."""
    fields = {"fields": {"error": type(error).__name__}}
    if passes(error):
        _log.warning(what, extra=fields)
    else:
        _log.error(what, exc_info=error, extra=fields)
