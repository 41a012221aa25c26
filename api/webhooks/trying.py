"""Trying an endpoint out: the documented example of an event type, sent as a test."""

import orjson

from api.domain.webhooks import PRIORITIES, Trigger
from api.event_types.catalogue import example
from api.models import Delivery, WebhookEndpoint
from api.platform.ids import encode, new_id
from api.platform.sessions import WriteSession
from api.webhooks.filters import check_type, first_type
from api.webhooks.resending import tell_courier


async def send_test(session: WriteSession, endpoint: WebhookEndpoint, event_type: str | None) -> Delivery:
    """A delivery of the type's example, due at once; of the first type that the endpoint asks for by default.

    Its event is in no feed: it has the delivery's own id, and says `"test": true`. Raises UnknownEventType.
    """
    chosen = event_type or first_type(endpoint.event_types)
    check_type(chosen, "#/type")
    delivery_id, now = new_id(), session.clock()
    body = {**example(chosen), "id": encode("event", delivery_id), "test": True}
    delivery = Delivery(
        id=delivery_id,
        endpoint_id=endpoint.id,
        event_type=chosen,
        body=orjson.dumps(body),
        trigger=Trigger.TEST,
        priority=PRIORITIES[Trigger.TEST],
        created_at=now,
        next_attempt_at=now,
    )
    session.add(delivery)
    await session.flush()
    await tell_courier(session)
    return delivery
