"""Making deliveries due again."""

from datetime import datetime

from sqlalchemy import text

from api.domain.errors import Conflict
from api.domain.webhooks import PRIORITIES, DeliveryState, Trigger
from api.models import Delivery, WebhookEndpoint
from api.platform.outbox import CHANNEL
from api.platform.sessions import WriteSession
from api.webhooks.delivery_schemas import DeliveryProgress, progress
from api.webhooks.endpoints import require_active


class DeliveryInFlight(Conflict):
    """The delivery is being sent at this moment. See what becomes of it, then send it again if that is needed."""

    code = "delivery_in_flight"
    title = "The delivery is being sent"


async def resend(session: WriteSession, endpoint: WebhookEndpoint, delivery: Delivery, *, now: datetime) -> None:
    """Make the locked delivery due for one attempt at `now`, in real time, ahead of all that was not asked for.

    One that waits for a retry goes on with its schedule if this fails; one that was never tried is sent as it would
    have been, only sooner.

    Raises WebhookEndpointNotActive and DeliveryInFlight.
    """
    require_active(endpoint)
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


async def tell_courier(session: WriteSession) -> None:
    """Let whoever sends hear at COMMIT that deliveries of the workspace are due. They find them without it, later."""
    await session.execute(
        text("select pg_notify(:channel, :workspace)"),
        {"channel": CHANNEL, "workspace": str(session.workspace.id)},
    )
