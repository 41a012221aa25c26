"""Making deliveries due again."""

from datetime import datetime

from sqlalchemy import text

from api.domain.errors import Conflict
from api.domain.webhooks import PRIORITIES, DeliveryState, Trigger
from api.models import Delivery, WebhookEndpoint
from api.platform.outbox import CHANNEL
from api.platform.sessions import WriteSession
from api.webhooks.delivery_schemas import DeliveryProgress, progress

_MOST_AT_ONCE = 20_000
_LOOK_AGAIN = text("""
with waiting as materialized (
    select d.id from deliveries d
    where d.workspace_id = :workspace_id and d.endpoint_id = :endpoint_id and d.state = 'pending'
        and d.priority in (0, 1, 2) and d.next_attempt_at > :now and d.tries = 0
    order by d.priority, d.next_attempt_at limit :limit for no key update skip locked)
update deliveries d set next_attempt_at = :now from waiting w
where d.workspace_id = :workspace_id and d.id = w.id""")


class DeliveryInFlight(Conflict):
    """The delivery is being sent at this moment. See what becomes of it, then send it again if that is needed."""

    code = "delivery_in_flight"
    title = "The delivery is being sent"


async def resend(session: WriteSession, delivery: Delivery, *, now: datetime) -> None:
    """Make the locked delivery due for one attempt at `now`, in real time, ahead of all that was not asked for.

    Its endpoint must be active. One that waits for a retry goes on with its schedule if this fails; one that was never
    tried is sent as it would have been, only sooner.

    Raises DeliveryInFlight.
    """
    if progress(delivery, now=now) is DeliveryProgress.IN_FLIGHT:
        raise DeliveryInFlight("This delivery is being sent; look at it again in a moment.")
    if delivery.state is not DeliveryState.PENDING:
        delivery.state, delivery.tries, delivery.trigger = DeliveryState.PENDING, 0, Trigger.MANUAL
        delivery.first_failure_at = delivery.finished_at = None
    elif delivery.tries > 0:
        delivery.trigger = Trigger.MANUAL
    delivery.priority = PRIORITIES[Trigger.MANUAL]
    delivery.next_attempt_at = now
    delivery.lease_until = delivery.lease_token = None
    await session.flush()
    await tell_courier(session)


async def look_again(session: WriteSession, endpoint: WebhookEndpoint, *, now: datetime) -> None:
    """Make due at `now`, in real time, what was put off because older deliveries of the locked endpoint were before it.

    For when the endpoint's order has changed: what still has to wait is put off again.
    """
    values = {"endpoint_id": endpoint.id, "now": now, "limit": _MOST_AT_ONCE}
    await session.execute(_LOOK_AGAIN, {"workspace_id": session.workspace.id, **values})
    await tell_courier(session)


async def tell_courier(session: WriteSession) -> None:
    """Let whoever sends hear at COMMIT that deliveries of the workspace are due. They find them without it, later."""
    await session.execute(
        text("select pg_notify(:channel, :workspace)"),
        {"channel": CHANNEL, "workspace": str(session.workspace.id)},
    )
